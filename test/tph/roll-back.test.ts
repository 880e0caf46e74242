import { describe, expect, it } from 'vitest'
import { RefusedError } from '../../src/errors.ts'
import { cpus, fates, only, set } from './scripted-commands.ts'
import type { Script } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

const EIO = -5

/** A host where CPU 7 is at entry 0; then SETs of entry 4 fail and others go by `script`. */
function rigWithFailure(script: Script = () => undefined): Rig {
  const rig = rigOf()
  set(rig, '0=7')
  rig.device.script = (call) =>
    call.op === 'set' && call.index === 4 ? EIO : script({ ...call, nth: call.nth - 1 })
  return rig
}

/** `set` of entry 0, and of entry 4, which fails. */
const setBoth = (rig: Rig) => set(rig, '0=1', '4=2')

describe('a roll back', () => {
  it('that succeeds is told by the result alone', () => {
    const rig = rigWithFailure()
    expect(fates(only(setBoth(rig)))).toEqual({ 0: 'restored', 4: 'failed' })
    expect(rig.told).toEqual([])
  })

  it('whose SET is accepted and does nothing leaves the entry applied, with a note', () => {
    const rig = rigWithFailure(({ op, nth }) => (op === 'set' && nth > 1 ? 0 : undefined))
    const { results, error } = setBoth(rig)
    expect(error).toMatchObject({ errno: 'EIO' })
    expect(results.map(fates)).toEqual([{ 0: 'applied', 4: 'failed' }])
    expect(results[0]?.changed).toBe(true)
    expect(rig.told).toEqual([expect.stringMatching(`^${BDF}: entry 0 not put back: .*former tag`)])
    expect(cpus(rig, [0, 4])).toEqual([1, null])
  })

  it('whose SET fails leaves the entry applied, with a note that names the errno', () => {
    const rig = rigWithFailure(({ op, nth }) => (op === 'set' && nth > 1 ? -19 : undefined))
    expect(fates(only(setBoth(rig)))).toEqual({ 0: 'applied', 4: 'failed' })
    expect(rig.told).toEqual([expect.stringMatching(`^${BDF}: entry 0 not put back: ENODEV`)])
  })

  it('that fails below the device is an account all the same', () => {
    const rig = rigWithFailure(({ op, nth }) => {
      if (op === 'set' && nth > 1) throw new RefusedError('Cannot write the state')
      return undefined
    })
    expect(fates(only(setBoth(rig)))).toEqual({ 0: 'applied', 4: 'failed' })
    expect(rig.told).toEqual([`${BDF}: entry 0 not put back: Cannot write the state`])
  })

  it('to a tag of an unknown CPU is told as impossible', () => {
    const rig = rigWithFailure()
    rig.device.tags.splice(1, 2, 0x106, 0x107)
    const outcome = set(rig, '0-2=1-3', '4=2')
    expect(fates(only(outcome))).toEqual({
      0: 'restored',
      1: 'applied',
      2: 'applied',
      4: 'failed',
    })
    expect(rig.told).toEqual([
      `${BDF}: entries 1-2 not put back: the CPU behind their former tag is not known`,
    ])
  })

  it('says nothing of failed entries that are as they were', () => {
    const rig = rigWithFailure()
    rig.device.tags[4] = 0x106
    setBoth(rig)
    expect(rig.told).toEqual([])
    const other = rigOf()
    other.device.script = ({ op }) => (op === 'set' ? EIO : undefined)
    expect(fates(only(set(other, '4-5=2')))).toEqual({ 4: 'failed', 5: 'failed' })
    expect(other.told).toEqual([])
  })

  it('that GET does not confirm takes the word of its SETs, and remembers no CPU', () => {
    const rig = rigWithFailure(({ op }) =>
      op === 'get' && rig.device.sets.length > 1 ? EIO : undefined,
    )
    expect(fates(only(setBoth(rig)))).toEqual({ 0: 'restored', 4: 'failed' })
    rig.device.script = () => undefined
    expect(cpus(rig, [0, 4])).toEqual([null, null])
  })
})
