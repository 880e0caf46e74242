import { describe, expect, it } from 'vitest'
import type { StMode } from '../../src/pci/tph-control.ts'
import { control, putRegister, register, rigWith, showInSysfs, written } from './control-rig.ts'
import { coded } from './scripted-commands.ts'
import { DS_WITHOUT_TABLE } from './scripted-device.ts'
import { BDF } from './scripted-host.ts'

/** A capability with all three modes and plain TPH. */
const ALL_MODES_8_BIT = 0x00000007

describe('setControl()', () => {
  it.each<[StMode, number, number]>([
    ['none', 0x300, 0x100],
    ['iv', 0x301, 0x101],
    ['ds', 0x302, 0x102],
  ])('turns mode %s on with one write', (mode, extended, plain) => {
    const rig = rigWith(0)
    expect(control(rig, mode)).toEqual({
      value: {
        device: BDF,
        changed: true,
        before: { mode: 'none', requester: 'off' },
        control: { mode, requester: 'extended' },
      },
      error: null,
    })
    expect(written(rig)).toEqual([extended])
    const other = rigWith(0, ALL_MODES_8_BIT)
    expect(control(other, mode).value.control).toEqual({ mode, requester: 'tph' })
    expect(written(other)).toEqual([plain])
  })

  it.each<[StMode | null, number]>([
    ['iv', 0x301],
    ['iv', 0x101],
    ['ds', 0x302],
    ['none', 0x300],
    [null, 0],
  ])('writes nothing when mode %s is already so (register %i)', (mode, value) => {
    const rig = rigWith(value)
    expect(control(rig, mode)).toMatchObject({ value: { changed: false }, error: null })
    expect(written(rig)).toEqual([])
  })

  it('turns TPH off before it turns another mode on', () => {
    const rig = rigWith(0x301)
    const { value, error } = control(rig, 'ds')
    expect(error).toBeNull()
    expect(value).toMatchObject({ changed: true, before: { mode: 'iv' }, control: { mode: 'ds' } })
    expect(written(rig)).toEqual([0, 0x302])
  })

  it.each([0x301, 0x002, 0x100, 0x202])(
    'turns TPH off with one write of 0 (register %i)',
    (value) => {
      const rig = rigWith(value)
      expect(control(rig, null)).toMatchObject({
        value: { changed: true, control: { mode: 'none', requester: 'off' } },
        error: null,
      })
      expect(written(rig)).toEqual([0])
    },
  )

  it('takes the reserved requester value 2 for on, but not for enabled in a mode', () => {
    const rig = rigWith(0x202)
    const { value, error } = control(rig, 'ds')
    expect(error).toBeNull()
    expect(value.before).toEqual({ mode: 'ds', requester: 'reserved' })
    expect(value.control).toEqual({ mode: 'ds', requester: 'extended' })
    expect(written(rig)).toEqual([0, 0x302])
  })

  it('accepts the requester type that the kernel chose', () => {
    const rig = rigWith(0)
    rig.device.ignoresWrite = () => {
      putRegister(rig, 0x101)
      return true
    }
    expect(control(rig, 'iv')).toMatchObject({
      value: { control: { mode: 'iv', requester: 'tph' } },
      error: null,
    })
  })

  it.each<StMode>(['none', 'iv'])(
    'refuses mode %s, which the capability lacks, and writes nothing',
    (mode) => {
      const rig = rigWith(0, DS_WITHOUT_TABLE)
      expect(() => control(rig, mode)).toThrow(coded('unsupported'))
      expect(() => control(rig, mode)).toThrow(`mode ${mode}`)
      expect([written(rig), rig.device.opens]).toEqual([[], 0])
    },
  )
})

describe('setControl() as a rehearsal', () => {
  it('of an interface that was named opens nothing and says what would be written, in the words of -v', () => {
    const rig = rigWith(0x302)
    const lines: string[] = []
    const trace = (line: string) => void lines.push(line)
    const host = { ...rig.host, abi: 'tph-st' as const, trace }
    expect(control({ host }, 'iv', true)).toMatchObject({
      value: { changed: false, planned: [0, 0x301] },
      error: null,
    })
    expect(lines).toEqual([
      'would write config 0x1a8 length 4 [00 00 00 00]',
      'would write config 0x1a8 length 4 [01 03 00 00]',
    ])
    expect([rig.device.opens, register(rig)]).toEqual([0, 0x302])
  })

  it.each([
    ['not-readable', 'permission'],
    ['not-in-dump', 'unsupported'],
  ] as const)('refuses where the register is %s, and invents no value', (missing, code) => {
    const rig = rigWith(0x302)
    showInSysfs(rig, { bytes: rig.device.config.slice(0, 0x1a8), missing })
    expect(() => control(rig, 'ds', true)).toThrow(coded(code))
  })
})
