import { mockStatePath, resetMock } from '../backend/mock/mock-backend.ts'
import type { CommandSpec } from './spec.ts'

/** `tphctl mock reset`. */
export const mock: CommandSpec = {
  arguments: [
    {
      name: '<action>',
      description: '"reset" forgets everything that was done to emulated devices',
      choices: ['reset'],
    },
  ],
  options: [],
  examples: ['mock reset'],
  run(_, { io, dryRun }) {
    const path = mockStatePath(io)
    if (!dryRun) resetMock(path)
    return { result: { kind: 'mockReset', value: { state: path, reset: !dryRun } } }
  },
}
