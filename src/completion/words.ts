import type { OptionSpec } from '../commands/spec.ts'
import { type Flags, keyOf, parseFlags } from '../flags.ts'

/** The words before the cursor, sorted. */
export interface SortedWords {
  /** Those that are no options nor values of options. */
  readonly operands: readonly string[]
  /** Values of options, or true, under commander's names for them. */
  readonly values: Readonly<Record<string, string | boolean>>
  /** The option whose value comes next. */
  readonly waiting: OptionSpec | null
  /** Whether `--` made operands of all that follows. */
  readonly isOver: boolean
}

/** Sorts words as commander does. What is no option it knows is passed over: the rest may be right. */
export function sortWords(words: readonly string[], options: readonly OptionSpec[]): SortedWords {
  const operands: string[] = []
  const values: Record<string, string | boolean> = {}
  const rest = [...words]
  for (;;) {
    const word = rest.shift()
    if (word === undefined) return { operands, values, waiting: null, isOver: false }
    if (word === '--') {
      return { operands: [...operands, ...rest], values, waiting: null, isOver: true }
    }
    if (word === '-' || !word.startsWith('-')) {
      operands.push(word)
      continue
    }
    const { option, value } = findOption(word, options)
    if (option === null) continue
    const flags = parseFlags(option.flags)
    const next = flags.value === null ? true : (value ?? rest.shift())
    if (next === undefined) return { operands, values, waiting: option, isOver: false }
    values[keyOf(flags)] = next
  }
}

/** The option of a word, and the value that the same word gives it. */
export function findOption(
  word: string,
  options: readonly OptionSpec[],
): { option: OptionSpec | null; value: string | null } {
  const isLong = word.startsWith('--')
  const end = isLong ? word.indexOf('=') : 2
  const name = end < 0 ? word : word.slice(0, end)
  const option = options.find(({ flags }) => hasName(parseFlags(flags), name)) ?? null
  if (name === word) return { option, value: null }
  return { option, value: word.slice(isLong ? end + 1 : end) }
}

function hasName({ short, long }: Flags, name: string): boolean {
  return name === short || name === long
}
