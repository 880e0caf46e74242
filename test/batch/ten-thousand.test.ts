import { describe, expect, it } from 'vitest'
import { type Run, testHost } from '../helpers/run-main.ts'

const LINES = 10_000
/** A line that changes something for so many that look. */
const EVERY = 100

const lineAt = (i: number) =>
  i % EVERY === 0 ? `set 81:00.0 ${i % 64}=${i % 8}` : `get 81:00.0 ${i % 64}`

const calls = ({ stderr }: Run) => stderr.match(/^(ioctl|read|write)\b/gm)?.length ?? 0

describe('a batch of 10,000 lines', () => {
  it('makes the device calls that its lines make alone, and no others', {
    timeout: 60_000,
  }, async () => {
    const stdin = Array.from({ length: LINES }, (_, i) => `${lineAt(i)}\n`).join('')
    const run = await testHost().run('batch -v', { stdin })
    expect(run.exitCode).toBe(0)
    expect(run.stdout.split('\n')).toHaveLength(LINES + 1)

    const host = testHost()
    await host.run(`-q ${lineAt(0)}`)
    const set = calls(await host.run(`-v ${lineAt(EVERY)}`))
    const get = calls(await host.run(`-v ${lineAt(1)}`))
    expect(calls(run)).toBe((set + get * (EVERY - 1)) * (LINES / EVERY))
  })

  it('is checked as a whole before the first one runs', { timeout: 60_000 }, async () => {
    const stdin = `${'set 81:00.0 0=1\n'.repeat(LINES - 1)}set 81:00.0 0=\n`
    const run = await testHost().run('batch -v', { stdin })
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(calls(run)).toBe(0)
    expect(run.stderr).toMatch(/^tphctl: stdin:10000: Cannot parse/)
  })
})
