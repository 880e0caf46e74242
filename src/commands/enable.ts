import { parseBdf } from '../args/bdf.ts'
import { quote } from '../args/quote.ts'
import { UsageError } from '../errors.ts'
import type { StMode } from '../pci/tph-capability.ts'
import { setControl } from '../tph/control.ts'
import { type CommandSpec, DEVICE_ARGUMENT } from './spec.ts'

const MODES: readonly StMode[] = ['iv', 'ds', 'none']

/** `tphctl enable DEVICE --mode MODE`. */
export const enable: CommandSpec = {
  arguments: [DEVICE_ARGUMENT],
  options: [
    {
      flags: '--mode <mode>',
      description: 'interrupt vector (iv), device specific (ds) or no ST (none) mode',
      choices: MODES,
      mandatory: true,
    },
  ],
  examples: ['enable 81:00.0 --mode iv'],
  run({ words: [word = ''], options }, { host, dryRun }) {
    const bdf = parseBdf(word)
    const mode = parseMode(options['mode'])
    const { value, error } = setControl(host(), bdf, mode, dryRun)
    return { result: { kind: 'control', value }, error }
  },
}

/** @throws UsageError for what is no mode: nothing else may ever stand for "off" */
function parseMode(word: string | boolean | undefined): StMode {
  const mode = MODES.find((one) => one === word)
  if (mode !== undefined) return mode
  throw new UsageError(`Cannot enable mode ${quote(String(word))}: expected ${MODES.join(', ')}`)
}
