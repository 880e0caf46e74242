import type { Bdf } from '../args/bdf.ts'
import { type TphctlError, UnsupportedError } from '../errors.ts'
import { notTphSt, probeFeature, whyNotTphSt } from './guard.ts'
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
    const { get, set } = probeFeature(device)
    const why = whyNotTphSt(device, ['get', 'set'], tableEntries({ fn, tph }))
    if (why === null)
      return { value: { ...none, supported: true, get, set, reason: null }, error: null }
    const error = notTphSt(featureIndex, why)
    return { value: { ...none, get, set, reason: why }, error }
  })
}

function withoutAction({ message }: TphctlError): string {
  return message.slice(message.indexOf(': ') + 2)
}
