import { builtInFunctions } from '../../../src/backend/mock/built-in-host.ts'

/** Config spaces of devices with and without TPH, whole and cut. */
export function someConfigs(): Uint8Array[] {
  const all = builtInFunctions().map(({ config }) => Uint8Array.from(config))
  const [first = new Uint8Array(0)] = all
  // What matters is at the start; short inputs are changed where it counts.
  const short = all.map((config) => config.slice(0, 0x280))
  const on = first.slice(0, 0x280)
  on[0x1a8] = 1
  on[0x1a9] = 3
  return [...short, on, first, first.slice(0, 64), first.slice(0, 256), new Uint8Array(0)]
}
