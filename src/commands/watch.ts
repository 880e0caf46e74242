import { parseBdf } from '../args/bdf.ts'
import { parseSeconds } from '../args/seconds.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import type { Host } from '../tph/host.ts'
import { Watcher } from '../tph/watcher.ts'
import { type CommandSpec, DEVICE_ARGUMENT } from './spec.ts'
import { type Display, eventLines, pictures, screen } from './watch-displays.ts'
import { watchOn } from './watch-loop.ts'

const DEFAULT_INTERVAL = '2'

/** `tphctl watch DEVICE [--interval SECONDS]`. */
export const watch: CommandSpec = {
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
    const interval = String(options['interval'] ?? DEFAULT_INTERVAL)
    const milliseconds = parseSeconds(interval, 'interval')
    refuseWhatCannotBe(context)
    const watcher = new Watcher(watchingHost(context), () => [bdf], null)
    return watchOn(context, watcher, displayFor(context, watcher, interval), milliseconds)
  },
}

/** What the terminal shows, or events for a program. */
export function displayFor(context: Context, watcher: Watcher, interval: string): Display {
  const { io, asked } = context
  if (asked === 'ndjson' || (asked === null && !io.stdout.isTerminal)) return eventLines(context)
  if (!io.stdout.isTerminal || io.env['TERM'] === 'dumb') return pictures(context, watcher)
  return screen(context, watcher, interval)
}

/** @throws UsageError for forms that have an end, and for opening the device again and again */
export function refuseWhatCannotBe({ asked, ephemeral }: Context): void {
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

/** The host, with its notes said once and no traces: the screen is taken, and a look follows another. */
export function watchingHost({ host, notices, io }: Context): Host {
  const opened = host()
  const said = new Set<string>()
  const isFirst = (text: string) => said.size < said.add(text).size && !io.stdout.isTerminal
  return {
    ...opened,
    trace: io.stdout.isTerminal && io.stderr.isTerminal ? null : opened.trace,
    notices: {
      note: (text) => (isFirst(text) ? notices.note(text) : undefined),
      warn: (text) => (isFirst(text) ? notices.warn(text) : undefined),
    },
  }
}
