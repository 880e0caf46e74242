import type { Io } from '../../io.ts'
import type { Backend } from '../types.ts'
import { MockBackend, mockStatePath } from './mock-backend.ts'
import type { MockHost } from './mock-host.ts'

/** Opens an emulated host. */
export function openMock(host: MockHost, { env }: Io): Backend {
  return new MockBackend({
    host,
    statePath: mockStatePath(env),
    faults: env['TPHCTL_MOCK_FAULTS'] ?? '',
  })
}
