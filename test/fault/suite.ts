import { afterAll, describe, expect, it } from 'vitest'
import type { Fault } from './injector.ts'
import { sampleFor, scenariosOf, type Tried, titleOf, tryFaults } from './matrix.ts'
import type { FaultWorld } from './world.ts'

/** `npm run test:faults` tries them all, or every Nth that TPHCTL_FAULTS says; without it there is a sample. */
const step = Number(process.env['TPHCTL_FAULTS'] ?? 0)
const SHOWN = 25
const LONG = 3_600_000

/** The fault matrix of one world, a test for each scenario. */
export function faultSuite(name: FaultWorld['name']): void {
  const scenarios = scenariosOf(name)
  const all: Tried[] = []
  describe(`with any call failing, on the ${name} host`, () => {
    for (const scenario of scenarios) {
      const choose = step > 0 ? everyNth : sampleFor(scenario, scenarios)
      it(
        titleOf(scenario),
        async () => {
          const tried = await tryFaults(name, scenario, choose)
          all.push(tried)
          const { complaints } = tried
          expect(complaints.length, complaints.slice(0, SHOWN).join('\n')).toBe(0)
        },
        LONG,
      )
    }

    afterAll(() => {
      const [cells, tried, calls] = (['cells', 'tried', 'calls'] as const).map((key) =>
        all.reduce((sum, one) => sum + one[key], 0),
      )
      process.stdout.write(
        `fault matrix, ${name}: ${tried} of ${cells} cells tried, from ${calls} calls in ${all.length} scenarios\n`,
      )
    })
  })
}

function everyNth(faults: readonly Fault[]): Fault[] {
  return faults.filter((_, i) => i % step === 0)
}
