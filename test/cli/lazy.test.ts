import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { commandTable } from '../../src/commands/table.ts'
import { testShell } from '../helpers/run-program.ts'
import { loadedModules } from './loaded-modules.ts'

const HEAVY =
  /koffi|ffi-napi|ref-napi|native-shims|backend\/linux|dump-host|\/yaml\/|\/chalk\/|\/ajv\//

/** Of the commands in the table, those whose module was loaded. */
function commandsIn(modules: readonly string[]): string[] {
  const names = Object.keys(commandTable)
  return names.filter((name) => modules.includes(`src/commands/${name}.ts`))
}

describe('the built program', () => {
  it.each([
    ['list', ['list']],
    ['get', ['get', '81:00.0', '0']],
    ['set', ['set', '81:00.0', '0=1']],
    ['info', ['info', '81:00.0']],
    ['doctor', ['doctor']],
    ['version', ['version']],
    [null, ['--help']],
    [null, ['--version']],
    ['get', ['get', '--help']],
    ['export', ['export']],
    ['apply', ['apply', '--help']],
  ])('loads the module of %s alone, and nothing heavy, for %j', async (command, argv) => {
    const modules = await loadedModules(testShell(), argv)
    expect(modules.some((module) => module.endsWith('/dist/tphctl.cjs'))).toBe(true)
    expect(commandsIn(modules)).toEqual(command === null ? [] : [command])
    expect(modules.filter((module) => HEAVY.test(module))).toEqual([])
  })

  it.each([['--help'], ['--version'], ['set', '--help']])(
    'loads no host for %j',
    async (...argv) => {
      const modules = await loadedModules(testShell(), argv)
      expect(modules.filter((module) => /src\/backend\/(mock|linux)\//.test(module))).toEqual([])
    },
  )

  it.each([
    [['__complete', 'get', ''], ['get']],
    [['__complete', ''], []],
  ])('loads only the command to complete, and nothing heavy, for %j', async (argv, commands) => {
    const modules = await loadedModules(testShell(), argv)
    expect(commandsIn(modules)).toEqual(commands)
    expect(modules.filter((module) => HEAVY.test(module))).toEqual([])
  })

  it('loads chalk for colour, which shows that this can tell', async () => {
    const modules = await loadedModules(testShell(), ['list', '-o', 'table', '--color', 'always'])
    expect(modules.some((module) => module.includes('node_modules/chalk/'))).toBe(true)
    const plain = await loadedModules(testShell(), ['list', '-o', 'table'])
    expect(plain.some((module) => module.includes('node_modules/chalk/'))).toBe(false)
  })

  it('can start no other process: only commander names the module for that', () => {
    const bundle = readFileSync(new URL('../../dist/tphctl.cjs', import.meta.url), 'utf8')
    const named = bundle.split(/^(?=\/\/ (?:node_modules|src|native-shims)\/)/m)
    const starting = named.filter((part) => /require\("(?:node:)?child_process"\)/.test(part))
    expect(starting.map((part) => part.slice(0, part.indexOf('\n')))).toEqual([
      '// node_modules/commander/lib/command.js',
    ])
  })
})
