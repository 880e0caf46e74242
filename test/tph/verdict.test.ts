import { describe, expect, it } from 'vitest'
import { clear, cpus, fates, only, set } from './scripted-commands.ts'
import { DS_WITHOUT_TABLE, ScriptedDevice } from './scripted-device.ts'
import { BDF, rigOf } from './scripted-host.ts'

describe('a SET whose entries read back as they should not', () => {
  it('fails when a CPU has two tags, and is put back', () => {
    const rig = rigOf()
    let next = 0x100
    rig.device.tagOf = () => next++
    const { results, error } = set(rig, '0-1=3', '4=5')
    expect(error).toMatchObject({ code: 'refused', device: BDF })
    expect(error?.message).toContain('entry 1')
    expect(fates(results[0] ?? expect.fail())).toEqual({ 0: 'failed', 1: 'failed', 4: 'restored' })
    expect(results[0]?.failed[0]).toMatchObject({ errno: null })
    expect(rig.device.tags.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
  })

  it('is named failed, and only that, also where the former tag cannot be put back', () => {
    const rig = rigOf()
    rig.device.tags[1] = 0x77
    let next = 0x100
    rig.device.tagOf = () => next++
    const { results } = set(rig, '0-1=3')
    expect(fates(results[0] ?? expect.fail())).toEqual({ 0: 'failed', 1: 'failed' })
    expect(results[0]?.changed).toBe(true)
    expect(cpus(rig, [0, 1])).toEqual([null, null])
  })

  it('fails when a cleared entry keeps a tag, which is then named failed', () => {
    const rig = rigOf()
    set(rig, '0=3')
    rig.device.script = ({ op }) => (op === 'set' ? 0 : undefined)
    const { results, error } = clear(rig, 0)
    expect(error?.message).toContain('0x0103')
    expect(fates(results[0] ?? expect.fail())).toEqual({ 0: 'failed' })
    expect(cpus(rig, [0])).toEqual([3])
  })

  it('fails when the tag has more than 8 bits on a device without extended TPH', () => {
    const rig = rigOf([new ScriptedDevice(BDF, DS_WITHOUT_TABLE)])
    expect(set(rig, '0=1').error?.message).toContain('8-bit')
    expect(rig.device.tags[0]).toBe(0)
  })

  it('is put back when its GET fails, and so is what was known before', () => {
    const rig = rigOf()
    set(rig, '0=7')
    let [wasSet, hasFailed] = [false, false]
    rig.device.script = ({ op }) => {
      if (op === 'set') wasSet = true
      if (op !== 'get' || !wasSet || hasFailed) return undefined
      hasFailed = true
      return -5
    }
    const { results, error } = set(rig, '0-1=1-2')
    expect(error).toMatchObject({ errno: 'EIO' })
    expect(fates(results[0] ?? expect.fail())).toEqual({ 0: 'restored', 1: 'restored' })
    rig.device.script = () => undefined
    expect(cpus(rig, [0, 1])).toEqual([7, null])
  })

  it('claims no CPU when GET goes on failing', () => {
    const rig = rigOf()
    let wasSet = false
    rig.device.script = ({ op }) => {
      if (op === 'set') wasSet = true
      return op === 'get' && wasSet ? -5 : undefined
    }
    const outcome = set(rig, '0=1')
    expect(outcome.error).toMatchObject({ errno: 'EIO' })
    rig.device.script = () => undefined
    expect(cpus(rig, [0])).toEqual([null])
    expect([rig.device.opens - rig.device.closes, rig.backend.locked]).toEqual([0, 0])
  })
})

describe('a suspicious tag', () => {
  it.each([
    ['0, which is no steering', () => 0, 'tag 0 for CPU 1-2'],
    ['of two CPUs', () => 0x55, 'CPUs 1-2 share tag 0x0055'],
  ])('%s: is a warning, and the change stands', (_what, tagOf, text) => {
    const rig = rigOf()
    rig.device.tagOf = tagOf
    const outcome = set(rig, '0-1=1-2')
    expect(outcome.error).toBeNull()
    expect(fates(only(outcome))).toEqual({ 0: 'applied', 1: 'applied' })
    expect(rig.told).toHaveLength(1)
    expect(rig.told[0]).toContain(text)
  })

  it.each([
    ['0', () => 0],
    ['of two CPUs', () => 0x55],
  ])('%s: under strict is an error, and the change is put back', (_what, tagOf) => {
    const rig = rigOf([new ScriptedDevice(BDF)], { strict: true })
    set(rig, '0=7')
    rig.device.tagOf = (cpu) => (cpu === 7 ? 0x107 : tagOf())
    const { results, error } = set(rig, '0-1=1-2')
    expect(error).toMatchObject({ code: 'refused', device: BDF })
    expect(fates(results[0] ?? expect.fail())).toEqual({ 0: 'restored', 1: 'restored' })
    expect(rig.device.tags.slice(0, 2)).toEqual([0x107, 0])
  })

  it('is none where one CPU is set twice or entries are cleared', () => {
    const rig = rigOf()
    expect(set(rig, '0-1=1', '2-3=none', '4=1@pm').error).toBeNull()
    expect(rig.told).toEqual([])
  })
})
