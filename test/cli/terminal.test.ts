import { spawnSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { runOnce } from '../helpers/run-main.ts'
import { testShell } from '../helpers/run-program.ts'

const ESC = '\u001b'
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes(
  'util-linux',
)
const NOTE = 'tphctl: note: emulated host (--backend mock): no real device is touched\n'

describe('-o auto', () => {
  it('is a table on a terminal, with a note about the emulated host', async () => {
    const table = await runOnce('list -o table')
    const run = await runOnce('list --color never', { terminal: true })
    expect(run).toEqual({ exitCode: 0, stdout: table.stdout, stderr: NOTE })
    expect(table.stdout).toMatch(/^DEVICE +MODES/)
  })

  it('is tsv in a pipe, without a note', async () => {
    const run = await runOnce('list')
    expect(run).toEqual(await runOnce('list -o tsv'))
    expect(run).toEqual(await runOnce('list -o auto'))
    expect(run.stdout).toMatch(/^0000:81:00\.0\t/)
    expect(run.stderr).toBe('')
  })

  it('-q leaves out the note', async () => {
    expect(await runOnce('-q list', { terminal: true })).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

describe('colour', () => {
  it.each([
    ['a terminal', '', {}, true, true],
    ['a pipe', '', {}, false, false],
    ['NO_COLOR', '', { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', '', { NO_COLOR: '' }, true, true],
    ['TERM=dumb', '', { TERM: 'dumb' }, true, false],
    ['FORCE_COLOR', '', { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0', '', { FORCE_COLOR: '0' }, true, false],
    ['NO_COLOR with FORCE_COLOR', '', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['--color always', '--color always', { NO_COLOR: '1' }, false, true],
    ['--color never', '--color never', { FORCE_COLOR: '1' }, true, false],
  ])('%s decides about it in a table', async (_, option, env, terminal, coloured) => {
    const run = await runOnce(`list -o table ${option}`, { env, terminal })
    expect(run.exitCode).toBe(0)
    expect(run.stdout.includes(ESC)).toBe(coloured)
  })

  it.each(['tsv', 'json', 'ndjson'])('never is in %s', async (format) => {
    const run = await runOnce(`list --color always -o ${format}`)
    expect(run.exitCode).toBe(0)
    expect(run.stdout).not.toContain(ESC)
  })

  it('changes no character of a table', async () => {
    const [plain, coloured] = [
      await runOnce('get 81:00.0 -o table'),
      await runOnce('get 81:00.0 -o table --color always'),
    ]
    expect(stripVTControlCharacters(coloured.stdout)).toBe(plain.stdout)
    expect(coloured.stdout).not.toBe(plain.stdout)
  })
})

describe.skipIf(!hasScript)('on a pseudo-terminal (needs script of util-linux)', () => {
  it('the program shows a coloured table and the note', async () => {
    const { sh } = testShell()
    const { stdout, exitCode } = await sh(`script -qec 'tphctl list' /dev/null`, {
      env: { TERM: 'xterm' },
    })
    expect(exitCode).toBe(0)
    expect(stdout).toContain(NOTE.trim())
    expect(stdout).toContain(`${ESC}[1mDEVICE`)
    expect(stdout).toMatch(/0000:81:00\.0 {2}none,iv,ds {2}capability/)
  })

  it('says the note once when only stderr is a terminal, and writes tsv without colour', async () => {
    const { sh } = testShell()
    const script = `script -qec 'tphctl list >list' /dev/null; echo ---; cat list`
    const { stdout } = await sh(script, { env: { TERM: 'xterm' } })
    const [terminal = '', list = ''] = stdout.split('---\n')
    expect(terminal.replaceAll('\r', '')).toBe(NOTE)
    expect(list).toMatch(/^0000:81:00\.0\tnone,iv,ds\tcapability\t/)
  })
})

describe('the environment', () => {
  it.each(['C', 'C.UTF-8', 'tr_TR.UTF-8', 'nonsense'])(
    'LC_ALL=%s changes no byte',
    async (locale) => {
      const { tphctl } = testShell()
      const plain = await tphctl(['list'], { env: { LC_ALL: undefined } })
      expect(await tphctl(['list'], { env: { LC_ALL: locale } })).toEqual(plain)
      expect(plain).toMatchObject({ exitCode: 0, stderr: '' })
    },
  )

  it('without HOME the mock says how to name its state', async () => {
    const env = { TPHCTL_MOCK_STATE: undefined, HOME: undefined, XDG_STATE_HOME: undefined }
    const run = await testShell().tphctl(['list'], { env })
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toBe(
      'tphctl: Cannot place the mock state: HOME is not set\nhint: set TPHCTL_MOCK_STATE to a file\n',
    )
  })

  it('without HOME what needs no host still works', async () => {
    const env = { TPHCTL_MOCK_STATE: undefined, HOME: undefined, XDG_STATE_HOME: undefined }
    expect(await testShell().tphctl(['version'], { env })).toMatchObject({
      exitCode: 0,
      stderr: '',
    })
  })
})
