import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Hunt } from './hunt.ts'
import { targets } from './targets.ts'
import { type Fault, tryInput } from './trial.ts'

const CORPUS = fileURLToPath(new URL('corpus', import.meta.url))
/** Milliseconds that an input of the corpus may take here, where other tests run beside it: those that were slow took a minute. */
const PATIENCE = 15_000
/** Enough to see that a target runs; `npm run fuzz` is what looks for faults. */
const EXECUTIONS = 40
const SEED = 20

function corpusOf(name: string): { file: string; input: Uint8Array }[] {
  const files = readdirSync(CORPUS).includes(name) ? readdirSync(`${CORPUS}/${name}`) : []
  return files.map((file) => ({ file, input: readFileSync(`${CORPUS}/${name}/${file}`) }))
}

describe('what broke something once', () => {
  const cases = targets.flatMap((target) =>
    corpusOf(target.name).map((one) => ({ ...one, target, name: `${target.name}/${one.file}` })),
  )

  it.each(cases)('does so no more: $name', async ({ target, input }) => {
    const start = performance.now()
    const fault = await tryInput(target, input)
    const took = performance.now() - start
    expect(fault).toBeNull()
    expect(took).toBeLessThan(PATIENCE)
  })

  it('belongs to targets that are there', () => {
    const names = targets.map(({ name }) => name)
    expect(readdirSync(CORPUS).filter((name) => !names.includes(name))).toEqual([])
  })
})

describe('a target', () => {
  it.each(targets)('$name takes its seeds and some changes of them', async (target) => {
    const found: Fault[] = []
    const patient = { ...target, microsecondsPerByte: 1e9 }
    const hunt = new Hunt(patient, SEED, null, { begin() {}, found: (fault) => found.push(fault) })
    await hunt.run(EXECUTIONS, Number.POSITIVE_INFINITY)
    expect(found).toEqual([])
    expect(hunt.executions).toBe(EXECUTIONS)
  })

  it('that breaks is found, by what it throws and by its time', async () => {
    const broken = (run: () => void) => ({
      name: 'broken',
      share: 1,
      longest: 8,
      microsecondsPerByte: 0,
      seeds: () => [Uint8Array.of(1)],
      words: [],
      run,
    })
    const throwing = broken(() => {
      throw new TypeError('of its own')
    })
    const slow = broken(() => {
      const before = process.cpuUsage()
      while (process.cpuUsage(before).user < 200_000);
    })
    const found: string[] = []
    const watcher = { begin() {}, found: ({ key }: Fault) => found.push(key) }
    for (const target of [throwing, slow]) await new Hunt(target, SEED, null, watcher).run(1, 1e9)
    expect(found).toEqual([expect.stringMatching(/^TypeError /), 'slow'])
  })
})
