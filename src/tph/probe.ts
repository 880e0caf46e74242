import type { Bdf } from '../args/bdf.ts'
import { aboutDevice, type TphctlError, UnsupportedError } from '../errors.ts'
import { type Examined, examine } from './guard.ts'
import { findFunction, type Host, lookUpTph, noTph, withDevice } from './host.ts'
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
  const fn = findFunction(host, bdf)
  const { featureIndex } = host
  const unknown = { supported: false, get: false, set: false, featureIndex, abi: null, how: null }
  const none = { device: bdf, ...unknown }
  const { tph, reason } = lookUpTph(fn)
  if (tph === null) {
    const error = noTph(bdf, reason)
    if (!(error instanceof UnsupportedError)) throw error
    return { value: { ...none, reason: withoutAction(error) }, error }
  }
  return withDevice(host, fn, (device) => {
    const examined = examine(host, { fn, tph }, device, 'all')
    const { ops, refusal, kernel } = examined
    const has = { get: ops.has('get'), set: ops.has('set') }
    if (refusal === null) {
      if (kernel.name !== 'tph-st') host.notices.note(`${bdf}: ${kernel.name}: ${howOf(examined)}`)
      const found = {
        supported: true,
        ...has,
        reason: null,
        abi: kernel.name,
        how: howOf(examined),
      }
      return { value: { ...none, ...found }, error: null }
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

function withoutAction({ message }: TphctlError): string {
  return message.slice(message.indexOf(': ') + 2)
}
