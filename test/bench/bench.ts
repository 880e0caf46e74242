import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bulk } from './bulk.ts'
import { nativeCalls } from './native.ts'
import { findNode, type NodeBinary } from './nodes.ts'
import { gainTable, rowTable } from './report.ts'
import { type Findings, type Gap, isMet } from './row.ts'
import { Sampler } from './sampler.ts'
import { startUp } from './start-up.ts'
import { type Gain, techniques } from './techniques.ts'
import { PLACE, preparePlace } from './workplace.ts'

/*
 * npm run bench [-- --runs N] [--nodes 20,22,24,26] [--only start-up,bulk,native,techniques]
 *
 * Prints what the program takes beside what it may take, and writes the same as dist/bench/bench.json. Exit status 1 when a
 * bound is not kept.
 */

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '40' },
    nodes: { type: 'string', default: '20,22,24,26' },
    only: { type: 'string', default: 'start-up,bulk,native,techniques' },
  },
})
const runs = Number(options.runs)
const only = new Set(options.only.split(','))

const print = (text: string) => process.stdout.write(`${text}\n`)

preparePlace()
const gaps: Gap[] = []
const nodes = options.nodes.split(',').flatMap((major): NodeBinary[] => {
  const node = findNode(major)
  if (node === null) gaps.push({ what: `Node.js ${major}`, why: 'npm did not bring it' })
  return node === null ? [] : [node]
})
const sampler = new Sampler()

const findings: Findings[] = []
if (only.has('start-up')) findings.push(await startUp(sampler, nodes, runs))
if (only.has('bulk')) findings.push(await bulk(sampler, nodes))
if (only.has('native')) findings.push(await nativeCalls(nodes))
const gains: Gain[] = only.has('techniques') ? await techniques(sampler, nodes, runs) : []

const rows = findings.flatMap((one) => one.rows)
gaps.push(...findings.flatMap((one) => one.gaps))
const [cpu] = cpus()
const machine = {
  date: new Date().toISOString().slice(0, 10),
  cpu: cpu?.model ?? 'unknown',
  cpus: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
}

print(`${machine.date}, ${machine.cpus} CPUs ${machine.cpu}, ${machine.memory}\n`)
print(rowTable(rows))
if (gains.length > 0) print(`\n${gainTable(gains)}`)
for (const { what, why } of gaps) print(`\nnot measured: ${what}: ${why}`)
writeFileSync(
  join(PLACE, 'bench.json'),
  `${JSON.stringify({ machine, rows, gains, gaps }, null, 2)}\n`,
)
process.exitCode = rows.every(isMet) ? 0 : 1
