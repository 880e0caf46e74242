import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VERSION } from '../src/version.ts'
import { schemaNames } from './helpers/schemas.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The project as a user's node_modules has it, its library built. */
let user: string

beforeAll(() => {
  user = mkdtempSync(join(tmpdir(), 'tphctl-package-'))
  const installed = join(user, 'node_modules', 'tphctl')
  mkdirSync(installed, { recursive: true })
  for (const path of [
    'package.json',
    'bin',
    'share',
    'README.md',
    'CHANGELOG.md',
    'SECURITY.md',
    'LICENSE',
    'dist/program',
  ]) {
    cpSync(join(ROOT, path), join(installed, path), { recursive: true })
  }
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const outDir = join(installed, 'dist/lib')
  execFileSync(process.execPath, [tsc, '-p', ROOT, '--noCheck', '--outDir', outDir])
})

afterAll(() => rmSync(user, { recursive: true, force: true }))

function runModule(text: string): string {
  const argv = ['--input-type=module', '-e', text]
  return execFileSync(process.execPath, argv, { cwd: user, encoding: 'utf8' })
}

describe('koffi', () => {
  it('calls C from its shipped binary alone, so that its install script may be left out', () => {
    const bare = join(user, 'bare')
    for (const name of ['koffi', `@koromix/koffi-${process.platform}-${process.arch}`]) {
      const from = join(ROOT, 'node_modules', name)
      expect(existsSync(from), `${name} is a locked dependency`).toBe(true)
      const filter = (path: string) => path !== join(from, 'build')
      cpSync(from, join(bare, 'node_modules', name), { recursive: true, filter })
    }
    const text =
      'process.stdout.write(String(require("koffi").load(null).func("int getpid()")() === process.pid))'
    expect(execFileSync(process.execPath, ['-e', text], { cwd: bare, encoding: 'utf8' })).toBe(
      'true',
    )
  })
})

describe('the packed package', () => {
  it('holds the program, the library with its types, the schemas and the documents', () => {
    const argv = ['pack', '--dry-run', '--json', '--ignore-scripts']
    const cwd = join(user, 'node_modules', 'tphctl')
    const stdio = ['ignore', 'pipe', 'ignore'] as const
    const [packed] = JSON.parse(
      execFileSync('npm', argv, { cwd, encoding: 'utf8', stdio: [...stdio] }),
    )
    const paths: string[] = packed.files.map(({ path }: { path: string }) => path)
    expect(paths).toEqual(
      expect.arrayContaining([
        'README.md',
        'CHANGELOG.md',
        'SECURITY.md',
        'LICENSE',
        'package.json',
        'bin/tphctl.js',
        'bin/package.json',
        'bin/keep-compiled.js',
        'dist/program/core.cjs',
        'dist/program/commands-get.cjs',
        'dist/lib/src/index.js',
        'dist/lib/src/index.d.ts',
        'share/man/man1/tphctl.1',
        'share/completions/bash/tphctl',
        'share/completions/zsh/_tphctl',
        'share/completions/fish/tphctl.fish',
        ...schemaNames.map((name) => `share/schema/${name}.schema.json`),
      ]),
    )
    expect(paths.filter((path) => /(^|\/)(test|src\/.*[^d]\.ts$)/.test(path))).toEqual([])
  })

  it('has all the types its library names', () => {
    const index = join(user, 'node_modules/tphctl/dist/lib/src/index.d.ts')
    const names = [...readFileSync(index, 'utf8').matchAll(/from '([^']+)\.ts'/g)].map(
      ([, name]) => name,
    )
    expect(names).not.toEqual([])
    for (const name of names) expect(existsSync(join(index, '..', `${name}.d.ts`)), name).toBe(true)
  })

  it('its library parses ENTRYs and works on the emulated host', () => {
    const output = runModule(`
      import { builtInHost, MockBackend, parseEntry, listDevices, VERSION } from 'tphctl'
      const backend = new MockBackend({ host: builtInHost(), statePath: ${JSON.stringify(join(user, 'state'))}, faults: '' })
      const { devices } = listDevices({ backend })
      console.log(JSON.stringify([VERSION, parseEntry('0-1=4-5@pm').cpus, devices.map((one) => one.device)]))`)
    expect(JSON.parse(output)).toEqual([
      VERSION,
      { kind: 'list', cpus: [4, 5] },
      ['0000:81:00.0', '0000:82:00.0', '0000:83:00.0'],
    ])
  })

  it('its schemas and manifest can be imported', () => {
    const output = runModule(`
      import { createRequire } from 'node:module'
      const require = createRequire(import.meta.url)
      console.log(require('tphctl/schema/list.schema.json').title, require('tphctl/package.json').version)`)
    expect(output).toBe(`tphctl list ${VERSION}\n`)
  })

  it('its launcher says how to build what is not there', () => {
    const bin = join(user, 'bin')
    cpSync(join(ROOT, 'bin'), bin, { recursive: true })
    const { status, stdout, stderr } = spawnSync(join(bin, 'tphctl.js'), ['list'], {
      encoding: 'utf8',
    })
    expect({ status, stdout }).toEqual({ status: 8, stdout: '' })
    expect(stderr).toMatch(/^tphctl: Cannot find the built program: ENOENT, .+\nhint: .+\n$/)
  })

  it('its launcher runs', () => {
    const launcher = join(user, 'node_modules/tphctl/bin/tphctl.js')
    expect(execFileSync(launcher, ['--version'], { encoding: 'utf8' })).toBe(`${VERSION}\n`)
  })
})
