import { describe, expect, it } from 'vitest'
import { parseEntry } from '../../src/args/entry.ts'
import { BusyError, UnsupportedError } from '../../src/errors.ts'
import { findFunction } from '../../src/tph/host.ts'
import { lookAt } from '../../src/tph/look.ts'
import { mapOf } from '../../src/tph/map.ts'
import { planSet } from '../../src/tph/plan-set.ts'
import { program } from '../../src/tph/program.ts'
import { ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const look = ({ host }: Rig) => lookAt(host, findFunction(host, BDF))
const options = { memoryType: 'vm', cycle: false } as const

function set({ host }: Rig, ...words: string[]): void {
  program(host, [planSet(host, BDF, words.map(parseEntry), options)], 'set')
}

describe('lookAt()', () => {
  it('borrows once, asks only, and gives back', () => {
    const rig = rigOf()
    set(rig, '0=1')
    const [opens, sets] = [rig.device.opens, rig.device.count('set')]
    expect(look(rig).entries?.[0]).toEqual({ index: 0, st: 0x101, cpu: 1, memoryType: 'vm' })
    expect([rig.device.opens - opens, rig.device.opens - rig.device.closes]).toEqual([1, 0])
    expect([rig.device.count('set'), rig.device.writes]).toEqual([sets, []])
    expect(rig.backend.locked).toBe(0)
  })

  it('without an owner knows the device but not its entries, and why', () => {
    const rig = rigOf()
    rig.backend.borrow = () => {
      throw new BusyError('Cannot reach the device: nobody holds it open')
    }
    const seen = look(rig)
    expect(seen).toMatchObject({ entries: null, reason: 'nobody holds it open' })
    expect([seen.tph?.stEntries, seen.control?.requester]).toEqual([64, 'off'])
  })

  it('keeps the control register that the fd shows where the feature is not there', () => {
    const rig = rigOf()
    rig.device.script = ({ op }) => (op === 'probe' ? -25 : undefined)
    expect(look(rig)).toMatchObject({
      control: { requester: 'off' },
      entries: null,
      reason: expect.stringMatching(/^PROBE GET says ENOTTY/),
    })
  })

  it('names the owner that was borrowed from, also one that only the user knew', () => {
    const rig = rigOf()
    const [fn] = rig.backend.functions()
    if (fn === undefined) return expect.fail()
    const seen = lookAt(rig.host, { ...fn, owner: null, ownerVisible: false })
    expect(mapOf(seen)).toMatchObject({
      owner: { pid: 4711, command: 'qemu', fd: 30 },
      ownerVisible: true,
    })
  })

  it('sees through the fd what sysfs hides', () => {
    const rig = rigOf()
    const [fn] = rig.backend.functions()
    if (fn === undefined) return expect.fail()
    const hidden = { bytes: rig.device.config.subarray(0, 64), missing: 'not-readable' as const }
    const seen = lookAt(rig.host, { ...fn, config: hidden })
    expect([seen.tph?.stEntries, seen.entries?.length, seen.reason]).toEqual([64, 64, null])
  })

  it('refuses a device without the capability', () => {
    expect(() => look(rigOf([new ScriptedDevice(BDF, 0)]))).toThrow(UnsupportedError)
  })
})

describe('mapOf()', () => {
  it('tells where entries lead, and which nobody knows', () => {
    const rig = rigOf()
    set(rig, '0-1=0', '2=9', '3=1@pm')
    rig.device.tags[8] = 0x107
    const { entries, nodes } = mapOf(look(rig))
    expect(entries).toEqual({
      set: '0-3,8',
      noTag: '4-7,9-63',
      cpuUnknown: '8',
      far: '2',
      offline: '',
    })
    const [first, second] = nodes[0]?.l3[0]?.cpus ?? []
    expect(first).toEqual({ cpu: 0, online: true, entries: '0-1', persistent: '' })
    expect(second).toEqual({ cpu: 1, online: true, entries: '3', persistent: '3' })
  })

  it('names entries whose CPU went offline', () => {
    const rig = rigOf()
    set(rig, '0-1=4,5')
    const topology = { ...rig.backend.topology, online: [0, 1, 2, 3, 4] }
    const map = mapOf({ ...look(rig), topology })
    expect(map.entries?.offline).toBe('1')
    const cpus = map.nodes.flatMap(({ l3 }) => l3.flatMap((one) => one.cpus))
    expect(cpus.find(({ cpu }) => cpu === 5)).toMatchObject({ online: false, entries: '1' })
  })
})
