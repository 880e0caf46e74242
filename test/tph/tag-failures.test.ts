import { describe, expect, it } from 'vitest'
import type { Script } from './scripted-device.ts'
import { BDF } from './scripted-host.ts'
import { ask, expectTidy, rigWithoutTable } from './tag-rig.ts'

describe('askTags() that fails midway', () => {
  it.each<[string, Script, string]>([
    ['SET', ({ op, nth }) => (op === 'set' && nth === 2 ? -22 : undefined), 'EINVAL'],
    ['GET', ({ op, nth }) => (op === 'get' && nth === 5 ? -5 : undefined), 'EIO'],
  ])('at a %s shows the tags it has, and clears the entry', (_call, script, errno) => {
    const rig = rigWithoutTable()
    rig.device.script = script
    const { value, error } = ask(rig, [1, 2, 3])
    expect(error).toMatchObject({ code: 'refused', errno, device: BDF })
    expect(value.tags).toEqual([{ cpu: 1, st: 0x101, memoryType: 'vm' }])
    expectTidy(rig)
  })

  it('names the CPU whose SET fails', () => {
    const rig = rigWithoutTable()
    rig.device.script = ({ op, nth }) => (op === 'set' && nth === 1 ? -22 : undefined)
    const { value, error } = ask(rig, [6])
    expect(error?.message).toContain('tag of CPU 6: EINVAL')
    expect(value.tags).toEqual([])
    expectTidy(rig)
  })

  it('shows the tags also when only clearing fails, which is the error', () => {
    const rig = rigWithoutTable()
    rig.device.script = ({ op, nth }) => (op === 'set' && nth === 2 ? -5 : undefined)
    const { value, error } = ask(rig, [1])
    expect(error).toMatchObject({ code: 'refused', errno: 'EIO', device: BDF })
    expect(error?.message).toContain('clear entry 2047')
    expect(value.tags).toMatchObject([{ cpu: 1, st: 0x101 }])
    expect(rig.told).toEqual([])
  })

  it('tells of clearing that fails beside another error', () => {
    const rig = rigWithoutTable()
    rig.device.script = ({ op, nth }) => (op === 'set' && nth > 1 ? -5 : undefined)
    const { value, error } = ask(rig, [1, 2])
    expect(error?.message).toContain('tag of CPU 2')
    expect(value.tags).toHaveLength(1)
    expect(rig.told).toEqual([expect.stringMatching(`^${BDF}: Cannot clear entry 2047 .*EIO`)])
  })
})
