import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Io } from '../../src/io.ts'
import { replaceFile } from '../../src/replace-file.ts'
import { inputError } from '../../src/system-error.ts'

/** What a run may differ in from one in a pipe with nothing on stdin. */
export interface RunOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Whether both output streams are a terminal. */
  readonly terminal?: boolean
  /** Files that are there beside the real ones, by their paths. */
  readonly files?: Readonly<Record<string, string>>
}

/** An Io that keeps what is written. */
export interface FakeIo {
  readonly io: Io
  readonly written: { stdout: string; stderr: string }
}

/** Nothing of the real process but its pid and user. No signal ever comes. */
export function fakeIo({
  stdin = '',
  env = {},
  terminal = false,
  files = {},
}: RunOptions = {}): FakeIo {
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
    readFile: (path) => named(`read "${path}"`, () => files[path] ?? readFileSync(path, 'utf8')),
    listFolder: (path) => {
      const inside = Object.keys(files).filter((file) => dirname(file) === path)
      if (inside.length > 0) return inside.map((file) => basename(file))
      return named(`read the folder "${path}"`, () => readdirSync(path))
    },
    replaceFile,
    catchSignals: () => () => new Promise(() => {}),
  }
  return { io, written }
}

function named<T>(action: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw inputError(action, error)
  }
}
