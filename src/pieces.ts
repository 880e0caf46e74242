import { UsageError } from './errors.ts'

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]
/** Bytes; a full table's indexes and CPUs in one word take a hundredth of it. */
const MOST_UNCUT = 4 * 1024 * 1024
const TOO_LONG = `Cannot read the input: a word or line is longer than ${MOST_UNCUT / 1024 / 1024} MiB`

/** The same without the byte order mark that some editors put in front. @param pieces the first with all of the mark, if there is one */
export function* withoutMark(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let isFirst = true
  for (const piece of pieces) {
    const hasMark = isFirst && BYTE_ORDER_MARK.every((byte, i) => piece[i] === byte)
    yield hasMark ? piece.subarray(BYTE_ORDER_MARK.length) : piece
    isFirst = false
  }
}

/**
 * The same bytes in pieces that are cut behind separators only, so that what stands between two of them is in one piece. What
 * is handed out is valid until the next is asked for.
 *
 * @param pieces cut anywhere, each valid until the next is asked for
 * @throws UsageError for a stretch without a separator that is longer than any could be, as a device may be without end
 */
export function* cutBehind(
  isSeparator: (byte: number) => boolean,
  pieces: Iterable<Uint8Array>,
): Generator<Uint8Array> {
  let begun: Uint8Array[] = []
  for (const piece of pieces) {
    const first = piece.findIndex(isSeparator) + 1
    if (first === 0) {
      if (begun.length * piece.length > MOST_UNCUT) throw new UsageError(TOO_LONG)
      begun.push(Uint8Array.from(piece))
      continue
    }
    const last = piece.findLastIndex(isSeparator) + 1
    if (begun.length > 0) yield joined([...begun, piece.subarray(0, first)])
    const from = begun.length > 0 ? first : 0
    if (from < last) yield piece.subarray(from, last)
    begun = last < piece.length ? [Uint8Array.from(piece.subarray(last))] : []
  }
  if (begun.length > 0) yield joined(begun)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
