import type { Io } from '../../io.ts'
import type { Backend } from '../types.ts'
import { MockBackend, mockStatePath } from './mock-backend.ts'
import { builtInHost, type MockHost } from './mock-host.ts'

/** Opens an emulated host. @param host null for the one that is built in */
export function openMock(host: MockHost | null, io: Io): Backend {
  return new MockBackend({
    host: host ?? builtInHost(),
    statePath: mockStatePath(io),
    faults: io.env['TPHCTL_MOCK_FAULTS'] ?? '',
  })
}
