import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EXCEPTIONS, PACKAGES, RULE } from './helpers/dependency-rule.ts'
import { findCycle, readSources, type Source } from './helpers/imports.ts'

/** Folders that are pure: not even Node's own modules. */
const PURE = /^src\/(abi|args|pci|topology|format|commands)\//

/** Uses of the process outside of src/process.ts: its number names temporary files, locks, changes and their holders. */
const OF_PROCESS = /\bprocess\.(?!pid\b)(?!kill\(pid, 0\))\w+/g

const sources = readSources()
const inSrc = sources.filter(({ name }) => name.startsWith('src/'))

/** `tph/host` and `tph` for src/tph/host. */
function namesOf(path: string): string[] {
  const parts = path.replace(/^src\//, '').split('/')
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

function ruleOf(path: string): [string, readonly string[]] {
  const [folder = ''] = namesOf(path)
  const allowed = RULE[folder]
  if (allowed === undefined) throw new Error(`the rule says nothing about ${path}`)
  return [folder, allowed]
}

function forbidden({ name, imports }: Source): string[] {
  const [folder, allowed] = ruleOf(name)
  const isAllowed = (path: string) =>
    namesOf(path).some((one) => one === folder || allowed.includes(one))
  return imports
    .filter((path) => /^(src|native-shims)\//.test(path) && !isAllowed(path))
    .map((path) => `${name} -> ${path}`.replaceAll('src/', ''))
}

/** The text without comments, good enough to look for words in. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

describe('the import rule', () => {
  it('sees the sources', () => {
    expect(inSrc.length).toBeGreaterThan(100)
    const host = sources.find(({ name }) => name === 'src/tph/host')
    expect(host?.imports).toContain('src/backend/types')
    expect(sources.find(({ name }) => name === 'src/format/style')?.imports).toContain('chalk')
  })

  it.each(inSrc.filter(({ name }) => name !== 'src/index'))('holds for $name', (source) => {
    expect(forbidden(source).filter((edge) => EXCEPTIONS[edge] === undefined)).toEqual([])
  })

  it('native-shims imports nothing from src', () => {
    const shims = sources.filter(({ name }) => name.startsWith('native-shims/'))
    const crossing = shims.filter(({ imports }) => imports.some((path) => path.startsWith('src/')))
    expect(crossing.map(({ name }) => name)).toEqual([])
  })

  it('nothing imports in a circle', () => {
    expect(findCycle(sources)).toBeNull()
  })

  it('findCycle finds a circle', () => {
    const source = (name: string, ...imports: string[]) => ({ name, imports, text: '' })
    const circle = [source('a', 'b'), source('b', 'c', 'd'), source('c'), source('d', 'b')]
    expect(findCycle(circle)).toEqual(['b', 'd', 'b'])
  })

  it('each package has one place', () => {
    const strays = sources.flatMap(({ name, imports }) =>
      imports
        .filter((path) => !/^(src|native-shims)\/|^node:/.test(path))
        .filter((path) => PACKAGES[path]?.test(name) !== true)
        .map((path) => `${name} -> ${path}`),
    )
    expect(strays).toEqual([])
  })

  it('no shell is ever run, nor any other program or thread', () => {
    const others = /^(node:)?(child_process|cluster|worker_threads)$/
    const starting = sources.filter(({ imports }) => imports.some((path) => others.test(path)))
    expect(starting.map(({ name }) => name)).toEqual([])
    // Lets src/process.ts load what it seldom needs.
    const late = "process.getBuiltinModule('node:tty')"
    const hidden = sources.filter(({ text }) =>
      /child_process|worker_threads|\bgetBuiltinModule\b|process\.binding\b/.test(
        code(text).replace(late, ''),
      ),
    )
    expect(hidden.map(({ name }) => name)).toEqual([])
  })

  it('pure folders import nothing of Node', () => {
    const impure = sources.filter(
      ({ name, imports }) => PURE.test(name) && imports.some((path) => path.startsWith('node:')),
    )
    expect(impure.map(({ name }) => name)).toEqual([])
  })

  it('commands know nothing of bytes', () => {
    const commands = inSrc.filter(({ name }) => name.startsWith('src/commands/'))
    const found = commands.filter(({ text }) => /Buffer|Uint8Array|DataView/.test(code(text)))
    expect(found.map(({ name }) => name)).toEqual([])
  })

  it('only src/process.ts touches the process', () => {
    const uses = inSrc
      .filter(({ name }) => name !== 'src/process')
      .flatMap(({ name, text }) =>
        [...code(text).matchAll(OF_PROCESS)].map(([use]) => `${name}: ${use}`),
      )
      .filter((use) => !/owner-(finder|scan): process\.devices$/.test(use))
    expect(uses).toEqual([])
  })

  it('nothing but the launcher is in bin, and it loads files and the built program alone', () => {
    const bin = new URL('../bin/', import.meta.url)
    expect(readdirSync(bin)).toEqual(['keep-compiled.js', 'package.json', 'tphctl.js'])
    const required = readdirSync(bin).flatMap((name) => {
      const text = readFileSync(new URL(name, bin), 'utf8')
      return [...text.matchAll(/require\(([^)]*)\)/g)].map(([, what]) => what)
    })
    const allowed = ["'node:fs'", "'node:path'", "'node:vm'", "'./keep-compiled.js'", 'id']
    expect([...new Set(required)].sort()).toEqual(allowed.sort())
  })
})
