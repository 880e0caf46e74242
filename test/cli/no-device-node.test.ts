import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fakeRoot } from '../backend/linux/fake-root.ts'
import { tphConfig } from '../backend/linux/linux-configs.ts'
import { PROGRAM } from '../helpers/run-program.ts'

const traces = spawnSync('strace', ['-e', 'trace=openat', 'true']).status === 0
const reason = traces ? '' : ' (skipped: strace does not work here)'
const [somewhere = '0000:00:00.0'] = ((): string[] => {
  try {
    return readdirSync('/sys/bus/pci/devices')
  } catch {
    return []
  }
})()

/** The paths that a call of the built program opened. */
function opened(...words: string[]): string[] {
  const env = { ...process.env, TPHCTL_BACKEND: '' }
  const args = ['-f', '-e', 'trace=open,openat,openat2', process.execPath, PROGRAM, ...words]
  const { stderr } = spawnSync('strace', args, { env, encoding: 'utf8' })
  return [...stderr.matchAll(/open(?:at2?)?\([^"]*"([^"]*)"/g)].map(([, path]) => path ?? '')
}

const isConfig = (path: string) => path.endsWith('/0000:81:00.0/config')

describe.skipIf(!traces)(`looking at this host${reason}`, () => {
  it.each([
    ['list'],
    ['info', somewhere],
    ['map', somewhere],
    ['list', '--json'],
    ['doctor'],
    ['doctor', somewhere],
  ])('%s opens nothing below /dev/vfio', (...words) => {
    const paths = opened(...words)
    expect(paths.some((path) => path.startsWith('/sys/bus/pci'))).toBe(true)
    expect(paths.filter((path) => /^\/dev\/(vfio\/|iommu)/.test(path))).toEqual([])
  })

  it('plan, also by interrupts, opens none of the nodes of an unowned device', () => {
    const fake = fakeRoot()
    const config = tphConfig()
    fake.cpus({ possible: '0-3', online: '0-3' })
    fake.pciFunction({ bdf: '0000:81:00.0', vendor: 0x8086, device: 0x159b, config, group: 12 })
    fake.file('/sys/bus/pci/devices/0000:81:00.0/msi_irqs/40', 'msix\n')
    fake.file('/proc/irq/40/effective_affinity_list', '2\n')
    fake.file('/dev/vfio/12', '')
    for (const policy of [['--cpus', '0-3'], ['--follow-irqs']]) {
      const paths = opened('plan', '0000:81:00.0', '--root', fake.folder, ...policy)
      expect(paths.filter(isConfig)).not.toEqual([])
      expect(paths.filter((path) => path.includes('/dev/vfio'))).toEqual([])
    }
  })

  it('list finds an unowned device with TPH and opens none of its nodes', () => {
    const fake = fakeRoot()
    const config = tphConfig()
    fake.pciFunction({
      bdf: '0000:81:00.0',
      vendor: 0x8086,
      device: 0x159b,
      config,
      driver: 'vfio-pci',
      group: 12,
    })
    fake.file('/dev/vfio/12', '')
    const paths = opened('list', '--root', fake.folder)
    expect(paths.filter(isConfig)).not.toEqual([])
    expect(paths.filter((path) => path.includes('/dev/vfio'))).toEqual([])
  })
})
