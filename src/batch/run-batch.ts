import type { Answer, Context, Show } from '../context.ts'
import { type ErrorInfo, TphctlError, UsageError } from '../errors.ts'
import type { BatchResult, LineResult } from '../format/batch-result.ts'
import type { Result } from '../format/result.ts'
import type { Outcome } from '../outcome.ts'
import { runStep, type Step } from './steps.ts'

/**
 * Runs the lines of a batch in order, up to the first that fails. If one does not parse none is run, and all that do not are named.
 *
 * @param keepGoing whether to run all that parse, whatever fails
 */
export async function runBatch(
  steps: readonly Step[],
  keepGoing: boolean,
  context: Context,
): Promise<Outcome> {
  const wrong = steps.filter(({ call }) => call === null)
  const isRefused = wrong.length > 0 && !keepGoing
  const account = new Account(context)
  for (const step of isRefused ? wrong : steps) {
    await account.run(step)
    if (account.first !== null && !keepGoing && !isRefused) break
  }
  const value = account.total(steps.length)
  const result: Result | null = account.isDocument ? { kind: 'batch', value } : null
  return { result, error: isRefused ? refused(value) : unfinished(account.first, value) }
}

/** Runs lines and counts what became of them. */
class Account {
  /** Json is one document, written at the end; every other form is written line by line. */
  readonly isDocument: boolean
  /** The first failure. */
  first: ErrorInfo | null = null
  readonly #context: Context
  readonly #lines: LineResult[] = []
  #done = 0
  #failed = 0

  constructor(context: Context) {
    this.#context = context
    this.isDocument = context.calls.format === 'json'
  }

  async run(step: Step): Promise<void> {
    let shown: Result | null = null
    const { calls, io } = this.#context
    const { line } = step.place
    const show: Show = async (result) => {
      if (this.isDocument) shown = result
      else io.stdout.write(await calls.render(result, { line }))
    }
    const answer = await runStep(step, calls, show)
    this.first ??= answer.error
    if (answer.error === null) this.#done++
    else this.#failed++
    if (this.isDocument) this.#lines.push(lineResult(step, answer, shown))
  }

  total(steps: number): BatchResult {
    const [done, failed] = [this.#done, this.#failed]
    return { lines: this.#lines, done, failed, notRun: steps - done - failed }
  }
}

/** A line and its answer as json shows them. */
export function lineResult(
  { place, call }: Step,
  { exitCode, error }: Answer,
  result: Result | null,
): LineResult {
  return {
    line: place.line,
    command: call?.command ?? null,
    exitCode,
    result: result?.value ?? null,
    error,
  }
}

function refused({ failed, notRun }: BatchResult): UsageError {
  const lines = failed === 1 ? 'one line does' : `${failed} lines do`
  return new UsageError(
    `Cannot begin the batch: ${lines} not parse, none of ${failed + notRun} was run`,
  )
}

function unfinished(
  first: ErrorInfo | null,
  { done, failed, notRun }: BatchResult,
): TphctlError | null {
  if (first === null) return null
  const counts = `${done} done, ${failed} failed, ${notRun} not run`
  const hint = notRun === 0 ? {} : { hint: '--keep-going runs the others too' }
  return new TphctlError(first.code, `Cannot do all lines of the batch: ${counts}`, hint)
}
