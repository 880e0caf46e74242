import { lineWords } from '../args/line-words.ts'
import type { Answer, Calls, PreparedCall, Show } from '../context.ts'
import type { Place } from '../errors.ts'

const OWN_NAME = 'tphctl'

/** A line of a batch that has a command: the call, or why it is none. */
export interface Step {
  readonly place: Place
  readonly call: PreparedCall | null
  readonly error: unknown
}

/** Parses the lines of a text; those without words are left out. @param source `stdin`, or the file's name */
export async function readSteps(text: string, source: string, calls: Calls): Promise<Step[]> {
  const steps: Step[] = []
  for (const [i, line] of text.split('\n').entries()) {
    const step = await readStep(line, { source, line: i + 1 }, calls)
    if (step !== null) steps.push(step)
  }
  return steps
}

/** Parses a line. @returns null when there is no word on it */
export async function readStep(line: string, place: Place, calls: Calls): Promise<Step | null> {
  try {
    const words = lineWords(line)
    if (words.length === 0) return null
    const call = await calls.prepare(words[0] === OWN_NAME ? words.slice(1) : words)
    return { place, call, error: null }
  } catch (error) {
    return { place, call: null, error }
  }
}

/** Runs what a line says; of one that does not parse it says why not. */
export async function runStep(step: Step, calls: Calls, show: Show): Promise<Answer> {
  return step.call === null ? calls.fail(step.error, step.place) : step.call.run(step.place, show)
}
