import { describe, expect, it } from 'vitest'
import { runOnce, testHost } from '../helpers/run-main.ts'

interface Entry {
  readonly index: number
  readonly cpu: number | null
  readonly memoryType: string
}

const POLICIES = [['--local'], ['--cpus', '0'], ['--node', '0'], ['--l3', '1'], ['--follow-irqs']]
const PAIRS = POLICIES.flatMap((one, at) =>
  POLICIES.slice(at + 1).map((other) => [...one, ...other]),
)

const idsOf = ({ index, cpu, memoryType }: Entry) => [index, cpu, memoryType]

describe('tphctl plan', () => {
  it.each(
    ['81:00.0', '82:00.0'].flatMap((device) =>
      ['', '--cpus 3,1,1', '--node 1', '--l3 2 --mem-type pm', '--follow-irqs'].map(
        (policy) => `${device} ${policy}`,
      ),
    ),
  )('plan %s is what set makes of its text', async (words) => {
    const host = testHost()
    const [device] = words.split(' ')
    const { stdout } = await host.run(`plan ${words}`)
    expect(await host.run(`set ${device} -`, { stdin: stdout })).toMatchObject({ exitCode: 0 })
    const planned = JSON.parse((await host.run(`plan ${words} --json`)).stdout)
    const set = JSON.parse((await host.run(`get ${device} --json`)).stdout)
    expect(set.entries.map(idsOf)).toEqual(planned.entries.map(idsOf))
  })

  it('is about the near CPUs unless told', async () => {
    const [told, untold] = [await runOnce('plan 82:00.0 --local'), await runOnce('plan 82:00.0')]
    expect(untold).toEqual(told)
    expect(untold.stdout).toContain('=15\n')
    expect(untold.stdout).not.toContain('=7\n')
  })

  it.each(PAIRS)('is about one policy: %s %s', async (...options) => {
    const run = await runOnce(['plan', '81:00.0', ...options])
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toMatch(/^tphctl: Cannot plan by both --\S+ and --\S+: give one of them\n/)
  })

  it.each([
    [['--cpus', '']],
    [['--cpus', 'local']],
    [['--node', '']],
    [['--node', '-1']],
    [['--l3', '0x1']],
    [['--mem-type', 'nv']],
  ])('takes no %j', async (options) => {
    expect(await runOnce(['plan', '81:00.0', ...options])).toMatchObject({
      exitCode: 2,
      stdout: '',
    })
  })

  it('changes nothing', async () => {
    const host = testHost()
    const before = await host.run('get 81:00.0')
    await host.run('plan 81:00.0')
    expect(await host.run('get 81:00.0')).toEqual(before)
  })
})
