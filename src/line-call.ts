import { parseCall } from './cli.ts'
import type { CommandSpec } from './commands/spec.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import type { ParsedCall } from './parsed-call.ts'

const SILENT = { isTerminal: false, isOver: false, write: () => {} }

/**
 * Parses a line of a batch: a call with its own options only, and with words that are right as far as their grammar goes.
 *
 * @throws UsageError
 */
export async function parseLineCall(words: readonly string[], io: Io): Promise<ParsedCall> {
  const call = await parseCall(words, { ...io, stdout: SILENT })
  if (call === null) throw new UsageError('Cannot show help or the version in a batch')
  const { name, spec, invocation, globals } = call
  if (spec.alone !== undefined) {
    throw new UsageError(`Cannot run "${name}" in a batch: ${spec.alone}`)
  }
  const [option] = Object.keys(globals)
  if (option !== undefined) throw globalOption(option)
  if (invocation.words.includes('-')) noStandardInput()
  checkWords(spec, invocation.words)
  return call
}

/** Refuses standard input to a line of a batch. */
export function noStandardInput(): never {
  throw new UsageError('Cannot read standard input: a line of a batch has none', {
    hint: 'write it all on the line',
  })
}

function checkWords({ arguments: specs }: CommandSpec, words: readonly string[]): void {
  words.forEach((word, i) => {
    specs[Math.min(i, specs.length - 1)]?.check?.(word)
  })
}

/** @param key as commander has it: `featureIndex` */
function globalOption(key: string): UsageError {
  const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  return new UsageError(`Cannot use ${flag} on a line of a batch: it holds for all lines`, {
    hint: `give it to the batch: "tphctl batch ${flag} ..."`,
  })
}
