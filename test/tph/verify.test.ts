import { describe, expect, it } from 'vitest'
import { BDF, type Rig } from './scripted-host.ts'
import {
  expectTidy,
  freeVectors,
  IV_8_BIT,
  IV_EXTENDED,
  keep,
  msixRig,
  putInCapability,
  putInMsix,
  switchMsixOff,
  tableRig,
  VECTORS,
  verify,
} from './verify-rig.ts'

describe('verifyDevice()', () => {
  it.each([
    ['in the capability', tableRig, 64, (rig: Rig) => putInCapability(rig, 0x101, 0x202)],
    [
      'in MSI-X memory',
      msixRig,
      8,
      (rig: Rig) => {
        putInMsix(rig, 0, 0x101)
        putInMsix(rig, 1, 0x202)
      },
    ],
  ])('a table %s: same when all tags agree, different when one does not', (_, rigOf, n, put) => {
    const rig = rigOf()
    keep(rig, 0x101, 0x202)
    put(rig)
    expect(verify(rig)).toEqual({
      value: {
        device: BDF,
        state: 'same',
        reason: null,
        compared: n,
        differences: [],
        waiting: [],
      },
      error: null,
    })
    keep(rig, 0x101, 0x203, 0x104)
    const { value, error } = verify(rig)
    expect(value).toEqual({
      device: BDF,
      state: 'different',
      reason: null,
      compared: n,
      differences: [
        { index: 1, st: 0x203, hardware: 0x202 },
        { index: 2, st: 0x104, hardware: 0 },
      ],
      waiting: [],
    })
    expect(error).toMatchObject({ code: 'drift', exitCode: 7, device: BDF })
    expect(error?.message).toContain('entries 1-2:')
    expect(rig.device.opens).toBe(2)
    expectTidy(rig)
  })

  it('waiting is no difference: tags of vectors that are not allocated', () => {
    const rig = msixRig()
    keep(rig, 0x101, 0x102, 0x103)
    putInMsix(rig, 0, 0x101)
    freeVectors(rig, 1, 2, 7)
    expect(verify(rig)).toEqual({
      value: {
        device: BDF,
        state: 'waiting',
        reason: 'entries 1-2 wait for MSI-X vectors',
        compared: VECTORS - 2,
        differences: [],
        waiting: [1, 2],
      },
      error: null,
    })
    putInMsix(rig, 0, 0x333)
    expect(verify(rig)).toMatchObject({
      value: { state: 'different', waiting: [1, 2], differences: [{ index: 0 }] },
      error: { exitCode: 7 },
    })
    switchMsixOff(rig)
    expect(verify(rig).value).toMatchObject({ state: 'waiting', waiting: [0, 1, 2], compared: 5 })
    expectTidy(rig)
  })

  it('notices what somebody else wrote into the table', () => {
    const rig = tableRig()
    keep(rig, 0x101)
    putInCapability(rig, 0x101)
    expect(verify(rig).value.state).toBe('same')
    putInCapability(rig, 0, 0xbeef)
    expect(verify(rig).value.differences).toEqual([
      { index: 0, st: 0x101, hardware: 0 },
      { index: 1, st: 0, hardware: 0xbeef },
    ])
  })

  it.each([
    ['TPH is on with 8-bit tags', IV_8_BIT, 'same'],
    ['TPH is on with extended tags', IV_EXTENDED, 'different'],
  ])('minds the upper byte of an entry only as far as it counts: %s', (_, control, state) => {
    const rig = tableRig(control)
    keep(rig, 0x01)
    putInCapability(rig, 0xab01)
    expect(verify(rig).value.state).toBe(state)
  })

  it('compares with config space as it is once it has the lock', () => {
    const rig = tableRig()
    const old = { ...rig.backend.functions()[0] }
    const config = { bytes: rig.device.config.slice(), missing: 'not-readable' }
    const cached = { ...old, config }
    const { find } = rig.backend
    let isFirst = true
    rig.backend.find = (bdf) => {
      const found = isFirst ? (cached as NonNullable<ReturnType<typeof find>>) : undefined
      isFirst = false
      return found ?? find.call(rig.backend, bdf)
    }
    rig.backend.onLock = () => {
      keep(rig, 0x101)
      putInCapability(rig, 0x101)
    }
    expect(verify(rig).value.state).toBe('same')
  })

  it.each([
    ['TPH is off', 0x000, 'TPH is off'],
    ['TPH is off in mode IV', 0x001, 'TPH is off'],
    ['mode none is on', 0x300, 'mode none'],
    ['a reserved mode is on', 0x303, 'mode reserved'],
  ])('inactive when %s, whatever the tables hold', (_, control, reason) => {
    const rig = tableRig(control)
    keep(rig, 0x101)
    const { value, error } = verify(rig)
    expect(value).toMatchObject({ device: BDF, state: 'inactive', compared: 0, differences: [] })
    expect(value.reason).toContain(reason)
    expect(error).toBeNull()
    expectTidy(rig)
  })
})
