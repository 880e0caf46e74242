import { describe, expect, it } from 'vitest'
import { describeDevice, listDevices } from '../../src/tph/describe.ts'
import { findFunction } from '../../src/tph/host.ts'
import type { FeatureInfo } from '../../src/tph/results.ts'
import { showInSysfs } from './control-rig.ts'
import { configWith, EXTENDED_64, type Script, ScriptedDevice } from './scripted-device.ts'
import { BDF, type Rig, rigOf } from './scripted-host.ts'

/** What `list` says of a device of `rigOf()`. */
const LISTED = {
  device: BDF,
  vendorId: '1234',
  deviceId: '5678',
  driver: 'vfio-pci',
  numaNode: 0,
  iommuGroup: 1,
  tph: {
    offset: 0x1a0,
    modes: ['none', 'iv', 'ds'],
    extended: true,
    stLocation: 'capability',
    stEntries: 64,
  },
  owner: { pid: 4711, command: 'qemu', fd: 30 },
  ownerVisible: true,
}

/** Has the host show so many bytes of the device's config space, and why not more. */
function showBytes(rig: Rig, count: number, missing: 'not-readable' | 'not-in-dump'): void {
  showInSysfs(rig, { bytes: rig.device.config.slice(0, count), missing })
}

describe('listDevices()', () => {
  it('has all that is known of functions with TPH, and leaves out those without', () => {
    const { host, device } = rigOf([new ScriptedDevice(BDF), new ScriptedDevice('0000:82:00.0', 0)])
    expect(listDevices(host)).toEqual({ devices: [LISTED], undecided: [] })
    expect(device.opens).toBe(0)
  })

  it('says that nobody owns a device, and that a driver has none', () => {
    const { host, backend } = rigOf()
    const functions = backend.functions()
    backend.functions = () => functions.map((fn) => ({ ...fn, owner: null, driver: null }))
    expect(listDevices(host).devices).toEqual([{ ...LISTED, owner: null, driver: null }])
  })

  it.each(['not-readable', 'not-in-dump'] as const)(
    'names those of which too little is to be seen: %s',
    (tphReason) => {
      const rig = rigOf()
      showBytes(rig, 64, tphReason)
      expect(listDevices(rig.host)).toEqual({
        devices: [],
        undecided: [{ device: BDF, tphReason }],
      })
    },
  )
})

describe('describeDevice()', () => {
  const info = ({ host }: Rig) => describeDevice(host, findFunction(host, BDF))

  it('has what list has, and what else is to be seen', () => {
    expect(info(rigOf())).toEqual({
      ...LISTED,
      tphReason: null,
      control: { mode: 'none', requester: 'off' },
      completer: 'extended',
      localCpus: '0-7',
      feature: { supported: true, get: true, set: true, index: 14, abi: 'tph-st' },
      notes: [],
    })
  })

  it('has no register where config space ends before it', () => {
    const rig = rigOf()
    showBytes(rig, 0x1a8, 'not-in-dump')
    expect(info(rig)).toMatchObject({ tph: { offset: 0x1a0 }, control: null, tphReason: null })
  })

  it('notes the oddities of a capability', () => {
    const device = new ScriptedDevice(BDF)
    device.config.set(configWith(EXTENDED_64 & ~0b111))
    const { notes } = info(rigOf([device]))
    expect(notes).toContain('no ST mode is supported, not even "No ST"')
  })

  it.each([
    ['not-readable', ['extended config space is not readable without CAP_SYS_ADMIN']],
    ['not-in-dump', []],
  ] as const)('has no capability that is not to be seen: %s', (tphReason, notes) => {
    const rig = rigOf()
    showBytes(rig, 64, tphReason)
    const unknown = { tph: null, tphReason, control: null, feature: null, notes }
    expect(info(rig)).toMatchObject(unknown)
    expect(rig.device.opens).toBe(0)
  })

  it('has none of a device that has none', () => {
    const rig = rigOf([new ScriptedDevice(BDF, 0)])
    expect(info(rig)).toMatchObject({ tph: null, tphReason: 'absent', control: null, notes: [] })
  })
})

/** What `tphctl info` says of the kernel's feature. */
function feature(rig: Rig, script: Script): FeatureInfo | null {
  rig.device.script = script
  const info = describeDevice(rig.host, findFunction(rig.host, BDF))
  expect([rig.device.opens - rig.device.closes, rig.device.count('set')]).toEqual([0, 0])
  return info.feature
}

/** PROBE of SET alone fails. */
const withoutSet =
  (errno: number): Script =>
  ({ op, bytes }) =>
    op === 'probe' && (bytes.getUint32(4, true) & 0x20000) !== 0 ? -errno : undefined

/** GET of entry 64, beyond the table, gives tag 0. */
const beyondTable: Script = ({ op, index, bytes }) => {
  if (op !== 'get' || index !== 64) return undefined
  bytes.setUint32(16, 0, true)
  return 0
}

describe('the feature in describeDevice()', () => {
  it('is supported where PROBE and the shape of GET say so', () => {
    const rig = rigOf()
    const there = { supported: true, get: true, set: true, index: 14, abi: 'tph-st' }
    expect(feature(rig, () => undefined)).toEqual(there)
    expect([rig.device.count('probe'), rig.told]).toEqual([2, []])
  })

  it.each<[string, Script]>([
    ['answers GET of every index', ({ op }) => (op === 'get' ? 0 : undefined)],
    ['knows entries beyond the table', beyondTable],
  ])('is not supported by another one that PROBE confirms and that %s', (_what, script) => {
    const rig = rigOf()
    expect(feature(rig, script)).toMatchObject({ supported: false, get: true, set: true })
    expect(rig.told).toEqual([])
  })

  it.each([25, 22, 95])('is not there where PROBE says errno %i', (errno) => {
    const rig = rigOf()
    const none = { supported: false, get: false, set: false, index: 14, abi: null }
    expect(feature(rig, ({ op }) => (op === 'probe' ? -errno : undefined))).toEqual(none)
    expect(rig.told).toEqual([])
  })

  it('lacks the method that PROBE does not confirm', () => {
    const halfThere = { supported: false, get: true, set: false }
    expect(feature(rigOf(), withoutSet(22))).toMatchObject(halfThere)
  })

  it.each<[string, Script, string]>([
    ['PROBE', ({ op }) => (op === 'probe' ? -5 : undefined), 'EIO'],
    ['PROBE of SET', withoutSet(1), 'EPERM'],
    ['GET', ({ op }) => (op === 'get' ? -1 : undefined), 'EPERM'],
  ])('is unknown, with a note, where %s fails for another reason', (_what, script, errno) => {
    const rig = rigOf()
    expect(feature(rig, script)).toBeNull()
    expect(rig.told).toEqual([expect.stringMatching(`^${BDF}: .* is unknown: .*${errno}`)])
  })

  it('is null without a note where there is no capability', () => {
    const rig = rigOf([new ScriptedDevice(BDF, 0)])
    expect(feature(rig, () => undefined)).toBeNull()
    expect([rig.device.opens, rig.told]).toEqual([0, []])
  })
})
