import { TphctlError } from '../../src/errors.ts'
import { BrokenPromise } from './target.ts'

/** What a terminal would act on, or what would make a second line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** Characters that a message may have: an input is quoted in part only, and lists of what is there are long. */
const LONGEST = 1000

/**
 * What `work` gives, or the documented error it throws.
 *
 * @throws BrokenPromise for an error that is not written as they all are; anything else that is thrown goes through
 */
export function answerOf<T>(
  work: () => T,
): { readonly value: T } | { readonly error: TphctlError } {
  try {
    return { value: work() }
  } catch (error) {
    return { error: refusal(error) }
  }
}

/** What `work` gives; null when it throws a documented error. */
export function valueIn<T>(work: () => T): T | null {
  const answer = answerOf(work)
  return 'value' in answer ? answer.value : null
}

/** The error itself. @throws it when it is none that is documented, BrokenPromise when it is not written as they all are */
export function refusal(error: unknown): TphctlError {
  if (!(error instanceof TphctlError)) throw error
  for (const text of [error.message, error.hint ?? '', ...error.more]) checkText(text)
  if (!/(?:^|: )Cannot /.test(error.message))
    throw new BrokenPromise(`does not begin with "Cannot": ${JSON.stringify(error.message)}`)
  return error
}

function checkText(text: string): void {
  const said = () => JSON.stringify(text.slice(0, 200))
  if (UNSEEN.test(text)) throw new BrokenPromise(`control characters in a message: ${said()}`)
  if (text.length > LONGEST) throw new BrokenPromise(`a message of ${text.length}: ${said()}`)
}
