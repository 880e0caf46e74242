import type { Context } from '../../src/context.ts'
import { fakeIo } from './fake-io.ts'
import { noCalls } from './no-calls.ts'

/** What a command is given: a fake Io and no options, save for what is told; the host has to be. */
export function fakeContext(told: Partial<Context> & Pick<Context, 'host'>): Context {
  return {
    io: fakeIo().io,
    notices: { note() {}, warn() {} },
    dryRun: false,
    ephemeral: false,
    asked: null,
    draw: async ({ kind }) => `drawn: ${kind}\n`,
    calls: noCalls,
    ...told,
  }
}
