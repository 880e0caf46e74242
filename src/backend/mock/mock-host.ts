import { compareBdf } from '../../args/bdf.ts'
import { ConfigSpace } from '../../pci/config-space.ts'
import { type Completer, completerOf, isRootPort, secondaryBus } from '../../pci/express.ts'
import { builtInFunctions } from './built-in-host.ts'
import { type EmulatedFunction, emulate, type FunctionDescription } from './emulated-function.ts'

/** An emulated host. */
export interface MockHost {
  /** Tells hosts apart in the state file: the same dump has the same key wherever it lies. */
  readonly key: string
  readonly functions: readonly EmulatedFunction[]
  readonly notes: readonly string[]
}

/** The host that is there without a dump. */
export function builtInHost(): MockHost {
  return { key: 'built-in', functions: emulateAll(builtInFunctions()), notes: [] }
}

/** Functions as they are emulated, each behind its root port, in BDF order. */
export function emulateAll(descriptions: readonly FunctionDescription[]): EmulatedFunction[] {
  const bridges = bridgesByBus(descriptions)
  return descriptions
    .map((one) => emulate(one, completerAbove(one, bridges)))
    .sort((a, b) => compareBdf(a.bdf, b.bdf))
}

type Bridges = ReadonlyMap<string, FunctionDescription>

/** Bridges by the `domain:bus` below them. */
function bridgesByBus(descriptions: readonly FunctionDescription[]): Bridges {
  const bridges = new Map<string, FunctionDescription>()
  for (const one of descriptions) {
    const bus = secondaryBus(new ConfigSpace(one.config))
    if (bus === null || bus === 0) continue
    bridges.set(`${domainOf(one.bdf)}:${bus.toString(16).padStart(2, '0')}`, one)
  }
  return bridges
}

/** Walks up to the root port; malformed bus numbers may lead round in circles. */
function completerAbove(one: FunctionDescription, bridges: Bridges): Completer | null {
  const seen = new Set<FunctionDescription>()
  let above = bridges.get(busOf(one.bdf))
  while (above !== undefined && !seen.has(above)) {
    const space = new ConfigSpace(above.config)
    if (isRootPort(space)) return completerOf(space)
    seen.add(above)
    above = bridges.get(busOf(above.bdf))
  }
  return null
}

function busOf(bdf: string): string {
  return bdf.slice(0, bdf.lastIndexOf(':'))
}

function domainOf(bdf: string): string {
  return bdf.slice(0, bdf.indexOf(':'))
}
