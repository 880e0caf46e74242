import { describe, expect, it } from 'vitest'
import { nthBdf, writeBigHost } from '../cli/big-host.ts'
import { type Run, testHost } from '../helpers/run-main.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const DEVICES = 48
const ENTRIES = 2048

/** The device calls of a run by their beginning, and how many there were of each. */
function callsOf({ stderr }: Run): Record<string, number> {
  const calls: Record<string, number> = {}
  for (const [call] of stderr.matchAll(/^(?:ioctl \w+ (?:PROBE )?\w+|read \w+|write \w+)/gm)) {
    calls[call] = (calls[call] ?? 0) + 1
  }
  return calls
}

/** What every change of a device takes: the guard, the entries as they were, one SET a run, and the entries as they are. */
const ONE_DEVICE = {
  'read config': 1,
  'ioctl VFIO_DEVICE_FEATURE PROBE GET': 1,
  'ioctl VFIO_DEVICE_FEATURE PROBE SET': 1,
  'ioctl VFIO_DEVICE_FEATURE GET': 4,
  'ioctl VFIO_DEVICE_FEATURE SET': 1,
}

const times = (count: number) =>
  Object.fromEntries(Object.entries(ONE_DEVICE).map(([call, each]) => [call, each * count]))

/** The same order at every run: a walk with a step that has no factor in common with the length. */
function shuffled(lines: readonly string[]): string {
  const step = 7919
  return lines.map((_, i) => `${lines[(i * step) % lines.length]}\n`).join('')
}

describe('the device calls of set', () => {
  it(`are one SET for a table of ${ENTRIES} entries`, async () => {
    const run = await testHost().run(`-v set 82:00.0 0-${ENTRIES - 1}=8-15 --cycle`)
    expect(run.exitCode).toBe(0)
    expect(callsOf(run)).toEqual(ONE_DEVICE)
    expect(run.stderr).toContain(`SET TPH_ST index 0 count ${ENTRIES} vm`)
  })

  it('are as many for each device of a stream, however its lines are mixed', async () => {
    const host = `${temporaryDirectory()}/host`
    writeBigHost(host, DEVICES, ENTRIES)
    const lines = Array.from({ length: DEVICES * 100 }, (_, i) => {
      return `${nthBdf(i % DEVICES)} ${Math.floor(i / DEVICES)}=${i % 16}`
    })
    const run = await testHost().run(['-v', '--mock-host', host, 'set', '-'], {
      stdin: shuffled(lines),
    })
    expect(run.exitCode).toBe(0)
    expect(run.stdout.split('\n')).toHaveLength(DEVICES + 1)
    expect(callsOf(run)).toEqual(times(DEVICES))
  })

  it('are none where a line of a stream is wrong', async () => {
    const stdin = '82:00.0 0=8\n'.concat('82:00.0 1=8\n', '82:00.0 1=99\n')
    const run = await testHost().run('-v set -', { stdin })
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(callsOf(run)).toEqual({})
  })
})
