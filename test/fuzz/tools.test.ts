import { describe, expect, it } from 'vitest'
import { type Counters, Coverage } from './counters.ts'
import { Hunt } from './hunt.ts'
import { type Material, magnify, mutate } from './mutate.ts'
import { Random } from './random.ts'
import { shrink } from './shrink.ts'
import type { Target } from './target.ts'

function material(seed: number): Material {
  return {
    random: new Random(seed),
    words: [Buffer.from('word')],
    other: () => Uint8Array.of(7, 7, 7),
  }
}

/** Counters of which a test says what was taken. */
function fakeCounters(branches: number): Counters & { hit(branch: number, times: number): void } {
  const [hits, touched] = [new Uint8Array(branches), new Int32Array(branches)]
  let count = 0
  return {
    hits,
    touched,
    count: () => count,
    clear() {
      while (count > 0) hits[touched[--count] ?? 0] = 0
    },
    hit(branch, times) {
      if (hits[branch] === 0) touched[count++] = branch
      hits[branch] = times
    },
  }
}

describe('mutate() and magnify()', () => {
  it('make the same of the same seed, never too much, and not always the same', () => {
    const made = (seed: number) => {
      const all = material(seed)
      return Array.from({ length: 200 }, () => mutate(Buffer.from('12 abc'), all, 20))
    }
    expect(made(1)).toEqual(made(1))
    expect(made(1)).not.toEqual(made(2))
    expect(made(1).every(({ length }) => length <= 20)).toBe(true)
    expect(new Set(made(1).map(String)).size).toBeGreaterThan(150)
  })

  it('take an empty input', () => {
    const all = material(3)
    for (let i = 0; i < 500; i++) expect(mutate(new Uint8Array(0), all, 9).length).toBeLessThan(10)
    expect(magnify(new Uint8Array(0), all, 100)).toHaveLength(0)
  })

  it('repeat a piece up to a length', () => {
    const large = magnify(Buffer.from('ab'), material(5), 1000)
    expect(large.length).toBeGreaterThan(900)
    expect(large.length).toBeLessThanOrEqual(1000)
  })
})

describe('Coverage', () => {
  it('tells what is new: a branch, and a branch that is taken more often', () => {
    const counters = fakeCounters(4)
    const coverage = new Coverage(counters)
    const isNew = [1, 1, 2, 3, 4, 200, 200].map((times) => {
      counters.hit(2, times)
      return coverage.takeNew()
    })
    expect(isNew).toEqual([true, false, true, true, false, true, false])
    expect(coverage.branches).toBe(1)
    expect(coverage.takeNew()).toBe(false)
  })
})

describe('a hunt', () => {
  it('is led by what is new to what no single change would reach', async () => {
    const counters = fakeCounters(8)
    const secret = Buffer.from('tags!')
    const target: Target = {
      name: 'secret',
      share: 1,
      longest: 5,
      microsecondsPerByte: 1e9,
      seeds: () => [Buffer.from('.....')],
      words: [],
      run(input) {
        for (const [at, byte] of secret.entries()) {
          if (input[at] !== byte) return
          counters.hit(at, 1)
        }
        throw new TypeError('reached')
      },
    }
    const found: string[] = []
    const hunt = new Hunt(target, 1, counters, { begin() {}, found: ({ key }) => found.push(key) })
    await hunt.run(200_000, Number.POSITIVE_INFINITY)
    expect(found).toEqual([expect.stringMatching(/^TypeError /)])
  })
})

it('shrink() leaves what shows the fault', async () => {
  const shows = async (input: Uint8Array) => Buffer.from(input).toString().includes('bad')
  const small = await shrink(Buffer.from(`${'x'.repeat(300)}bad${'y'.repeat(300)}`), shows)
  expect(Buffer.from(small).toString()).toBe('bad')
})
