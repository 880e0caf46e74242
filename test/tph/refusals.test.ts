import { describe, expect, it } from 'vitest'
import { E } from '../../src/abi/errno.ts'
import { CallError } from '../../src/backend/types.ts'
import type { ErrorInfo } from '../../src/errors.ts'
import { findFunction, findTphFunction, noTph } from '../../src/tph/host.ts'
import { control, rigWith, showInSysfs } from './control-rig.ts'
import { get, set } from './scripted-commands.ts'
import { DS_WITHOUT_TABLE, EXTENDED_64, ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'
import { ask } from './tag-rig.ts'
import { tableRig, verify } from './verify-rig.ts'

/* What a user is told who asks for what cannot be: the sentence, the exit code it goes by, and what to do instead. */

const rigFor = (capability: number): Rig => rigWith(0, capability)

/** What is thrown matches that, whole. */
function saying(expected: Partial<ErrorInfo>): Error {
  return expect.objectContaining({ errno: undefined, hint: undefined, ...expected }) as Error
}

const LIST = '"tphctl list" shows the devices with TPH'

describe('a device that is not there', () => {
  const message = 'Cannot find the device: ENODEV, no PCI function has this address'

  it('is told with those near it', () => {
    const { host } = rigOf([new ScriptedDevice(BDF), new ScriptedDevice('0000:81:00.1')])
    const hint = 'did you mean 0000:81:00.0 or 0000:81:00.1?'
    const device = '0000:81:00.2'
    const error = { code: 'notFound', message, device, errno: 'ENODEV', hint } as const
    expect(() => findFunction(host, device)).toThrow(saying(error))
  })

  it('is told with where to look, when none is near', () => {
    const { host } = rigOf()
    const device = '0001:02:03.4'
    const error = { code: 'notFound', message, device, errno: 'ENODEV', hint: LIST } as const
    expect(() => findFunction(host, device)).toThrow(saying(error))
  })
})

describe('a device without TPH', () => {
  it('has no capability', () => {
    const { host } = rigFor(0)
    const message = 'Cannot use steering tags: the device has no TPH Requester capability'
    const error = { code: 'unsupported', message, device: BDF, hint: LIST } as const
    expect(() => findTphFunction(host, BDF)).toThrow(saying(error))
  })

  it('has none in a dump that stops before it', () => {
    const rig = rigOf()
    showInSysfs(rig, { bytes: rig.device.config.slice(0, 256), missing: 'not-in-dump' })
    const message = 'Cannot use steering tags: its extended config space is not in the dump'
    const hint = 'take the dump as root with "lspci -D -xxxx"'
    const error = { code: 'unsupported', message, device: BDF, hint } as const
    expect(() => findTphFunction(rig.host, BDF)).toThrow(saying(error))
  })

  it('has none that this user may see', () => {
    const message = 'Cannot use steering tags: EACCES, its extended config space is not readable'
    const hint = 'run it as root or with CAP_SYS_ADMIN'
    expect(noTph(BDF, 'not-readable')).toEqual(
      saying({ code: 'permission', message, device: BDF, errno: 'EACCES', hint }),
    )
  })
})

describe('a device that cannot be borrowed', () => {
  it.each([
    ['busy', E.EBUSY, 'EBUSY', 'the kernel says the device is busy'],
    ['permission', E.EPERM, 'EPERM', 'the kernel does not permit it'],
    ['refused', E.EIO, 'EIO', 'the device did not answer'],
  ] as const)('is %s where the kernel says %i', (code, errno, name, meaning) => {
    const rig = rigOf()
    rig.backend.borrow = () => {
      throw new CallError('ioctl', errno)
    }
    const message = `Cannot borrow the device: ${name}, ${meaning}`
    expect(() => set(rig, '0=1')).toThrow(saying({ code, message, device: BDF, errno: name }))
    expect(rig.backend.locked).toBe(0)
  })
})

describe('an index beyond the table', () => {
  it.each([
    [EXTENDED_64, 64, "the device's ST table has 64 entries, 0-63"],
    [0x00000307, 1, "the device's ST table has 1 entry, 0"],
    [
      DS_WITHOUT_TABLE,
      2048,
      'the kernel keeps 2048 entries for a device without an ST table, 0-2047',
    ],
  ])('of %i is told with the indexes there are', (capability, index, why) => {
    const message = `Cannot use index ${index}: ${why}`
    const error = { code: 'usage', message, device: BDF } as const
    expect(() => get(rigFor(capability), [index])).toThrow(saying(error))
    expect(() => get(rigFor(capability), [index - 1])).not.toThrow()
  })

  it.each([
    ['its ST table location is reserved', 0x003f0707],
    ['its ST table has no entry', 0x003f0507],
  ])('cannot be told where %s', (why, capability) => {
    const message = `Cannot use ST entries: ${why}`
    const error = { code: 'unsupported', message, device: BDF } as const
    expect(() => get(rigFor(capability), [0])).toThrow(saying(error))
  })
})

describe('a mode that the capability lacks', () => {
  it.each([
    [DS_WITHOUT_TABLE, 'ds'],
    [EXTENDED_64 & ~0b010, 'none, ds'],
    [EXTENDED_64 & ~0b111, 'none at all'],
  ])('is told with those that it has: %i', (capability, has) => {
    const message = `Cannot enable mode iv: the device's capability has ${has}`
    const error = { code: 'unsupported', message, device: BDF } as const
    expect(() => control(rigFor(capability), 'iv')).toThrow(saying(error))
  })
})

describe('a question that is for other devices', () => {
  it('tag is for those without a table', () => {
    const message = 'Cannot ask for tags: the device has an ST table, where the kernel puts them'
    const hint = 'use "tphctl set" and "tphctl get"'
    const error = { code: 'unsupported', message, device: BDF, hint } as const
    expect(() => ask(rigOf(), [1])).toThrow(saying(error))
  })

  it('verify is for those with one', () => {
    const message = 'Cannot verify: the device has no ST table'
    const error = { code: 'unsupported', message, device: BDF } as const
    expect(() => verify(tableRig(0x301, DS_WITHOUT_TABLE))).toThrow(saying(error))
  })
})
