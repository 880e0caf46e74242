import type { Bdf } from '../args/bdf.ts'
import { aboutDevice, type TphctlError, UnsupportedError } from '../errors.ts'
import { examine, notTphSt } from './guard.ts'
import { findTphFunction, type Host, type TphFunction, tableEntries, withDevice } from './host.ts'
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
  const { featureIndex } = host
  const none = { device: bdf, supported: false, get: false, set: false, featureIndex }
  const found = findOrWhyNot(host, bdf)
  if (found instanceof UnsupportedError) {
    return { value: { ...none, reason: withoutAction(found) }, error: found }
  }
  return withDevice(host, found.fn, (device) => {
    const { ops, refusal } = examine(device, ['get', 'set'], tableEntries(found))
    const has = { get: ops.has('get'), set: ops.has('set') }
    if (refusal === null) {
      return { value: { ...none, supported: true, ...has, reason: null }, error: null }
    }
    const error = aboutDevice(bdf, notTphSt(featureIndex, refusal))
    return { value: { ...none, ...has, reason: refusal.reason }, error }
  })
}

/** The function with its capability, or that there is none. @throws other TphctlErrors */
function findOrWhyNot(host: Host, bdf: Bdf): TphFunction | UnsupportedError {
  try {
    return findTphFunction(host, bdf)
  } catch (error) {
    if (error instanceof UnsupportedError) return error
    throw error
  }
}

function withoutAction({ message }: TphctlError): string {
  return message.slice(message.indexOf(': ') + 2)
}
