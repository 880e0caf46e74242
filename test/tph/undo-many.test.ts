import { describe, expect, it } from 'vitest'
import { lastChanged, undoDevices } from '../../src/tph/undo-many.ts'
import { fates, setMany } from './scripted-commands.ts'
import { ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const OTHER = '0000:82:00.0'

/** `tphctl undo` without a device. */
const undoLast = ({ host }: Rig) => undoDevices(host, lastChanged(host), false)

const twoDevices = () => rigOf([new ScriptedDevice(BDF), new ScriptedDevice(OTHER)])

describe('undoDevices() of lastChanged()', () => {
  it('undoes the last command on all its devices, and only that', () => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'], [OTHER]: ['0=2'] })
    expect(lastChanged(rig.host).sort()).toEqual([BDF, OTHER])
    const { devices, error } = undoLast(rig)
    expect(error).toBeNull()
    expect(devices.map(fates)).toEqual([{ 0: 'restored' }, { 0: 'restored' }])
    expect(rig.devices.map(({ tags }) => tags[0])).toEqual([0, 0])
  })

  it('leaves the devices of earlier commands alone', () => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'] })
    const now = Date.now()
    while (Date.now() === now);
    setMany(rig.host, { [OTHER]: ['0=2'] })
    expect(lastChanged(rig.host)).toEqual([OTHER])
  })

  it('puts the others back when one fails, and reports that one', () => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'], [OTHER]: ['0=2'] })
    rig.device.script = ({ op }) => (op === 'set' ? -5 : undefined)
    expect(undoLast(rig).error).toMatchObject({ errno: 'EIO', device: BDF })
    expect(rig.devices.map(({ tags }) => tags[0])).toEqual([0x101, 0])
  })

  it('are none where nothing was changed', () => {
    expect(lastChanged(rigOf().host)).toEqual([])
  })
})
