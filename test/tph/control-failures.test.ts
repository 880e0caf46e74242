import { describe, expect, it } from 'vitest'
import { CallError } from '../../src/backend/types.ts'
import type { StMode } from '../../src/pci/tph-control.ts'
import { buildConfig } from '../pci/build-config.ts'
import {
  control,
  putRegister,
  REGISTER,
  register,
  rigWith,
  showInSysfs,
  written,
} from './control-rig.ts'
import { coded } from './scripted-commands.ts'
import { configWith, EXTENDED_64, type Script } from './scripted-device.ts'
import { BDF, type Rig } from './scripted-host.ts'

const EIO = 5

/** Has writes of those values fail with EIO. */
function refuse({ device }: Rig, ...values: readonly number[]): void {
  device.ignoresWrite = (_, value) => {
    if (values.includes(value)) throw new CallError('write', EIO)
    return false
  }
}

describe('setControl() of a register that does not take a value', () => {
  it.each<[string, number, StMode | null]>([
    ['stays off', 0, 'iv'],
    ['stays in the old mode', 0x302, 'iv'],
    ['stays on', 0x301, null],
    ['stays on with the reserved requester value', 0x202, null],
  ])('reports that it %s', (_what, value, mode) => {
    const rig = rigWith(value)
    rig.device.ignoresWrite = () => true
    const outcome = control(rig, mode)
    expect(outcome.error).toMatchObject({ code: 'refused', device: BDF })
    expect(outcome.error?.message).toContain('reads back')
    expect(outcome.value.changed).toBe(false)
    expect(outcome.value.control).toEqual(outcome.value.before)
    expect([register(rig), written(rig).length, rig.told]).toEqual([value, 1, []])
    expect(rig.device.closes).toBe(rig.device.opens)
  })

  it('does not take the reserved requester value for the kernel’s choice', () => {
    const rig = rigWith(0)
    rig.device.ignoresWrite = (_, value) => {
      if (value !== 0) putRegister(rig, 0x201)
      return value !== 0
    }
    expect(control(rig, 'iv').error?.message).toContain('reads back mode iv, requester reserved')
    expect(register(rig)).toBe(0)
  })

  it('puts back a register that became something else', () => {
    const rig = rigWith(0)
    rig.device.ignoresWrite = (_, value) => {
      if (value !== 0) putRegister(rig, 0x302)
      return value !== 0
    }
    const { value, error } = control(rig, 'iv')
    expect(error).toMatchObject(coded('refused'))
    expect(value).toMatchObject({ changed: false, control: { mode: 'none', requester: 'off' } })
    expect(written(rig)).toEqual([0x301, 0])
  })
})

describe('setControl() whose write fails', () => {
  it('puts the old mode back when that was the second write', () => {
    const rig = rigWith(0x301)
    refuse(rig, 0x302)
    const { value, error } = control(rig, 'ds')
    expect(error).toMatchObject({ code: 'refused', errno: 'EIO', device: BDF })
    const iv = { mode: 'iv', requester: 'extended' }
    expect(value).toEqual({ device: BDF, changed: false, before: iv, control: iv })
    expect(written(rig)).toEqual([0, 0x302, 0x301])
    expect([register(rig), rig.told]).toEqual([0x301, []])
  })

  it('says so when that fails too, and shows what the register holds', () => {
    const rig = rigWith(0x301)
    refuse(rig, 0x302, 0x301)
    const { value, error } = control(rig, 'ds')
    expect(error).toMatchObject({ errno: 'EIO' })
    expect(value).toMatchObject({ changed: true, control: { mode: 'none', requester: 'off' } })
    expect(rig.told).toEqual([expect.stringMatching(`^${BDF}: the TPH control register .*EIO`)])
  })

  it('writes no more when that was the first', () => {
    const rig = rigWith(0x301)
    refuse(rig, 0)
    expect(control(rig, 'ds').value).toMatchObject({ changed: false, control: { mode: 'iv' } })
    expect([written(rig), rig.told]).toEqual([[0], []])
  })

  it('says that the register is not put back when it cannot be read any more', () => {
    const rig = rigWith(0x301)
    const { device } = rig
    const read = device.readConfig.bind(device)
    device.readConfig = (offset, length) => {
      if (offset === REGISTER && device.writes.length > 0) throw new CallError('read', EIO)
      return read(offset, length)
    }
    expect(() => control(rig, 'ds')).toThrow('read the TPH control register: EIO')
    expect(rig.told).toEqual([expect.stringMatching(`^${BDF}: .* is not put back: .*EIO`)])
    expect([device.opens - device.closes, rig.backend.locked]).toEqual([0, 0])
  })
})

describe('setControl() and the guard', () => {
  it.each<[string, Script]>([
    ['PROBE SET fails', ({ op }) => (op === 'probe' ? -25 : undefined)],
    ['GET has another shape', ({ op }) => (op === 'get' ? 0 : undefined)],
    ['GET beyond the table is no EINVAL', ({ index }) => (index === 64 ? -25 : undefined)],
  ])('writes nothing where %s', (_what, script) => {
    for (const mode of ['iv', null] as const) {
      const rig = rigWith(0x302)
      rig.device.script = script
      expect(() => control(rig, mode)).toThrow(coded('unsupported'))
      expect(written(rig)).toEqual([])
      expect([rig.device.opens, rig.device.closes, rig.backend.locked]).toEqual([1, 1, 0])
    }
  })

  it('goes by the place of the capability that the fd shows', () => {
    const rig = rigWith(0)
    showInSysfs(rig, { bytes: configWith(EXTENDED_64), missing: 'not-readable' })
    const extended = [{ offset: 0x100, id: 0x17, dwords: [EXTENDED_64, 0] }]
    const capabilities = [{ offset: 0xa0, id: 0x10, flags: 0x0002 }]
    rig.device.config.set(buildConfig({ capabilities, extended }))
    expect(control(rig, 'iv')).toMatchObject({ value: { control: { mode: 'iv' } }, error: null })
    expect(written(rig, 0x108)).toEqual([0x301])
  })
})
