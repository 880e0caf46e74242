import { describe, expect, it } from 'vitest'
import { RefusedError } from '../../src/errors.ts'
import {
  changeMode,
  formerMode,
  isModeFirst,
  isOtherControl,
  presentControl,
} from '../../src/tph/change-mode.ts'
import type { ControlInfo } from '../../src/tph/results.ts'
import { register, rigWith, showInSysfs } from './control-rig.ts'
import { ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const OFF: ControlInfo = { mode: 'none', requester: 'off' }
const IV: ControlInfo = { mode: 'iv', requester: 'extended' }
const DS: ControlInfo = { mode: 'ds', requester: 'extended' }

/** Has sysfs show no more than 64 bytes of config space. */
function hideRegister(rig: Rig): void {
  showInSysfs(rig, { bytes: new Uint8Array(64), missing: 'not-readable' })
}

describe('formerMode()', () => {
  it.each([
    [OFF, 'off'],
    [{ ...IV, requester: 'off' }, 'off'],
    [{ ...IV, mode: 'reserved' }, 'off'],
    [IV, 'iv'],
    [{ ...DS, requester: 'reserved' }, 'ds'],
    [{ ...IV, mode: 'none' }, 'none'],
  ] as const)('of %j is %s', (control, mode) => {
    expect(formerMode(control)).toBe(mode)
  })
})

describe('isModeFirst()', () => {
  it.each([
    ['kernel', 'off', true],
    ['kernel', 'iv', false],
    ['device', 'off', false],
    ['device', 'ds', true],
  ] as const)('where the %s keeps tags and TPH is to be %s: %s', (keeper, wanted, expected) => {
    expect(isModeFirst({ keeper }, wanted)).toBe(expected)
  })
})

describe('isOtherControl()', () => {
  it.each([
    [IV, IV, false],
    [IV, DS, true],
    [IV, { ...IV, requester: 'tph' }, true],
    [IV, OFF, true],
  ] as const)('of %j and %j is %s', (before, control, expected) => {
    expect(isOtherControl({ before, control })).toBe(expected)
  })
})

describe('presentControl()', () => {
  const present = ({ host }: Rig, bdf = BDF) => presentControl(host, bdf)

  it('is the register as sysfs shows it', () => {
    const rig = rigWith(0x301)
    expect(present(rig)).toEqual(IV)
    expect(rig.device.opens).toBe(0)
  })

  it('is null where it is not to be seen', () => {
    expect(present(rigOf(), '0000:99:00.0')).toBeNull()
    expect(present(rigOf([new ScriptedDevice(BDF, 0)]))).toBeNull()
    const rig = rigOf()
    hideRegister(rig)
    expect(present(rig)).toBeNull()
  })

  it('is null where the host cannot be read, and passes on what is a bug', () => {
    const rig = rigOf()
    rig.backend.find = () => {
      throw new RefusedError('Cannot read "/sys": EIO, i/o error')
    }
    expect(present(rig)).toBeNull()
    rig.backend.find = () => {
      throw new RangeError('a bug')
    }
    expect(() => present(rig)).toThrow('a bug')
  })
})

describe('changeMode()', () => {
  const change = ({ host }: Rig, known = DS) => changeMode(host, BDF, 'iv', known)

  it('has the register before and after', () => {
    expect(change(rigOf())).toEqual({
      change: { wanted: 'iv', fate: 'applied', before: OFF, control: IV, message: null },
      error: null,
    })
  })

  it('has why it failed, and the register as it is', () => {
    const rig = rigOf()
    rig.device.ignoresWrite = () => true
    const { change: account, error } = change(rig)
    expect(error?.message).toMatch(/^Cannot /)
    expect(account).toEqual({
      wanted: 'iv',
      fate: 'failed',
      before: OFF,
      control: OFF,
      message: error?.message,
    })
  })

  it('that could not begin has the register as sysfs shows it', () => {
    const rig = rigWith(0x301)
    rig.device.script = () => -25
    const { change: account, error } = change(rig)
    expect(error).toMatchObject({ code: 'unsupported' })
    expect(account).toEqual({
      wanted: 'iv',
      fate: 'failed',
      before: IV,
      control: IV,
      message: error?.message,
    })
    expect(register(rig)).toBe(0x301)
  })

  it('that could not begin has what was known of a register that is hidden', () => {
    const rig = rigWith(0x301)
    rig.device.script = () => -25
    hideRegister(rig)
    expect(change(rig).change).toMatchObject({ before: DS, control: DS })
  })

  it('passes on what is a bug', () => {
    const rig = rigOf()
    rig.device.script = () => {
      throw new RangeError('a bug')
    }
    expect(() => change(rig)).toThrow('a bug')
    expect(rig.device.opens).toBe(rig.device.closes)
  })
})
