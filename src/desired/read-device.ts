import { parseBdf } from '../args/bdf.ts'
import { type Entry, parseCpuSelector, parseEntry } from '../args/entry.ts'
import type { EntryBudget } from '../args/entry-budget.ts'
import type { WantedMode } from '../tph/change-mode.ts'
import type { DesiredDevice, Policy, Written } from './desired-state.ts'
import type { Problems } from './problems.ts'
import type { Parsed } from './read-yaml.ts'

/** A device as the schema allows it. */
interface RawDevice {
  readonly device: string
  readonly vendor?: string
  readonly deviceId?: string
  readonly mode?: WantedMode
  readonly entries?: readonly string[]
  readonly policy?: RawPolicy
}

type RawPolicy =
  | 'local'
  | { readonly cpus: string }
  | { readonly node: number }
  | { readonly l3: number }

type Path = readonly (string | number)[]

/**
 * Reads the devices of a document.
 *
 * @param budget of all ENTRYs, in other documents too
 * @param isWrong tells values that are not what the schema says: what is in them is not looked at
 * @returns those that can be read; what is wrong with the others is noted
 */
export function readDevices(
  parsed: Parsed,
  budget: EntryBudget,
  isWrong: (path: Path) => boolean,
  problems: Problems,
): DesiredDevice[] {
  const { devices } = (parsed.value ?? {}) as { readonly devices?: readonly RawDevice[] }
  if (!Array.isArray(devices) || isWrong([])) return []
  return devices.flatMap((raw: RawDevice, i) => {
    const path = ['devices', i]
    if (isWrong(path) || isWrong([...path, 'device'])) return []
    return new DeviceReader(parsed, path, budget, isWrong, problems).read(raw) ?? []
  })
}

class DeviceReader {
  readonly #parsed: Parsed
  readonly #path: Path
  readonly #budget: EntryBudget
  readonly #isWrong: (path: Path) => boolean
  readonly #problems: Problems

  constructor(
    parsed: Parsed,
    path: Path,
    budget: EntryBudget,
    isWrong: (path: Path) => boolean,
    problems: Problems,
  ) {
    this.#parsed = parsed
    this.#path = path
    this.#budget = budget
    this.#isWrong = isWrong
    this.#problems = problems
  }

  /** Null when it cannot even be said which device it is. */
  read(raw: RawDevice): DesiredDevice | null {
    const device = this.#field(['device'], raw.device, parseBdf)
    const rest = {
      vendor: this.#field(['vendor'], raw.vendor, (id) => id.toLowerCase()),
      deviceId: this.#field(['deviceId'], raw.deviceId, (id) => id.toLowerCase()),
      mode: this.#field(['mode'], raw.mode, (mode) => mode),
      entries: this.#entries(raw.entries),
      policy: this.#field(['policy'], raw.policy, readPolicy),
    }
    return device === null ? null : { device, ...rest }
  }

  #entries(words: readonly string[] | undefined): Written<Entry>[] {
    if (words === undefined || this.#isWrong([...this.#path, 'entries'])) return []
    const read = (word: string) => this.#budget.take(parseEntry(word))
    return words.flatMap((word, i) => this.#field(['entries', i], word, read) ?? [])
  }

  #field<Raw, T>(name: Path, raw: Raw | undefined, read: (raw: Raw) => T): Written<T> | null {
    const path = [...this.#path, ...name]
    if (raw === undefined || this.#isWrong(path)) return null
    const place = this.#parsed.placeOf(path)
    const value = this.#problems.at(place, () => read(raw))
    return value === null ? null : { value, place }
  }
}

function readPolicy(policy: RawPolicy): Policy {
  if (policy === 'local') return { kind: 'local' }
  if ('node' in policy) return { kind: 'node', node: policy.node }
  if ('l3' in policy) return { kind: 'l3', l3: policy.l3 }
  return parseCpuSelector(policy.cpus) as Policy
}
