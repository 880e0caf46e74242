import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as pciTph from '../../src/abi/pci-tph-v8.ts'
import * as pciTphCodec from '../../src/abi/pci-tph-v8-codec.ts'
import * as tphSt from '../../src/abi/tph-st.ts'
import * as vfio from '../../src/abi/vfio.ts'
import { fromHex, toHex } from '../abi/hex.ts'

interface Layout {
  readonly size: number
  readonly fields: Readonly<Record<string, { readonly offset: number; readonly size: number }>>
}

interface Probe {
  readonly structs: Readonly<Record<string, Layout>>
  readonly constants: Readonly<Record<string, number>>
  readonly samples: Readonly<Record<string, string>>
  /** The size of that structure, and where the parts of its union are. */
  readonly vfio_device_pci_tph_op: Readonly<Record<string, number>>
}

const missing = whatIsMissing()
const probe =
  missing === null
    ? runProbe()
    : { structs: {}, constants: {}, samples: {}, vfio_device_pci_tph_op: {} }
const since66 = 'VFIO_DEVICE_BIND_IOMMUFD' in probe.constants
const sinceToken = 'VFIO_DEVICE_BIND_FLAG_TOKEN' in probe.constants

function whatIsMissing(): string | null {
  if (spawnSync('cc', ['--version']).status !== 0) return 'no cc'
  const includes = spawnSync('cc', ['-E', '-'], { input: '#include <linux/vfio.h>\n' })
  return includes.status === 0 ? null : 'no linux/vfio.h'
}

