import { after, before, describe, it } from 'node:test'
import { type ContractTheme, runCase } from '../../contract/world.ts'
import type { KernelCase } from './kernel-cases.ts'
import { type KernelWorld, kernelWorld } from './kernel-world.ts'
import { runOwner, type Way } from './owner.ts'
import { OWNER } from './owner-process.ts'

/** A contract suite on the real kernel. */
export interface GuestSuite {
  readonly name: string
  readonly opened: Way
  readonly themes: readonly ContractTheme[]
  /** Cases that the mock has no counterpart of. */
  readonly alone: readonly KernelCase[]
  /** Before anything is opened. */
  setUp?(): void
  /** After all is closed. */
  takeDown?(): void
}

/** Runs suites or, where the program is started with the word `owner`, is the owner of the devices instead. */
export function runSuites(suites: readonly GuestSuite[]): void {
  const [, program = '', word, way] = process.argv
  if (word === OWNER) endOnFailure(runOwner(way === 'cdev' ? 'cdev' : 'group'))
  else for (const suite of suites) register(program, suite)
}

function register(program: string, { name, opened, themes, alone, ...around }: GuestSuite): void {
  describe(name, () => {
    let started: KernelWorld | null = null
    let failure: unknown = new Error('the guest is not set up')
    const world = () => {
      if (started === null) throw failure
      return started
    }
    // Thrown here it would cancel the tests without a word in their own reports.
    before(async () => {
      try {
        around.setUp?.()
        started = await kernelWorld(program, opened)
      } catch (error) {
        failure = error
      }
    })
    after(async () => {
      await started?.close()
      around.takeDown?.()
    })
    for (const theme of themes) {
      describe(theme.name, () => {
        for (const one of theme.cases) it(one.name, async () => runCase(world(), one))
      })
    }
    if (alone.length === 0) return
    describe('the kernel alone', () => {
      for (const one of alone) {
        it(one.name, async () => {
          for (const role of one.roles) await world().reopen(role)
          await one.run(world())
        })
      }
    })
  })
}

/** A promise that ends the program when it fails. */
function endOnFailure(promise: Promise<void>): void {
  promise.catch((error: unknown) => {
    process.stderr.write(`owner: ${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
  })
}
