import { quote } from '../args/quote.ts'
import { mockStatePath, resetMock } from '../backend/mock/mock-backend.ts'
import { UsageError } from '../errors.ts'
import type { CommandSpec } from './spec.ts'

/** `tphctl mock reset`. */
export const mock: CommandSpec = {
  arguments: [
    {
      name: '<action>',
      description: '"reset" forgets everything that was done to emulated devices',
      check: requireReset,
    },
  ],
  options: [],
  examples: ['mock reset'],
  run({ words: [action = ''] }, { io, dryRun }) {
    requireReset(action)
    const path = mockStatePath(io.env)
    if (!dryRun) resetMock(path)
    return { result: { kind: 'mockReset', value: { state: path, reset: !dryRun } } }
  },
}

function requireReset(action: string): void {
  if (action === 'reset') return
  throw new UsageError(`Cannot do ${quote(action)} to the mock: the one action is "reset"`)
}
