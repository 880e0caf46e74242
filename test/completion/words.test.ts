import { describe, expect, it } from 'vitest'
import { sortWords } from '../../src/completion/words.ts'
import { globalOptions } from '../../src/options.ts'

const sort = (line: string) => sortWords(line.split(' '), globalOptions)

describe('sortWords', () => {
  it('takes options with their values out, before and behind the command', () => {
    expect(sort('--backend mock set -o json -q 81:00.0 --wait=3 --dry-run -')).toEqual({
      operands: ['set', '81:00.0', '-'],
      values: { backend: 'mock', output: 'json', quiet: true, wait: '3', dryRun: true },
      waiting: null,
      isOver: false,
    })
  })

  it('knows the option whose value comes next', () => {
    expect(sort('list -o').waiting?.flags).toBe('-o, --output <format>')
    expect(sort('list -ojson')).toMatchObject({ waiting: null, values: { output: 'json' } })
  })

  it('takes no options behind --', () => {
    expect(sort('set -- -o json')).toMatchObject({
      operands: ['set', '-o', 'json'],
      isOver: true,
      values: {},
    })
  })

  it('passes over an option that it does not know', () => {
    expect(sort('set --later 81:00.0').operands).toEqual(['set', '81:00.0'])
  })
})
