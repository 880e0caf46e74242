import { describe, expect, it } from 'vitest'
import { enable } from '../../src/commands/enable.ts'
import { UsageError } from '../../src/errors.ts'
import { fakeContext } from '../helpers/fake-context.ts'
import { testHost } from '../helpers/run-main.ts'

/** Nothing may be asked of it. */
const context = fakeContext({ host: () => expect.fail('the host is not needed') })

describe('enable', () => {
  it.each([undefined, true, false, '', 'off', 'IV', 'null', 'iv '])(
    'never takes an unknown mode for "off": %j',
    (mode) => {
      const invocation = { words: ['81:00.0'], options: { mode } }
      expect(() => enable.run(invocation, context)).toThrow(UsageError)
      expect(() => enable.run(invocation, context)).toThrow('expected iv, ds, none')
    },
  )

  it.each(['enable 81:00.0', 'enable 81:00.0 --mode off', 'enable 81:00.0 --mode ds --mode=DS'])(
    '%s leaves the register as it is',
    async (call) => {
      const host = testHost()
      await host.run('enable 81:00.0 --mode iv')
      expect((await host.run(call)).exitCode).toBe(2)
      expect((await host.run('info 81:00.0')).stdout).toMatch(/^control\tiv \(/m)
    },
  )
})
