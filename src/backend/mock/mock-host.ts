import { type Bdf, compareBdf } from '../../args/bdf.ts'
import { ConfigSpace } from '../../pci/config-space.ts'
import { type Completer, completerOf, isRootPort } from '../../pci/express.ts'
import { builtInFunctions } from './built-in-host.ts'
import { type EmulatedFunction, emulate, type FunctionDescription } from './emulated-function.ts'

/** An emulated host. */
export interface MockHost {
  /** Tells hosts apart in the state file: the same dump has the same key wherever it lies. */
  readonly key: string
  readonly functions: EmulatedFunctions
  readonly notes: readonly string[]
}

/** The host that is there without a dump. */
export function builtInHost(): MockHost {
  return { key: 'built-in', functions: new EmulatedFunctions(builtInFunctions()), notes: [] }
}

/** Functions, each behind its root port. One is emulated when it is first asked for: most commands are about a single one. */
export class EmulatedFunctions {
  /** In order. */
  readonly bdfs: readonly Bdf[]
  readonly #descriptions: ReadonlyMap<Bdf, FunctionDescription>
  readonly #bridges: Bridges
  readonly #emulated = new Map<Bdf, EmulatedFunction>()

  constructor(descriptions: readonly FunctionDescription[]) {
    this.bdfs = descriptions.map(({ bdf }) => bdf).sort(compareBdf)
    this.#descriptions = new Map(descriptions.map((one) => [one.bdf, one]))
    this.#bridges = bridgesByBus(descriptions)
  }

  /** @returns null when the host has no such function */
  find(bdf: Bdf): EmulatedFunction | null {
    const known = this.#emulated.get(bdf)
    if (known !== undefined) return known
    const description = this.#descriptions.get(bdf)
    if (description === undefined) return null
    const emulated = emulate(description, completerAbove(description, this.#bridges))
    this.#emulated.set(bdf, emulated)
    return emulated
  }
}

type Bridges = ReadonlyMap<string, FunctionDescription>

/** Bridges by the `domain:bus` below them. */
function bridgesByBus(descriptions: readonly FunctionDescription[]): Bridges {
  const bridges = new Map<string, FunctionDescription>()
  for (const one of descriptions) {
    const { secondaryBus: bus } = one
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
