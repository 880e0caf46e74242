import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../helpers/temporary.ts'
import { bundle } from './bundle.ts'
import { openMock, tagAt } from './raw-device.ts'

const BDF = '0000:81:00.0'
const PROCESSES = 24

it('24 commands that set disjoint entries at the same time lose nothing', async () => {
  const directory = temporaryDirectory()
  const statePath = join(directory, 'state')
  const program = bundle('src/process.ts', directory)
  const env = { PATH: process.env['PATH'], TPHCTL_MOCK_STATE: statePath }
  const tphctl = (...words: readonly string[]) =>
    promisify(execFile)(process.execPath, [program, '--backend', 'mock', '--json', ...words], {
      env,
    })
  const indexes = Array.from({ length: PROCESSES }, (_, i) => i)
  await Promise.all(indexes.map((i) => tphctl('set', BDF, `${2 * i}-${2 * i + 1}=${i % 16}`)))

  const device = openMock({ statePath }).borrow(BDF)
  const expected = indexes.flatMap((i) => [0x100 + (i % 16), 0x100 + (i % 16)])
  expect(indexes.flatMap((i) => [tagAt(device, 2 * i), tagAt(device, 2 * i + 1)])).toEqual(expected)

  const { stdout } = await tphctl('get', BDF, `0-${2 * PROCESSES - 1}`)
  const { entries } = JSON.parse(stdout) as { entries: { cpu: number | null }[] }
  expect(entries.map(({ cpu }) => cpu)).toEqual(indexes.flatMap((i) => [i % 16, i % 16]))
})
