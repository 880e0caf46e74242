import type { TphCapability } from '../../src/pci/tph-capability.ts'
import type { ConfigParts } from './build-config.ts'

/** A PCI Express capability, version 2, of an endpoint. */
export const express = { offset: 0x40, id: 0x10, flags: 0x0002 }
/** An MSI-X capability with so many vectors. */
export const msix = (entries: number) => ({
  offset: 0x70,
  id: 0x11,
  flags: entries - 1,
  dwords: [0, 0],
})
/** The head of an extended chain. */
export const aer = { offset: 0x100, id: 0x01 }

/** An endpoint with TPH at `offset`, behind AER at 0x100, and MSI-X where asked for. */
export function device(offset: number, register: number, vectors?: number): ConfigParts {
  const capabilities = vectors === undefined ? [express] : [express, msix(vectors)]
  return { capabilities, extended: [aer, { offset, id: 0x17, dwords: [register, 0] }] }
}

/** Devices seen as text elsewhere (shared/fixtures/README.md), and how they decode; sizes are examples. */
export const KNOWN_DEVICES: [string, ConfigParts, Omit<TphCapability, 'notes'>][] = [
  [
    'BCM57416: IV and DS, in MSI-X',
    { vendor: 0x14e4, device: 0x16d8, ...device(0x230, 0x00490407, 74) },
    {
      offset: 0x230,
      modes: ['none', 'iv', 'ds'],
      extended: false,
      stLocation: 'msix',
      stEntries: 74,
      stTableOffset: null,
    },
  ],
  [
    'QL41212H: IV and DS, in MSI-X',
    { vendor: 0x1077, device: 0x8070, ...device(0x1f8, 0x00800407, 129) },
    {
      offset: 0x1f8,
      modes: ['none', 'iv', 'ds'],
      extended: false,
      stLocation: 'msix',
      stEntries: 129,
      stTableOffset: null,
    },
  ],
  [
    'AMD 1022:14dc: IV, in MSI-X',
    { vendor: 0x1022, device: 0x14dc, ...device(0x370, 0x00010403, 2) },
    {
      offset: 0x370,
      modes: ['none', 'iv'],
      extended: false,
      stLocation: 'msix',
      stEntries: 2,
      stTableOffset: null,
    },
  ],
  [
    'X710, XL710, E810-C: DS, no table',
    { vendor: 0x8086, device: 0x1572, ...device(0x1a0, 0x00000005, 129) },
    {
      offset: 0x1a0,
      modes: ['none', 'ds'],
      extended: false,
      stLocation: 'none',
      stEntries: 0,
      stTableOffset: null,
    },
  ],
  [
    'RK3399 root port: IV and DS, in the capability',
    { vendor: 0x1d87, device: 0x0100, headerType: 1, ...device(0x274, 0x003f0207) },
    {
      offset: 0x274,
      modes: ['none', 'iv', 'ds'],
      extended: false,
      stLocation: 'capability',
      stEntries: 64,
      stTableOffset: 0x280,
    },
  ],
  [
    'HNS3: DS, no table',
    { vendor: 0x19e5, device: 0xa222, ...device(0x300, 0x00000005) },
    {
      offset: 0x300,
      modes: ['none', 'ds'],
      extended: false,
      stLocation: 'none',
      stEntries: 0,
      stTableOffset: null,
    },
  ],
  [
    "a VFIO guest's view: the first header has id 0",
    {
      capabilities: [express],
      extended: [
        { offset: 0x100, id: 0, version: 0 },
        { offset: 0x1a0, id: 0x17, dwords: [0x00070205, 0x102] },
      ],
    },
    {
      offset: 0x1a0,
      modes: ['none', 'ds'],
      extended: false,
      stLocation: 'capability',
      stEntries: 8,
      stTableOffset: 0x1ac,
    },
  ],
  [
    'a VF, whose ids read all ones',
    { vendor: 0xffff, device: 0xffff, ...device(0x148, 0x00000105) },
    {
      offset: 0x148,
      modes: ['none', 'ds'],
      extended: true,
      stLocation: 'none',
      stEntries: 0,
      stTableOffset: null,
    },
  ],
]
