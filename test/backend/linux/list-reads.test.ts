import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LinuxBackend } from '../../../src/backend/linux/linux-backend.ts'
import { listDevices } from '../../../src/tph/describe.ts'
import { nthBdf } from '../../cli/big-host.ts'
import { CountingRoot } from './counting-root.ts'
import { fakeRoot } from './fake-root.ts'
import { expressConfig, tphConfig } from './linux-configs.ts'

const FUNCTIONS = 64
/** One in so many has TPH. */
const EVERY = 8

/** The reads of a `list`, those of the functions by function, and how many there were of others. */
function readsOfList() {
  const fake = fakeRoot()
  for (let i = 0; i < FUNCTIONS; i++) {
    const config = i % EVERY === 0 ? tphConfig() : expressConfig('endpoint')
    fake.pciFunction({ bdf: nthBdf(i), vendor: 0x8086, device: 0x159b, config })
  }
  const root = new CountingRoot(fake.folder)
  const backend = new LinuxBackend({
    root,
    libc: () => expect.fail('asked for native calls'),
    pid: null,
    fd: null,
    how: null,
    ephemeral: false,
    runtimeDirectory: join(fake.folder, 'run/tphctl'),
    user: process.geteuid?.() ?? 0,
    self: { pid: 99, command: 'tphctl', fd: -1, startTime: '5', allowedCpus: null },
    notifySocket: null,
  })
  const notices = { note() {}, warn() {} }
  const host = { backend, notices, featureIndex: 14, waitSeconds: 0, strict: false, trace: null }
  const { devices } = listDevices(host)
  const of = (bdf: string) => root.reads.filter((path) => path.includes(bdf))
  return { devices, of, all: root.reads }
}

describe('list', () => {
  it('reads of a function without TPH its config space once and nothing else', () => {
    const { devices, of } = readsOfList()
    expect(devices).toHaveLength(FUNCTIONS / EVERY)
    for (let i = 0; i < FUNCTIONS; i++) {
      const bdf = nthBdf(i)
      const reads = of(bdf)
      expect(reads.filter((path) => path.endsWith('/config'))).toHaveLength(1)
      if (i % EVERY !== 0) expect(reads).toEqual([`/sys/bus/pci/devices/${bdf}/config`])
    }
  })

  it('reads nothing twice', () => {
    const { all } = readsOfList()
    expect(new Set(all).size).toBe(all.length)
  })
})
