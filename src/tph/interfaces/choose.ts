import { E } from '../../abi/errno.ts'
import {
  INTERFACE_NAMES,
  type InterfaceChoice,
  type InterfaceName,
} from '../../abi/interface-names.ts'
import { NOT_THERE } from '../errno-meaning.ts'
import { pciTphV8 } from './pci-tph-v8.ts'
import { TphSt } from './tph-st.ts'
import type { Findings, OpenDevice, Question, Refusal, TphInterface } from './types.ts'

/** What says which interface to speak. */
export interface Choice {
  /** `auto` unless told. */
  readonly abi?: InterfaceChoice
  /** The index under which TPH_ST is looked for. */
  readonly featureIndex: number
}

/** An interface that is not there. */
export interface Passed {
  readonly kernel: TphInterface
  readonly refusal: Refusal
}

/** What looking for an interface came to. */
export interface Chosen extends Findings {
  /** The one that is there, or that the refusal is about. */
  readonly kernel: TphInterface
  /** One that was looked for before it. */
  readonly passed: Passed | null
}

/** Of each name, what it stands for; the build loads what TPH_ST does not need when it is first asked for. */
const MAKERS: Readonly<Record<InterfaceName, (choice: Choice) => TphInterface>> = {
  'tph-st': ({ featureIndex }) => tphSt(featureIndex),
  'pci-tph-v8': () => pciTphV8,
}

let latest: { readonly featureIndex: number; readonly made: TphSt } | null = null

/** One for all devices of a command. */
function tphSt(featureIndex: number): TphSt {
  if (latest?.featureIndex !== featureIndex)
    latest = { featureIndex, made: new TphSt(featureIndex) }
  return latest.made
}

/** The interface that is named, or looked for first. */
export function firstChoice(choice: Choice): TphInterface {
  const { abi = 'auto' } = choice
  return MAKERS[abi === 'auto' ? 'tph-st' : abi](choice)
}

/**
 * Asks a device's kernel for the interface that is named; for any, it is asked for one after the other as long as it says that it has
 * none of them. None of these calls could change a device.
 */
export function choose(choice: Choice, device: OpenDevice, question: Question): Chosen {
  const { abi = 'auto' } = choice
  const [first = 'tph-st', ...later] = abi === 'auto' ? INTERFACE_NAMES : [abi]
  let chosen = ask(MAKERS[first](choice), null)
  for (const name of later) {
    const { kernel, refusal } = chosen
    if (refusal === null || !isNotThere(refusal)) return chosen
    const next = ask(MAKERS[name](choice), { kernel, refusal })
    if (next.refusal === null) return next
    chosen = { ...chosen, refusal: joined(refusal, next.refusal) }
  }
  return chosen

  function ask(kernel: TphInterface, passed: Passed | null): Chosen {
    return { kernel, passed, ...kernel.examine(device, question) }
  }
}

/** Any other errno leaves open whether it is there. */
function isNotThere({ errno }: Refusal): boolean {
  return errno === null || NOT_THERE.has(errno)
}

/** A kernel that knows nothing of the second one's number needs no words; what else it answered does. */
function joined(first: Refusal, second: Refusal): Refusal {
  if (second.errno === E.ENOTTY) return first
  return { reason: `${first.reason}; ${second.reason}`, errno: first.errno }
}
