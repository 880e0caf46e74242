import type { OptionSpec } from './commands/spec.ts'
import { type Flags, keyOf, parseFlags } from './flags.ts'
import type { RawOptions } from './settings.ts'

/** Words of a command line, sorted. */
export interface SortedWords {
  /** Those that are no options nor values of options. */
  readonly operands: readonly string[]
  /** Values of options, or true. */
  readonly given: ReadonlyMap<OptionSpec, string | true>
  /** The option whose value comes next. */
  readonly waiting: OptionSpec | null
  /** Whether `--` made operands of all that follows. */
  readonly isOver: boolean
  /**
   * Whether all options are known, written out, given once and as they take it, and no value begins as an option does. Of such words
   * commander finds the same.
   */
  readonly isPlain: boolean
}

/** Sorts words as commander does, where they are plain. An option that is not known is passed over: the rest may be right. */
export function sortWords(words: readonly string[], options: readonly OptionSpec[]): SortedWords {
  const operands: string[] = []
  const given = new Map<OptionSpec, string | true>()
  const sorted = { operands, given, waiting: null, isOver: false }
  let isPlain = true
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word === '--') {
      const all = [...operands, ...words.slice(i + 1)]
      return { ...sorted, operands: all, isOver: true, isPlain: false }
    }
    if (!isOption(word)) {
      operands.push(word)
      continue
    }
    const { option, value } = findOption(word, options)
    isPlain &&= option !== null && !given.has(option)
    if (option === null) continue
    if (parseFlags(option.flags).value === null) {
      isPlain &&= value === null
      given.set(option, true)
      continue
    }
    const next = value ?? words[++i]
    if (next === undefined) return { ...sorted, waiting: option, isPlain: false }
    isPlain &&= !isOption(next)
    given.set(option, next)
  }
  return { ...sorted, isPlain }
}

/** Values of options under the names by which commands know them. */
export function valuesOf(given: Iterable<readonly [OptionSpec, string | true]>): RawOptions {
  const values: Record<string, string | true> = {}
  for (const [{ flags }, value] of given) values[keyOf(parseFlags(flags))] = value
  return values
}

function isOption(word: string): boolean {
  return word.startsWith('-') && word !== '-'
}

/** The option of a word, and the value that the same word gives it. */
export function findOption(
  word: string,
  options: readonly OptionSpec[],
): { option: OptionSpec | null; value: string | null } {
  const isLong = word.startsWith('--')
  const end = isLong ? word.indexOf('=') : 2
  const name = end < 0 ? word : word.slice(0, end)
  const option =
    options.find(({ flags }) => flags.includes(name) && hasName(parseFlags(flags), name)) ?? null
  if (name === word) return { option, value: null }
  return { option, value: word.slice(isLong ? end + 1 : end) }
}

function hasName({ short, long }: Flags, name: string): boolean {
  return name === short || name === long
}
