import { EntryBudget } from '../args/entry-budget.ts'
import type { DesiredDevice, DesiredState } from './desired-state.ts'
import { placeText } from './desired-state.ts'
import { Problems } from './problems.ts'

/** A text of desired state. */
export interface SourceText {
  /** The file's name, or `stdin`: errors begin with it. */
  readonly name: string
  readonly text: string
}

/**
 * Parses desired state, YAML or JSON. Each text may be of several documents, and every one of them is read before anything is
 * thrown. The parser and the validator are loaded here, since nothing else needs them.
 *
 * @throws UsageError with `FILE:LINE:COLUMN` of all that is wrong with the texts, also for a device that is described twice
 */
export async function parseDesiredState(texts: readonly SourceText[]): Promise<DesiredState> {
  const { readYaml } = await import('./read-yaml.ts')
  const { checkShape } = await import('./check-shape.ts')
  const { readDevices } = await import('./read-device.ts')
  const problems = new Problems()
  const budget = new EntryBudget()
  const devices = texts.flatMap(({ name, text }) => {
    const documents = readYaml(text, name, problems)
    return documents.flatMap((document) => {
      const wrong = new Set(checkShape(document, problems).map((path) => path.join()))
      return readDevices(document, budget, (path) => wrong.has(path.join()), problems)
    })
  })
  refuseTwice(devices, problems)
  problems.throwIfAny()
  return devices
}

function refuseTwice(devices: readonly DesiredDevice[], problems: Problems): void {
  const first = new Map<string, DesiredDevice>()
  for (const one of devices) {
    const { value: bdf, place } = one.device
    const other = first.get(bdf)
    if (other === undefined) first.set(bdf, one)
    else {
      const there = placeText(other.device.place)
      problems.add(place, `Cannot use device ${bdf} twice: it is described at ${there} already`)
    }
  }
}
