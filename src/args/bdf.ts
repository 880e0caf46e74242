import { UsageError } from '../errors.ts'
import { quote } from './quote.ts'

/**
 * The address of a PCI function as sysfs spells it: `dddd:bb:dd.f`, lower-case hex. The domain has 4 digits, or up to
 * 8 without a leading zero (VMD domains start at 10000).
 */
export type Bdf = string

const ADDRESS = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}:[01][0-9a-f]\.[0-7])$/

/** Two wrong, missing or swapped characters still count as a slip of the finger. */
const NEAR = 2

/**
 * Parses a DEVICE: `0000:81:00.0`, `81:00.0` (domain 0000), either case, or a path whose last component is an address
 * with its domain, such as `/sys/bus/pci/devices/0000:81:00.0`. Nothing is looked up.
 * @throws UsageError when it is none of these
 */
export function parseBdf(word: string): Bdf {
  const isPath = word.includes('/')
  const match = ADDRESS.exec((isPath ? lastComponent(word) : word).toLowerCase())
  const domain = match?.[1] ?? (isPath ? undefined : '0000')
  if (match === null || domain === undefined) throw malformed(word)
  return `${canonicalDomain(domain)}:${match[2]}`
}

/** Numeric order by domain, bus, device and function, for `Array.sort`; both addresses canonical. */
export function compareBdf(a: Bdf, b: Bdf): number {
  // Fixed-width hex sorts as text, and a longer domain has no leading zero, so it is the larger one.
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * The devices that a user who wrote `wanted` may have meant, best first: within two edits, on the same bus, or at the
 * same address in another domain. Addresses are canonical; `wanted` itself is never suggested.
 * @param limit how many at most
 */
export function nearBdfs(wanted: Bdf, known: readonly Bdf[], limit = 3): Bdf[] {
  return known
    .map((bdf) => ({ bdf, cost: cost(wanted, bdf) }))
    .filter(({ cost }) => cost > 0 && cost < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.cost - b.cost || compareBdf(a.bdf, b.bdf))
    .slice(0, limit)
    .map(({ bdf }) => bdf)
}

/** What follows the last slash, trailing slashes ignored; `` when a control character makes it no path. */
function lastComponent(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end--
  for (let at = 0; at < end; at++) if (path.charCodeAt(at) < 0x20) return ''
  return end === 0 ? '' : path.slice(path.lastIndexOf('/', end - 1) + 1, end)
}

function canonicalDomain(domain: string): string {
  let from = 0
  while (domain.length - from > 4 && domain[from] === '0') from++
  return domain.slice(from)
}

function malformed(word: string): UsageError {
  const right = 'expected a PCI address such as 0000:81:00.0 or 81:00.0'
  return new UsageError(
    `Cannot parse DEVICE ${quote(word)}: ${right} (device 00 to 1f, function 0 to 7)`,
  )
}

/** Edits between two addresses; a forgotten domain costs less than one; infinite when they are not near. */
function cost(a: Bdf, b: Bdf): number {
  if (a === b) return 0
  if (a.slice(-7) === b.slice(-7)) return 0.5
  const edits = editDistance(a, b)
  return edits <= NEAR || busOf(a) === busOf(b) ? edits : Number.POSITIVE_INFINITY
}

/** Domain and bus of a canonical address. */
function busOf(bdf: Bdf): string {
  return bdf.slice(0, -5)
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, at(row, j) + 1, at(next, j - 1) + 1))
    }
    row = next
  }
  return at(row, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
