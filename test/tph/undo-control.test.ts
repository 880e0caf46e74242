import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyDesiredState } from '../../src/desired/apply.ts'
import { parseDesiredState } from '../../src/desired/parse.ts'
import { BusyError } from '../../src/errors.ts'
import { undoDevice } from '../../src/tph/undo.ts'
import { lastChanged, undoDevices } from '../../src/tph/undo-many.ts'
import { putRegister, register, showInSysfs } from './control-rig.ts'
import type { V8Device } from './interfaces/v8-device.ts'
import { v8Rig } from './interfaces/v8-rig.ts'
import { cpus, fates, set } from './scripted-commands.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const OFF = 0
const IV = 0x301
const DS = 0x302
const CONTROL = {
  off: { mode: 'none', requester: 'off' },
  iv: { mode: 'iv', requester: 'extended' },
  ds: { mode: 'ds', requester: 'extended' },
} as const

const EIO = -5

/** A device that `tphctl apply` has brought from one state of the register to a mode, and CPU 1 to entry 0 where told. */
async function applied(before: number, mode: string, { entries = true, device = '' } = {}) {
  const rig = device === 'v8' ? v8Rig() : rigOf()
  putRegister(rig, before)
  const fields = `mode: ${mode}${entries ? ', entries: ["0=1"]' : ''}`
  const text = `version: 1\ndevices: [{device: "${BDF}", ${fields}}]\n`
  const state = await parseDesiredState([{ name: 'FILE', text }])
  expect(applyDesiredState(rig.host, state).error).toBeNull()
  return rig
}

const undo = ({ host }: Rig, dryRun = false) => undoDevice(host, BDF, dryRun)

/** Has each write of the register fail, or be ignored by the device. */
function refuseWrites(rig: Rig): void {
  rig.device.ignoresWrite = () => true
}

function refuseSets(rig: Rig): void {
  rig.device.script = ({ op }) => (op === 'set' ? EIO : undefined)
}

function work(rig: Rig): void {
  rig.device.ignoresWrite = () => false
  rig.device.script = () => undefined
}

describe('undo of a mode and entries', () => {
  it('has both in its account', async () => {
    const rig = await applied(OFF, 'iv')
    const { result, error } = undo(rig)
    expect(error).toBeNull()
    expect([register(rig), rig.device.tags[0], result.changed]).toEqual([OFF, 0, true])
    expect(fates(result)).toEqual({ 0: 'restored' })
    expect(result.control).toEqual({
      wanted: 'off',
      fate: 'restored',
      before: CONTROL.iv,
      control: CONTROL.off,
      message: null,
    })
    expect(undo(rig).result).toMatchObject({ changed: false, restored: [] })
  })

  it('as a rehearsal says what both would be, and sends neither', async () => {
    const rig = await applied(OFF, 'iv')
    const [writes, sets] = [rig.device.writes.length, rig.device.sets.length]
    const { result, error } = undo(rig, true)
    expect(error).toBeNull()
    expect(result).toMatchObject({
      changed: false,
      planned: [{ index: 0, count: 1, cpus: [null] }],
      control: {
        wanted: 'off',
        fate: 'planned',
        before: CONTROL.iv,
        control: CONTROL.iv,
        message: null,
      },
    })
    expect([rig.device.writes.length, rig.device.sets.length]).toEqual([writes, sets])
    expect([register(rig), rig.device.tags[0]]).toEqual([IV, 0x101])
    expect(rig.told).toEqual([])
  })

  it('as a rehearsal of entries alone has no mode', () => {
    const rig = rigOf()
    set(rig, '0=1')
    expect(undo(rig, true).result).not.toHaveProperty('control')
  })

  it('of one that is back already has the entries alone to change', async () => {
    const rig = await applied(OFF, 'iv')
    rig.device.tags[0] = 0
    putRegister(rig, OFF)
    expect(undo(rig)).toMatchObject({ error: null, result: { changed: false } })
  })

  it('changed something where the mode alone was another', async () => {
    const rig = await applied(OFF, 'iv', { entries: false })
    expect(undo(rig)).toMatchObject({ error: null, result: { changed: true, restored: [] } })
    expect(register(rig)).toBe(OFF)
  })

  it('changed something where entries alone were others', async () => {
    const rig = await applied(OFF, 'iv')
    putRegister(rig, OFF)
    expect(undo(rig)).toMatchObject({ error: null, result: { changed: true } })
  })
})

