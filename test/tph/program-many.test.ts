import { describe, expect, it } from 'vitest'
import { parseEntry } from '../../src/args/entry.ts'
import { planSet } from '../../src/tph/plan-set.ts'
import { nameChange, programAs, rehearse } from '../../src/tph/program.ts'
import { cpus, fates, get, set, setMany } from './scripted-commands.ts'
import { ScriptedDevice } from './scripted-device.ts'
import { BDF, rigOf, traced } from './scripted-host.ts'

const OTHER = '0000:82:00.0'
const THIRD = '0000:83:00.0'

/** Three devices; SETs of the second one fail. */
const threeDevices = () => {
  const devices = [BDF, OTHER, THIRD].map((bdf) => new ScriptedDevice(bdf))
  const rig = rigOf(devices)
  const [first, second, third] = devices as [ScriptedDevice, ScriptedDevice, ScriptedDevice]
  second.script = ({ op }) => (op === 'set' ? -5 : undefined)
  return { rig, first, second, third }
}

/** Runs `meanwhile` between the work on the first device and the second. */
const beforeSecond = ({ backend }: ReturnType<typeof rigOf>, meanwhile: () => void) => {
  backend.onLock = (bdf) => {
    if (bdf !== OTHER) return
    backend.onLock = () => {}
    meanwhile()
  }
}

const ENTRIES = { [BDF]: ['0-2=1-3'], [OTHER]: ['0=4'], [THIRD]: ['0=5'] }

describe('program() of several devices', () => {
  it('takes the first back when the second fails, and does not begin the third', () => {
    const { rig, first, third } = threeDevices()
    set(rig, '1=7')
    const { results, error } = setMany(rig.host, ENTRIES)
    expect(error).toMatchObject({ code: 'refused', errno: 'EIO', device: OTHER })
    expect(results.map(fates)).toEqual([
      { 0: 'restored', 1: 'restored', 2: 'restored' },
      { 0: 'failed' },
      { 0: 'skipped' },
    ])
    expect(results.map(({ device, changed }) => [device, changed])).toEqual([
      [BDF, false],
      [OTHER, false],
      [THIRD, false],
    ])
    expect(first.tags.slice(0, 3)).toEqual([0, 0x107, 0])
    expect(cpus(rig, [0, 1, 2])).toEqual([null, 7, null])
    expect(third.opens).toBe(0)
  })

  it('leaves alone what somebody else changed meanwhile, and does not call it ours', () => {
    const { rig, first } = threeDevices()
    beforeSecond(rig, () => first.tags.splice(1, 1, 0x106))
    const { results } = setMany(rig.host, ENTRIES)
    expect(fates(results[0] ?? expect.fail())).toEqual({
      0: 'restored',
      1: 'applied',
      2: 'restored',
    })
    expect(first.tags.slice(0, 3)).toEqual([0, 0x106, 0])
    expect(cpus(rig, [1])).toEqual([null])
  })

  it('keeps what another tphctl remembered meanwhile', () => {
    const { rig, first } = threeDevices()
    beforeSecond(rig, () => set(rig, '1=6', '9=7'))
    setMany(rig.host, ENTRIES)
    expect([0, 1, 2, 9].map((index) => first.tags[index])).toEqual([0, 0x106, 0, 0x107])
    expect(cpus(rig, [0, 1, 2, 9])).toEqual([null, 6, null, 7])
  })

  it('says so when the first cannot be taken back', () => {
    const { rig, first } = threeDevices()
    beforeSecond(rig, () => {
      first.script = ({ op }) => (op === 'get' ? -5 : undefined)
    })
    const { results, error } = setMany(rig.host, ENTRIES)
    expect(error).toMatchObject({ device: OTHER })
    expect(fates(results[0] ?? expect.fail())).toEqual({
      0: 'applied',
      1: 'applied',
      2: 'applied',
    })
    expect(rig.told.join('\n')).toContain(`${BDF}: stays as it was set`)
  })

  it('throws when the first fails before anything was sent', () => {
    const { rig, first } = threeDevices()
    first.script = ({ op }) => (op === 'probe' ? -25 : undefined)
    expect(() => setMany(rig.host, ENTRIES)).toThrow('ENOTTY')
    expect(rig.devices.map(({ sets }) => sets.length)).toEqual([0, 0, 0])
  })

  it('tells warnings of a device only when all of them stand', () => {
    const { rig, first, second } = threeDevices()
    first.tagOf = () => 0
    setMany(rig.host, ENTRIES)
    expect(rig.told).toEqual([])
    second.script = () => undefined
    setMany(rig.host, ENTRIES)
    expect(rig.told.join('\n')).toContain(`${BDF}: tag 0`)
  })

  it('gives back every fd and lock', () => {
    const { rig } = threeDevices()
    setMany(rig.host, ENTRIES)
    for (const { opens, closes } of rig.devices) expect(closes).toBe(opens)
    expect(rig.backend.locked).toBe(0)
    expect(get(rig, [0], OTHER)).toMatchObject([{ st: 0 }])
  })

  it('leaves alone what it found changed beside its own entries, in index order', () => {
    const { rig, first } = threeDevices()
    beforeSecond(rig, () => {
      first.tags[0] = 0x106
      first.tags[2] = 0x107
    })
    const [result = expect.fail()] = setMany(rig.host, ENTRIES).results
    expect(result.applied.map(({ index, count }) => [index, count])).toEqual([
      [0, 1],
      [2, 1],
    ])
    expect(result.restored).toMatchObject([{ index: 1, count: 1 }])
    expect(result.changed).toBe(true)
  })

  it('has changed nothing where somebody else put the former tag back', () => {
    const { rig, first } = threeDevices()
    beforeSecond(rig, () => first.tags.splice(0, 3, 0, 0, 0))
    const [result = expect.fail()] = setMany(rig.host, ENTRIES).results
    expect(result.changed).toBe(false)
  })

  it('passes on what is a bug, with every fd and lock given back', () => {
    const { rig, second } = threeDevices()
    second.script = () => {
      throw new RangeError('a bug')
    }
    expect(() => setMany(rig.host, ENTRIES)).toThrow('a bug')
    for (const { opens, closes } of rig.devices) expect(closes).toBe(opens)
    expect(rig.backend.locked).toBe(0)
  })

  it('passes on what is a bug where it takes a device back', () => {
    const { rig, first } = threeDevices()
    beforeSecond(rig, () => {
      first.script = () => {
        throw new RangeError('a bug')
      }
    })
    expect(() => setMany(rig.host, ENTRIES)).toThrow('a bug')
  })

  it('skips a device that could not be begun with, and takes those before it back', () => {
    const { rig, first, second } = threeDevices()
    second.script = ({ op }) => (op === 'probe' ? -25 : undefined)
    const { results, error } = setMany(rig.host, ENTRIES)
    expect(error).toMatchObject({ code: 'unsupported', device: OTHER })
    expect(results.map(fates)).toEqual([
      { 0: 'restored', 1: 'restored', 2: 'restored' },
      { 0: 'skipped' },
      { 0: 'skipped' },
    ])
    expect(first.tags.slice(0, 3)).toEqual([0, 0, 0])
  })
})

