import { readFileSync } from 'node:fs'
import type { Io } from '../../src/io.ts'
import { linesOf } from '../../src/lines.ts'

/** What a run may differ in from one in a pipe with nothing on stdin. */
export interface RunOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Whether both output streams are a terminal. */
  readonly terminal?: boolean
}

/** An Io that keeps what is written. */
export interface FakeIo {
  readonly io: Io
  readonly written: { stdout: string; stderr: string }
}

/** Nothing of the real process but its pid and user. No signal ever comes. */
export function fakeIo({ stdin = '', env = {}, terminal = false }: RunOptions = {}): FakeIo {
  const written = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof written) => ({
    isTerminal: terminal,
    write: (text: string) => {
      written[name] += text
    },
  })
  const io: Io = {
    pid: process.pid,
    uid: process.geteuid?.() ?? 0,
    env,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    readStdin: () => stdin,
    stdinLines: () => linesOf(inPieces(stdin)),
    readFile: (path) => readFileSync(path, 'utf8'),
    catchSignals: () => () => new Promise(() => {}),
  }
  return { io, written }
}

async function* inPieces(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}