describe('undo of TPH that was turned on', () => {
  it('sends no entry when it cannot be turned off, and can be repeated', async () => {
    const rig = await applied(OFF, 'iv')
    refuseWrites(rig)
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ code: 'refused', device: BDF })
    expect(fates(result)).toEqual({ 0: 'skipped' })
    expect(result).toMatchObject({
      changed: false,
      control: { wanted: 'off', fate: 'failed', control: CONTROL.iv, message: error?.message },
    })
    expect(rig.device.tags[0]).toBe(0x101)
    work(rig)
    expect(undo(rig)).toMatchObject({ error: null, result: { control: { fate: 'restored' } } })
    expect([register(rig), rig.device.tags[0]]).toEqual([OFF, 0])
  })

  it('accounts for the mode when the entries cannot be put back', async () => {
    const rig = await applied(OFF, 'iv')
    refuseSets(rig)
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ errno: 'EIO', device: BDF })
    expect(fates(result)).toEqual({ 0: 'failed' })
    expect(result).toMatchObject({ changed: true, control: { fate: 'restored' } })
    work(rig)
    const again = undo(rig)
    expect(again).toMatchObject({ error: null, result: { changed: true } })
    expect(again.result).not.toHaveProperty('control')
    expect([register(rig), rig.device.tags[0]]).toEqual([OFF, 0])
  })

  it('accounts for the mode when somebody has the lock by then', async () => {
    const rig = await applied(OFF, 'iv')
    let locks = 0
    rig.backend.onLock = () => {
      locks += 1
      if (locks === 2) throw new BusyError('Cannot lock the device: another tphctl has it')
    }
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ code: 'busy', device: BDF })
    expect(fates(result)).toEqual({ 0: 'skipped' })
    expect(result).toMatchObject({ changed: true, control: { fate: 'restored' } })
    expect([register(rig), rig.device.tags[0]]).toEqual([OFF, 0x101])
  })

  it('passes on what is no refusal', async () => {
    const rig = await applied(OFF, 'iv')
    rig.device.script = ({ op }) => {
      if (op === 'set') throw new RangeError('a bug')
      return undefined
    }
    expect(() => undo(rig)).toThrow('a bug')
  })
})

describe('undo of TPH that was turned off', () => {
  it('turns it on when the entries are back', async () => {
    const rig = await applied(IV, 'off')
    expect(undo(rig)).toMatchObject({
      error: null,
      result: { changed: true, control: { wanted: 'iv', fate: 'restored', control: CONTROL.iv } },
    })
    expect([register(rig), rig.device.tags[0]]).toEqual([IV, 0])
  })

  it('leaves it off when they are not', async () => {
    const rig = await applied(IV, 'off')
    refuseSets(rig)
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ errno: 'EIO' })
    expect(result).toMatchObject({
      changed: false,
      control: {
        wanted: 'iv',
        fate: 'skipped',
        before: CONTROL.off,
        control: CONTROL.off,
        message: null,
      },
    })
    expect([register(rig), rig.device.tags[0]]).toEqual([OFF, 0x101])
    work(rig)
    expect(undo(rig).error).toBeNull()
    expect([register(rig), rig.device.tags[0]]).toEqual([IV, 0])
  })

  it('says nothing of a register that cannot be seen', async () => {
    const rig = await applied(IV, 'off')
    rig.device.script = ({ op }) => {
      if (op !== 'set') return undefined
      showInSysfs(rig, { bytes: new Uint8Array(64), missing: 'not-readable' })
      return EIO
    }
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ errno: 'EIO' })
    expect(result).not.toHaveProperty('control')
  })

  it('keeps the mode to undo when it alone cannot be put back', async () => {
    const rig = await applied(IV, 'off')
    refuseWrites(rig)
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ code: 'refused', device: BDF })
    expect(fates(result)).toEqual({ 0: 'restored' })
    expect(result).toMatchObject({ changed: true, control: { fate: 'failed' } })
    work(rig)
    expect(undo(rig)).toMatchObject({ error: null, result: { control: { fate: 'restored' } } })
    expect(register(rig)).toBe(IV)
  })
})

describe('undo of another mode', () => {
  it('goes back to the one before', async () => {
    const rig = await applied(DS, 'iv', { entries: false })
    expect(undo(rig)).toMatchObject({ error: null, result: { changed: true } })
    expect(register(rig)).toBe(DS)
  })

  it('goes back to off where TPH was off with a mode selected', async () => {
    const rig = await applied(0x002, 'iv', { entries: false })
    expect(undo(rig).result.control).toMatchObject({ wanted: 'off', fate: 'restored' })
    expect(register(rig)).toBe(OFF)
  })

  it('changed something where the requester alone was another', async () => {
    const rig = await applied(0x300, 'off', { entries: false })
    expect(register(rig)).toBe(OFF)
    expect(undo(rig).result).toMatchObject({ changed: true, control: { wanted: 'none' } })
    expect(register(rig)).toBe(0x300)
  })

  it('tells in a note that the ledger could not be written, which costs nothing else', async () => {
    const rig = await applied(IV, 'off', { entries: false })
    const path = join(rig.backend.ledger.directory, `${BDF}.json`)
    rig.device.ignoresWrite = () => {
      rmSync(path, { force: true, recursive: true })
      mkdirSync(path)
      return false
    }
    expect(undo(rig).error).toBeNull()
    expect(register(rig)).toBe(IV)
    expect(rig.told).toContainEqual(
      expect.stringMatching(`^${BDF}: its mode is not remembered for undo: Cannot .*EISDIR`),
    )
  })
})

