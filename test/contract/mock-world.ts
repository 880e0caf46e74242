import { fileURLToPath } from 'node:url'
import type { InterfaceName } from '../../src/abi/interface-names.ts'
import { MockBackend, resetMock } from '../../src/backend/mock/mock-backend.ts'
import { builtInHost } from '../../src/backend/mock/mock-host.ts'
import { runProgram } from './run-program.ts'
import type { ProgramRun, World } from './world.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/tphctl.js', import.meta.url))

const BDFS = {
  capability: '0000:81:00.0',
  msix: '0000:82:00.0',
  tableless: '0000:83:00.0',
  plain: '0000:84:00.0',
} as const

/**
 * The built-in emulated host. Its devices have one owner for ever, so that what a last close does is what emptying the state does.
 *
 * @param statePath a file that is nobody else's
 * @param abi the interface for steering tags that its kernel has
 */
export function mockWorld(statePath: string, abi: InterfaceName = 'tph-st'): World {
  const backend = new MockBackend({ host: builtInHost(), statePath, faults: '', abi })
  return {
    name: 'mock',
    backend,
    bdf: (role) => BDFS[role],
    async reopen() {
      resetMock(statePath)
    },
    borrow(role) {
      const device = backend.borrow(BDFS[role])
      // The end of the buffer is the end of what the mock can read.
      return { device, ioctlAtEdge: (request, bytes) => device.ioctl(request, bytes) }
    },
    eventfd: () => 0,
    program: (argv, stdin = '') =>
      runMocked({ TPHCTL_MOCK_STATE: statePath, TPHCTL_MOCK_ABI: abi }, argv, stdin),
    async close() {},
  }
}

function runMocked(
  mock: NodeJS.ProcessEnv,
  argv: readonly string[],
  stdin: string,
): Promise<ProgramRun> {
  const env = { PATH: process.env['PATH'], TPHCTL_BACKEND: 'mock', ...mock }
  return runProgram(process.execPath, [PROGRAM, ...argv], stdin, env)
}