function runProbe(): Probe {
  const directory = mkdtempSync(join(tmpdir(), 'tphctl-abi-probe-'))
  const source = fileURLToPath(new URL('../../native-shims/abi-probe.c', import.meta.url))
  const program = join(directory, 'abi-probe')
  try {
    execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-o', program, source])
    return JSON.parse(execFileSync(program, { encoding: 'utf8' }))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** A struct of ours as the probe prints it: padding has the header's name, without our `_`. */
function layoutOf({ size, fields }: Layout): Layout {
  const named = Object.entries(fields).map(([field, place]) => [field.replace(/^_/, ''), place])
  return { size, fields: Object.fromEntries(named) }
}

/** A capability whose header we spell out, as C names its fields. */
function withHeader({ size, fields }: Layout): Layout {
  const inHeader = (name: string) => ['id', 'version', 'next'].includes(name)
  const named = Object.entries(fields).map(([name, place]) => [
    inHeader(name) ? `header.${name}` : name,
    place,
  ])
  return { size, fields: Object.fromEntries(named) }
}

/** A struct that ends with bytes for later, which are one array in C. */
function withReservedArray({ size, fields }: Layout): Layout {
  const named = Object.entries(fields).filter(([name]) => !name.startsWith('_'))
  const offset = Object.keys(fields).findIndex((name) => name.startsWith('_'))
  return {
    size,
    fields: { ...Object.fromEntries(named), reserved: { offset, size: size - offset } },
  }
}

/** vfio_device_info as headers before 6.6 have it. */
function withoutPad(layout: Layout): Layout {
  const { pad: _, ...fields } = layout.fields
  return { size: layout.size - 4, fields }
}

function expectedLayouts(): Record<string, Layout> {
  const info = layoutOf(vfio.vfio_device_info)
  const bind = sinceToken ? vfio.vfio_device_bind_iommufd_token : vfio.vfio_device_bind_iommufd
  return {
    vfio_group_status: layoutOf(vfio.vfio_group_status),
    vfio_device_info: since66 ? info : withoutPad(info),
    vfio_region_info: layoutOf(vfio.vfio_region_info),
    vfio_info_cap_header: layoutOf(vfio.vfio_info_cap_header),
    vfio_region_info_cap_sparse_mmap: withHeader(layoutOf(vfio.vfio_region_info_cap_sparse_mmap)),
    vfio_region_sparse_mmap_area: layoutOf(vfio.vfio_region_sparse_mmap_area),
    vfio_device_feature: layoutOf(vfio.vfio_device_feature),
    ...(since66 ? { vfio_device_bind_iommufd: layoutOf(bind) } : {}),
    vfio_device_feature_tph_st: layoutOf(tphSt.vfio_device_feature_tph_st),
    vfio_pci_tph_cap: layoutOf(pciTph.vfio_pci_tph_cap),
    vfio_pci_tph_ctrl: withReservedArray(pciTph.vfio_pci_tph_ctrl),
    vfio_pci_tph_entry: layoutOf(pciTph.vfio_pci_tph_entry),
    vfio_pci_tph_st: layoutOf(pciTph.vfio_pci_tph_st),
    vfio_device_pci_tph_op: layoutOf(pciTph.vfio_device_pci_tph_op),
  }
}

/** Our constants that the installed header should have, as numbers. */
function expectedConstants(): Record<string, number> {
  const ours = { ...vfio, VFIO_TYPE: vfio.VFIO_TYPE.charCodeAt(0), ...tphSt, ...pciTph }
  const numbers = Object.entries(ours).filter(
    (entry): entry is [string, number] =>
      typeof entry[1] === 'number' && entry[0].startsWith('VFIO_'),
  )
  const newer = new Set([
    ...(since66 ? [] : ['VFIO_DEVICE_BIND_IOMMUFD']),
    ...(sinceToken ? [] : ['VFIO_DEVICE_BIND_FLAG_TOKEN']),
    ...('VFIO_DEVICE_FEATURE_TPH_ST' in probe.constants ? [] : ['VFIO_DEVICE_FEATURE_TPH_ST']),
  ])
  return Object.fromEntries(numbers.filter(([name]) => !newer.has(name)))
}

function sample(name: string): Uint8Array {
  const hex = probe.samples[name]
  if (hex === undefined) throw new Error(`abi-probe printed no sample "${name}"`)
  return fromHex(hex)
}

/** The header fields of a feature argument. */
function headersOf(bytes: Uint8Array) {
  return {
    ...vfio.vfio_device_feature.decode(bytes),
    st: tphSt.vfio_device_feature_tph_st.decode(bytes, 8),
  }
}

const title = missing === null ? 'src/abi agrees with C' : `src/abi agrees with C (${missing})`

describe.skipIf(missing !== null)(title, () => {
  it('on every size and offset', () => {
    expect(expectedLayouts()).toEqual(probe.structs)
  })

  it('on every constant', () => {
    expect(expectedConstants()).toEqual(probe.constants)
  })

  it('on where the parts of vfio_device_pci_tph_op are', () => {
    const { PCI_TPH_DATA_OFFSET: data, PCI_TPH_ENTRIES_OFFSET: entries } = pciTph
    const places = { size: 16, cap: data, ctrl: data, st: data, 'st.ents': entries }
    expect(probe.vfio_device_pci_tph_op).toEqual(places)
  })

  it.each([
    ['PROBE', () => tphSt.encodeProbe(14, [])],
    ['PROBE GET|SET', () => tphSt.encodeProbe(14, ['get', 'set'])],
    ['GET of 2', () => tphSt.encodeGet(14, { index: 0, count: 2 })],
    [
      'SET of 4 CPUs at 0, vm',
      () => tphSt.encodeSet(14, { index: 0, persistent: false, data: [8, 9, 10, 11] }),
    ],
    [
      'SET of 1 CPU at 2047, pm',
      () => tphSt.encodeSet(14, { index: 2047, persistent: true, data: [300] }),
    ],
    [
      'SET with clear',
      () =>
        tphSt.encodeSet(14, {
          index: 0x102,
          persistent: false,
          data: [8, tphSt.CLEAR_ENTRY, 0x12345],
        }),
    ],
    ['ENABLE ds', () => pciTphCodec.encodeEnable(2)],
    ['DISABLE', () => pciTphCodec.encodeDisable()],
    [
      'GET_ST of CPU 300, pm',
      () => pciTphCodec.encodeEntries(3, [{ cpu: 300, memType: 1, index: 0 }]),
    ],
    [
      'SET_ST of 3',
      () =>
        pciTphCodec.encodeEntries(4, [
          { cpu: 8, memType: 0, index: 0 },
          { cpu: 0x12345, memType: 1, index: 0x102 },
          { cpu: pciTph.CLEAR_CPU, memType: 0, index: 2047 },
        ]),
    ],
  ])('encoding %s', (name, encode) => {
    expect(toHex(encode())).toBe(toHex(sample(name)))
  })

  it('decoding replies of VFIO_DEVICE_PCI_TPH', () => {
    const cap = { supported_modes: 3, reserved0: 0, st_table_sz: 0x123, reserved: 0 }
    expect(pciTphCodec.decodeGetCap(sample('GET_CAP, answered'))).toEqual(cap)
    expect(pciTphCodec.decodeTags(sample('GET_ST of 2, answered'), 3, 2)).toEqual([0x108, 0xffff])
  })

  it.each([
    ['SET of 4 CPUs at 0, vm', 32, 0x2000e, { flags: 0, index: 0, count: 4 }],
    ['SET of 1 CPU at 2047, pm', 20, 0x2000e, { flags: 1, index: 2047, count: 1 }],
    ['SET with clear', 28, 0x2000e, { flags: 0, index: 258, count: 3 }],
    ['GET of 2', 24, 0x1000e, { flags: 0, index: 0, count: 2 }],
  ])('decoding the headers of %s', (name, argsz, flags, st) => {
    expect(headersOf(sample(name))).toEqual({ argsz, flags, st })
  })

  it.each([
    ['PROBE', 0x4000e],
    ['PROBE GET|SET', 0x7000e],
  ])('decoding %s', (name, flags) => {
    expect(vfio.vfio_device_feature.decode(sample(name))).toEqual({ argsz: 8, flags })
  })

  it('decoding the tags of an answered GET', () => {
    const tags = tphSt.decodeTags(sample('GET of 2, answered'), { index: 0, count: 2 })
    expect(tags).toEqual(Uint32Array.of(0x101, 0xffff))
  })

  it('both ways on vfio_region_info', () => {
    const value = {
      argsz: 32,
      flags: 3,
      index: 7,
      cap_offset: 0,
      size: 4096n,
      offset: 7n << 40n,
    }
    expect(vfio.vfio_region_info.decode(sample('region_info of config'))).toEqual(value)
    expect(vfio.vfio_region_info.encode(value)).toEqual(sample('region_info of config'))
  })

  it('both ways on vfio_group_status', () => {
    const value = { argsz: 8, flags: 3 }
    expect(vfio.vfio_group_status.decode(sample('group_status'))).toEqual(value)
    expect(vfio.vfio_group_status.encode(value)).toEqual(sample('group_status'))
  })

  it('both ways on vfio_device_bind_iommufd', () => {
    const value = { argsz: 16, flags: 0, iommufd: 5, out_devid: 1 }
    expect(vfio.vfio_device_bind_iommufd.decode(sample('bind_iommufd'))).toEqual(value)
    expect(vfio.vfio_device_bind_iommufd.encode(value)).toEqual(sample('bind_iommufd'))
  })

  it('both ways on vfio_device_bind_iommufd with a token', () => {
    const layout = vfio.vfio_device_bind_iommufd_token
    const token_uuid_ptr = 0x7ffe_1234_5678_9abcn
    const value = { argsz: 24, flags: 1, iommufd: -1, out_devid: 0, token_uuid_ptr }
    expect(layout.decode(sample('bind_iommufd with token'))).toEqual(value)
    expect(layout.encode(value)).toEqual(sample('bind_iommufd with token'))
  })
})
