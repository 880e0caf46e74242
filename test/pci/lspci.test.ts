import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { walkCapabilities, walkExtendedCapabilities } from '../../src/pci/capabilities.ts'
import { ConfigSpace } from '../../src/pci/config-space.ts'
import { completerOf, isRootPort } from '../../src/pci/express.ts'
import { formatLspciDump } from '../../src/pci/lspci-dump.ts'
import { findMsix } from '../../src/pci/msix.ts'
import { findTph } from '../../src/pci/tph-capability.ts'
import { pcieFunction } from './arbitrary-config.ts'
import { buildConfig } from './build-config.ts'
import { capabilityBlocks, lspciTph } from './lspci-words.ts'

const DEVICES = 200
const COMPLETERS = {
  none: 'TPHComp- ExtTPHComp-',
  tph: 'TPHComp+ ExtTPHComp-',
  extended: 'TPHComp+ ExtTPHComp+',
}
const haveLspci = runs('lspci')

describe.skipIf(!haveLspci)('lspci -F decodes alike', () => {
  const functions = fc.sample(pcieFunction, { numRuns: DEVICES, seed: 1 }).map((sampled, i) => ({
    bdf: `0000:${i.toString(16).padStart(2, '0')}:00.0`,
    title: 'made up',
    bytes: buildConfig(sampled),
  }))
  const decoded = haveLspci ? lspci(formatLspciDump(functions)) : new Map<string, string>()

  const pairs = functions.map(({ bdf, bytes }) => ({
    config: new ConfigSpace(bytes),
    text: decoded.get(bdf) ?? '',
  }))

  it('every function', () => {
    expect([...decoded.keys()].sort()).toEqual(functions.map(({ bdf }) => bdf).sort())
  })

  it('the chains', () => {
    for (const { config, text } of pairs) {
      const walks = [walkCapabilities(config), walkExtendedCapabilities(config)]
      const offsets = walks.flatMap(({ capabilities }) => capabilities.map(({ offset }) => offset))
      expect(offsets).toEqual(capabilityBlocks(text).map(({ offset }) => offset))
    }
  })

  it('TPH', () => {
    const found = pairs.map(({ config }) => findTph(config).tph)
    expect(found.filter((tph) => tph !== null).length).toBeGreaterThan(DEVICES / 4)
    for (const [i, { text }] of pairs.entries()) {
      const [expected] = lspciTph(text)
      const seen = found[i]
      if (expected === undefined) expect(seen).toBeNull()
      else expect(seen).toMatchObject({ ...expected, modes: expect.any(Array) })
      expect(seen?.modes.filter((mode) => mode !== 'none') ?? []).toEqual(expected?.modes ?? [])
    }
  })

  it('MSI-X', () => {
    const expected = pairs.map(({ text }) => lspciMsix(text))
    expect(pairs.map(({ config }) => findMsix(config))).toEqual(expected)
    expect(expected.filter((msix) => msix !== null).length).toBeGreaterThan(DEVICES / 4)
  })

  it('ports and what they complete', () => {
    const ports = pairs.filter(({ text }) => text.includes(' Root Port '))
    expect(ports.length).toBeGreaterThan(DEVICES / 4)
    expect(pairs.filter(({ config }) => isRootPort(config))).toEqual(ports)
    const words = ports.map(({ text }) => /TPHComp. ExtTPHComp./.exec(text)?.[0])
    expect(ports.map(({ config }) => COMPLETERS[completerOf(config) ?? 'none'])).toEqual(words)
  })
})

function lspciMsix(text: string) {
  const block = capabilityBlocks(text).find((one) => one.text.startsWith('MSI-X'))
  if (block === undefined) return null
  const words = /Enable([+-]) Count=(\d+) Masked([+-])\s+Vector table: BAR=(\d) offset=([0-9a-f]+)/
  const [, enabled, count, masked, bar, offset] = words.exec(block.text) ?? []
  return {
    offset: block.offset,
    entries: Number(count),
    bar: Number(bar),
    tableOffset: Number.parseInt(offset ?? '', 16),
    enabled: enabled === '+',
    maskedAll: masked === '+',
  }
}

/** Runs lspci on a dump; its words by address. */
function lspci(dump: string): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'tphctl-lspci-'))
  try {
    const file = join(folder, 'dump')
    writeFileSync(file, dump)
    const output = execFileSync('lspci', ['-D', '-F', file, '-vvv'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const blocks = output.split(/\n\n/).filter((block) => block.trim() !== '')
    return new Map(blocks.map((block) => [block.slice(0, block.indexOf(' ')), block]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function runs(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