describe('programAs()', () => {
  const plansOf = ({ host }: ReturnType<typeof rigOf>) =>
    [BDF, OTHER].map((bdf) =>
      planSet(host, bdf, [parseEntry('0-1=3')], { memoryType: 'vm', cycle: false }),
    )

  it('can be taken back, each device in the order it was set', () => {
    const { rig, first, second } = threeDevices()
    second.script = () => undefined
    const plans = plansOf(rig)
    const { error, takeBack } = programAs(rig.host, plans, nameChange('apply', plans))
    expect([error, first.tags[0], second.tags[0]]).toEqual([null, 0x103, 0x103])
    const results = takeBack()
    expect(results.map(({ device }) => device)).toEqual([BDF, OTHER])
    expect(results.map(fates)).toEqual(Array(2).fill({ 0: 'restored', 1: 'restored' }))
    expect([first.tags[0], second.tags[0]]).toEqual([0, 0])
  })

  it('that failed has nothing more to take back', () => {
    const { rig } = threeDevices()
    const plans = plansOf(rig)
    const { results, takeBack } = programAs(rig.host, plans, nameChange('apply', plans))
    expect(takeBack()).toBe(results)
  })
})

describe('rehearse()', () => {
  it('has what would be sent, and shows the calls', () => {
    const rig = rigOf([new ScriptedDevice(BDF), new ScriptedDevice(OTHER)])
    const { host, lines } = traced(rig)
    const options = { memoryType: 'vm', cycle: false } as const
    const plans = [BDF, OTHER].map((bdf) => planSet(host, bdf, [parseEntry('2=3')], options))
    expect(rehearse(host, plans)).toMatchObject([
      { device: BDF, changed: false, applied: [], planned: [{ index: 2, count: 1, cpus: [3] }] },
      { device: OTHER, changed: false, applied: [], planned: [{ index: 2, count: 1, cpus: [3] }] },
    ])
    const [index, cpu] = ['02 00 01 00', '03 00 00 00']
    expect(lines).toEqual(
      Array(2).fill(
        expect.stringMatching(
          `^would ioctl VFIO_DEVICE_FEATURE .*\\[14 00 00 00 0e 00 02 00 00 00 00 00 ${index} ${cpu}\\]$`,
        ),
      ),
    )
    expect(rig.devices.map(({ sets }) => sets.length)).toEqual([0, 0])
  })

  it('opens no device where nobody is shown the calls', () => {
    const rig = rigOf()
    const options = { memoryType: 'vm', cycle: false } as const
    const plan = planSet(rig.host, BDF, [parseEntry('2=3')], options)
    expect(rehearse(rig.host, [plan])).toMatchObject([{ planned: [{ index: 2 }] }])
    expect(rig.device.opens).toBe(0)
  })
})
