import { after, before, describe, it } from 'node:test'
import { contract } from '../../contract/suite.ts'
import { type ContractTheme, runCase } from '../../contract/world.ts'
import { kernelCases } from './kernel-cases.ts'
import { type KernelWorld, kernelWorld } from './kernel-world.ts'
import { runOwner, type Way } from './owner.ts'
import { OWNER } from './owner-process.ts'

/** The contract suite on the real kernel. Started with the word `owner` this program is the owner of the devices instead. */

const [, program = '', word, way] = process.argv

/** What has to do with how a device was opened. */
const THROUGH_CDEV = new Set(['VFIO_DEVICE_FEATURE', 'open and close'])

if (word === OWNER) {
  endOnFailure(runOwner(way === 'cdev' ? 'cdev' : 'group'))
} else {
  registerSuite('group', contract)
  registerSuite(
    'cdev',
    contract.filter(({ name }) => THROUGH_CDEV.has(name)),
  )
}

function registerSuite(opened: Way, themes: readonly ContractTheme[]): void {
  describe(`contract, on the kernel, opened through the ${opened}`, () => {
    let started: KernelWorld | null = null
    let failure: unknown = new Error('the guest is not set up')
    const world = () => {
      if (started === null) throw failure
      return started
    }
    // Thrown here it would cancel the tests without a word in their own reports.
    before(async () => {
      try {
        started = await kernelWorld(program, opened)
      } catch (error) {
        failure = error
      }
    })
    after(() => started?.close())
    for (const { name, cases } of themes) {
      describe(name, () => {
        for (const one of cases) it(one.name, async () => runCase(world(), one))
      })
    }
    describe('the kernel alone', () => {
      for (const { name, roles, run } of kernelCases) {
        it(name, async () => {
          for (const role of roles) await world().reopen(role)
          await run(world())
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
