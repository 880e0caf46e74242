import { parseBdf } from '../args/bdf.ts'
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
    const mode = MODES.find((one) => one === options['mode']) ?? null
    return { result: { kind: 'control', value: setControl(host(), bdf, mode, dryRun) } }
  },
}
