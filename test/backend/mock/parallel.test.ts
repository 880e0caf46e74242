import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { bundle } from './bundle.ts'
import { openMock, tagAt } from './raw-device.ts'

const BDF = '0000:81:00.0'
/** As many as the device has entries. */
const PROCESSES = 64
/** All of them start at once, and one after the other gets the lock. */
const WAIT = ['--wait', '120']
/** 64 starts of Node on a busy machine. */
const TIMEOUT = 240_000

const numbers = Array.from({ length: PROCESSES }, (_, i) => i)
const cpuOf = (i: number) => (i * 5) % 16

function host() {
  const directory = temporaryDirectory()
  const statePath = join(directory, 'state')
  const program = bundle('src/process.ts', directory)
  const env = { PATH: process.env['PATH'], TPHCTL_MOCK_STATE: statePath }
  const run = async (...words: readonly string[]) => {
    const argv = [program, '--backend', 'mock', '--json', ...words]
    return JSON.parse((await promisify(execFile)(process.execPath, argv, { env })).stdout)
  }
  const device = openMock({ statePath }).borrow(BDF)
  return {
    set: (entry: string) => run('set', BDF, entry, ...WAIT),
    entries: async (indexes: string): Promise<{ st: number; cpu: number | null }[]> =>
      (await run('get', BDF, indexes)).entries,
    tag: (index: number) => tagAt(device, index),
    undo: () => run('undo', BDF),
  }
}

it(
  `${PROCESSES} commands that set disjoint entries at the same time lose nothing`,
  async () => {
    const { set, entries, tag } = host()
    await Promise.all(numbers.map((i) => set(`${i}=${cpuOf(i)}`)))
    expect(numbers.map(tag)).toEqual(numbers.map((i) => 0x100 + cpuOf(i)))
    expect((await entries('0-63')).map(({ cpu }) => cpu)).toEqual(numbers.map(cpuOf))
  },
  TIMEOUT,
)

it(
  `${PROCESSES} commands that set the same entry leave one of their values, and a ledger that agrees`,
  async () => {
    const { set, entries, tag, undo } = host()
    await Promise.all(numbers.map((i) => set(`7=${cpuOf(i)}`)))
    const [entry] = await entries('7')
    const last = tag(7) - 0x100
    expect(numbers.map(cpuOf)).toContain(last)
    expect(entry).toMatchObject({ st: tag(7), cpu: last })
    // The former value was another one of theirs.
    expect(await undo()).toMatchObject({ changed: true })
    expect([...numbers.map(cpuOf)].filter((cpu) => cpu !== last)).toContain(tag(7) - 0x100)
    expect(await entries('7')).toMatchObject([{ st: tag(7), cpu: tag(7) - 0x100 }])
  },
  TIMEOUT,
)
