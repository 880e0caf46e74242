import { spawnSync } from 'node:child_process'
import { type Summary, summarize } from './statistics.ts'
import { CODE_CACHE, compile } from './workplace.ts'

/** A command to measure. */
export interface Subject {
  readonly name: string
  readonly words: readonly string[]
  /** The file it reads; nothing unless told. */
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  /** The exit status it must have. */
  readonly exitCode?: number
  /** What makes things ready for a run; it is not measured. */
  readonly prepare?: () => void
}

/** What runs of a command took. */
export interface Sample {
  /** Milliseconds on the clock. */
  readonly wall: Summary
  /** Milliseconds of CPU time, user and system. */
  readonly cpu: Summary
  /** Largest resident memory in kB. */
  readonly memory: Summary
  readonly runs: number
}

/** Measures commands as whole processes, in turn, so that a slow moment of the machine is everybody's. */
export class Sampler {
  readonly #measure: string

  /** @throws Error without a C compiler */
  constructor() {
    const measure = compile('test/bench/measure.c')
    if (measure === null) throw new Error('Cannot measure: there is no C compiler (cc)')
    this.#measure = measure
  }

  /** @param warm rounds that do not count, which also keep compiled code */
  run(subjects: readonly Subject[], runs: number, warm = 3): Map<string, Sample> {
    const taken = new Map<string, [number, number, number][]>(
      subjects.map(({ name }) => [name, []]),
    )
    for (let round = -warm; round < runs; round++) {
      for (const subject of subjects) {
        const figures = this.#once(subject)
        if (round >= 0) taken.get(subject.name)?.push(figures)
      }
    }
    return new Map([...taken].map(([name, all]) => [name, sampleOf(all)]))
  }

  #once({
    name,
    words,
    stdin = '/dev/null',
    env = {},
    exitCode = 0,
    prepare = () => {},
  }: Subject): [number, number, number] {
    prepare()
    const { status, stdout, stderr } = spawnSync(this.#measure, [stdin, '/dev/null', ...words], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], TPHCTL_CODE_CACHE: CODE_CACHE, ...env },
    })
    if (status !== exitCode)
      throw new Error(`Cannot measure ${name}: exit status ${status}: ${stderr}`)
    const [nanoseconds = 0, microseconds = 0, memory = 0] = stdout.split(' ').map(Number)
    return [nanoseconds / 1e6, microseconds / 1e3, memory]
  }
}

/** @throws RangeError when that was not measured */
export function sampleNamed(samples: ReadonlyMap<string, Sample>, name: string): Sample {
  const sample = samples.get(name)
  if (sample === undefined) throw new RangeError(`${name} was not measured`)
  return sample
}

function sampleOf(all: readonly (readonly [number, number, number])[]): Sample {
  return {
    wall: summarize(all.map(([wall]) => wall)),
    cpu: summarize(all.map(([, cpu]) => cpu)),
    memory: summarize(all.map(([, , memory]) => memory)),
    runs: all.length,
  }
}
