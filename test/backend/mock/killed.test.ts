import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { LedgerStore } from '../../../src/tph/ledger.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { bundle } from './bundle.ts'
import { openMock, send, tagAt } from './raw-device.ts'

const BDF = '0000:81:00.0'
const ROUNDS = 30
/** 30 starts of Node on a busy machine. */
const TIMEOUT = 180_000
/** SET of entry 8, CPU 9. */
const SET = '14000000 0e000200 00000000 0800 0100 09000000'
const CLEAR = '14000000 0e000200 00000000 0800 0100 ffffffff'

it(
  'a command killed at any moment leaves state that parses, no stuck lock, no half SET',
  async () => {
    const directory = temporaryDirectory()
    const statePath = join(directory, 'state')
    const script = bundle('test/backend/mock/set-for-ever.ts', directory)
    for (let round = 0; round < ROUNDS; round++) {
      const child = spawn(process.execPath, [script, statePath], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      await setTimeout(Math.random() * 20)
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      expect(await exit).toEqual([null, 'SIGKILL'])

      const mock = openMock({ statePath })
      mock.lock(BDF, 0).release()
      const device = mock.borrow(BDF)
      const tags = [0, 1, 2, 3].map((index) => tagAt(device, index))
      expect(tags[0]).toBeGreaterThanOrEqual(0x100)
      expect(new Set(tags).size).toBe(1)
      expect([send(device, SET), tagAt(device, 8)]).toEqual([0, 0x109])
      expect(send(device, CLEAR)).toBe(0)
      expect(
        new LedgerStore(mock.ledger, { note: () => {}, warn: () => {} }).readStrictly(BDF)?.device,
      ).toBe(BDF)
    }
  },
  TIMEOUT,
)
