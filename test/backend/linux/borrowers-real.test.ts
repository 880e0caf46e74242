import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bundle } from '../mock/bundle.ts'
import { fakeRoot } from './fake-root.ts'
import { tphConfig } from './linux-configs.ts'
import { real, skipped } from './open-real-libc.ts'
import { DEVICE_FILE, deviceBytes, tagsIn } from './shared-device.ts'

const BDF = '0000:81:00.0'
const BORROWERS = 32
/** A minute of it is in test/kernel/guest/borrowers.guest.ts. */
const MILLISECONDS = 3000
const TIMEOUT = 240_000

interface Rounds {
  readonly count: number
  readonly last: number
  readonly owners: readonly number[]
}

describe.skipIf(typeof real === 'string')(`an owner and ${BORROWERS} borrowers${skipped}`, () => {
  /** A host with one device, and a process that holds it. */
  async function heldDevice() {
    const fake = fakeRoot()
    const config = tphConfig()
    const [vendor = 0, device = 0] = new Uint16Array(config.buffer, config.byteOffset, 2)
    fake.pciFunction({ bdf: BDF, vendor, device, config, driver: 'vfio-pci', group: 12 })
    fake.cpus({ possible: '0-3', online: '0-3' })
    fake.file('/proc/sys/kernel/random/boot_id', 'boot\n')
    const path = join(fake.folder, DEVICE_FILE)
    fake.file(`/${DEVICE_FILE}`, deviceBytes(config))
    const fd = openSync(path, 'r+')
    const owner = spawn('sleep', ['600'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
    closeSync(fd)
    onTestFinished(() => void owner.kill('SIGKILL'))
    await once(owner, 'spawn')
    return { fake, path, owner }
  }

  it(
    'each reads back what it has set, all borrow from the owner, and nothing stays open',
    async () => {
      const { fake, path, owner } = await heldDevice()
      const openFiles = () => readdirSync(`/proc/${owner.pid}/fd`).sort()
      const open = openFiles()
      const script = bundle('test/backend/linux/borrow-for-a-while.ts', fake.folder)
      const env = { ...process.env, NODE_PATH: join(process.cwd(), 'node_modules') }
      const indexes = Array.from({ length: BORROWERS }, (_, i) => i)
      const rounds = await Promise.all(
        indexes.map(async (i): Promise<Rounds> => {
          const argv = [script, fake.folder, BDF, String(i), String(MILLISECONDS)]
          return JSON.parse((await promisify(execFile)(process.execPath, argv, { env })).stdout)
        }),
      )
      expect(rounds.flatMap(({ owners }) => owners)).toEqual(rounds.map(() => owner.pid))
      expect(rounds.every(({ count }) => count > 0)).toBe(true)
      const tags = tagsIn(readFileSync(path)).slice(0, BORROWERS)
      expect(tags).toEqual(rounds.map(({ last }) => 0x100 + last))
      // The program of the owner may have been loading its libraries then.
      expect(open).toEqual(expect.arrayContaining(openFiles()))
      const left = readdirSync(join(fake.folder, 'run/tphctl')).sort()
      expect(left).toEqual([`${BDF}.json`, `${BDF}.lock`])
    },
    TIMEOUT,
  )
})
