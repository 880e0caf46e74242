import { join } from 'node:path'
import { main } from '../../src/main.ts'
import { fakeIo, type RunOptions } from './fake-io.ts'
import { temporaryDirectory } from './temporary.ts'

/** What one run of `main` came to. */
export interface Run {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export type { RunOptions } from './fake-io.ts'

/** An emulated host with a state of its own, and tphctl on it. */
export interface TestHost {
  /** The file its state is kept in; it does not exist until something is changed. */
  readonly state: string
  /** Runs tphctl in this process. @param call its words, or all of them separated by blanks */
  run(call: string | readonly string[], options?: RunOptions): Promise<Run>
}

/** An emulated host for the test that runs. */
export function testHost(): TestHost {
  const state = join(temporaryDirectory(), 'state')
  const env = { TPHCTL_BACKEND: 'mock', TPHCTL_MOCK_STATE: state }
  return {
    state,
    run: (call, options = {}) => runMain(call, { ...options, env: { ...env, ...options.env } }),
  }
}

/** One run on a fresh emulated host. */
export function runOnce(call: string | readonly string[], options?: RunOptions): Promise<Run> {
  return testHost().run(call, options)
}

/** Runs `main` with nothing of the real process. */
export async function runMain(
  call: string | readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  const { io, written } = fakeIo(options)
  const argv = typeof call === 'string' ? call.split(' ').filter((word) => word !== '') : call
  const exitCode = await main(argv, io)
  return { exitCode, ...written }
}
