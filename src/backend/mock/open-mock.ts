import { INTERFACE_NAMES, type InterfaceName } from '../../abi/interface-names.ts'
import { quote } from '../../args/quote.ts'
import { UsageError } from '../../errors.ts'
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
    abi: chooseAbi(io.env['TPHCTL_MOCK_ABI'] ?? ''),
  })
}

/** The interface that the emulated kernel has. @throws UsageError for a word that names none */
function chooseAbi(word: string): InterfaceName {
  const found = INTERFACE_NAMES.find((one) => one === (word || 'tph-st'))
  if (found !== undefined) return found
  const right = INTERFACE_NAMES.join(' or ')
  throw new UsageError(`Cannot use TPHCTL_MOCK_ABI ${quote(word)}: expected ${right}`)
}
