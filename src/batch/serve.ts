import type { Answer, Context } from '../context.ts'
import { EXIT, type Place } from '../errors.ts'
import type { Result } from '../format/result.ts'
import type { Outcome } from '../outcome.ts'
import { errorText } from '../report.ts'
import { lineResult } from './run-batch.ts'
import { readStep, runStep, type Step } from './steps.ts'

const ENDS: readonly string[] = ['exit', 'quit']
const NOTHING_DONE: Answer = { exitCode: EXIT.ok, error: null }

/**
 * Answers each line of standard input, before it waits for the next: with the result and a status line, or in json and ndjson with one line
 * that has both. Only the end of the input, `exit` and `quit` end it.
 */
export async function serve(context: Context): Promise<Outcome> {
  let line = 0
  for await (const text of context.io.stdinLines()) {
    line++
    const isEnd = ENDS.includes(text.trim())
    await answerLine(isEnd ? '' : text, { source: 'stdin', line }, context)
    if (isEnd) break
  }
  return { result: null }
}

async function answerLine(text: string, place: Place, { calls, io }: Context): Promise<void> {
  let shown: Result | null = null
  const show = async (result: Result): Promise<void> => {
    shown = result
  }
  const step = (await readStep(text, place, calls)) ?? { place, call: null, error: null }
  const answer =
    step.error === null && step.call === null ? NOTHING_DONE : await runStep(step, calls, show)
  io.stdout.write(await answerText(step, answer, shown, calls))
}

/** In one piece, so that it is out as a whole. */
async function answerText(
  step: Step,
  answer: Answer,
  shown: Result | null,
  calls: Context['calls'],
): Promise<string> {
  if (calls.format === 'json' || calls.format === 'ndjson') {
    const value = lineResult(step, answer, shown)
    return calls.render({ kind: 'batchLine', value }, { oneLine: true })
  }
  const text = shown === null ? '' : await calls.render(shown)
  return `${stuffed(text)}${statusLine(answer)}`
}

/** A result's lines that begin with a dot get another one, so that none can be taken for a status. */
function stuffed(text: string): string {
  return text.replace(/^\./gm, '..').replace(/(?<=[^\n])$/, '\n')
}

function statusLine({ exitCode, error }: Answer): string {
  return error === null ? `.ok ${exitCode}\n` : `.error ${exitCode} ${errorText(error)}\n`
}
