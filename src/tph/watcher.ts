import type { Bdf } from '../args/bdf.ts'
import { TphctlError } from '../errors.ts'
import { findFunction, type Host } from './host.ts'
import { lookAt, whyOf } from './look.ts'
import type { MapResult } from './map-results.ts'
import type { EntryInfo } from './results.ts'
import {
  changeBetween,
  stateOf,
  unseenState,
  type WatchChange,
  type WatchState,
} from './watch-state.ts'

/** What happened to a device; the fields that `changed` names are there with their new values. */
export interface WatchEvent extends Partial<Omit<MapResult, 'device'>> {
  /** `done` and `failed` are about the action that is taken when an owner appears or restarts. */
  readonly event: 'start' | 'change' | 'owner' | 'gone' | 'back' | 'done' | 'failed'
  /** ISO 8601, UTC. */
  readonly time: string
  readonly device: Bdf
  readonly changed?: readonly string[]
  /** Entries that differ, as they are now. */
  readonly changedEntries?: readonly EntryInfo[]
  /** Why the action failed. */
  readonly message?: string
}

/**
 * What to do for a device whose owner appeared or restarted; also for those owned at the start. One that throws a TphctlError is
 * tried again at every look until it succeeds, as an owner that has just begun may not be ready.
 */
export type OwnerAction = (device: Bdf, host: Host) => void | Promise<void>

interface Watched {
  state: WatchState
  isGone: boolean
  /** The owner for which the action succeeded. */
  doneFor: string | null
  /** How the action failed last. */
  failure: string | null
}

/** Looks at devices again and again and tells what changed. Between two looks nothing of a device is open. */
export class Watcher {
  readonly #host: Host
  readonly #targets: () => readonly Bdf[]
  readonly #onOwner: OwnerAction | null
  readonly #watched = new Map<Bdf, Watched>()
  #isStarted = false

  /** @param targets the devices to watch; asked at every look, so they may become more */
  constructor(host: Host, targets: () => readonly Bdf[], onOwner: OwnerAction | null) {
    this.#host = host
    this.#targets = targets
    this.#onOwner = onOwner
  }

  /** The devices that are there, as they were seen last. */
  get maps(): readonly MapResult[] {
    return [...this.#watched.values()].flatMap(({ state, isGone }) => (isGone ? [] : [state.map]))
  }

  /** The devices that are not there any more. */
  get gone(): readonly Bdf[] {
    return [...this.#watched].flatMap(([bdf, { isGone }]) => (isGone ? [bdf] : []))
  }

  /** Looks at every device once. @throws TphctlError for one that cannot be looked at from the start */
  async poll(): Promise<WatchEvent[]> {
    this.#host.backend.forget()
    const devices = new Set([...this.#watched.keys(), ...this.#targets()])
    const events: WatchEvent[] = []
    for (const bdf of devices) {
      events.push(...this.#look(bdf))
      if (await this.#act(bdf, events)) events.push(...this.#look(bdf))
    }
    this.#isStarted = true
    return events
  }

  #look(bdf: Bdf): WatchEvent[] {
    const known = this.#watched.get(bdf)
    if (known === undefined) return this.#begin(bdf)
    if (this.#host.backend.find(bdf) === null) {
      if (known.isGone) return []
      known.isGone = true
      known.doneFor = null
      return [event(bdf, 'gone')]
    }
    const before = known.state
    known.state = this.#stateOf(bdf, before)
    const { map } = known.state
    if (known.isGone) {
      known.isGone = false
      return [{ ...event(bdf, 'back'), ...map }]
    }
    const change = changeBetween(before, known.state)
    return change === null ? [] : [changeEvent(map, change)]
  }

  #begin(bdf: Bdf): WatchEvent[] {
    const state = this.#firstStateOf(bdf)
    if (state === null) return []
    this.#watched.set(bdf, { state, isGone: false, doneFor: null, failure: null })
    return [{ ...event(bdf, 'start'), ...state.map }]
  }

  /** Null for a device that came later and cannot be looked at yet. */
  #firstStateOf(bdf: Bdf): WatchState | null {
    try {
      return stateOf(lookAt(this.#host, findFunction(this.#host, bdf)))
    } catch (error) {
      if (!this.#isStarted || !(error instanceof TphctlError)) throw error
      return null
    }
  }

  /** While its owner opens or resets it, a device may show nothing. */
  #stateOf(bdf: Bdf, before: WatchState): WatchState {
    try {
      return stateOf(lookAt(this.#host, findFunction(this.#host, bdf)))
    } catch (error) {
      if (!(error instanceof TphctlError)) throw error
      return unseenState(before, whyOf(error))
    }
  }

  /** @returns whether something was done to the device */
  async #act(bdf: Bdf, events: WatchEvent[]): Promise<boolean> {
    const known = this.#watched.get(bdf)
    const owner = known?.isGone === false ? known.state.ownerKey : null
    if (known === undefined || this.#onOwner === null) return false
    if (owner === null) known.doneFor = null
    if (owner === known.doneFor) return false
    const failure = await this.#try(bdf)
    if (failure === null) {
      known.doneFor = owner
      events.push(event(bdf, 'done'))
    } else if (failure !== known.failure) {
      events.push({ ...event(bdf, 'failed'), message: failure })
    }
    known.failure = failure
    return true
  }

  async #try(bdf: Bdf): Promise<string | null> {
    try {
      await this.#onOwner?.(bdf, this.#host)
      return null
    } catch (error) {
      if (!(error instanceof TphctlError)) throw error
      return error.message
    }
  }
}

function event(device: Bdf, name: WatchEvent['event']): WatchEvent {
  return { event: name, time: new Date().toISOString(), device }
}

function changeEvent(map: MapResult, { changed, entries }: WatchChange): WatchEvent {
  const isOwner = changed.includes('owner')
  const values = Object.fromEntries(changed.map((field) => [field, map[field]]))
  return {
    ...event(map.device, isOwner ? 'owner' : 'change'),
    changed,
    ...values,
    changedEntries: entries,
  }
}
