import type { Bdf } from '../args/bdf.ts'
import { aboutDevice, type TphctlError, UnsupportedError } from '../errors.ts'
import { type Examined, examine } from './guard.ts'
import { findTphFunction, type Host, type TphFunction, withDevice } from './host.ts'
import type { ProbeResult } from './results.ts'

/**
 * Whether the kernel has an interface for steering tags for a device, which one, with GET and SET, and why not. The error is what `set`
 * would fail with.
 *
 * @throws TphctlError when the device cannot be asked
 */
export function probeDevice(
  host: Host,
  bdf: Bdf,
): { readonly value: ProbeResult; readonly error: TphctlError | null } {
  const { featureIndex } = host
  const unknown = { supported: false, get: false, set: false, featureIndex, abi: null, how: null }
  const none = { device: bdf, ...unknown }
  const found = findOrWhyNot(host, bdf)
  if (found instanceof UnsupportedError) {
    return { value: { ...none, reason: withoutAction(found) }, error: found }
  }
  return withDevice(host, found.fn, (device) => {
    const examined = examine(host, found, device, 'all')
    const { ops, refusal, kernel } = examined
    const has = { get: ops.has('get'), set: ops.has('set') }
    if (refusal === null) {
      if (kernel.name !== 'tph-st') host.notices.note(`${bdf}: ${kernel.name}: ${howOf(examined)}`)
      const there = { supported: true, ...has, abi: kernel.name, how: howOf(examined) }
      return { value: { ...none, ...there, reason: null }, error: null }
    }
    const error = aboutDevice(bdf, kernel.refused(refusal))
    return { value: { ...none, ...has, reason: refusal.reason }, error }
  })
}

/** By what an interface that is there was recognised, and why not as one that was looked for before it. */
export function howOf({ kernel, passed }: Pick<Examined, 'kernel' | 'passed'>): string {
  if (passed === null) return kernel.how
  return `${kernel.how}; not ${passed.kernel.title}: ${passed.refusal.reason}`
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
