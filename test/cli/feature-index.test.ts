import { describe, expect, it } from 'vitest'
import { expectNothingDone } from '../helpers/expect-failure.ts'
import { runOnce } from '../helpers/run-main.ts'

describe('--feature-index', () => {
  it.each(['0', '2', '13'])('%s is refused: it is another feature', async (index) => {
    for (const call of ['get 81:00.0', 'set 81:00.0 0=4', 'enable 81:00.0 --mode iv']) {
      const { message } = await expectNothingDone(`--feature-index ${index} ${call}`, 'usage')
      expect(message).toMatch(new RegExp(`^Cannot use feature index ${index}: `))
    }
  })

  it.each(['', '-1', '65536', '0xe', '1e1', 'x'])('%j is no index', async (index) => {
    await expectNothingDone(['--feature-index', index, 'get', '81:00.0'], 'usage')
    if (index === '') return
    const env = { TPHCTL_FEATURE_INDEX: index }
    await expectNothingDone('get 81:00.0', 'usage', { env })
  })

  it.each(['get 81:00.0', 'set 81:00.0 0=4', 'tag 83:00.0 0', 'enable 81:00.0 --mode iv'])(
    '15 %s fails with the reason',
    async (call) => {
      const { message, hint } = await expectNothingDone(`--feature-index 15 ${call}`, 'unsupported')
      expect(message).toMatch(/Cannot use TPH_ST as feature 15: PROBE [GS]ET says ENOTTY/)
      expect(hint).toContain('--feature-index')
    },
  )

  it('counts from the environment too, and the option beats it', async () => {
    const env = { TPHCTL_FEATURE_INDEX: '15' }
    expect((await runOnce('get 81:00.0', { env })).exitCode).toBe(3)
    expect((await runOnce('--feature-index 14 get 81:00.0', { env })).exitCode).toBe(0)
  })
})
