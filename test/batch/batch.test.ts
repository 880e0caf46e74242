import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BAD_DEVICES, BAD_LISTS } from '../cli/bad-words.ts'
import { runOnce, testHost } from '../helpers/run-main.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const PLACE = /^tphctl: (stdin:\d+): /gm

/** The lines that stderr says something about. */
const places = (stderr: string) => [...stderr.matchAll(PLACE)].map(([, place]) => place)

describe('batch', () => {
  it.each([
    ['Unix lines', 'set 81:00.0 0=1\nget 81:00.0 0\n'],
    ['a last line without newline', 'set 81:00.0 0=1\nget 81:00.0 0'],
    ['DOS lines', 'set 81:00.0 0=1\r\n\r\nget 81:00.0 0\r\n'],
    ['comments and blanks', '\n # one\n\tset 81:00.0 0=1 # two\n\n  get 81:00.0 0'],
    ['quotes', `'set' "81:00.0" 0='1'\nget 81:00.0 "0"`],
    ['the command spelled out', 'tphctl set 81:00.0 0=1\ntphctl get 81:00.0 0\n'],
  ])('takes %s', async (_, stdin) => {
    for (const call of ['batch', 'batch -', 'batch --keep-going']) {
      expect(await runOnce(call, { stdin })).toEqual({
        exitCode: 0,
        stdout: '0000:81:00.0\tapplied\t0\t1\tvm\t1\t-\n0\t0x0101\t1\tvm\n',
        stderr: '',
      })
    }
  })

  it.each(['', '\n\n', '# nothing\n'])(
    'does nothing for %j, and that is no failure',
    async (stdin) => {
      expect(await runOnce('batch', { stdin })).toEqual({ exitCode: 0, stdout: '', stderr: '' })
      const { stdout } = await runOnce('batch --json', { stdin })
      expect(JSON.parse(stdout)).toEqual({
        schemaVersion: 1,
        lines: [],
        done: 0,
        failed: 0,
        notRun: 0,
      })
    },
  )

  it('reads a file, and names it and the line', async () => {
    const file = join(temporaryDirectory(), 'steps')
    writeFileSync(file, 'set 81:00.0 0=1\n\nget 81:00.9 0\n')
    const run = await runOnce(['batch', file])
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toContain(`tphctl: ${file}:3: Cannot parse DEVICE "81:00.9"`)
  })
})

describe('a batch with a line that does not parse', () => {
  const wrong = [
    ['frobnicate', "unknown command 'frobnicate'"],
    ['set', "missing required argument 'device'"],
    ['get 81:00.0 0 1', 'too many arguments'],
    ['enable 81:00.0', "required option '--mode <mode>' not specified"],
    ['enable 81:00.0 --mode x', 'Allowed choices are iv, ds, none'],
    ['set 81:00.0 0=1 --frob', "unknown option '--frob'"],
    ['set 81:00.0 0=', 'Cannot parse'],
    ['set 81:00.0 0=1 1=x', 'Cannot parse'],
    ['tag 83:00.0 none', 'Cannot parse CPUS "none"'],
    ['undo 81', 'Cannot parse DEVICE "81"'],
    ['mock frob', "'frob' is invalid for argument 'action'"],
    ["get '81:00.0", "' is not closed"],
    ['get 81:00.0 --json', 'Cannot use --json on a line of a batch'],
    ['--feature-index 14 list', 'Cannot use --feature-index on a line of a batch'],
    ['set 81:00.0 0=1 -n', 'Cannot use --dry-run on a line of a batch'],
    ['set 81:00.0 -', 'a line of a batch has none'],
    ['set -', 'a line of a batch has none'],
    ['hold 81:00.0', 'Cannot run "hold" in a batch: it stays until a signal ends it'],
    ['batch other', 'Cannot run "batch" in a batch'],
    ['help set', 'Cannot show help'],
    ['set --help', 'Cannot show help'],
    ['-V', 'Cannot show help or the version in a batch'],
    ['tphctl', 'no command is given'],
    ...BAD_DEVICES.filter(([word]) => /^[^\s'"#\\-]+$/.test(word)).map(([word]) => [
      `get ${word} 0`,
      'Cannot parse',
    ]),
    ...BAD_LISTS.filter(([word]) => /^[^\s'"#\\-]+$/.test(word)).map(([word]) => [
      `clear 81:00.0 ${word}`,
      'Cannot parse',
    ]),
  ] as [string, string][]

  it.each(wrong)('runs nothing: %s', async (line, why) => {
    const host = testHost()
    const run = await host.run('batch', { stdin: `set 81:00.0 0=1\n${line}\n` })
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(places(run.stderr)).toEqual(['stdin:2'])
    expect(run.stderr).toContain(why)
    expect(run.stderr).toContain(
      'Cannot begin the batch: one line does not parse, none of 2 was run',
    )
    expect(existsSync(host.state)).toBe(false)
  })

  it('is told of every one of them', async () => {
    const stdin = `${wrong.map(([line]) => line).join('\n')}\n`
    const { stderr } = await runOnce('batch', { stdin })
    expect(places(stderr)).toEqual(wrong.map((_, i) => `stdin:${i + 1}`))
  })

  it('runs the others with --keep-going', async () => {
    const stdin = 'set 81:00.0 0=1\nfrob\nget 81:00.0 0\n'
    const run = await runOnce('batch --keep-going', { stdin })
    expect(run.exitCode).toBe(2)
    expect(run.stdout).toContain('0\t0x0101\t1\tvm\n')
    expect(run.stderr).toMatch(/2 done, 1 failed, 0 not run\n$/)
  })
})

