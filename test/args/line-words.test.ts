import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineWords } from '../../src/args/line-words.ts'
import { usageMessage, valueOrUsageError } from './usage-error.ts'

/** The words that a real shell makes of a line. */
function shellWords(line: string): string[] {
  const script = `set -f; for word in ${line}\ndo printf '%s\\0' "$word"; done`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

describe('lineWords()', () => {
  it.each([
    ['', []],
    [' \t ', []],
    ['# nothing', []],
    ['get 81:00.0 0-3', ['get', '81:00.0', '0-3']],
    ['\tget   81:00.0  ', ['get', '81:00.0']],
    ['get 81:00.0 # all', ['get', '81:00.0']],
    ['get 81:00.0#all', ['get', '81:00.0#all']],
    ["apply 'my file.yaml'", ['apply', 'my file.yaml']],
    ['apply "my file.yaml"', ['apply', 'my file.yaml']],
    [`apply my' 'file"."yaml`, ['apply', 'my file.yaml']],
    [`'' ""`, ['', '']],
    [`'"' "'" '#'`, ['"', "'", '#']],
    [`'a\\b'`, ['a\\b']],
    [`'a'#b`, ['a#b']],
  ])('splits %j as a shell does', (line, words) => {
    expect(lineWords(line)).toEqual(words)
    expect(shellWords(line)).toEqual(words)
  })

  it('takes a carriage return at the end for white space', () => {
    expect(lineWords('get 81:00.0\r')).toEqual(['get', '81:00.0'])
    expect(lineWords('get # x\r')).toEqual(['get'])
  })

  it('expands nothing', () => {
    expect(lineWords('apply $HOME/* "$HOME" `id` ~')).toEqual([
      'apply',
      '$HOME/*',
      '$HOME',
      '`id`',
      '~',
    ])
  })

  it.each([`set '81:00.0`, `set "81:00.0`, `a'`, `'a\\b`, `a" 'b'`, `'a' "b' c`])(
    'refuses the open quote in %j',
    (line) => {
      expect(usageMessage(() => lineWords(line))).toMatch(/: ['"] is not closed$/)
    },
  )

  it.each(['a\\ b', '"a\\"b"', '\\', 'get 81:00.0 \\', '"\\'])(
    'refuses the backslash in %j, which a shell would not take as it is',
    (line) => {
      expect(usageMessage(() => lineWords(line))).toMatch(/it has a backslash$/)
    },
  )

  it('refuses a NUL, which no word of a command line can have', () => {
    const message = 'Cannot split the line into words: it has a NUL'
    for (const line of ['apply a\0b', `'\0'`, '# \0'])
      expect(usageMessage(() => lineWords(line))).toBe(message)
  })

  it('splits or refuses any line, however long', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`ab '"#\\\t\r`) }), (line) => {
        valueOrUsageError(() => lineWords(line))
      }),
    )
    expect(lineWords('x'.repeat(1e6))).toHaveLength(1)
    expect(lineWords(`''`.repeat(1e5))).toEqual([''])
    expect(lineWords('x '.repeat(1e5))).toHaveLength(1e5)
  })
})
