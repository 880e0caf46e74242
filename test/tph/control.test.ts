import { describe, expect, it } from 'vitest'
import type { StMode } from '../../src/pci/tph-control.ts'
import { setControl } from '../../src/tph/control.ts'
import { coded } from './scripted-commands.ts'
import { CAPABILITY, DS_WITHOUT_TABLE, ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const REGISTER = CAPABILITY + 8

/** A capability with all three modes and plain TPH. */
const ALL_MODES_8_BIT = 0x00000007

const enable = ({ host }: Rig, mode: StMode | null, dryRun = false) =>
  setControl(host, BDF, mode, dryRun)

/** A device whose register starts as that value. */
function rigWith(control: number, capability?: number): Rig {
  const device = new ScriptedDevice(BDF, capability)
  new DataView(device.config.buffer).setUint32(REGISTER, control, true)
  return rigOf([device])
}

/** The values written, all of them 4 bytes at the register. */
function written({ device }: Rig): number[] {
  expect(device.writes.every(([offset]) => offset === REGISTER)).toBe(true)
  return device.writes.map(([, value]) => value)
}

describe('setControl()', () => {
  it.each<[StMode, number, number]>([
    ['none', 0x300, 0x100],
    ['iv', 0x301, 0x101],
    ['ds', 0x302, 0x102],
  ])('turns mode %s on with one write', (mode, extended, plain) => {
    const rig = rigWith(0)
    expect(enable(rig, mode)).toEqual({
      device: BDF,
      changed: true,
      before: { mode: 'none', requester: 'off' },
      control: { mode, requester: 'extended' },
    })
    expect(written(rig)).toEqual([extended])
    const other = rigWith(0, ALL_MODES_8_BIT)
    expect(enable(other, mode).control).toEqual({ mode, requester: 'tph' })
    expect(written(other)).toEqual([plain])
  })

  it.each<[StMode | null, number]>([
    ['iv', 0x301],
    ['iv', 0x101],
    ['ds', 0x302],
    ['none', 0x300],
    [null, 0],
  ])('writes nothing when mode %s is already so (register %i)', (mode, control) => {
    const rig = rigWith(control)
    expect(enable(rig, mode).changed).toBe(false)
    expect(written(rig)).toEqual([])
  })

  it('turns TPH off before it turns another mode on', () => {
    const rig = rigWith(0x301)
    expect(enable(rig, 'ds')).toMatchObject({ changed: true, control: { mode: 'ds' } })
    expect(written(rig)).toEqual([0, 0x302])
  })

  it.each([0x301, 0x002, 0x100])('turns TPH off with one write of 0 (register %i)', (control) => {
    const rig = rigWith(control)
    expect(enable(rig, null).control).toEqual({ mode: 'none', requester: 'off' })
    expect(written(rig)).toEqual([0])
  })

  it.each<StMode>(['none', 'iv'])(
    'refuses mode %s, which the capability lacks, and writes nothing',
    (mode) => {
      const rig = rigWith(0, DS_WITHOUT_TABLE)
      expect(() => enable(rig, mode)).toThrow(coded('unsupported'))
      expect(() => enable(rig, mode)).toThrow(`mode ${mode}`)
      expect([written(rig), rig.device.opens]).toEqual([[], 0])
    },
  )

  it.each(['iv', null] as const)(
    'refuses %s where the kernel lacks the feature, and writes nothing',
    (mode) => {
      const rig = rigWith(0x302)
      rig.device.script = ({ op }) => (op === 'probe' ? -25 : undefined)
      expect(() => enable(rig, mode)).toThrow(coded('unsupported'))
      expect(written(rig)).toEqual([])
      expect([rig.device.opens, rig.device.closes, rig.backend.locked]).toEqual([1, 1, 0])
    },
  )

  it.each<[string, number, StMode | null, number]>([
    ['stays off', 0, 'iv', 0],
    ['stays in the old mode', 0x302, 'iv', 0x302],
    ['stays on', 0x301, null, 0x301],
  ])('refuses when the register %s', (_what, control, mode, after) => {
    const rig = rigWith(control)
    rig.device.ignoresWrite = () => true
    expect(() => enable(rig, mode)).toThrow(coded('refused'))
    expect(() => enable(rig, mode)).toThrow('reads back')
    expect(new DataView(rig.device.config.buffer).getUint32(REGISTER, true)).toBe(after)
    expect(rig.device.closes).toBe(rig.device.opens)
  })

  it('accepts the requester type that the kernel chose', () => {
    const rig = rigWith(0)
    rig.device.ignoresWrite = (offset) => {
      rig.device.config.set([0x01, 0x01, 0, 0], offset)
      return true
    }
    expect(enable(rig, 'iv').control).toEqual({ mode: 'iv', requester: 'tph' })
  })

  it('as a rehearsal opens nothing and says what would be written', () => {
    const rig = rigWith(0x302)
    expect(enable(rig, 'iv', true)).toMatchObject({ changed: false, planned: [0, 0x301] })
    expect([rig.device.opens, written(rig)]).toEqual([0, []])
  })
})
