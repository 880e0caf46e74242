import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { undoDevice } from '../../src/tph/undo.ts'
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
    expect(lastChanged(rig.host).devices.toSorted()).toEqual([BDF, OTHER])
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
    expect(lastChanged(rig.host).devices).toEqual([OTHER])
  })

  it('puts the others back when one fails, and reports that one', () => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'], [OTHER]: ['0=2'] })
    rig.device.script = ({ op }) => (op === 'set' ? -5 : undefined)
    expect(undoLast(rig).error).toMatchObject({ errno: 'EIO', device: BDF })
    expect(rig.devices.map(({ tags }) => tags[0])).toEqual([0x101, 0])
  })

  it('tells of every further one that fails, naming its device', () => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'], [OTHER]: ['0=2'] })
    const [first, second] = rig.devices
    if (first) first.script = ({ op }) => (op === 'set' ? -5 : undefined)
    if (second) second.script = ({ op }) => (op === 'probe' ? -25 : undefined)
    const { devices, error } = undoDevices(rig.host, lastChanged(rig.host), false)
    expect(error).toMatchObject({ code: 'refused', errno: 'EIO', device: BDF })
    expect(devices.map(fates)).toEqual([{ 0: 'failed' }, { 0: 'skipped' }])
    expect(rig.told).toEqual([expect.stringMatching(`^${OTHER}: Cannot .*ENOTTY`)])
  })

  it('undoes what it can where the ledger of another device cannot be read, which is the error', () => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'], [OTHER]: ['0=2'] })
    writeFileSync(join(rig.backend.ledger.directory, `${BDF}.json`), '{')
    const { devices, error } = undoLast(rig)
    expect(devices.map(({ device }) => device)).toEqual([OTHER])
    expect(error).toMatchObject({ code: 'refused', device: BDF })
    expect(rig.devices.map(({ tags }) => tags[0])).toEqual([0x101, 0])
  })

  it('undoes nothing where the ledger of a device cannot be read that may have been changed later', () => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'] })
    setMany(rig.host, { [OTHER]: ['0=2'] })
    writeFileSync(join(rig.backend.ledger.directory, `${OTHER}.json`), '{')
    expect(() => lastChanged(rig.host)).toThrow(
      expect.objectContaining({
        code: 'refused',
        device: OTHER,
        message: expect.stringMatching(
          /^Cannot tell which change was the last: Cannot read ledger/,
        ),
        hint: expect.stringContaining('tphctl undo DEVICE'),
      }),
    )
  })

  it('are none where nothing was changed', () => {
    const rig = rigOf()
    expect(lastChanged(rig.host)).toMatchObject({ devices: [], unreadable: [] })
    expect(rig.told).toEqual([])
  })
})

describe('lastChanged() of a change about two devices', () => {
  const WARNING = expect.stringMatching(`^the last change was also about ${BDF}, .*no record`)

  it('is silent where both have a record of it', () => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'], [OTHER]: ['0=2'] })
    lastChanged(rig.host)
    expect(rig.told).toEqual([])
  })

  it('warns of the one that had been so before', () => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'] })
    undoDevice(rig.host, BDF, false)
    setMany(rig.host, { [BDF]: ['0=none'], [OTHER]: ['0=2'] })
    expect(lastChanged(rig.host).devices).toEqual([OTHER])
    expect(rig.told).toEqual([WARNING])
  })

  it.each<[string, (rig: Rig) => unknown]>([
    ['was undone', ({ host }) => undoDevice(host, BDF, false)],
    ['has a ledger of another boot', ({ backend }) => spoilBoot(backend.ledger.directory)],
  ])('warns of the one that %s, and undoes the other', (_what, since) => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'], [OTHER]: ['0=2'] })
    since(rig)
    expect(lastChanged(rig.host).devices).toEqual([OTHER])
    expect(rig.told).toEqual([WARNING])
  })

  it('warns of the one that changed again, when the later change was undone', () => {
    const rig = twoDevices()
    setMany(rig.host, { [BDF]: ['0=1'], [OTHER]: ['0=2'] })
    setMany(rig.host, { [BDF]: ['1=3'] })
    undoDevice(rig.host, BDF, false)
    expect(lastChanged(rig.host).devices).toEqual([OTHER])
    expect(rig.told).toEqual([WARNING])
  })
})

/** Has the ledger of the first device speak of another boot. */
function spoilBoot(directory: string): void {
  const path = join(directory, `${BDF}.json`)
  writeFileSync(path, readFileSync(path, 'utf8').replace('boot-1', 'boot-0'))
}
