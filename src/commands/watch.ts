import { parseBdf } from '../args/bdf.ts'
import { parseSeconds } from '../args/seconds.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { type CommandSpec, DEVICE_ARGUMENT } from './spec.ts'
import { watchOn } from './watch-loop.ts'

const DEFAULT_INTERVAL = '2'

/** `tphctl watch DEVICE [--interval SECONDS]`. */
export const watch: CommandSpec = {
  alone: 'it goes on until it is told to stop',
  arguments: [DEVICE_ARGUMENT],
  options: [
    {
      flags: '--interval <seconds>',
      description: `time from one look to the next (default: ${DEFAULT_INTERVAL})`,
    },
  ],
  examples: ['watch 81:00.0', 'watch 81:00.0 --interval 0.5 -o ndjson | jq -c .changed'],
  run({ words: [word = ''], options }, context) {
    const bdf = parseBdf(word)
    const interval = parseSeconds(String(options['interval'] ?? DEFAULT_INTERVAL), 'interval')
    refuseWhatCannotBe(context)
    return watchOn(context, { targets: () => [bdf], onOwner: null, interval })
  },
}

/** @throws UsageError for forms that have an end, and for opening the device again and again */
function refuseWhatCannotBe({ asked, ephemeral }: Context): void {
  if (asked === 'json' || asked === 'tsv') {
    throw new UsageError(`Cannot watch in ${asked}: events have no end and are not alike`, {
      hint: '-o ndjson writes one a line',
    })
  }
  if (!ephemeral) return
  throw new UsageError('Cannot watch with --ephemeral: every look would reset the device', {
    hint: 'keep it open with "tphctl hold", and watch that',
  })
}
