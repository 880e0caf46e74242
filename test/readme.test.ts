import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { commandTable } from '../src/commands/table.ts'
import { EXIT } from '../src/errors.ts'
import { globalOptions } from '../src/options.ts'
import { examplesOf, runExamples, withOutputs } from './readme.ts'

const README = new URL('../README.md', import.meta.url)

describe('README', () => {
  const markdown = readFileSync(README, 'utf8')
  const examples = examplesOf(markdown)
  let outputs: string[]

  beforeAll(() => {
    outputs = runExamples(examples.map(({ command }) => command))
    if (process.env['TPHCTL_README_UPDATE']) writeFileSync(README, withOutputs(markdown, outputs))
  })

  it.each(examples.map((example, i) => ({ ...example, i })))(
    'line $line: "$command" prints what stands there',
    ({ i, output }) => {
      expect(outputs[i]).toBe(output)
    },
  )

  it('has an example of every command', () => {
    for (const name of Object.keys(commandTable)) {
      expect(
        examples.some(({ command }) => new RegExp(`tphctl (?:-\\S+ )*${name}\\b`).test(command)),
        name,
      ).toBe(true)
    }
  })

  it('names every global option', () => {
    for (const { flags } of globalOptions) {
      const long = /--[a-z-]+/.exec(flags)?.[0] ?? ''
      expect(markdown, long).toContain(`\`${long}`)
    }
  })

  it('lists every exit code', () => {
    for (const code of Object.values(EXIT))
      expect(markdown).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'))
  })
})
