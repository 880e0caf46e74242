import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { GenerationLock } from '../../../src/backend/mock/generation-lock.ts'
import { resetMock } from '../../../src/backend/mock/mock-backend.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { bundle } from './bundle.ts'
import { openMock, send, tagAt } from './raw-device.ts'

const ROUNDS = 6
const AT_ONCE = 8
const BDF = '0000:81:00.0'
const SET = '14000000 0e000200 00000000 0000 0100 05000000'

/** The program in a directory of its own, with a state file there. */
function program() {
  const directory = temporaryDirectory()
  const file = bundle('src/process.ts', directory)
  const statePath = join(directory, 'state')
  const env = { PATH: process.env['PATH'], TPHCTL_MOCK_STATE: statePath }
  const tphctl = (...words: readonly string[]) =>
    promisify(execFile)(process.execPath, [file, '--backend', 'mock', ...words], { env })
  return { statePath, tphctl }
}

it('"mock reset" and "set" at the same time, from the first use on, all end well', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { tphctl } = program()
    const runs = Array.from({ length: AT_ONCE }, (_, i) => [
      tphctl('set', BDF, `${i}=${i}`),
      tphctl('mock', 'reset'),
    ])
    const outcomes = await Promise.allSettled(runs.flat())
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
  }
})

it('"mock reset" waits for a command that is at work on a device', async () => {
  const { statePath, tphctl } = program()
  const mock = openMock({ statePath })
  const lock = mock.lock(BDF, 0)
  send(mock.borrow(BDF), SET)
  let isOver = false
  const reset = tphctl('mock', 'reset').then(() => {
    isOver = true
  })
  await setTimeout(1500)
  expect([isOver, tagAt(mock.borrow(BDF), 0)]).toEqual([false, 0x105])
  lock.release()
  await reset
  expect(tagAt(mock.borrow(BDF), 0)).toBe(0)
})

it('resetMock() leaves no device locked', () => {
  const statePath = join(temporaryDirectory(), 'state')
  const mock = openMock({ statePath })
  mock.lock(BDF, 0).release()
  resetMock(statePath)
  const directory = `${statePath}.locks/built-in/${BDF}`
  expect(new GenerationLock(directory).tryAcquire()).toBeNull()
})
