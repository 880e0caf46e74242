/**
 * Cuts what comes in pieces into lines, each handed out as soon as its newline is there. What follows the last newline is a line too.
 *
 * @throws TypeError when the bytes are not UTF-8
 */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let begun = ''
  for await (const piece of pieces) {
    const lines = decoder.decode(piece, { stream: true }).split('\n')
    lines[0] = begun + lines[0]
    begun = lines.pop() ?? ''
    yield* lines
  }
  begun += decoder.decode()
  if (begun !== '') yield begun
}
