import { describe, expect, it } from 'vitest'
import { expectNothingDone } from '../helpers/expect-failure.ts'
import { BAD_DEVICES, BAD_ENTRIES, BAD_LISTS } from './bad-words.ts'

/** The number or name in a word that a message about it has to show. */
function expectSays(message: string, word: string, right: string | RegExp): void {
  if (typeof right === 'string') expect(message).toContain(right)
  else expect(message).toMatch(right)
  // Quoted as it is written; what is about the device's size names the index alone.
  if (!message.includes('Cannot use index')) expect(message).toMatch(quotedPart(word))
}

/** A pattern for a quoted word that is all of `word` or a part of it. */
function quotedPart(word: string): RegExp {
  const parts = [
    word,
    ...word.split('='),
    ...word.split(/[=@:,]/),
    word.slice(word.indexOf('@') + 1),
  ]
  const escaped = parts.map((part) => JSON.stringify(part).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
  return new RegExp(escaped.join('|'))
}

describe('a malformed ENTRY', () => {
  it.each(BAD_ENTRIES)('%j on the command line: %s', async (word, right) => {
    const { message } = await expectNothingDone(['set', '81:00.0', '1=1', word], 'usage')
    expectSays(message, word, right)
  })

  const words = BAD_ENTRIES.filter(([word]) => word !== '' && !/\s/.test(word))

  it.each(words)('%j on stdin: %s', async (word, right) => {
    const stdin = `# a comment\n63=1\n  ${word}\n`
    const { message } = await expectNothingDone('set 81:00.0 -', 'usage', { stdin })
    expectSays(message, word, right)
    if (message.includes('Cannot parse')) expect(message).toMatch(/^stdin:3: /)
  })

  it.each(words)('%j on a line of set -: %s', async (word, right) => {
    const stdin = `82:00.0 0=8\n81:00.0 63=1 ${word}\n`
    const { message } = await expectNothingDone('-q set -', 'usage', { stdin })
    expectSays(message, word, right)
    if (message.includes('Cannot parse')) expect(message).toMatch(/^stdin:2: /)
  })

  it('an index given by two of them', async () => {
    const { message } = await expectNothingDone('set 81:00.0 0-3=4-7 2=1', 'usage')
    expect(message).toBe('0000:81:00.0: Cannot assign "2=1": index 2 is already given by "0-3=4-7"')
  })

  it('an index given by two lines of one device', async () => {
    const stdin = '81:00.0 0=1\n82:00.0 0=8\n0000:81:00.0 0=2\n'
    const { message } = await expectNothingDone('set -', 'usage', { stdin })
    expect(message).toContain('index 0 is already given by "0=1"')
  })

  it('sixteen thousand characters of one are shown in part', async () => {
    const { message } = await expectNothingDone(['set', '81:00.0', '9'.repeat(16_000)], 'usage')
    expect(message.length).toBeLessThan(250)
  })
})

describe('a malformed index list', () => {
  it.each(BAD_LISTS)('%j: %s', async (word, right) => {
    for (const command of ['get', 'clear']) {
      const { message } = await expectNothingDone([command, '81:00.0', word], 'usage')
      expectSays(message, word, right)
    }
  })
})

describe('a malformed CPU list', () => {
  const cpus = BAD_LISTS.filter(([word]) => /^\d/.test(word))

  it.each(cpus)('%j: %s', async (word, right) => {
    const { message } = await expectNothingDone(['tag', '83:00.0', word], 'usage')
    expectSays(message, word, right)
  })

  it.each(['', ' ', '+1', 'x', 'none'])('%j names no CPU', async (word) => {
    await expectNothingDone(['tag', '83:00.0', word], 'usage')
  })
})

describe('a malformed DEVICE', () => {
  it.each(BAD_DEVICES)('%j: %s', async (word, right) => {
    const calls = [
      ['info', word],
      ['probe', word],
      ['get', word],
      ['set', word, '0=0'],
      ['clear', word, '0'],
      ['enable', word, '--mode', 'iv'],
      ['disable', word],
      ['tag', word, '0'],
      ['undo', word],
    ]
    for (const call of calls) {
      const { message } = await expectNothingDone(call, 'usage')
      expectSays(message, word, right)
    }
  })

  it('on a line of set -', async () => {
    const stdin = '81:00.0 0=1\n81:00 0=1\n'
    const { message } = await expectNothingDone('set -', 'usage', { stdin })
    expect(message).toMatch(/^stdin:2: Cannot parse DEVICE "81:00": expected a PCI address/)
  })
})

describe('a line of set -', () => {
  it.each(['81:00.0 0=1\n82:00.0\n', '81:00.0 0=1\n82:00.0 # 0=8\n', '81:00.0 0=1\n82:00.0'])(
    'without ENTRY: %j',
    async (stdin) => {
      const { message } = await expectNothingDone('set -', 'usage', { stdin })
      expect(message).toMatch(/^stdin:2: Cannot parse line "82:00.0": expected DEVICE ENTRY/)
    },
  )

  it('with an unknown device, late, names those nearby', async () => {
    const stdin = '81:00.0 0=1\n82:00.0 0=8\n82:00.1 0=8\n'
    const { message, hint } = await expectNothingDone('-q set -', 'notFound', { stdin })
    expect(message).toMatch(/^0000:82:00\.1: Cannot find the device/)
    expect(hint).toMatch(/^did you mean 0000:82:00\.0/)
  })
})
