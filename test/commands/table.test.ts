import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { commandTable } from '../../src/commands/table.ts'
import { testHost } from '../helpers/run-main.ts'

const NOT_COMMANDS = ['program-plans', 'spec', 'table', 'watch-displays', 'watch-loop']
const STDIN = '81:00.0 1=1\n'
const commands = Object.entries(commandTable)

/** The words of the first tphctl in a line of shell. */
function wordsOf(example: string): string[] {
  const [call = ''] = example.split(/ (?:\||&&|>|<) /)
  return call.trim().split(' ')
}

describe('commandTable', () => {
  it('has every command there is a file for, under its name', () => {
    const files = readdirSync(new URL('../../src/commands/', import.meta.url))
    const names = files.map((file) => file.replace(/\.ts$/, ''))
    expect(names.filter((name) => !NOT_COMMANDS.includes(name)).sort()).toEqual(
      commands.map(([name]) => name).sort(),
    )
  })

  it.each(commands)(
    '%s has a summary of a line, an example, and described arguments',
    async (name, entry) => {
      const { arguments: words, options, examples } = await entry.load()
      expect(entry.summary).toMatch(/^[a-z].{10,60}[^.]$/)
      for (const { name: word } of words)
        expect(word).toMatch(/^(<[a-z]+(\.\.\.)?>|\[[a-z]+(\.\.\.)?\])$/)
      for (const { description } of [...words, ...options]) expect(description).not.toBe('')
      expect(examples).not.toEqual([])
      for (const example of examples) expect(wordsOf(example)[0]).toBe(name)
    },
  )

  // hold is for devices without an owner, and every emulated one has an owner.
  it.each(commands.filter(([name]) => name !== 'hold'))(
    '%s: its examples work',
    async (name, entry) => {
      for (const example of (await entry.load()).examples) {
        const run = await testHost().run(['-q', ...wordsOf(example)], {
          stdin: name === 'batch' ? 'list\n' : STDIN,
        })
        expect(run, example).toMatchObject({ exitCode: 0, stderr: '' })
      }
    },
  )
})
