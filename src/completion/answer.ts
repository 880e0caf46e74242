/** A word that may stand at the cursor. */
export interface Candidate {
  readonly word: string
  /** A few words about it; empty where it speaks for itself. */
  readonly about: string
}

/** What may stand at the cursor: words, or what the shell itself knows how to complete. */
export type Answer =
  | {
      readonly kind: 'words'
      readonly candidates: readonly Candidate[]
    }
  | {
      /** Words that more is written behind, without a blank. */
      readonly kind: 'open'
      readonly candidates: readonly Candidate[]
    }
  | { readonly kind: 'files' | 'folders' }

/** Nothing to offer. */
export const NOTHING: Answer = { kind: 'words', candidates: [] }

/** Words that speak for themselves. */
export function plain(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word, about: '' }))
}

/** The answer with only the candidates that `typed` is the beginning of. */
export function matching(answer: Answer, typed: string): Answer {
  if (!('candidates' in answer)) return answer
  const candidates = answer.candidates.filter(({ word }) => word.startsWith(typed))
  return { ...answer, candidates }
}

/** The answer about what follows `prefix` in the word at the cursor, as one about the whole word. */
export function behind(prefix: string, answer: Answer): Answer {
  if (!('candidates' in answer)) return answer
  const candidates = answer.candidates.map(({ word, about }) => ({ word: prefix + word, about }))
  return { ...answer, candidates }
}

/**
 * The answer as the scripts of the shells read it: a line with its kind, and for words a line each, with a tab before what is
 * said about it. Empty when there is nothing to offer.
 */
export function answerText(answer: Answer): string {
  if (!('candidates' in answer)) return `${answer.kind}\n`
  if (answer.candidates.length === 0) return ''
  const lines = answer.candidates.map(({ word, about }) =>
    about === '' ? word : `${word}\t${about}`,
  )
  return [answer.kind, ...lines].map((line) => `${line}\n`).join('')
}
