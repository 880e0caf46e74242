import { join } from 'node:path'
import { describe, it } from 'vitest'
import type { InterfaceName } from '../../src/abi/interface-names.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { mockWorld } from './mock-world.ts'
import { contract, contractV8 } from './suite.ts'
import { type ContractTheme, runCase } from './world.ts'

const SUITES: readonly (readonly [InterfaceName, readonly ContractTheme[]])[] = [
  ['tph-st', contract],
  ['pci-tph-v8', contractV8],
]

describe.each(SUITES)('contract, on the mock with %s', (abi, suite) => {
  describe.each(suite)('$name', ({ cases }) => {
    it.each(cases)('$name', async (one) => {
      const world = mockWorld(join(temporaryDirectory(), 'state'), abi)
      await runCase(world, one)
      await world.close()
    })
  })
})
