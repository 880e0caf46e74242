import { execFileSync } from 'node:child_process'
import type { NodeBinary } from './nodes.ts'
import type { Findings } from './row.ts'
import { ratioOf, summarize } from './statistics.ts'
import { buildScript, compile } from './workplace.ts'

const CALLS = '200000'
const ROUNDS = '3'
const RUNS = 7

/** What an ioctl costs through koffi, over what it costs a C program; the same call, that fails with ENOTTY. */
export async function nativeCalls(nodes: readonly NodeBinary[]): Promise<Findings> {
  const inC = compile('test/bench/ioctl.c')
  const what = 'one ioctl through koffi, errno included, over C'
  if (inC === null) return { rows: [], gaps: [{ what, why: 'no C compiler (cc)' }] }
  const script = await buildScript('test/bench/ioctl-loop.ts')
  const rows = nodes.map(({ path, version, major }) => {
    const pairs = Array.from({ length: RUNS }, () => [
      nanoseconds(path, [script, CALLS, ROUNDS]),
      nanoseconds(inC, [CALLS, ROUNDS]),
    ])
    const ours = summarize(pairs.map(([one = Number.NaN]) => one))
    const theirs = summarize(pairs.map(([, other = Number.NaN]) => other))
    return {
      what,
      node: version,
      ratio: ratioOf(ours, theirs),
      cpu: null,
      target: major === '22' || major === '24' ? 4 : null,
      runs: RUNS,
      detail: `${ours.median.toFixed(0)} ns over ${theirs.median.toFixed(0)} ns`,
    }
  })
  return { rows, gaps: [] }
}

function nanoseconds(program: string, words: readonly string[]): number {
  return Number(execFileSync(program, words, { encoding: 'utf8' }))
}
