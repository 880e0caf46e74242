import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { InfoResult } from '../../src/tph/results.ts'
import { testHost } from '../helpers/run-main.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { fixtureNames, fixtureText } from '../pci/fixtures.ts'
import { lspciTph } from '../pci/lspci-words.ts'

const BUILT_IN = ['81', '82', '83', '84'].map((bus) => `0000:${bus}:00.0`)
const haveLspci = spawnSync('lspci', ['--version']).status === 0
const FIXTURES = new URL('../../../shared/fixtures/', import.meta.url)

/** The hexdump of a function, and what info says of it. */
async function look(bdf: string, mockHost?: string): Promise<{ dump: string; info: InfoResult }> {
  const { run } = testHost()
  const host = mockHost === undefined ? [] : ['--mock-host', mockHost]
  const [dump, info] = [
    await run([...host, 'info', bdf, '--hexdump']),
    await run([...host, '--json', 'info', bdf]),
  ]
  expect([dump.exitCode, info.exitCode, dump.stderr]).toEqual([0, 0, ''])
  return { dump: dump.stdout, info: JSON.parse(info.stdout) }
}

/** What the system's lspci makes of a dump, in the terms of `info`; No ST mode and the table's size it does not say. */
function decodeWithLspci(dump: string) {
  const file = join(temporaryDirectory(), 'dump')
  writeFileSync(file, dump)
  const { stdout } = spawnSync('lspci', ['-F', file, '-vvv'], { encoding: 'utf8' })
  expect(stdout).not.toBe('')
  return lspciTph(stdout)
}

function inLspcisTerms({ tph }: InfoResult) {
  if (tph === null) return []
  const { offset, extended, stLocation } = tph
  return [{ offset, modes: tph.modes.filter((mode) => mode !== 'none'), extended, stLocation }]
}

/** The lines of bytes, without headline or empty lines. */
function byteLines(dump: string): string[] {
  return dump
    .toLowerCase()
    .split('\n')
    .flatMap((line) => /^[0-9a-f]{2,3}:( [0-9a-f]{2})+/.exec(line)?.[0] ?? [])
}

describe('info --hexdump', () => {
  it.each(BUILT_IN)(
    'of %s on the built-in host is a host itself, with the same bytes',
    async (bdf) => {
      const { dump, info } = await look(bdf)
      const file = join(temporaryDirectory(), 'dump')
      writeFileSync(file, dump)
      const again = await look(bdf, file)
      expect(again.dump).toBe(dump)
      expect(again.info.tph).toEqual(info.tph)
      expect(byteLines(dump)).toHaveLength(256)
    },
  )

  it('of a device that is enabled keeps that', async () => {
    const { run } = testHost()
    await run('-q set 81:00.0 0-1=4-5')
    await run('enable 81:00.0 --mode iv')
    const { stdout } = await run('info 81:00.0 --hexdump')
    const file = join(temporaryDirectory(), 'dump')
    writeFileSync(file, stdout)
    const { info, dump } = await look('81:00.0', file)
    expect(info.control).toEqual({ mode: 'iv', requester: 'extended' })
    expect(dump).toBe(stdout)
    // The capability at 0x1a0: its table follows at 0x1ac with the tags 0x0104 and 0x0105.
    expect(dump).toContain('\n1a0: 17 00 01 00 07 03 3f 00 01 03 00 00 04 01 05 01\n')
  })

  it.skipIf(!haveLspci).each(BUILT_IN)(
    'of %s is decoded alike by lspci (skipped without lspci)',
    async (bdf) => {
      const { dump, info } = await look(bdf)
      expect(decodeWithLspci(dump)).toEqual(inLspcisTerms(info))
    },
  )
})

describe.skipIf(fixtureNames.length === 0)(
  'dumps of real machines (skipped where they are absent)',
  () => {
    const bdfOf = (name: string) => fixtureText(name).split(' ')[0] ?? ''
    const pathOf = (name: string) => fileURLToPath(new URL(`${name}.lspci`, FIXTURES))

    it.each(fixtureNames)('%s comes out of --hexdump with the bytes that went in', async (name) => {
      const { dump } = await look(bdfOf(name), pathOf(name))
      expect(byteLines(fixtureText(name))).not.toEqual([])
      expect(byteLines(dump)).toEqual(byteLines(fixtureText(name)))
    })

    it.skipIf(!haveLspci).each(fixtureNames)(
      '%s is decoded alike by lspci (skipped without lspci)',
      async (name) => {
        const { dump, info } = await look(bdfOf(name), pathOf(name))
        expect(decodeWithLspci(dump)).toEqual(inLspcisTerms(info))
      },
    )
  },
)
