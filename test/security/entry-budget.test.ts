import { describe, expect, it } from 'vitest'
import { readDeviceLines, readEntries } from '../../src/args/entry-stream.ts'
import { parseDesiredState } from '../../src/desired/parse.ts'
import { usageMessage } from '../args/usage-error.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
/** It stands for twice 65536 numbers: with 128 of them nothing is left. */
const LARGE = '0-65535=0-65535'
const MOST = 'stands for more than 16777216 numbers'

describe('ENTRYs that stand for very many numbers', () => {
  it('are taken up to a bound, which is that of the whole input', () => {
    const message = usageMessage(() => readEntries([utf8(`${LARGE}\n`.repeat(200))], 'f'))
    expect(message).toMatch(new RegExp(`^f:129: Cannot use ENTRY "${LARGE}": .*${MOST}$`))
  })

  it('of many devices count together', () => {
    const lines = Array.from({ length: 200 }, (_, i) => `${(i + 16).toString(16)}:00.0 ${LARGE}\n`)
    const message = usageMessage(() => readDeviceLines([utf8(lines.join(''))], 'f'))
    expect(message).toMatch(new RegExp(`^f:129: Cannot use ENTRY .*${MOST}$`))
  })

  it('of many documents count together', async () => {
    const document = (i: number) =>
      `version: 1\ndevices: [{device: "${(i + 16).toString(16)}:00.0", entries: ["${LARGE}"]}]\n`
    const text = Array.from({ length: 130 }, (_, i) => document(i)).join('---\n')
    await expect(parseDesiredState([{ name: 'f', text }])).rejects.toThrow(MOST)
  })

  it('that are plain ones do not count', () => {
    expect(readEntries([utf8('0=0 '.repeat(300_000))], 'f').length).toBe(300_000)
  })
})
