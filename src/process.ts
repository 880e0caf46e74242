import { isAscii } from 'node:buffer'
import { fstatSync, read, readdirSync, readSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { attend } from './attention.ts'
import { UsageError } from './errors.ts'
import type { Io, OutputStream, TerminalSize } from './io.ts'
import { linesOf } from './lines.ts'
import { main } from './main.ts'
import { withoutMark } from './pieces.ts'
import { MOST_BYTES, readWholeFile, tooLong } from './read-file.ts'
import { replaceFile } from './replace-file.ts'
import { signalQueue } from './signals.ts'
import { sleep } from './sleep.ts'
import { inputError, systemError } from './system-error.ts'

/*
 * The real process. Standard streams are read and written with synchronous calls on their descriptors: what was written is
 * out when the call returns, however slow the reader, and nothing keeps the process alive. No signal is handled unless a
 * command waits for one, so every signal ends it at once, as a shell expects.
 */

const STDIN = 0
const STDOUT = 1
const STDERR = 2
const CHUNK = 65_536
/** How long to leave a full pipe alone that somebody made non-blocking. */
const NAP_MILLISECONDS = 2
/** The major number of null, zero, full and their like (Linux: Documentation/admin-guide/devices.txt). */
const MEM_MAJOR = 1

// So that ps, and whoever looks for the owner of what "hold" holds, sees the program and not its interpreter.
process.title = 'tphctl'

// What is made is for this user alone, unless its code says otherwise, and has the modes that its code says.
process.umask(0o077)

const io: Io = {
  pid: process.pid,
  uid: process.geteuid?.() ?? 0,
  env: process.env,
  stdout: outputStream(STDOUT, (error) => {
    throw systemError('write to standard output', error)
  }),
  // There is nobody left to tell, and it is no reason to leave a device half set.
  stderr: outputStream(STDERR, () => {}),
  readStdin,
  stdinPieces: () => withoutMark(stdinPieces()),
  stdinLines,
  readFile,
  listFolder,
  replaceFile,
  catchSignals: (names) => signalQueue(process, names),
  terminalSize,
  attend: (signals, keys) => attend(process, keys && isatty(STDIN) ? process.stdin : null, signals),
}

// All is written by now, and nothing is worth waiting for.
main(process.argv.slice(2), io).then((exitCode) => process.exit(exitCode))

function readFile(path: string): string {
  try {
    return decode(readWholeFile(path), `"${path}"`)
  } catch (error) {
    throw inputError(`read "${path}"`, error)
  }
}

/** Node's module that knows terminals brings sockets and streams with it: it is loaded only for what may be one. */
function isatty(fd: number): boolean {
  return mayBeTerminal(fd) && process.getBuiltinModule('node:tty').isatty(fd)
}

function mayBeTerminal(fd: number): boolean {
  try {
    const stats = fstatSync(fd)
    return stats.isCharacterDevice() && stats.rdev >> 8 !== MEM_MAJOR
  } catch {
    // A closed descriptor is no terminal.
    return false
  }
}

function terminalSize(): TerminalSize | null {
  if (!isatty(STDOUT)) return null
  const [columns, rows] = process.stdout.getWindowSize()
  // A serial line may not know, and then says 0.
  return columns > 0 && rows > 0 ? { columns, rows } : null
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path)
  } catch (error) {
    throw inputError(`read the folder "${path}"`, error)
  }
}

function outputStream(fd: number, fail: (error: unknown) => void): OutputStream {
  let isOver = false
  return {
    isTerminal: isatty(fd),
    get isOver() {
      return isOver
    },
    write(text) {
      if (isOver) return
      try {
        writeAll(fd, Buffer.from(text))
      } catch (error) {
        isOver = true
        if (codeOf(error) !== 'EPIPE') fail(error)
      }
    },
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) {
    written += patiently(() => writeSync(fd, bytes, written))
  }
}

function readStdin(): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  let length = 0
  for (const piece of withoutMark(stdinPieces())) {
    length += piece.length
    if (length > MOST_BYTES) throw tooLong('standard input')
    text += decoder.decode(piece, { stream: true })
  }
  return text
}

function* stdinPieces(): Generator<Uint8Array> {
  const validator = new TextDecoder('utf-8', { fatal: true })
  const bytes = Buffer.allocUnsafe(CHUNK)
  let isMore = false
  for (;;) {
    const filled = fillFromStdin(bytes)
    const piece = bytes.subarray(0, filled)
    const isLast = filled < bytes.length
    // As long as all is ASCII, there is nothing to decode.
    isMore ||= !isAscii(piece)
    try {
      if (isMore) validator.decode(piece, { stream: !isLast })
    } catch {
      throw notText('standard input')
    }
    yield piece
    if (isLast) return
  }
}

/** Reads until the bytes are full or nothing comes any more. @returns how many were read */
function fillFromStdin(bytes: Buffer): number {
  let filled = 0
  try {
    while (filled < bytes.length) {
      const count = patiently(() => readSync(STDIN, bytes, filled, bytes.length - filled, null))
      if (count === 0) break
      filled += count
    }
    return filled
  } catch (error) {
    throw systemError('read standard input', error)
  }
}

async function* stdinLines(): AsyncGenerator<string> {
  try {
    yield* linesOf(stdinAsItComes())
  } catch (error) {
    if (error instanceof TypeError) throw notText('standard input')
    throw systemError('read standard input', error)
  }
}

/** What comes, as it comes: the process can be ended by a signal while it waits. */
async function* stdinAsItComes(): AsyncGenerator<Uint8Array> {
  const readSome = promisify(read)
  const bytes = Buffer.allocUnsafe(CHUNK)
  for (;;) {
    try {
      const { bytesRead } = await readSome(STDIN, bytes, 0, CHUNK, null)
      if (bytesRead === 0) return
      yield bytes.subarray(0, bytesRead)
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error
      await new Promise((done) => setTimeout(done, NAP_MILLISECONDS))
    }
  }
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw notText(name)
  }
}

function notText(name: string): UsageError {
  return new UsageError(`Cannot read ${name}: it is not UTF-8 text`)
}

function patiently(call: () => number): number {
  for (;;) {
    try {
      return call()
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error
      sleep(NAP_MILLISECONDS)
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}
