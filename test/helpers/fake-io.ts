import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Attention, Happening, Io, Signal, TerminalSize } from '../../src/io.ts'
import { linesOf } from '../../src/lines.ts'
import { replaceFile } from '../../src/replace-file.ts'
import { inputError } from '../../src/system-error.ts'

/** What a run may differ in from one in a pipe with nothing on stdin. */
export interface RunOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Whether both output streams are a terminal. */
  readonly terminal?: boolean
  /** The terminal's size; 80 columns and 24 rows unless told. */
  readonly size?: TerminalSize
  /** What happens while a command waits; q is pressed when nothing is left. */
  readonly happenings?: readonly (Happening | (() => unknown))[]
  /** Signals that a command which catches them gets, and SIGTERM behind them; without any none ever comes. */
  readonly signals?: readonly Signal[]
  /** Files that are there beside the real ones, by their paths. */
  readonly files?: Readonly<Record<string, string>>
}

/** An Io that keeps what is written. */
export interface FakeIo {
  readonly io: Io
  readonly written: { stdout: string; stderr: string }
}

/** Nothing of the real process but its pid and user. */
export function fakeIo(options: RunOptions = {}): FakeIo {
  const { stdin = '', env = {}, terminal = false, files = {}, happenings = [] } = options
  const written = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof written) => ({
    isTerminal: terminal,
    isOver: false,
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
    stdinPieces: () => [new TextEncoder().encode(stdin)],
    stdinLines: () => linesOf(inPieces(stdin)),
    readFile: (path) => named(`read "${path}"`, () => files[path] ?? readFileSync(path, 'utf8')),
    listFolder: (path) => {
      const inside = Object.keys(files).filter((file) => dirname(file) === path)
      if (inside.length > 0) return inside.map((file) => basename(file))
      return named(`read the folder "${path}"`, () => readdirSync(path))
    },
    replaceFile,
    catchSignals: () => signalsOf(options.signals),
    terminalSize: () => (terminal ? (options.size ?? { columns: 80, rows: 24 }) : null),
    attend: () => attention(happenings),
  }
  return { io, written }
}

function signalsOf(signals: RunOptions['signals']): () => Promise<Signal> {
  if (signals === undefined) return () => new Promise(() => {})
  const left = [...signals]
  return async () => left.shift() ?? { name: 'SIGTERM', number: 15 }
}

async function* inPieces(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

/** An attention to which those things happen, one after the other; functions among them run in between. */
function attention(happenings: readonly (Happening | (() => unknown))[]): Attention {
  const left = [...happenings]
  return {
    async next() {
      for (;;) {
        const next = left.shift()
        if (next === undefined) return { kind: 'key', key: 'q' }
        if (typeof next !== 'function') return next
        await next()
      }
    },
    end() {},
  }
}

function named<T>(action: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw inputError(action, error)
  }
}
