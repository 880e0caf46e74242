import { parseBdf } from '../args/bdf.ts'
import type { Context } from '../context.ts'
import { exportDevice } from '../desired/export.ts'
import { measureDevice } from '../desired/metrics.ts'
import type { ExportedDevice } from '../desired/results.ts'
import { aboutDevice, TphctlError } from '../errors.ts'
import { findTphFunction, type Host, lookUpTph, noTph, type TphFunction } from '../tph/host.ts'
import type { CommandSpec, Outcome } from './spec.ts'

/** `tphctl export [DEVICE…]`. */
export const exportState: CommandSpec = {
  arguments: [
    { name: '[devices...]', description: 'PCI addresses (default: all with TPH and an owner)' },
  ],
  options: [
    {
      flags: '--prometheus',
      description: "write metrics for node_exporter's textfile collector instead",
    },
    { flags: '--to <file>', description: 'replace this file instead of writing to stdout' },
  ],
  examples: ['export > steering.yaml', 'export 81:00.0 -o json', 'export --prometheus'],
  run({ words, options }, context) {
    const bdfs = [...new Set(words.map(parseBdf))]
    const host = context.host()
    const outcome =
      options['prometheus'] === true ? measure(host, bdfs) : writeState(host, bdfs, context.notices)
    const { to } = options
    if (typeof to !== 'string' || context.dryRun) return outcome
    // A whole file of former times is worth more than a part of the present.
    return outcome.error ? { ...outcome, result: null } : { ...outcome, to }
  },
}

function measure(host: Host, bdfs: readonly string[]): Outcome {
  const found = bdfs.length === 0 ? withTph(host) : bdfs.map((bdf) => findTphFunction(host, bdf))
  const devices = found.map((one) => measureDevice(host, one))
  return { result: { kind: 'metrics', value: { devices } } }
}

function writeState(host: Host, bdfs: readonly string[], notices: Context['notices']): Outcome {
  if (bdfs.length > 0) {
    const devices = bdfs.map((bdf) => exportDevice(host, findTphFunction(host, bdf)))
    return { result: { kind: 'export', value: { version: 1, devices } } }
  }
  const all = withTph(host)
  const unowned = all.filter(({ fn }) => fn.owner === null && fn.ownerVisible)
  if (unowned.length > 0) {
    const names = unowned.map(({ fn }) => fn.bdf).join(', ')
    notices.note(`left out, since nobody owns them and so they have no tags: ${names}`)
  }
  const { devices, error } = exportAll(
    host,
    all.filter((one) => !unowned.includes(one)),
    notices,
  )
  return { result: { kind: 'export', value: { version: 1, devices } }, error }
}

/** One that cannot be read does not keep the others from being written. The first error is returned, further ones are notes. */
function exportAll(
  host: Host,
  all: readonly TphFunction[],
  notices: Context['notices'],
): { devices: ExportedDevice[]; error: TphctlError | null } {
  const devices: ExportedDevice[] = []
  let first: TphctlError | null = null
  for (const found of all) {
    try {
      devices.push(exportDevice(host, found))
    } catch (error) {
      if (!(error instanceof TphctlError)) throw error
      if (first === null) first = aboutDevice(found.fn.bdf, error)
      else notices.note(`${found.fn.bdf}: left out: ${error.message}`)
    }
  }
  return { devices, error: first }
}

/** @throws UnsupportedError, PermissionError when there is none to be seen and some may have it */
function withTph({ backend, notices }: Host): TphFunction[] {
  const looked = backend.functions().map((fn) => ({ fn, ...lookUpTph(fn) }))
  const found = looked.flatMap(({ fn, tph }) => (tph === null ? [] : [{ fn, tph }]))
  const undecided = looked.flatMap(({ fn, reason }) =>
    reason === null || reason === 'absent' ? [] : [noTph(fn.bdf, reason)],
  )
  const [first] = undecided
  if (first === undefined) return found
  if (found.length === 0) throw first
  const more = undecided.length === 1 ? '' : ` and ${undecided.length - 1} more`
  notices.note(`${first.device}${more} left out: whether it has TPH cannot be seen`)
  return found
}