describe('undo where the device alone keeps tags', () => {
  it('puts entries back before TPH goes off, which they need', async () => {
    const rig = await applied(OFF, 'iv', { device: 'v8' })
    expect(undo(rig)).toMatchObject({
      error: null,
      result: { changed: true, control: { fate: 'restored', control: CONTROL.off } },
    })
    expect(register(rig)).toBe(OFF)
    expect((rig.device as V8Device).table[0]).toBe(0)
  })

  it('turns TPH on before entries are put back', async () => {
    const rig = await applied(IV, 'off', { device: 'v8', entries: false })
    expect(undo(rig).result.control).toMatchObject({ wanted: 'iv', fate: 'restored' })
    expect(register(rig)).toBe(IV)
  })
})

describe('undoDevices() of a device that undo cannot begin with', () => {
  it('skips its entries and its mode', async () => {
    const rig = await applied(OFF, 'iv')
    rig.backend.owner = { ...rig.backend.owner, startTime: '100' }
    const { devices, error } = undoDevices(rig.host, lastChanged(rig.host), false)
    expect(error).toMatchObject({
      code: 'busy',
      device: BDF,
      hint: '"tphctl get" shows the present tags',
    })
    expect(devices.map(fates)).toEqual([{ 0: 'skipped' }])
    expect(devices[0]?.control).toMatchObject({ wanted: 'off', fate: 'skipped' })
  })

  it('has no mode where none was changed', () => {
    const rig = rigOf()
    set(rig, '0=1')
    rig.backend.owner = { ...rig.backend.owner, startTime: '100' }
    const { devices } = undoDevices(rig.host, lastChanged(rig.host), false)
    expect(devices[0]).not.toHaveProperty('control')
  })
})

describe('undo of what another undo puts back meanwhile', () => {
  it('has nothing to do', () => {
    const rig = rigOf()
    set(rig, '0=1')
    rig.backend.onLock = () => {
      rig.backend.onLock = () => {}
      undo(rig)
    }
    expect(undo(rig)).toMatchObject({ error: null, result: { changed: false, restored: [] } })
    expect([rig.device.tags[0], rig.device.sets.length]).toEqual([0, 2])
  })

  it('nor has it where the ledger went', () => {
    const rig = rigOf()
    set(rig, '0=1')
    rig.backend.onLock = () =>
      rmSync(join(rig.backend.ledger.directory, `${BDF}.json`), { force: true })
    expect(undo(rig)).toMatchObject({ error: null, result: { changed: false } })
    expect(rig.device.tags[0]).toBe(0x101)
  })
})

describe('undo of a SET that fails and does its work all the same', () => {
  it('counts as restored what has its former tag, in index order', () => {
    const rig = rigOf()
    set(rig, '0=1', '4-5=2-3')
    set(rig, '0=5', '4-5=6-7')
    rig.device.script = ({ op, index }) => {
      if (op !== 'set' || index !== 0) return undefined
      rig.device.tags[0] = 0x101
      return EIO
    }
    const { result, error } = undo(rig)
    expect(error).toMatchObject({ errno: 'EIO' })
    expect(result).toMatchObject({ changed: true, failed: [], skipped: [{ index: 4, count: 2 }] })
    expect(fates(result)).toEqual({ 0: 'restored', 4: 'skipped', 5: 'skipped' })
    expect(cpus(rig, [0, 4, 5])).toEqual([1, 6, 7])
  })

  it('fails those of its entries that have not', () => {
    const rig = rigOf()
    set(rig, '0=1', '4-6=2')
    set(rig, '0=5', '4-6=7')
    rig.device.script = ({ op, index }) => {
      if (op !== 'set' || index !== 4) return undefined
      rig.device.tags[5] = 0x102
      return EIO
    }
    const { result } = undo(rig)
    expect(result.restored.map(({ index, count }) => [index, count])).toEqual([
      [0, 1],
      [5, 1],
    ])
    expect(result.failed).toMatchObject([
      { index: 4, count: 1, errno: 'EIO' },
      { index: 6, count: 1, errno: 'EIO' },
    ])
    expect(cpus(rig, [0, 4, 5, 6])).toEqual([1, 7, 2, 7])
  })
})

describe('undo of a device that cannot be read afterwards', () => {
  it('changed nothing when no SET was accepted', () => {
    const rig = rigOf()
    set(rig, '0=1')
    let failed = false
    rig.device.script = ({ op }) => {
      failed ||= op === 'set'
      return failed ? EIO : undefined
    }
    expect(undo(rig)).toMatchObject({ error: { errno: 'EIO' }, result: { changed: false } })
  })

  it('changed something when one was', () => {
    const rig = rigOf()
    set(rig, '0=1')
    const { length } = rig.device.sets
    rig.device.script = ({ op }) =>
      op === 'get' && rig.device.sets.length > length ? EIO : undefined
    expect(undo(rig)).toMatchObject({ error: { errno: 'EIO' }, result: { changed: true } })
  })
})