describe('a batch with a line that fails', () => {
  const stdin = 'get 81:00.0 0\nget 84:00.0 0\nget 99:00.0 0\nget 81:00.0 64\nget 81:00.0 1\n'

  it('stops there, with its exit code', async () => {
    const run = await runOnce('batch', { stdin })
    expect(run).toMatchObject({ exitCode: 3, stdout: '0\t0x0000\t-\t-\n' })
    expect(places(run.stderr)).toEqual(['stdin:2'])
    expect(run.stderr).toMatch(
      /1 done, 1 failed, 3 not run\nhint: --keep-going runs the others too\n$/,
    )
  })

  it('goes on with --keep-going, and ends with the code of the first failure', async () => {
    const run = await runOnce('batch -k', { stdin })
    expect(run).toMatchObject({ exitCode: 3, stdout: '0\t0x0000\t-\t-\n1\t0x0000\t-\t-\n' })
    expect(places(run.stderr)).toEqual(['stdin:2', 'stdin:3', 'stdin:4'])
    expect(run.stderr).toMatch(/2 done, 3 failed, 0 not run\n$/)
  })

  it('shows with a failed line what is true of it', async () => {
    const env = { TPHCTL_MOCK_FAULTS: 'set:2=EIO' }
    const run = await runOnce('batch', { env, stdin: 'set 81:00.0 0=1 4=2\nget 81:00.0\n' })
    expect(run.stdout).toBe(
      '0000:81:00.0\trestored\t0\t1\tvm\tnone\t-\n0000:81:00.0\tfailed\t4\t1\tvm\t2\tEIO, the device did not answer\n',
    )
    expect(run.exitCode).toBe(1)
  })

  it('takes a check that finds a difference for a failure', async () => {
    const dump = new URL('../cli/golden/drift.lspci', import.meta.url).pathname
    const stdin = 'verify 81:00.0\nlist\n'
    expect((await runOnce(['--mock-host', dump, 'batch'], { stdin })).exitCode).toBe(7)
  })
})

describe('the global options of a batch', () => {
  it('hold for every line', async () => {
    const host = testHost()
    const run = await host.run('batch --dry-run', { stdin: 'set 81:00.0 0=1\nmock reset\n' })
    expect(run.stdout).toMatch(/\tplanned\t0\t1\tvm\t1\t-\n/)
    expect(existsSync(host.state)).toBe(false)
    const strict = await host.run('batch --strict', { stdin: 'set 81:00.0 0=8\n' })
    expect(strict.exitCode).toBe(2)
  })

  it('-v and -q do what they do for one command; a warning names its line', async () => {
    const stdin = 'get 81:00.0 0\n\nset 81:00.0 0=8\n'
    const { stderr } = await runOnce('batch -v', { stdin })
    expect(stderr).toMatch(/^ioctl VFIO_DEVICE_FEATURE GET TPH_ST /m)
    expect(stderr).toMatch(/^tphctl: warning: stdin:3: /m)
    expect((await runOnce('batch -q', { stdin })).stderr).toBe('')
    const json = await runOnce('batch --json', { stdin })
    expect(JSON.parse(json.stderr)).toMatchObject({ source: 'stdin', line: 3 })
  })

  it('the note about the emulated host comes once', async () => {
    const run = await runOnce('batch', { terminal: true, stdin: 'list\nlist\nlist\n' })
    expect(run.stderr).toBe(
      'tphctl: note: emulated host (--backend mock): no real device is touched\n',
    )
  })
})
