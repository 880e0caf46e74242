/**
 * The same bytes in pieces, cut in places that depend on the bytes alone: short pieces among long ones. As the contract has it, a piece
 * is spoilt as soon as the next is asked for.
 */
export function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  let hash = bytes.length
  for (const byte of bytes.subarray(0, 64)) hash = (Math.imul(hash, 31) + byte) >>> 0
  for (let at = 0; at < bytes.length; ) {
    hash = (Math.imul(hash, 1664525) + 1013904223) >>> 0
    const length = 1 + ((hash >>> 16) % (hash & 1 ? 5 : 200))
    const piece = bytes.slice(at, at + length)
    yield piece
    piece.fill(0x3d)
    at += length
  }
}
