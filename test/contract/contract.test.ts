import { join } from 'node:path'
import { describe, it } from 'vitest'
import { temporaryDirectory } from '../helpers/temporary.ts'
import { mockWorld } from './mock-world.ts'
import { contract } from './suite.ts'
import { runCase } from './world.ts'

describe.each(contract)('contract, on the mock: $name', ({ cases }) => {
  it.each(cases)('$name', async (one) => {
    const world = mockWorld(join(temporaryDirectory(), 'state'))
    await runCase(world, one)
    await world.close()
  })
})
