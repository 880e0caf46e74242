import type { Reporter, Vitest } from 'vitest/node'

/**
 * Tells Stryker of a mutant that no test file survives loading. Its runner for Vitest looks at single tests only, of which such
 * a file has none, and would say that the mutant survived; as an error of the run it counts neither for nor against the tests.
 */
export function loadFailures(): Reporter {
  let vitest: Vitest | undefined
  return {
    onInit(started) {
      vitest = started
    },
    onTestRunEnd(modules) {
      for (const module of modules) {
        for (const error of module.errors()) vitest?.state.errorsSet.add(error)
      }
    },
  }
}
