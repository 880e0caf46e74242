import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandTable } from '../../src/commands/table.ts'
import { keyOf, parseFlags } from '../../src/flags.ts'
import { globalOptions } from '../../src/options.ts'
import { runMain, testHost } from '../helpers/run-main.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

/** What is offered for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await testHost().run(['__complete', ...words])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return stdout
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split('\t')[0] ?? '')
}

/** The kind of answer for the last of these words. */
async function kindOf(...words: string[]): Promise<string> {
  const { stdout } = await testHost().run(['__complete', ...words])
  return stdout.split('\n')[0] ?? ''
}

const ALL = ['0000:81:00.0', '0000:82:00.0', '0000:83:00.0']

describe('complete', () => {
  it('offers every command of the table, and help', async () => {
    expect(await offered('')).toEqual([...Object.keys(commandTable), 'help'])
    expect(await offered('help', '')).toEqual(Object.keys(commandTable))
    expect(await offered('pro')).toEqual(['probe'])
    expect(await offered('--backend', 'mock', 'pro')).toEqual(['probe'])
  })

  it.each(Object.entries(commandTable))('offers every option of %s', async (name, entry) => {
    const { options } = await entry.load()
    const words = [...options, ...globalOptions].flatMap(({ flags }) => {
      const { long, short } = parseFlags(flags)
      return short === null ? [long] : [long, short]
    })
    expect(await offered(name, '-')).toEqual([...words, '--help', '-h'])
  })

  it('offers the values of options, in both ways to write them', async () => {
    expect(await offered('list', '-o', 'js')).toEqual(['json'])
    expect(await offered('list', '--output=js')).toEqual(['--output=json'])
    expect(await offered('enable', '81:00.0', '--mode', '')).toEqual(['iv', 'ds', 'none'])
    expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish'])
    expect(await offered('list', '--wait', '')).toEqual([])
  })

  it('offers the option that a command cannot do without where no argument is left', async () => {
    expect(await offered('enable', '81:00.0', '')).toEqual(['--mode'])
    expect(await offered('enable', '81:00.0', '--mode', 'iv', '')).toEqual([])
    expect(await offered('list', '')).toEqual([])
  })

  it('offers devices with TPH, without their domain where it was not written', async () => {
    expect(await offered('get', '')).toEqual(ALL)
    expect(await offered('get', '0000:82')).toEqual(['0000:82:00.0'])
    expect(await offered('get', '8')).toEqual(['81:00.0', '82:00.0', '83:00.0'])
    expect(await offered('hold', '81:00.0', '0')).toEqual(ALL)
    expect(await offered('get', '84')).toEqual([])
    expect(await kindOf('get', '/sys/bus')).toBe('files')
  })

  it("offers the indexes of the device's table", async () => {
    expect(await offered('get', '81:00.0', '')).toEqual(['0-63'])
    expect(await offered('-q', 'clear', '-o', 'tsv', '82:00.0', '8-')).toEqual(['8-2047'])
    expect(await offered('get', '83:00.0', '')).toEqual([])
    expect(await offered('get', '99:00.0', '')).toEqual([])
    expect(await offered('get', 'nonsense', '')).toEqual([])
  })

  it('offers an ENTRY piece by piece', async () => {
    expect(await offered('set', '81:00.0', '')).toEqual(['0-63='])
    expect(await kindOf('set', '81:00.0', '')).toBe('open')
    const cpus = ['local', 'node:0', 'node:1', 'l3:0', 'l3:1', 'l3:2', 'l3:3', '0-15']
    expect(await offered('set', '82:00.0', '0=1', '4-7=')).toEqual(
      [...cpus, 'none'].map((one) => `4-7=${one}`),
    )
    expect(await offered('set', '81:00.0', '0=node:')).toEqual(['0=node:0', '0=node:1'])
    expect(await offered('set', '81:00.0', '0=3@')).toEqual(['0=3@vm', '0=3@pm'])
    expect(await offered('tag', '83:00.0', '')).toEqual(cpus)
    expect(await offered('plan', '81:00.0', '--cpus', '')).toEqual(['0-15'])
    expect(await offered('plan', '81:00.0', '--node', '')).toEqual(['0', '1'])
    expect(await offered('plan', '81:00.0', '--l3=')).toEqual(
      [0, 1, 2, 3].map((id) => `--l3=${id}`),
    )
  })

  it('says that a file or folder is expected', async () => {
    expect(await kindOf('hold', '81:00.0', '-f', '')).toBe('files')
    expect(await kindOf('hold', '81:00.0', '--file=x')).toBe('files')
    expect(await kindOf('--root', '')).toBe('folders')
  })

  it('offers nothing, and says nothing, whatever is wrong', async () => {
    for (const words of [
      ['nonsense', ''],
      ['toString', ''],
      ['--backend', 'windows', 'get', ''],
      ['get', '81:00.0', '0', ''],
      ['list', '--nonsense=x'],
      ['set', '81:00.0', '9-0,'],
    ])
      expect(await testHost().run(['__complete', ...words]), words.join(' ')).toEqual({
        exitCode: 0,
        stdout: '',
        stderr: '',
      })
  })

  it('leaves no trace on the host', async () => {
    const host = testHost()
    await host.run(['__complete', 'set', '81:00.0', ''])
    expect(existsSync(host.state)).toBe(false)
  })

  it('looks at the host that the options name, and says nothing where that is none', async () => {
    const root = temporaryDirectory()
    const ask = () => runMain(['__complete', '--backend', 'linux', '--root', root, 'get', ''])
    expect(await ask()).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    mkdirSync(join(root, 'sys/bus/pci/devices'), { recursive: true })
    expect(await ask()).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  })
})

/** Values that nobody but the user can know. */
const FREE = ['n', 'pid', 'seconds', 'uuid']

describe('names of arguments and values', () => {
  it.each(Object.entries(commandTable))(
    'of %s stand for something that is completed',
    async (name, entry) => {
      const { arguments: args, options } = await entry.load()
      const values = [...options, ...globalOptions].flatMap(({ flags, choices }) => {
        const { value, long } = parseFlags(flags)
        return value === null || choices !== undefined || FREE.includes(value) ? [] : [long]
      })
      for (const long of values) expect(await kindOf(name, long, ''), long).not.toBe('')
      for (const [at, { name: argument }] of args.entries()) {
        const before = ['81:00.0', '0=1'].slice(0, at)
        expect(await kindOf(name, ...before, ''), argument).not.toBe('')
      }
    },
  )
})

describe('parseFlags', () => {
  it.each([
    ['-o, --output <format>', { short: '-o', long: '--output', value: 'format' }, 'output'],
    ['--dry-run', { short: null, long: '--dry-run', value: null }, 'dryRun'],
    ['--l3 <l3>', { short: null, long: '--l3', value: 'l3' }, 'l3'],
  ])('takes %s apart', (text, flags, key) => {
    expect(parseFlags(text)).toEqual(flags)
    expect(keyOf(flags)).toBe(key)
  })

  it('refuses another form', () => {
    expect(() => parseFlags('output')).toThrow(RangeError)
  })
})
