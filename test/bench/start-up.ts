import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { GET, LAUNCHER, STATE } from './get-call.ts'
import type { NodeBinary } from './nodes.ts'
import type { Findings, Gap, Row } from './row.ts'
import { type Sample, type Sampler, type Subject, sampleNamed } from './sampler.ts'
import { ratioOf } from './statistics.ts'
import { buildVariant, EMPTY, isThere, PROJECT } from './workplace.ts'

/** The start of the program on each Node.js, over that of a script that does nothing. */
export async function startUp(
  sampler: Sampler,
  nodes: readonly NodeBinary[],
  runs: number,
): Promise<Findings> {
  const ioctl = await buildVariant('ioctl', { entry: 'test/bench/ioctl-entry.ts' })
  const python = findPython()
  const found = nodes.map((node) => {
    const subjects: Subject[] = [
      { name: 'empty', words: [node.path, EMPTY] },
      { name: 'get', words: [node.path, LAUNCHER, ...GET], env: STATE },
      { name: 'ioctl', words: [node.path, ioctl, ...GET], env: STATE },
      { name: 'help', words: [node.path, LAUNCHER, '--help'] },
      { name: 'version', words: [node.path, LAUNCHER, '--version'] },
      ...(python === null ? [] : [peer(python)]),
    ]
    return rowsOf(node, sampler.run(subjects, runs))
  })
  const gaps: Gap[] =
    python !== null ? [] : [{ what: 'the same ioctl from Python', why: 'no python3' }]
  return { rows: found.flat(), gaps }
}

/** Python itself, behind whatever chooses one of several; null where there is none. */
function findPython(): string | null {
  const words = ['-c', 'import sys; print(sys.executable)']
  return isThere('python3') ? execFileSync('python3', words, { encoding: 'utf8' }).trim() : null
}

function peer(python: string): Subject {
  const [backend = '', mock = '', ...rest] = GET
  const words = [join(PROJECT, 'test/bench/ioctl_peer.py'), backend, mock, '-o', 'json']
  return { name: 'python', words: [python, ...words, ...rest.slice(0, 3)] }
}

function rowsOf({ version, major }: NodeBinary, samples: ReadonlyMap<string, Sample>): Row[] {
  const empty = sampleNamed(samples, 'empty')
  const isBound = major === '22' || major === '24'
  const row = (what: string, name: string, target: number | null): Row => {
    const sample = sampleNamed(samples, name)
    return {
      what,
      node: version,
      ratio: ratioOf(sample.wall, empty.wall),
      cpu: ratioOf(sample.cpu, empty.cpu).median,
      target: isBound ? target : null,
      runs: sample.runs,
      detail: `${milliseconds(sample)} over ${milliseconds(empty)}`,
    }
  }
  const get = sampleNamed(samples, 'get')
  const rows = [
    row('get of 64 entries as json', 'get', 1.35),
    row('the same, koffi loaded and one real ioctl', 'ioctl', 1.55),
    row('--help', 'help', 1.3),
    row('--version', 'version', 1.2),
    {
      ...row('peak memory of get', 'get', 1.25),
      ratio: ratioOf(get.memory, empty.memory),
      cpu: null,
      detail: `${megabytes(get)} over ${megabytes(empty)}`,
    },
  ]
  return samples.has('python') ? [...rows, row('Python: the same ioctl', 'python', null)] : rows
}

function milliseconds({ wall }: Sample): string {
  return `${wall.median.toFixed(1)} ms`
}

function megabytes({ memory }: Sample): string {
  return `${(memory.median / 1024).toFixed(1)} MB`
}
