import { readSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { UsageError } from './errors.ts'
import type { Io, OutputStream, Signal } from './io.ts'
import { main } from './main.ts'
import { sleep } from './sleep.ts'
import { systemError } from './system-error.ts'

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
/** Any long time that a timer can have. */
const LONG_MILLISECONDS = 2 ** 30

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
  nextSignal: signalQueue(),
}

main(process.argv.slice(2), io).then((exitCode) => {
  process.exitCode = exitCode
})

/** Signals in the order they came; the first call installs the handlers. */
function signalQueue(): Io['nextSignal'] {
  const arrived: Signal[] = []
  const handled = new Set<string>()
  let wake = (): void => {}
  return async (names) => {
    for (const name of names) {
      if (handled.has(name)) continue
      handled.add(name)
      process.on(name, (_: string, number: number) => {
        arrived.push({ name, number })
        wake()
      })
    }
    while (arrived.length === 0) await nextWake()
    return arrived.shift() as Signal
  }

  /** A timer keeps the process alive meanwhile: signal handlers do not. */
  function nextWake(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => {}, LONG_MILLISECONDS)
      wake = () => {
        clearInterval(timer)
        resolve()
      }
    })
  }
}

/** @param fail told why nothing more can be written, unless the reader is just gone */
function outputStream(fd: number, fail: (error: unknown) => void): OutputStream {
  let isOver = false
  return {
    isTerminal: isatty(fd),
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
  const chunks: Buffer[] = []
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK)
      const count = patiently(() => readSync(STDIN, chunk))
      if (count === 0) break
      chunks.push(chunk.subarray(0, count))
    }
  } catch (error) {
    throw systemError('read standard input', error)
  }
  return decode(Buffer.concat(chunks))
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError('Cannot read standard input: it is not UTF-8 text')
  }
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
