import type { Calls } from '../../src/context.ts'

/** The way to other commands, for one that takes none. */
export const noCalls: Calls = {
  format: 'tsv',
  prepare: async () => fail(),
  render: async () => fail(),
  fail,
}

function fail(): never {
  throw new RangeError('no other command is needed')
}
