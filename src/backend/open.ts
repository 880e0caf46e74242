import { UnsupportedError } from '../errors.ts'
import type { Io } from '../io.ts'
import type { Settings } from '../settings.ts'
import { MockBackend, mockStatePath } from './mock/mock-backend.ts'
import type { Backend } from './types.ts'

/** Opens the host that the settings choose. @throws TphctlError when that cannot be */
export function openBackend({ backend, mockHost }: Settings, { env }: Io): Backend {
  if (backend === 'mock') {
    return new MockBackend({
      hostFile: mockHost,
      statePath: mockStatePath(env),
      faults: env['TPHCTL_MOCK_FAULTS'] ?? '',
    })
  }
  throw new UnsupportedError(
    "Cannot open this host's devices: this version of tphctl has emulated ones only",
    { hint: '"tphctl --backend mock list" shows the emulated host' },
  )
}
