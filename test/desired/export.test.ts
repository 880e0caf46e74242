import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testHost } from '../helpers/run-main.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

/** Some functions, 256 bytes of each: too little to see TPH. */
const SHORT = new URL('../cli/golden/small.lspci', import.meta.url).pathname

const SETUP = [
  'set 81:00.0 0-3=3,2,1,0 4-9=7 10=1@pm 63=0',
  'set 82:00.0 0-2047=local --cycle --mem-type pm',
  'set 83:00.0 0=1 2=3',
  'enable 81:00.0 --mode iv',
  'enable 82:00.0 --mode none',
]

async function hostInUse() {
  const host = testHost()
  for (const call of SETUP) expect((await host.run(`${call} -q`)).exitCode, call).toBe(0)
  return host
}

describe('export', () => {
  it.each(['tsv', 'json'])(
    '| apply changes nothing, and export is the same then (%s)',
    async (format) => {
      const host = await hostInUse()
      const { stdout } = await host.run(`export -o ${format}`)
      const applied = await host.run('apply - --json', { stdin: stdout })
      expect(applied).toMatchObject({ exitCode: 0, stderr: '' })
      expect(JSON.parse(applied.stdout).changed).toBe(false)
      expect((await host.run(`export -o ${format}`)).stdout).toBe(stdout)
    },
  )

  it('is all it takes to make another host the same', async () => {
    const { stdout } = await (await hostInUse()).run('export')
    const other = testHost()
    await other.run('set 81:00.0 0-63=15')
    expect((await other.run('apply -', { stdin: stdout })).exitCode).toBe(0)
    expect((await other.run('export')).stdout).toBe(stdout)
  })

  it('--to replaces a file whole, readable for all, and leaves nothing else', async () => {
    const host = await hostInUse()
    const folder = temporaryDirectory()
    const path = join(folder, 'state.yaml')
    writeFileSync(path, 'former\n', { mode: 0o600 })
    const run = await host.run(['export', '--to', path])
    expect(run).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    expect(readFileSync(path, 'utf8')).toBe((await host.run('export')).stdout)
    expect(statSync(path).mode & 0o777).toBe(0o644)
    expect(readdirSync(folder)).toEqual(['state.yaml'])
  })

  it('--to keeps the former file when a device cannot be read, and under --dry-run', async () => {
    const host = await hostInUse()
    const path = join(temporaryDirectory(), 'state.yaml')
    writeFileSync(path, 'former\n')
    const env = { TPHCTL_MOCK_FAULTS: 'probe:2=ENOTTY' }
    expect((await host.run(['export', '--to', path], { env })).exitCode).toBe(3)
    expect((await host.run(['export', '--to', path, '--dry-run'])).stdout).toMatch(/^version: 1\n/)
    expect(readFileSync(path, 'utf8')).toBe('former\n')
  })

  it('is an error where nothing can be said of any device', async () => {
    const run = await testHost().run(['--mock-host', SHORT, 'export'])
    expect(run).toMatchObject({ exitCode: 3, stdout: '' })
    expect(run.stderr).toContain('extended config space is not in the dump')
  })

  it('--to says why it cannot write', async () => {
    const run = await testHost().run('export --to /nonexistent/state.yaml')
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toMatch(/^tphctl: Cannot write "\/nonexistent\/state\.yaml": ENOENT/)
  })
})
