import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../../', import.meta.url)
const text = readFileSync(new URL('SECURITY.md', ROOT), 'utf8')

/** A test as the document names it: a file, and part of a title in it. */
const NAMED = /`(test\/[^`]+)`: "([^"]+)"/g

/** The rows of the tables of threats: number, threat, what is done, tests. */
const rows = text
  .split('\n')
  .filter((line) => /^\| [A-Z]\d+ \|/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))

/** The strings of a file of tests that are titles, each on a line of its own; double quotes within them as the table has them. */
function titlesIn(source: string): string {
  const titles = source.matchAll(
    /(?:\bit|\bdescribe|\]|`)[\w.()<>!&|= ?:[\]]*\(\s*(['"`])((?:(?!\1)[^\\]|\\.)+)\1,/g,
  )
  return [...titles].map(([, , title = '']) => title.replace(/\\(.)/g, '$1')).join('\n')
}

describe('SECURITY.md', () => {
  it('numbers its threats, each once, in four cells', () => {
    const numbers = rows.map(([number]) => number)
    expect(numbers.length).toBeGreaterThan(25)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(rows.filter((cells) => cells.length !== 4)).toEqual([])
  })

  it.each(rows)(
    '%s names what is done, and tests that are there',
    (_, _threat, done = '', tests = '') => {
      const named = [...tests.matchAll(NAMED)]
      if (done.startsWith('Accepted: ')) expect(done.length).toBeGreaterThan(40)
      else expect(named).not.toEqual([])
      expect(
        tests.replace(NAMED, '').replace(/[;\s-]/g, ''),
        'all of the cell is names of tests',
      ).toBe('')
      for (const [, path = '', title = ''] of named) {
        const file = new URL(path, ROOT)
        expect(existsSync(file), path).toBe(true)
        expect(titlesIn(readFileSync(file, 'utf8')), `${path}: "${title}"`).toContain(title)
      }
    },
  )
})
