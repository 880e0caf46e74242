import { describe, expect, it } from 'vitest'
import { getEntries } from '../../../src/tph/get-entries.ts'
import { findTphFunction } from '../../../src/tph/host.ts'
import { undoDevice } from '../../../src/tph/undo.ts'
import { control } from '../control-rig.ts'
import { set } from '../scripted-commands.ts'
import { DS_WITHOUT_TABLE, EXTENDED_64 } from '../scripted-device.ts'
import { BDF, traced } from '../scripted-host.ts'
import { OP } from './v8-device.ts'
import { type V8Rig, v8Rig } from './v8-rig.ts'

/** IV mode of an extended requester. */
const ON = 0x301
/** A table of 64 in the capability, DS alone, extended. */
const DS_TABLE = 0x003f0305

const rigOn = () => v8Rig(ON)

/** Has SET_ST fail as the header says: what it programmed before the entry is 0, what is behind it as it was. */
function failAt(rig: V8Rig, index: number, errno: number, times = Number.POSITIVE_INFINITY): void {
  let failed = 0
  rig.device.v8Script = ({ op, bytes }) => {
    if (op !== OP.setSt || failed === times) return undefined
    const indexes = Array.from({ length: bytes.getUint32(8, true) }, (_, i) =>
      bytes.getUint16(16 + 12 * i + 6, true),
    )
    const at = indexes.indexOf(index)
    if (at < 0) return undefined
    failed += 1
    for (const done of indexes.slice(0, at)) rig.device.putTag(done, 0)
    return -errno
  }
}

const setSts = ({ device }: V8Rig) => device.ops.filter((op) => op === OP.setSt).length

