import { readFileSync } from 'node:fs'
import { BrokenPromise, MOST_MILLISECONDS, type Target } from './target.ts'

/** What one input brought to light. */
export interface Fault {
  /** The same for all inputs that show the same fault, as far as that can be told. */
  readonly key: string
  /** What happened, on several lines. */
  readonly text: string
}

/** Frames that tell faults apart. */
const FRAMES = 3
/** A slow input is tried again, since code may have been compiled meanwhile. */
const TRIES = 4

/** Runs a target on an input. @returns null when all holds that must */
export async function tryInput(target: Target, input: Uint8Array): Promise<Fault | null> {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 20
  try {
    await target.run(input)
    return null
  } catch (error) {
    return faultOf(error)
  } finally {
    Error.stackTraceLimit = limit
  }
}

/** Milliseconds that an input of so many bytes may take. */
export function millisecondsFor(target: Target, length: number): number {
  return MOST_MILLISECONDS + (target.microsecondsPerByte * length) / 1000
}

/** Runs a target on an input that was slow, to see whether it always is. @returns null when it is not */
export async function trySlow(target: Target, input: Uint8Array): Promise<Fault | null> {
  const most = millisecondsFor(target, input.length)
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < TRIES && least > most; tries++) {
    const start = threadMilliseconds()
    await tryInput(target, input)
    least = Math.min(least, threadMilliseconds() - start)
  }
  if (least <= most) return null
  const text = `${input.length} bytes take ${Math.round(least)} ms, more than ${Math.round(most)}`
  return { key: 'slow', text }
}

/** Milliseconds for which this thread has run: a busy machine makes no difference (Linux, Documentation/scheduler/sched-stats). */
function threadMilliseconds(): number {
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6
}

function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { key: String(error), text: `thrown: ${String(error)}` }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const places = frames.slice(0, FRAMES).map((line) => /at (?:async )?([\w.#<>]+)/.exec(line)?.[1])
  const what = error instanceof BrokenPromise ? (error.message.split(':')[0] ?? '') : ''
  const key = [error.name, what.replace(/\d+/g, 'N'), ...places].join(' ')
  return { key, text: `${error.name}: ${error.message}\n${frames.slice(0, 8).join('\n')}` }
}
