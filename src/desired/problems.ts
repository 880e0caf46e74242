import { TphctlError, UsageError } from '../errors.ts'
import { type Place, placeText } from './desired-state.ts'

/** How many further problems are told one by one. */
const MOST = 99

/** What is wrong with input, in the order of the text, all of it told at once. */
export class Problems {
  readonly #found: { readonly place: Place; readonly error: TphctlError }[] = []

  /** Notes that something is wrong. @param message begins with `Cannot` */
  add(place: Place, message: string, hint?: string): void {
    this.#found.push({ place, error: new UsageError(message, hint === undefined ? {} : { hint }) })
  }

  /** Does something about what is written at a place. @returns null when it threw, which is noted */
  at<T>(place: Place, work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof TphctlError)) throw error
      this.#found.push({ place, error })
      return null
    }
  }

  /** @throws TphctlError with the code, hint and device of the first problem and the messages of all, unless there is none */
  throwIfAny(): void {
    const sources = [...new Set(this.#found.map(({ place }) => place.source))]
    const rank = ({ source, line, column }: Place) => [sources.indexOf(source), line, column]
    const sorted = this.#found.toSorted((a, b) => compare(rank(a.place), rank(b.place)))
    const [first, ...others] = sorted
    if (first === undefined) return
    const { code, hint, device, errno } = first.error
    const texts = [...new Set(others.map(({ place, error }) => aboutText(place, error)))]
    const left = texts.length - MOST
    const more = left > 0 ? [...texts.slice(0, MOST), `and ${left} more`] : texts
    throw new TphctlError(code, located(first.place, first.error), {
      ...(hint === undefined ? {} : { hint }),
      ...(device === undefined ? {} : { device }),
      ...(errno === undefined ? {} : { errno }),
      more,
    })
  }
}

/** A line with its device, as the first error's line has it. */
function aboutText(place: Place, error: TphctlError): string {
  const about = error.device === undefined ? '' : `${error.device}: `
  return `${about}${located(place, error)}`
}

function located(place: Place, { message }: TphctlError): string {
  return `${placeText(place)}: ${message}`
}

/** Number by number. */
function compare(a: readonly number[], b: readonly number[]): number {
  const differences = a.map((number, i) => number - (b[i] ?? 0))
  return differences.find((difference) => difference !== 0) ?? 0
}
