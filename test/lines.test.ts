import { describe, expect, it } from 'vitest'
import { linesOf } from '../src/lines.ts'

async function linesIn(...pieces: readonly (string | Uint8Array)[]): Promise<string[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece
    }
  }
  const lines: string[] = []
  for await (const line of linesOf(bytes())) lines.push(line)
  return lines
}

describe('linesOf()', () => {
  it.each([
    [[], []],
    [['a\n'], ['a']],
    [['a'], ['a']],
    [['a\nb'], ['a', 'b']],
    [['a\n\nb\n'], ['a', '', 'b']],
    [
      ['a', 'b\nc', '\n', 'd'],
      ['ab', 'c', 'd'],
    ],
    [['a\r\n'], ['a\r']],
  ])('cuts %j', async (pieces, lines) => {
    expect(await linesIn(...pieces)).toEqual(lines)
  })

  it('joins a character that was cut in two', async () => {
    const bytes = new TextEncoder().encode('é\n')
    expect(await linesIn(bytes.subarray(0, 1), bytes.subarray(1))).toEqual(['é'])
  })

  it('hands a line out before the next one is there', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('a\nb')
      await new Promise(() => {})
    }
    expect(await linesOf(endless()).next()).toEqual({ done: false, value: 'a' })
  })

  it.each([[[0xff]], [[0x61, 0xc3]]])('refuses what is not UTF-8: %j', async (bytes) => {
    await expect(linesIn(Uint8Array.from(bytes))).rejects.toThrow(TypeError)
  })
})
