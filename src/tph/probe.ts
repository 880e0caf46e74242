import type { Bdf } from '../args/bdf.ts'
import { aboutDevice, type TphctlError, UnsupportedError } from '../errors.ts'
import { examine, notTphSt } from './guard.ts'
import { findFunction, type Host, lookUpTph, noTph, tableEntries, withDevice } from './host.ts'
import type { ProbeResult } from './results.ts'

/**
 * Whether TPH_ST is there for a device, with GET and SET, and why not. The error is what `set` would fail with.
 *
 * @throws TphctlError when the device cannot be asked
 */
export function probeDevice(
  host: Host,
  bdf: Bdf,
): { readonly value: ProbeResult; readonly error: TphctlError | null } {
  const fn = findFunction(host, bdf)
  const { featureIndex } = host
  const none = { device: bdf, supported: false, get: false, set: false, featureIndex }
  const { tph, reason } = lookUpTph(fn)
  if (tph === null) {
    const error = noTph(bdf, reason)
    if (!(error instanceof UnsupportedError)) throw error
    return { value: { ...none, reason: withoutAction(error) }, error }
  }
  return withDevice(host, fn, (device) => {
    const { ops, refusal } = examine(device, ['get', 'set'], tableEntries({ fn, tph }))
    const has = { get: ops.has('get'), set: ops.has('set') }
    if (refusal === null) {
      return { value: { ...none, supported: true, ...has, reason: null }, error: null }
    }
    const error = aboutDevice(bdf, notTphSt(featureIndex, refusal))
    return { value: { ...none, ...has, reason: refusal.reason }, error }
  })
}

function withoutAction({ message }: TphctlError): string {
  return message.slice(message.indexOf(': ') + 2)
}
