import { describe, expect, it } from 'vitest'
import { globalOptions } from '../src/options.ts'
import { sortWords, valuesOf } from '../src/sort-words.ts'

function sort(line: string) {
  const { given, ...sorted } = sortWords(line.split(' '), globalOptions)
  return { ...sorted, values: valuesOf(given) }
}

describe('sortWords', () => {
  it('takes options with their values out, before and behind the command', () => {
    expect(sort('--backend mock set -o json -q 81:00.0 --wait=3 --dry-run -')).toEqual({
      operands: ['set', '81:00.0', '-'],
      values: { backend: 'mock', output: 'json', quiet: true, wait: '3', dryRun: true },
      waiting: null,
      isOver: false,
      isPlain: true,
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

  it.each([
    ['an option that it does not know', 'list --later'],
    ['an option without its value', 'list -o'],
    ['a value of an option that takes none', 'list --json=yes'],
    ['several options in one word', 'list -qv'],
    ['a value that may be an option', 'list -o -q'],
    ['an option twice', 'list -o json -o json'],
    ['an end of options', 'list --'],
  ])('does not call plain what has %s', (_what, line) => {
    expect(sort(line).isPlain).toBe(false)
    expect(sort(line.split(' ')[0] ?? '').isPlain).toBe(true)
  })

  it.each(['list -ojson', 'list --output=json', 'list --output=', 'set - -q'])(
    'calls plain %s',
    (line) => {
      expect(sort(line).isPlain).toBe(true)
    },
  )

  it('passes over an option that it does not know', () => {
    expect(sort('set --later 81:00.0').operands).toEqual(['set', '81:00.0'])
  })
})
