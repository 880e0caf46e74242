import { describe, expect, it } from 'vitest'
import { ConfigSpace } from '../../../src/pci/config-space.ts'
import { findTph } from '../../../src/pci/tph-capability.ts'
import { pciTphV8 } from '../../../src/tph/interfaces/pci-tph-v8.ts'
import type { ControlInfo, RunInfo } from '../../../src/tph/results.ts'
import { configWith, EXTENDED_64 } from '../scripted-device.ts'

/** The table in the capability, 8-bit tags. */
const PLAIN_64 = EXTENDED_64 & ~0x100

function capability(value: number) {
  const { tph } = findTph(new ConfigSpace(configWith(value)))
  if (tph === null) throw new RangeError('no capability')
  return tph
}

const run = (index: number, count: number, memoryType: 'vm' | 'pm' = 'vm'): RunInfo => ({
  index,
  count,
  memoryType,
  cpus: Array.from({ length: count }, (_, i) => (i % 3 === 0 ? null : i)),
})

/** The entries of a SET_ST, as its bytes have them. */
function entriesOf(bytes: Uint8Array): (readonly [cpu: number, memType: number, index: number])[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: view.getUint32(8, true) }, (_, i) => {
    const at = 16 + 12 * i
    return [view.getUint32(at, true), view.getUint8(at + 4), view.getUint16(at + 6, true)] as const
  })
}

describe('SET_ST', () => {
  it('is not called for nothing', () => {
    expect(pciTphV8.setCalls([])).toEqual([])
  })

  it.each([2048, 1, 2])('is one call for %i entries', (count) => {
    const calls = pciTphV8.setCalls([run(0, count)])
    expect(calls.map(({ runs }) => runs)).toEqual([[run(0, count)]])
  })

  it('takes runs of both memory types, cleared entries among them', () => {
    const [call, ...others] = pciTphV8.setCalls([run(3, 2), run(9, 2, 'pm')])
    expect(others).toEqual([])
    expect(entriesOf(call?.encode() ?? new Uint8Array())).toEqual([
      [0xffffffff, 0, 3],
      [1, 0, 4],
      [0xffffffff, 1, 9],
      [1, 1, 10],
    ])
  })

  it('is called as often as more entries than one takes need', () => {
    const calls = pciTphV8.setCalls([run(0, 2047), run(2047, 2, 'pm')])
    const sent = calls.map((call) => entriesOf(call.encode()))
    expect(sent.map(({ length }) => length)).toEqual([2048, 1])
    expect(sent[1]).toEqual([[1, 1, 2048]])
    expect(calls.map(({ runs }) => runs)).toEqual([
      [run(0, 2047), { ...run(2047, 1, 'pm') }],
      [{ index: 2048, count: 1, memoryType: 'pm', cpus: [1] }],
    ])
  })
})

describe('the way to a mode', () => {
  const off: ControlInfo = { mode: 'none', requester: 'off' }
  const iv: ControlInfo = { mode: 'iv', requester: 'extended' }
  const names = (now: ControlInfo, mode: 'iv' | 'ds' | null) =>
    pciTphV8.controlSteps(capability(EXTENDED_64), now, mode).map(({ call }) => call?.name)

  it.each([
    ['off', off, null, []],
    ['off, with a mode selected', { ...iv, requester: 'off' }, null, []],
    ['off, with that mode selected', { ...iv, requester: 'off' }, 'iv', ['ENABLE iv']],
    ['on', iv, null, ['DISABLE']],
    ['on in that mode', iv, 'iv', []],
    ['on in another mode', iv, 'ds', ['DISABLE', 'ENABLE ds']],
    [
      'on with a reserved requester',
      { ...iv, requester: 'reserved' },
      'iv',
      ['DISABLE', 'ENABLE iv'],
    ],
  ] as const)('from %s', (_what, now, mode, expected) => {
    expect(names(now, mode)).toEqual(expected)
  })

  it.each([
    [EXTENDED_64, 0x301],
    [PLAIN_64, 0x101],
  ])('leads to the requester that the capability has', (value, register) => {
    const steps = pciTphV8.controlSteps(capability(value), off, 'iv')
    expect(steps).toMatchObject([{ value: register, call: { action: 'enable mode iv' } }])
  })

  it('off leads to a register of zeros', () => {
    const steps = pciTphV8.controlSteps(capability(EXTENDED_64), iv, null)
    expect(steps).toMatchObject([{ value: 0, call: { name: 'DISABLE', action: 'disable TPH' } }])
  })
})

describe('the way back', () => {
  const now: ControlInfo = { mode: 'ds', requester: 'tph' }
  it.each([
    ['off', 0x000, ['DISABLE']],
    ['off, with a mode selected', 0x001, ['DISABLE']],
    ['a mode that is reserved', 0x103, ['DISABLE']],
    ['IV mode', 0x101, ['DISABLE', 'ENABLE iv']],
    ['IV mode of a reserved requester', 0x201, ['DISABLE', 'ENABLE iv']],
    ['DS mode', 0x302, []],
  ])('to %s', (_what, was, expected) => {
    const steps = pciTphV8.controlStepsBack(capability(EXTENDED_64), now, was)
    expect(steps.map(({ call }) => call?.name)).toEqual(expected)
  })
})
