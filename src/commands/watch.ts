import { parseBdf } from '../args/bdf.ts'
import { parseSeconds } from '../args/seconds.ts'
import type { Context } from '../context.ts'
import { applyDesiredState } from '../desired/apply.ts'
import type { DesiredState } from '../desired/desired-state.ts'
import { parseDesiredState } from '../desired/parse.ts'
import { DEFAULT_FOLDER, readTexts } from '../desired/texts.ts'
import { NotFoundError, UsageError } from '../errors.ts'
import type { OwnerAction } from '../tph/watcher.ts'
import { type CommandSpec, DEVICE_ARGUMENT, type Invocation } from './spec.ts'
import { watchOn } from './watch-loop.ts'

const DEFAULT_INTERVAL = '2'

/** `tphctl watch DEVICE [--interval SECONDS]` and `watch --apply [-f FILE]`. */
export const watch: CommandSpec = {
  alone: 'it goes on until it is told to stop',
  arguments: [{ ...DEVICE_ARGUMENT, name: '[device]' }],
  options: [
    {
      flags: '--interval <seconds>',
      description: `time from one look to the next (default: ${DEFAULT_INTERVAL})`,
    },
    {
      flags: '--apply',
      description:
        'apply desired state to each of its devices whenever an owner appears or starts again',
    },
    {
      flags: '-f, --file <file>',
      description: `the desired state for --apply (default: ${DEFAULT_FOLDER}/*.yaml, *.yml and *.json)`,
    },
  ],
  examples: [
    'watch 81:00.0',
    'watch 81:00.0 --interval 0.5 -o ndjson | jq -c .changed',
    'watch --apply',
  ],
  async run({ words: [word], options }, context) {
    const bdf = word === undefined ? null : parseBdf(word)
    const interval = parseSeconds(String(options['interval'] ?? DEFAULT_INTERVAL), 'interval')
    refuseWhatCannotBe(context)
    const state = await desiredState(options, context)
    if (state === null && bdf === null) throw nothingToWatch()
    const devices = state === null ? [] : state.map(({ device }) => device.value)
    if (state !== null && bdf !== null && !devices.includes(bdf)) throw notDesired(bdf)
    const { backend } = context.host()
    return watchOn(context, {
      targets: () => (bdf === null ? devices.filter((one) => backend.find(one) !== null) : [bdf]),
      onOwner: state === null ? null : applying(state),
      interval,
    })
  },
}

async function desiredState(
  { apply, file }: Invocation['options'],
  { io, dryRun }: Context,
): Promise<DesiredState | null> {
  if (apply !== true) {
    if (file === undefined) return null
    throw new UsageError('Cannot watch with --file alone: it is what --apply applies')
  }
  if (dryRun) {
    throw new UsageError('Cannot watch --apply with --dry-run', {
      hint: '"tphctl apply --diff" shows what would be changed',
    })
  }
  return parseDesiredState(readTexts(typeof file === 'string' ? [file] : [], io))
}

/** @throws TphctlError so that it is tried again */
function applying(state: DesiredState): OwnerAction {
  return (device, host) => {
    const only = (one: string) => one === device
    const { error } = applyDesiredState(host, state, { only, command: 'watch' })
    if (error !== null) throw error
  }
}

function nothingToWatch(): UsageError {
  return new UsageError('Cannot watch: no DEVICE given', {
    hint: '"tphctl list" shows the devices with TPH; --apply watches those of the desired state',
  })
}

function notDesired(device: string): NotFoundError {
  return new NotFoundError('Cannot apply: the desired state does not name the device', { device })
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
