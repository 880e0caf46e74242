import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { describeBindings } from './bindings.ts'
import { buildChild, bundleOptions, packageDirectory, project } from './children.ts'

const CALLED = -25
const ENTRY = 'test/native-shims/child.ts'

/** What tsconfig.json amounts to in a package of modules. */
const MODULE_OPTIONS = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2023,
  rewriteRelativeImportExtensions: true,
  verbatimModuleSyntax: true,
}

/** native-shims and child.ts as `tsc` emits them: a module for a module. @returns the entry */
function emitModules(): string {
  const directory = packageDirectory()
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  for (const path of [...shims(), ENTRY]) {
    const { outputText } = ts.transpileModule(readFileSync(join(project, path), 'utf8'), {
      compilerOptions: MODULE_OPTIONS,
    })
    const output = join(directory, path.replace(/ts$/, 'js'))
    mkdirSync(join(output, '..'), { recursive: true })
    writeFileSync(output, outputText)
  }
  return join(directory, ENTRY.replace(/ts$/, 'js'))
}

function shims(): string[] {
  const files = readdirSync(join(project, 'native-shims'))
  return files.filter((file) => file.endsWith('.ts')).map((file) => `native-shims/${file}`)
}

function run(program: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
}

describeBindings('requirePackage()', (libc) => {
  it('finds the package from a bundle', () => {
    const { status, stdout, stderr } = run(buildChild(), libc.name, 'call')
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `["${libc.name}",${CALLED}]\n`,
      stderr: '',
    })
  })

  it('finds the package from modules', () => {
    const { status, stdout, stderr } = run(emitModules(), libc.name, 'call')
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `["${libc.name}",${CALLED}]\n`,
      stderr: '',
    })
  })

  it('finds the package through a symbolic link to the program, as npm install -g makes one', () => {
    const program = buildChild()
    const link = join(temporaryDirectory(), 'tphctl')
    symlinkSync(program, link)
    expect(run(link, libc.name, 'load').stdout).toBe(`["${libc.name}"]\n`)
  })

  it('leaves a process that makes no call able to end', () => {
    const { status, signal, stderr } = run(buildChild(), libc.name, 'load')
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
  })
})

describe('requirePackage()', () => {
  it('bundles without a warning, and without any native package', () => {
    const { warnings, metafile } = buildSync({
      ...bundleOptions,
      external: [],
      entryPoints: [join(project, ENTRY)],
      write: false,
      metafile: true,
    })
    expect(warnings).toEqual([])
    const inputs = Object.keys(metafile.inputs)
    expect(inputs.filter((path) => path.includes('node_modules'))).toEqual([])
  })

  it('loads nothing until it is called', () => {
    const program = join(temporaryDirectory(), 'program.cjs')
    const source = `import { loadLibc } from '${join(project, 'native-shims/load.ts')}'
      if (typeof loadLibc !== 'function') throw new Error('no loadLibc')`
    const stdin = { contents: source, resolveDir: project, loader: 'ts' } as const
    buildSync({ ...bundleOptions, stdin, outfile: program })
    const loaded = execFileSync(process.execPath, ['-e', listing(program)], { encoding: 'utf8' })
    expect(JSON.parse(loaded)).toEqual([program])
  })
})

/** A script that loads a program and prints which files Node has then loaded. */
function listing(program: string): string {
  return `require(${JSON.stringify(program)}); console.log(JSON.stringify(Object.keys(require.cache)))`
}
