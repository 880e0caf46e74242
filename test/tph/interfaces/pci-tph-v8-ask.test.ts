import { describe, expect, it } from 'vitest'
import { DS_WITHOUT_TABLE } from '../scripted-device.ts'
import { BDF, traced } from '../scripted-host.ts'
import { ask } from '../tag-rig.ts'
import { OP, type V8Call } from './v8-device.ts'
import { type V8Rig, v8Rig } from './v8-rig.ts'

/** DS mode of a requester with 8-bit tags. */
const DS = 0x102
/** IV and DS modes, no table. */
const IV_DS_WITHOUT_TABLE = 0x00000006
const IV_WITHOUT_TABLE = 0x00000002

const rigWith = (control: number, capability = DS_WITHOUT_TABLE) => v8Rig(control, capability)

/** The bytes of each GET_ST, as they were sent. */
function sent(rig: V8Rig): number[][] {
  const all: number[][] = []
  rig.device.v8Script = ({ op, bytes }) => {
    if (op === OP.getSt)
      all.push([...new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)])
    return undefined
  }
  return all
}

describe('tag under VFIO_DEVICE_PCI_TPH', () => {
  it('is one GET_ST for all CPUs, and sets nothing', () => {
    const rig = rigWith(DS)
    expect(ask(rig, [7, 3])).toEqual({
      value: {
        device: BDF,
        tags: [
          { cpu: 7, st: 0x107, memoryType: 'vm' },
          { cpu: 3, st: 0x103, memoryType: 'vm' },
        ],
      },
      error: null,
    })
    expect(rig.device.ops.filter((op) => op !== OP.getCap)).toEqual([OP.getSt])
    expect([rig.device.writes, rig.told]).toEqual([[], []])
    expect([rig.device.opens - rig.device.closes, rig.backend.locked]).toEqual([0, 0])
  })

  it('sends CPUs and memory types as the header has them', () => {
    const rig = rigWith(DS)
    const all = sent(rig)
    expect(ask(rig, [0x0102, 3], 'pm').value.tags.map(({ st }) => st)).toEqual([0x302, 0x203])
    const header = [40, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]
    const entries = [2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    expect(all).toEqual([[...header, ...entries]])
  })

  it('asks for more CPUs than one call takes in as many calls as that needs', () => {
    const rig = rigWith(DS)
    const all = sent(rig)
    const cpus = Array.from({ length: 2049 }, (_, i) => i % 8)
    const { tags } = ask(rig, cpus).value
    expect(tags.map(({ cpu }) => cpu)).toEqual(cpus)
    expect(tags.map(({ st }) => st)).toEqual(cpus.map((cpu) => 0x100 + cpu))
    expect(all.map((bytes) => (bytes.length - 16) / 12)).toEqual([2048, 1])
  })

  it('says so when the kernel refuses', () => {
    const rig = rigWith(DS)
    rig.device.v8Script = ({ op }) => (op === OP.getSt ? -22 : undefined)
    expect(() => ask(rig, [1])).toThrow(
      'Cannot ask for the tags: EINVAL, the kernel does not accept this request, or has no TPH for the device',
    )
  })

  it.each<[string, (call: V8Call) => void, string]>([
    ['another op', ({ bytes }) => bytes.setUint32(4, 4, true), 'another header'],
    ['another count', ({ bytes }) => bytes.setUint32(8, 9, true), 'count 9 where 1 was sent'],
  ])('believes no reply with %s', (_what, spoil, why) => {
    const rig = rigWith(DS)
    rig.device.v8Script = (call) => {
      if (call.op !== OP.getSt) return undefined
      spoil(call)
      return 0
    }
    expect(() => ask(rig, [1])).toThrow(
      `Cannot use VFIO_DEVICE_PCI_TPH: GET_ST answered with ${why}`,
    )
  })

  it('as a rehearsal has what would be asked, and shows the call', () => {
    const rig = rigWith(DS)
    const { host, lines } = traced(rig)
    expect(ask({ ...rig, host }, [5, 1], 'pm', true).value).toEqual({
      device: BDF,
      tags: [],
      planned: [
        { index: 0, count: 1, memoryType: 'pm', cpus: [5] },
        { index: 0, count: 1, memoryType: 'pm', cpus: [1] },
      ],
    })
    expect(lines).toEqual([expect.stringMatching(/^would ioctl VFIO_DEVICE_PCI_TPH GET_ST/)])
    expect(new Set(rig.device.ops)).toEqual(new Set([OP.getCap]))
  })

  it('is for devices with DS mode', () => {
    const rig = rigWith(0x101, IV_WITHOUT_TABLE)
    expect(() => ask(rig, [1])).toThrow(
      'Cannot ask for tags: GET_ST is for DS mode, which the device lacks',
    )
    expect(rig.device.ops).not.toContain(OP.getSt)
  })

  it.each([
    ['off', 0],
    ['off, with DS mode selected', 0x002],
    ['on in IV mode', 0x101],
    ['on in No ST mode', 0x100],
  ])('is refused before it is sent while TPH is %s', (_state, control) => {
    const rig = rigWith(control, IV_DS_WITHOUT_TABLE)
    expect(() => ask(rig, [1])).toThrow(
      expect.objectContaining({
        code: 'refused',
        message: 'Cannot ask for tags: GET_ST is for DS mode, which is not on',
        hint: `"tphctl enable ${BDF} --mode ds" turns it on`,
      }),
    )
    expect(rig.device.ops).not.toContain(OP.getSt)
  })
})
