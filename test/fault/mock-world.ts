import { join } from 'node:path'
import { MockBackend } from '../../src/backend/mock/mock-backend.ts'
import { builtInHost } from '../../src/backend/mock/mock-host.ts'
import { TphctlError } from '../../src/errors.ts'
import { runMain } from '../helpers/run-main.ts'
import { setFileHost } from './faulty-fs.ts'
import { inMemory, keepFolder } from './folder.ts'
import { CONTROL_AT, DEVICES, type FaultWorld, stateOf } from './world.ts'

const fs = process.getBuiltinModule('node:fs')
const OWN = /^\/(?:home|state)(?=\/|$)/

/** The emulated host, its state and the user's files in a folder of their own. */
export function mockWorld(): FaultWorld {
  const folder = fs.mkdtempSync(join(inMemory(), 'tphctl-mock-'))
  for (const name of ['home', 'home/me', 'state']) fs.mkdirSync(join(folder, name))
  const place = (path: string) => (OWN.test(path) ? join(folder, path) : path)
  setFileHost({
    place,
    named: (path) => (path.startsWith(folder) ? path.slice(folder.length) : path),
    device: () => null,
    opened() {},
    closed() {},
  })
  const open = () => {
    return new MockBackend({
      host: builtInHost(),
      statePath: join(folder, 'state/mock'),
      faults: '',
    })
  }
  const env = { TPHCTL_BACKEND: 'mock', TPHCTL_MOCK_STATE: '/state/mock' }
  return {
    name: 'mock',
    folder,
    save: () => {
      const kept = ['state', 'home'].map((name) => keepFolder(join(folder, name)))
      return () => {
        for (const putBack of kept) putBack()
      }
    },
    run: (call, options = {}) => runMain(call, { ...options, env: { ...env, ...options.env } }),
    state: (bdf) => open().store.read(bdf, ({ kept, config }) => stateOf(kept, config, CONTROL_AT)),
    end: () => endLocks(join(folder, 'state')),
    locked: () => DEVICES.filter((bdf) => !isFree(open(), bdf)),
    dispose() {
      setFileHost(null)
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

function isFree(backend: MockBackend, bdf: string): boolean {
  try {
    backend.lock(bdf, 0).release()
    return true
  } catch (error) {
    if (error instanceof TphctlError) return false
    throw error
  }
}

/** A link that names a process holds no lock once that has ended; here it goes on. */
function endLocks(folder: string): void {
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    if (!fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) continue
    if (fs.readlinkSync(path).startsWith(`${process.pid}:`)) fs.rmSync(path)
  }
}
