import { describe, expect, it } from 'vitest'
import { parseCall, wantsJson } from '../src/cli.ts'
import { commandTable } from '../src/commands/table.ts'
import { UsageError } from '../src/errors.ts'
import { VERSION } from '../src/version.ts'
import { expectNothingDone } from './helpers/expect-failure.ts'
import { fakeIo } from './helpers/fake-io.ts'
import { type RunOptions, runMain } from './helpers/run-main.ts'

/** A run that is told nothing about any host. */
async function expectText(call: string, options?: RunOptions): Promise<string> {
  const { stdout, ...run } = await runMain(call, options)
  expect(run, call).toEqual({ exitCode: 0, stderr: '' })
  return stdout
}

describe('--help', () => {
  it('names every command with its summary, and every global option', async () => {
    const help = await expectText('--help')
    const flat = help.replaceAll(/\s+/g, ' ')
    for (const [name, { summary }] of Object.entries(commandTable)) {
      expect(flat).toMatch(new RegExp(` ${name}\\b`))
      expect(flat).toContain(summary)
    }
    for (const option of [
      '--backend',
      '--mock-host',
      '-o, --output',
      '--json',
      '--strict',
      '-n, --dry-run',
    ])
      expect(help).toContain(option)
  })

  it('fits into 80 columns', async () => {
    for (const call of ['--help', ...Object.keys(commandTable).map((name) => `${name} --help`)]) {
      const lines = (await expectText(call)).split('\n')
      expect(lines.filter((line) => line.length > 80)).toEqual([])
    }
  })

  it.each(Object.keys(commandTable))(
    '%s: help, -h and "help" say the same, with examples',
    async (name) => {
      const help = await expectText(`${name} --help`)
      expect(help).toMatch(new RegExp(`^Usage: tphctl ${name} `))
      expect(help).toMatch(/\nExamples:\n {2}tphctl /)
      expect(await expectText(`${name} -h`)).toBe(help)
      expect(await expectText(`help ${name}`)).toBe(help)
    },
  )

  it('of no command is that of the program', async () => {
    expect(await expectText('help')).toBe(await expectText('--help'))
    expect(await expectText('-h')).toBe(await expectText('--help'))
  })
})

describe('--version', () => {
  it.each(['--version', '-V', '-q --version', '-V --json'])(
    '%s writes the version alone',
    async (call) => {
      expect(await expectText(call)).toBe(`${VERSION}\n`)
    },
  )
})

describe('parseCall', () => {
  it.each([
    ['', 'no command is given'],
    ['frobnicate', "unknown command 'frobnicate'"],
    ['lst', "unknown command 'lst'"],
    ['help frobnicate', "'frobnicate'"],
    ['__proto__', "unknown command '__proto__'"],
    ['constructor', "unknown command 'constructor'"],
    ['list --frobnicate', "unknown option '--frobnicate'"],
    ['--outpt json list', "unknown option '--outpt'"],
    ['list 81:00.0', 'too many arguments'],
    ['info', "missing required argument 'device'"],
    ['set', "missing required argument 'device'"],
    ['clear 81:00.0', "missing required argument 'indexes'"],
    ['tag 83:00.0', "missing required argument 'cpus'"],
    ['enable 81:00.0', "required option '--mode <mode>' not specified"],
    ['enable 81:00.0 --mode', "option '--mode <mode>' argument missing"],
    ['enable 81:00.0 --mode xx', 'Allowed choices are iv, ds, none'],
    ['set 81:00.0 0=1 --mem-type xm', 'Allowed choices are vm, pm'],
    ['-o xml list', 'Allowed choices are auto, table, tsv, json, ndjson'],
    ['--color maybe list', 'Allowed choices are auto, always, never'],
    ['--backend windows list', 'Allowed choices are linux, mock'],
    ['list -o', "option '-o, --output <format>' argument missing"],
  ])('rejects %j', async (call, why) => {
    const { message, hint } = await expectNothingDone(call.split(' ').filter(Boolean), 'usage')
    expect(message).toMatch(/^Cannot parse the command line: /)
    expect(message).toContain(why)
    expect(hint).not.toBeNull()
  })

  it('shows words with line breaks and control characters on one line, and makes no hint of them', async () => {
    const { message, hint } = await expectNothingDone(['lst\n(x)\u001b[2J\u009b'], 'usage')
    expect(message).toContain("unknown command 'lst\\u000a(x)\\u001b[2J\\u009b'")
    expect(hint).toBe('"tphctl --help" shows what there is')
  })

  it('cuts a word without end', async () => {
    const { message } = await expectNothingDone(['x'.repeat(100_000)], 'usage')
    expect(message.length).toBeLessThan(400)
  })

  it('suggests the command that was meant', async () => {
    expect((await expectNothingDone('lst', 'usage')).hint).toBe('Did you mean list?')
  })

  it.each([
    ['--json list', 'list'],
    ['list --json', 'list'],
    ['--backend mock info 81:00.0', 'info'],
    ['-o json -q info 81:00.0', 'info'],
    ['-vo json info 81:00.0', 'info'],
    ['info 81:00.0 -ojson', 'info'],
    ['set 81:00.0 -- 0=1', 'set'],
  ])('finds the command in %j', async (call, name) => {
    const { io, written } = fakeIo()
    const parsed = await parseCall(call.split(' '), io)
    expect(written).toEqual({ stdout: '', stderr: '' })
    expect(parsed?.spec).toBe(await commandTable[name]?.load())
  })

  it('throws a UsageError', async () => {
    await expect(parseCall(['nothing'], fakeIo().io)).rejects.toThrow(UsageError)
  })
})

describe('wantsJson', () => {
  it.each([
    '--json',
    '-o json',
    '-ojson',
    '--output json',
    '--output=json',
    '-o ndjson',
    '--output=ndjson',
  ])('%s does, wherever it is and whatever else is wrong', async (option) => {
    expect(wantsJson(option.split(' '))).toBe(true)
    for (const call of [`${option} frobnicate`, `frobnicate ${option}`, `list --wrong ${option}`]) {
      const { stderr, exitCode } = await runMain(call)
      expect(exitCode).toBe(2)
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'usage' } })
    }
  })

  it.each(['list', '-o tsv list', '-o table', 'json', '--jsonx', '--output', '-o'])(
    '%s does not',
    (words) => {
      expect(wantsJson(words.split(' '))).toBe(false)
    },
  )
})
