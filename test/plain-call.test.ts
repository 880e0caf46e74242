import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWithCommander } from '../src/commander-tree.ts'
import type { CommandSpec, OptionSpec } from '../src/commands/spec.ts'
import { commandTable } from '../src/commands/table.ts'
import { UsageError } from '../src/errors.ts'
import { globalOptions, HELP_OPTION, VERSION_OPTION } from '../src/options.ts'
import type { ParsedCall } from '../src/parsed-call.ts'
import { parsePlainCall } from '../src/plain-call.ts'
import { fakeIo } from './helpers/fake-io.ts'

const NAMES = Object.keys(commandTable)
const specs = new Map<string, CommandSpec>()
for (const [name, entry] of Object.entries(commandTable)) specs.set(name, await entry.load())

const allOptions = [...globalOptions, ...[...specs.values()].flatMap(({ options }) => options)]

/** What commander finds; null for help, the version, or whatever is wrong. */
async function foundByCommander(argv: readonly string[]): Promise<ParsedCall | null> {
  try {
    return await parseWithCommander(argv, fakeIo().io)
  } catch (error) {
    if (error instanceof UsageError) return null
    throw error
  }
}

/** Words that mean little, or much. */
const noise = fc.constantFrom(
  ...['-', '--', '', '-5', '-x', '--x', '-qv', '-oq', '-h', '--help', '-V', '--version', 'help'],
  ...[
    '81:00.0',
    '0=1',
    '--json=1',
    '--no-json',
    '--output=',
    '--outpu',
    '__proto__',
    '--mode',
    ...NAMES,
  ],
)

/** An option as it can be written, most of them rightly. */
function written({ flags, choices }: OptionSpec): fc.Arbitrary<string[]> {
  const names = flags.replace(/ <.*/, '').split(', ')
  if (!flags.includes('<')) return fc.constantFrom(...names).map((name) => [name])
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...(choices ?? ['3', '0-7', 'file', '-', ''])) },
    { weight: 1, arbitrary: noise },
  )
  return fc.tuple(fc.constantFrom(...names), value, fc.nat(4)).map(([name, word, how]) => {
    if (how === 0) return [`${name}=${word}`]
    return how === 1 ? [`${name}${word}`] : [name, word]
  })
}

/** A call: a command, words, some of its options and of others, in any order. */
const call = fc.constantFrom(...NAMES).chain((name) => {
  const spec = specs.get(name) ?? { arguments: [], options: [] }
  const word = fc.constantFrom('81:00.0', '0-3', '0=1', '-', 'iv', 'bash', 'reset', 'x y')
  const own = [...spec.options, ...globalOptions].map(written)
  const piece = fc.oneof(
    { weight: 6, arbitrary: word.map((one) => [one]) },
    { weight: 6, arbitrary: fc.oneof(...own) },
    { weight: 1, arbitrary: fc.oneof(...allOptions.map(written)) },
    { weight: 1, arbitrary: noise.map((one) => [one]) },
  )
  return fc
    .tuple(fc.array(piece, { maxLength: 2 }), fc.array(piece, { maxLength: 5 }))
    .map(([before, behind]) => [...before.flat(), name, ...behind.flat()])
})

describe('parsePlainCall()', () => {
  it.each([
    'list',
    'get 81:00.0',
    'get 81:00.0 0-63 -o json',
    '--backend mock -q get --json 81:00.0 0 --abi=auto',
    'set 81:00.0 0=1 1=2 --mem-type pm -n',
    'set -',
    'enable 81:00.0 --mode iv',
    'plan 81:00.0 --cpus 0-7',
    'completion bash',
    'list -ojson',
  ])('finds in "%s" what commander finds', async (line) => {
    const found = await parsePlainCall(line.split(' '))
    expect(found).not.toBeNull()
    expect(found).toEqual(await foundByCommander(line.split(' ')))
  })

  it.each([
    '',
    'lst',
    '--help',
    'help get',
    '--version',
    'get --help',
    'get',
    'get 81:00.0 0 1',
    'list -qv',
    'list --outpt json',
    'list -o',
    'list -o xml',
    'list --json=yes',
    'set 81:00.0 -- 0=1',
    'completion csh',
    'enable 81:00.0',
    'enable 81:00.0 --mode off',
    '--diff apply file',
    '--mem-type vm set 81:00.0 0=1',
    '__proto__',
    'apply --to -q',
    'list -o xml -o json',
    'list -q -q',
  ])('leaves "%s" to commander', async (line) => {
    expect(await parsePlainCall(line.split(' ').filter(Boolean))).toBeNull()
  })

  it('finds in any words nothing or what commander finds', async () => {
    let found = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(call, fc.array(noise, { maxLength: 5 })), async (argv) => {
        const plain = await parsePlainCall(argv)
        if (plain === null) return
        found += 1
        expect(plain).toEqual(await foundByCommander(argv))
      }),
      { numRuns: 3000 },
    )
    expect(found).toBeGreaterThan(100)
  })

  it('takes any number of words, and of words behind --', async () => {
    const many = Array<string>(200_000).fill('0=1')
    expect((await parsePlainCall(['set', '81:00.0', ...many]))?.invocation.words).toHaveLength(
      200_001,
    )
    expect(await parsePlainCall(['set', '81:00.0', '--', ...many])).toBeNull()
  })

  it('knows neither help nor the version, which commander shows', async () => {
    for (const { flags } of [HELP_OPTION, VERSION_OPTION]) {
      for (const flag of flags.split(', ')) expect(await parsePlainCall(['list', flag])).toBeNull()
    }
  })
})
