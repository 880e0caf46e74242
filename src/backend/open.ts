import { UnsupportedError } from '../errors.ts'
import type { Io } from '../io.ts'
import { MockBackend, mockStatePath } from './mock/mock-backend.ts'
import type { Backend } from './types.ts'

/** Opens the host of that name. @throws TphctlError when there is none */
export function openBackend(name: 'linux' | 'mock', mockHost: string | null, { env }: Io): Backend {
  if (name === 'mock') {
    return new MockBackend({
      hostFile: mockHost,
      statePath: mockStatePath(env),
      faults: env['TPHCTL_MOCK_FAULTS'] ?? '',
    })
  }
  throw new UnsupportedError(
    "Cannot open this host's devices: this version of tphctl has emulated ones only",
    {
      hint: '"tphctl --backend mock list" shows the emulated host',
    },
  )
}
