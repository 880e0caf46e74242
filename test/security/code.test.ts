import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { testShell } from '../helpers/run-program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The files of the program, its sources, its library and its launcher, by their names. */
function filesOf(folder: string, suffix: RegExp): [string, string][] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => suffix.test(name) && !name.includes('node_modules'))
    .map((name) => [join(folder, name), readFileSync(join(ROOT, folder, name), 'utf8')])
}

const FILES = [
  ...filesOf('src', /\.ts$/),
  ...filesOf('native-shims', /\.[tj]s$/),
  ...filesOf('bin', /\.js$/),
  ...filesOf('dist/program', /\.cjs$/),
]

/** What starts a program or a shell. */
const PROGRAMS = /child_process|execvp|worker_threads|\.dlopen\(/
/** What makes code of text. */
const EVALUATION =
  /\beval\s*\(|\bnew\s+Function\b|\bFunction\s*\(["'`]|\bAsyncFunction\b|set(?:Timeout|Interval)\s*\(\s*["'`]/
const SCRIPT = /node:vm|\bnew Script\b|runIn\w*Context/

/** Without comments, good enough to look for words in. */
const code = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')

describe('the program', () => {
  it('is seen: its sources, its built parts and its launcher', () => {
    const names = FILES.map(([name]) => name)
    for (const name of ['src/process.ts', 'dist/program/core.cjs', 'bin/tphctl.js']) {
      expect(names).toContain(name)
    }
  })

  it('starts no other program and no shell', () => {
    expect(FILES.filter(([, text]) => PROGRAMS.test(code(text))).map(([name]) => name)).toEqual([])
  })

  it('makes code of no text: the launcher alone runs scripts, the files of the build', () => {
    expect(FILES.filter(([, text]) => EVALUATION.test(code(text))).map(([name]) => name)).toEqual(
      [],
    )
    expect(FILES.filter(([, text]) => SCRIPT.test(code(text))).map(([name]) => name)).toEqual([
      'bin/tphctl.js',
    ])
  })

  it.each(['get 81:00.0 0', 'list -o table --color always', 'set 81:00.0 0=1', 'doctor', 'help'])(
    'runs "%s" where Node.js is forbidden to make code of text',
    async (words) => {
      const env = { NODE_OPTIONS: '--disallow-code-generation-from-strings' }
      const { exitCode, stderr } = await testShell().tphctl(words.split(' '), { env })
      expect([exitCode, stderr]).toEqual([0, ''])
    },
  )
})