describe('set under VFIO_DEVICE_PCI_TPH', () => {
  it('is one call for all memory types and holes', () => {
    const rig = rigOn()
    expect(set(rig, '0-1=2-3', '8=1@pm', '20=none').error).toBeNull()
    expect(rig.device.table.slice(0, 9)).toEqual([0x102, 0x103, 0, 0, 0, 0, 0, 0, 0x201])
    expect(setSts(rig)).toBe(1)
  })

  it.each([
    ['TPH is off', 0, EXTENDED_64, 'iv'],
    ['TPH is off', 0x001, EXTENDED_64, 'iv'],
    ['TPH is on in mode none', 0x300, EXTENDED_64, 'iv'],
    ['TPH is off', 0, DS_TABLE, 'ds'],
  ])('is refused before it is sent: %s', (state, value, capability, mode) => {
    const rig = v8Rig(value, capability)
    const message = `Cannot set ST entries: ${state}, and this kernel's interface programs them only while it is on`
    const hint = `"tphctl enable ${BDF} --mode ${mode}" turns it on`
    const error = { code: 'refused', device: BDF, message, hint }
    expect(() => set(rig, '0=1')).toThrow(expect.objectContaining(error))
    expect(setSts(rig)).toBe(0)
  })

  it('is refused for a device without a table, with where its tags are', () => {
    const rig = v8Rig(0x102, DS_WITHOUT_TABLE)
    const message =
      'Cannot use ST entries: the device has no ST table, and this kernel interface keeps none for it'
    const hint = `"tphctl tag ${BDF} CPUS" shows the tags of CPUs`
    expect(() => set(rig, '0=1')).toThrow(
      expect.objectContaining({ code: 'unsupported', message, hint }),
    )
    expect(rig.device.ops).toEqual([OP.getCap])
  })

  it('puts back what a call that failed has left at 0, entry by entry where it is refused again', () => {
    const rig = rigOn()
    expect(set(rig, '0-3=0-3').error).toBeNull()
    failAt(rig, 2, 22)
    const { results, error } = set(rig, '0-3=4')
    expect(error).toMatchObject({ errno: 'EINVAL' })
    expect(rig.device.table.slice(0, 5)).toEqual([0x100, 0x101, 0x102, 0x103, 0])
    expect(results[0]).toMatchObject({ changed: false, failed: [{ index: 0, count: 4 }] })
    expect(rig.told).toEqual([])
  })

  it('says what is not back: a tag of which nobody knows the CPU is 0 now', () => {
    const rig = rigOn()
    rig.device.putTag(1, 0x42)
    failAt(rig, 3, 22, 1)
    const { results } = set(rig, '0-3=4')
    expect(rig.device.table.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
    expect(results[0]).toMatchObject({ changed: true })
    expect(rig.told.join()).toContain('entries 1 not put back: the CPU behind their former tag')
  })

  it('says when TPH went off with it, so that nothing could be put back', () => {
    const rig = rigOn()
    expect(set(rig, '0-1=0-1').error).toBeNull()
    rig.device.v8Script = ({ op }) => {
      if (op !== OP.setSt) return undefined
      rig.device.putControl(0)
      rig.device.putTag(0, 0)
      return -5
    }
    const { results, error } = set(rig, '0-1=4')
    expect(error).toMatchObject({ errno: 'EIO' })
    expect(results[0]).toMatchObject({ changed: true })
    expect(rig.told[0]).toContain('TPH went off when SET_ST failed')
    expect(rig.told.join()).toContain('entry 0 not put back: EIO')
    expect(rig.told.join()).not.toContain('entry 1 not put back')
  })

  it('repeats a call that a signal interrupted', () => {
    const rig = rigOn()
    rig.device.v8Script = ({ op, nth }) => (op === OP.setSt && nth < 3 ? -4 : undefined)
    expect(set(rig, '0=1').error).toBeNull()
    expect(setSts(rig)).toBe(3)
  })

  it('is undone', () => {
    const rig = rigOn()
    expect(set(rig, '0-1=0-1').error).toBeNull()
    expect(set(rig, '1-2=5').error).toBeNull()
    expect(undoDevice(rig.host, BDF, false).error).toBeNull()
    expect(rig.device.table.slice(0, 4)).toEqual([0x100, 0x101, 0, 0])
  })
})

describe('get under VFIO_DEVICE_PCI_TPH', () => {
  const get = ({ host }: V8Rig, indexes: readonly number[]) =>
    getEntries(host, findTphFunction(host, BDF), indexes)

  it('has the tags of the device, and CPUs only while they are those that were set', () => {
    const rig = rigOn()
    expect(set(rig, '0-1=2-3').error).toBeNull()
    rig.device.putTag(1, 0x77)
    expect(get(rig, [1, 0])).toEqual({
      device: BDF,
      entries: [
        { index: 1, st: 0x77, cpu: null, memoryType: null },
        { index: 0, st: 0x102, cpu: 2, memoryType: 'vm' },
      ],
      source: 'device',
    })
    expect(rig.told.join()).toContain('no call that reads entries')
  })

  it('has what the ledger has where the table cannot be read, and says so', () => {
    const rig = rigOn()
    expect(set(rig, '0-1=2-3').error).toBeNull()
    const { readConfig } = rig.device
    rig.device.readConfig = (offset, length) =>
      readConfig.call(rig.device, offset, offset >= 0x1ac ? 0 : length)
    expect(get(rig, [0, 1])).toMatchObject({
      source: 'ledger',
      entries: [{ st: 0x102 }, { cpu: 3 }],
    })
    expect(rig.told.at(-1)).toContain("these are of tphctl's ledger, as they were set")
    expect(() => get(rig, [0, 2])).toThrow("Cannot read the device's own ST table")
  })
})

describe('enable and disable under VFIO_DEVICE_PCI_TPH', () => {
  it('are operations, and nothing is written to config space', () => {
    const rig = rigOn()
    expect(control(rig, 'ds')).toMatchObject({ error: null, value: { control: { mode: 'ds' } } })
    expect(control(rig, null)).toMatchObject({ error: null, value: { control: { mode: 'none' } } })
    expect(control(rig, null).value.changed).toBe(false)
    const ops = rig.device.ops.filter((op) => op !== OP.getCap)
    expect(ops).toEqual([OP.disable, OP.enable, OP.disable])
    expect(rig.device.writes).toEqual([])
  })

  it('have no way to No ST mode', () => {
    const rig = v8Rig()
    expect(() => control(rig, 'none')).toThrow('ENABLE of VFIO_DEVICE_PCI_TPH has modes iv and ds')
    expect(rig.device.ops).toEqual([OP.getCap])
  })

  it('go back to the former mode when the new one is refused', () => {
    const rig = rigOn()
    rig.device.v8Script = ({ op, bytes }) =>
      op === OP.enable && bytes.getUint8(8) === 2 ? -95 : undefined
    const { value, error } = control(rig, 'ds')
    expect(error).toMatchObject({ code: 'unsupported', errno: 'EOPNOTSUPP' })
    expect(error?.message).toBe(
      'Cannot enable mode ds: EOPNOTSUPP, the device does not support this operation',
    )
    expect(value).toMatchObject({ changed: false, control: { mode: 'iv' } })
  })

  it('do not believe a call that succeeds and changes nothing', () => {
    const rig = rigOn()
    rig.device.v8Script = ({ op }) => (op === OP.disable ? 0 : undefined)
    expect(control(rig, null).error?.message).toContain('it was to become off and reads back')
  })

  it('as a rehearsal say what would be called, having asked what is there', () => {
    const rig = rigOn()
    const { host, lines } = traced(rig)
    const { value } = control({ host }, 'ds', true)
    expect(value).toMatchObject({ planned: [], plannedCalls: ['DISABLE', 'ENABLE ds'] })
    expect(lines).toEqual([
      'would ioctl VFIO_DEVICE_PCI_TPH DISABLE [10 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00]',
      'would ioctl VFIO_DEVICE_PCI_TPH ENABLE ds [10 00 00 00 01 00 00 00 02 00 00 00 00 00 00 00]',
    ])
    expect(new Set(rig.device.ops)).toEqual(new Set([OP.getCap]))
  })
})
