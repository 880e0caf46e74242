import { describe, expect, it } from 'vitest'
import { rightsChecks } from '../../src/doctor/rights-checks.ts'
import { verdictOf } from './fake-facts.ts'

const SCOPE = '/proc/sys/kernel/yama/ptrace_scope'
const STATUS = '/proc/self/status'
const status = (mask: bigint) => `Name:\ttphctl\nCapEff:\t${mask.toString(16).padStart(16, '0')}\n`
const PTRACE = 1n << 19n

describe('ptrace-scope', () => {
  it.each([
    ['0', 0n, 'ok'],
    ['1', 0n, 'problem'],
    ['1', PTRACE, 'ok'],
    ['2', 0n, 'problem'],
    ['2', PTRACE, 'ok'],
    ['3', PTRACE, 'problem'],
  ])('%s with capabilities %s is %s', (scope, mask, state) => {
    const files = { [SCOPE]: scope, [STATUS]: status(mask) }
    expect(verdictOf(rightsChecks, 'ptrace-scope', { files })?.state).toBe(state)
  })

  it('is fine without Yama, and unknown where it cannot be read', () => {
    expect(verdictOf(rightsChecks, 'ptrace-scope', {})?.state).toBe('ok')
    const files = { [SCOPE]: ['EACCES'] as const }
    expect(verdictOf(rightsChecks, 'ptrace-scope', { files })?.state).toBe('unknown')
  })

  it('names what says which rights this process has, where that cannot be read', () => {
    const files = { [SCOPE]: '1', [STATUS]: ['EIO'] as const }
    expect(verdictOf(rightsChecks, 'ptrace-scope', { files })).toMatchObject({
      state: 'unknown',
      evidence: `${SCOPE}: 1; ${STATUS}: EIO`,
    })
  })
})

describe('capabilities', () => {
  it.each([
    ['cap-sys-ptrace', 19n],
    ['cap-dac-read-search', 2n],
    ['cap-sys-admin', 21n],
  ])('%s is bit %i of CapEff', (id, bit) => {
    const having = (mask: bigint) => ({ files: { [STATUS]: status(mask) } })
    expect(verdictOf(rightsChecks, id, having(1n << bit))?.state).toBe('ok')
    expect(verdictOf(rightsChecks, id, having(~(1n << bit) & 0xffffffffffffffffn))).toMatchObject({
      state: 'problem',
      fix: expect.stringMatching(/^run it as root or with CAP_/),
    })
    expect(verdictOf(rightsChecks, id, {})?.state).toBe('unknown')
  })

  it('CAP_SYS_RAWIO is for devices without an IOMMU only', () => {
    const files = { [STATUS]: status(0n) }
    expect(verdictOf(rightsChecks, 'cap-sys-rawio', { files })).toBeNull()
    const mode = '/sys/module/vfio/parameters/enable_unsafe_noiommu_mode'
    const host = { files: { ...files, [mode]: 'Y' } }
    expect(verdictOf(rightsChecks, 'cap-sys-rawio', host)?.state).toBe('problem')
    const hidden = { files: { ...files, [mode]: ['EACCES'] as const } }
    expect(verdictOf(rightsChecks, 'cap-sys-rawio', hidden)).toMatchObject({
      state: 'unknown',
      evidence: `${mode}: EACCES`,
    })
  })

  it('one that is missing does not matter where a device answers', () => {
    const files = { [STATUS]: status(0n) }
    const verdict = verdictOf(rightsChecks, 'cap-sys-ptrace', { files }, { answered: true })
    expect(verdict?.state).toBe('ok')
  })
})
