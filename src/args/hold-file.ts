import { UsageError } from '../errors.ts'
import type { Bdf } from './bdf.ts'
import { type DeviceEntries, parseDeviceLines, parseEntryTokens, tokens } from './entry-stream.ts'
import { quote } from './quote.ts'

/**
 * The file of `hold`: lines `DEVICE ENTRY…`, or for a single device its ENTRYs alone. An ENTRY has a `=` and a DEVICE has none, so the
 * first word tells which.
 *
 * @param source the file's name, for errors
 * @param held the devices it may speak of
 * @throws UsageError naming file and line
 */
export function parseHoldFile(
  text: string,
  source: string,
  held: readonly Bdf[],
): readonly DeviceEntries[] {
  const [first] = tokens(text)
  if (first === undefined) return []
  const parsed = first.word.includes('=')
    ? [{ bdf: onlyDevice(source, held), entries: parseEntryTokens(text, source) }]
    : parseDeviceLines(text, source)
  const other = parsed.find(({ bdf }) => !held.includes(bdf))
  if (other === undefined) return parsed
  throw new UsageError(`Cannot use ${quote(source)}: it sets ${other.bdf}, which is not held`)
}

function onlyDevice(source: string, held: readonly Bdf[]): Bdf {
  const [bdf, second] = held
  if (bdf !== undefined && second === undefined) return bdf
  throw new UsageError(
    `Cannot use ${quote(source)}: with several devices its lines must be "DEVICE ENTRY..."`,
  )
}
