/** The flags of an option, taken apart. */
export interface Flags {
  /** As in `-o`; null when it has none. */
  readonly short: string | null
  /** As in `--output`. */
  readonly long: string
  /** The name of the value it takes, as in `format`; null when it takes none. */
  readonly value: string | null
}

/** Without `--no-` and `...`, which commander reads in another way than their words say. */
const FLAGS = /^(?:(-\w), )?(--(?!no-)[a-z0-9-]+)(?: <([^>.]+)>)?$/

/** Takes apart flags as commander has them: `-o, --output <format>`. @throws RangeError for any other form */
export function parseFlags(flags: string): Flags {
  const [, short = null, long, value = null] = FLAGS.exec(flags) ?? []
  if (long === undefined) throw new RangeError(`flags of no known form: ${flags}`)
  return { short, long, value }
}

/** The name under which commander hands out an option's value: `memType` for `--mem-type`. */
export function keyOf({ long }: Flags): string {
  return long.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
