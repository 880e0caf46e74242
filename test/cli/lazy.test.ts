import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { testShell } from '../helpers/run-program.ts'
import { loadedModules } from './loaded-modules.ts'

const PARTS = new URL('../../dist/program/', import.meta.url)

/** Modules of Node.js that none of these calls has a use for; each takes a millisecond or more. */
const HEAVY =
  /^(?:child_process|cluster|crypto|dgram|dns|http2?|https|inspector|module|net|stream|tls|tty|worker_threads|zlib)$/

describe('the built program', () => {
  it.each([
    ['get 81:00.0 0-63 -o json', ['core', 'commands-get', 'device', 'mock']],
    ['list -o json', ['core', 'commands-list', 'device', 'mock']],
    ['get 81:00.0 0', ['core', 'commands-get', 'device', 'mock', 'format-views-get-view', 'views']],
    ['version -o json', ['core', 'commands-version', 'device', 'mock']],
    ['--version', ['core']],
    ['--help', ['core', 'commander-tree']],
    ['help', ['core', 'commander-tree']],
    ['get --help', ['core', 'commands-get', 'device', 'commander-tree']],
    ['apply --help', ['core', 'commands-apply', 'texts', 'device', 'change', 'commander-tree']],
  ])('loads these parts for "%s", and no module that is heavy', async (words, parts) => {
    const loaded = await loadedModules(testShell(), words.split(' '))
    expect(loaded.parts).toEqual(parts)
    expect(loaded.builtins.filter((name) => HEAVY.test(name))).toEqual([])
    expect(loaded.files.filter((file) => file.includes('node_modules'))).toEqual([])
  })

  it('loads the earlier interface where a kernel has it, and of the emulated kernel what it needs for that', async () => {
    const v8 = { TPHCTL_MOCK_ABI: 'pci-tph-v8' }
    const { parts } = await loadedModules(testShell(), ['get', '81:00.0', '0', '-q'], v8)
    expect(parts.filter((part) => part.includes('v8'))).toEqual(['mock-pci-tph-v8', 'pci-tph-v8'])
    const other = await loadedModules(testShell(), ['get', '81:00.0', '0'])
    expect(other.parts.filter((part) => part.includes('v8'))).toEqual([])
  })

  it('loads the command to complete, but no host, for a word that needs none', async () => {
    const { parts, builtins } = await loadedModules(testShell(), ['__complete', 'get', '--'])
    expect(parts.filter((part) => /^commands-|mock|linux/.test(part))).toEqual(['commands-get'])
    expect(builtins.filter((name) => HEAVY.test(name))).toEqual([])
  })

  it('loads chalk for colour, which shows that this can tell', async () => {
    const words = ['list', '-o', 'table', '--color']
    const coloured = await loadedModules(testShell(), [...words, 'always'])
    expect(coloured.parts).toContain('chalk')
    expect(coloured.builtins).toContain('tty')
    const plain = await loadedModules(testShell(), [...words, 'never'])
    expect(plain.parts).not.toContain('chalk')
  })

  it('can start no other process: nothing in it names the module for that', () => {
    const names = readdirSync(PARTS)
    expect(names).toContain('core.cjs')
    for (const name of names) {
      expect(readFileSync(new URL(name, PARTS), 'utf8'), name).not.toMatch(/child_process|execvp/)
    }
  })
})
