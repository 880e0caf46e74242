import { createWriteStream, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { entryLines, hostDump } from './generate.mjs'
import { LAUNCHER } from './get-call.ts'
import type { NodeBinary } from './nodes.ts'
import type { Findings, Gap, Row } from './row.ts'
import { type Sample, type Sampler, type Subject, sampleNamed } from './sampler.ts'
import { ratioOf, type Summary } from './statistics.ts'
import { EMPTY, isThere, PLACE } from './workplace.ts'

const LINES = 1_000_000
const FEWER = 100_000
const RUNS = 5
/** In memory, as the state of a real host is in its kernel and in /run. */
const STATE = join(existsSync('/dev/shm') ? '/dev/shm' : PLACE, `tphctl-bench-${process.pid}`)

/** `set -` with many lines for many devices, and `list` of them, beside the programs that read the same. */
export async function bulk(sampler: Sampler, nodes: readonly NodeBinary[]): Promise<Findings> {
  const host = await fileOf('host.lspci', hostDump())
  const files = {
    many: await fileOf(`lines-${LINES}`, entryLines(LINES)),
    fewer: await fileOf(`lines-${FEWER}`, entryLines(FEWER)),
    one: await fileOf('lines-1', entryLines(1)),
  }
  const withLspci = isThere('lspci')
  const gaps: Gap[] = withLspci ? [] : [{ what: 'list over lspci -F', why: 'no lspci' }]
  const found = nodes.map((node) => {
    const tphctl = (name: string, words: readonly string[], stdin = '/dev/null'): Subject => ({
      name,
      words: [node.path, LAUNCHER, ...words],
      stdin,
      env: { TPHCTL_MOCK_STATE: join(STATE, 'state'), TPHCTL_MOCK_HOST: host },
      // What is set is set anew each time.
      prepare: () => rmSync(STATE, { recursive: true, force: true }),
    })
    const subjects = [
      { name: 'empty', words: [node.path, EMPTY] },
      tphctl('many', ['set', '-'], files.many),
      // On what that one left: there are ledgers to read.
      { ...tphctl('again', ['set', '-'], files.many), prepare: () => {} },
      tphctl('fewer', ['set', '-'], files.fewer),
      tphctl('one', ['set', '-'], files.one),
      { name: 'wc', words: ['wc', '-w', files.many] },
      { name: 'sort', words: ['sort', files.many] },
      tphctl('list', ['list']),
      ...(withLspci ? [{ name: 'lspci', words: ['lspci', '-F', host] }] : []),
    ]
    return rowsOf(node, sampler.run(subjects, RUNS, 1))
  })
  rmSync(STATE, { recursive: true, force: true })
  return { rows: found.flat(), gaps }
}

/** A file of what was generated. */
async function fileOf(name: string, pieces: Iterable<string>): Promise<string> {
  const path = join(PLACE, name)
  await pipeline(Readable.from(pieces), createWriteStream(path))
  return path
}

function rowsOf({ version, major }: NodeBinary, samples: ReadonlyMap<string, Sample>): Row[] {
  const of = (name: string) => sampleNamed(samples, name)
  const isBound = major === '22' || major === '24'
  const row = (what: string, ratio: Summary, target: number | null, detail: string): Row => {
    return {
      what,
      node: version,
      ratio,
      cpu: null,
      target: isBound ? target : null,
      runs: RUNS,
      detail,
    }
  }
  const peers = sum(of('wc').wall, of('sort').wall)
  const each = (name: string, lines: number) =>
    scaled(less(of(name).wall, of('one').wall), 1e6 / lines)
  const memory = (name: string) => scaled(less(of(name).memory, of('empty').memory), 1024 / LINES)
  const rows = [
    row(
      'set - of 1,000,000 lines, over wc -w and sort',
      ratioOf(of('many').wall, peers),
      6,
      `${seconds(of('many').wall)} over ${seconds(peers)}`,
    ),
    row(
      'a line of 1,000,000 over one of 100,000',
      ratioOf(each('many', LINES), each('fewer', FEWER)),
      1.2,
      `${each('many', LINES).median.toFixed(0)} ns over ${each('fewer', FEWER).median.toFixed(0)} ns`,
    ),
    row(
      'memory of a line, in bytes',
      memory('many'),
      64,
      `${(of('many').memory.median / 1024).toFixed(0)} MB in all`,
    ),
    row(
      'the same, where the same were set before',
      memory('again'),
      null,
      `${(of('again').memory.median / 1024).toFixed(0)} MB in all`,
    ),
  ]
  if (!samples.has('lspci')) return rows
  const [list, lspci] = [of('list').wall, of('lspci').wall]
  return [
    ...rows,
    row(
      'list of 1,024 functions, over lspci -F',
      ratioOf(list, lspci),
      3,
      `${seconds(list)} over ${seconds(lspci)}`,
    ),
  ]
}

function sum(a: Summary, b: Summary): Summary {
  return { min: a.min + b.min, median: a.median + b.median }
}

function less(a: Summary, b: Summary): Summary {
  return { min: a.min - b.min, median: a.median - b.median }
}

function scaled({ min, median }: Summary, factor: number): Summary {
  return { min: min * factor, median: median * factor }
}

function seconds({ median }: Summary): string {
  return `${(median / 1000).toFixed(2)} s`
}
