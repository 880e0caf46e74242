import {
  PCI_CAP_ID_EXP,
  PCI_CAP_ID_MSIX,
  PCI_CAP_ID_PM,
  PCI_EXP_DEVCAP2,
  PCI_EXP_TYPE_ROOT_PORT,
  PCI_EXT_CAP_ID_TPH,
  PCI_HEADER_TYPE_BRIDGE,
  PCI_HEADER_TYPE_NORMAL,
  PCI_MSIX_FLAGS,
  PCI_MSIX_TABLE,
  PCI_PRIMARY_BUS,
  PCI_TPH_CAP,
} from '../../pci/regs.ts'
import { buildConfig, type CapabilityParts } from './build-config.ts'
import type { FunctionDescription } from './emulated-function.ts'

/** The vendor id that emulators use; the device ids are ours and mean nothing. */
const VENDOR = 0x1234
const CLASS_ETHERNET = 0x020000
const CLASS_PCI_BRIDGE = 0x060400
const PCI_EXT_CAP_ID_ERR = 0x01
/** TPH completer and extended TPH completer supported (Device Capabilities 2, bits 13:12). */
const DEVCAP2_EXTENDED_COMPLETER = 0x3000

/** TPH capability registers of the three kinds of table (PCIe 6.0 section 7.9.13.2). */
const TPH_IN_CAPABILITY_64 = 0x003f0307
const TPH_IN_MSIX_2048 = 0x07ff0507
const TPH_DS_WITHOUT_TABLE = 0x00000005

const ENDPOINTS = [
  { bus: 0x81, device: 0x8100, numaNode: 0, vectors: 64, tph: TPH_IN_CAPABILITY_64 },
  { bus: 0x82, device: 0x8200, numaNode: 1, vectors: 2048, tph: TPH_IN_MSIX_2048 },
  { bus: 0x83, device: 0x8300, numaNode: 0, vectors: 32, tph: TPH_DS_WITHOUT_TABLE },
  { bus: 0x84, device: 0x8400, numaNode: 1, vectors: 16, tph: null },
] as const

/** The functions of the host that the mock has when no dump is given (design: "The mock"): four endpoints, each behind a root port. */
export function builtInFunctions(): FunctionDescription[] {
  return ENDPOINTS.flatMap((endpoint, i) => [
    {
      bdf: `0000:80:0${i + 1}.0`,
      get config() {
        return rootPortConfig(endpoint.bus)
      },
      secondaryBus: endpoint.bus,
      driver: 'pcieport',
      numaNode: endpoint.numaNode,
      iommuGroup: 10 + i,
      owned: false,
    },
    {
      bdf: `0000:${endpoint.bus.toString(16)}:00.0`,
      get config() {
        return endpointConfig(endpoint)
      },
      secondaryBus: null,
      driver: 'vfio-pci',
      numaNode: endpoint.numaNode,
      iommuGroup: 20 + i,
      owned: true,
    },
  ])
}

function endpointConfig(endpoint: (typeof ENDPOINTS)[number]): Uint8Array {
  const tph: CapabilityParts[] =
    endpoint.tph === null
      ? []
      : [{ at: 0x1a0, id: PCI_EXT_CAP_ID_TPH, registers: [[PCI_TPH_CAP, 4, endpoint.tph]] }]
  return buildConfig({
    vendor: VENDOR,
    device: endpoint.device,
    class: CLASS_ETHERNET,
    headerType: PCI_HEADER_TYPE_NORMAL,
    registers: [
      [0x10, 4, 0xc000000c],
      [0x14, 4, endpoint.bus],
    ],
    capabilities: [POWER_MANAGEMENT, msix(endpoint.vectors), express(0)],
    extended: [{ at: 0x100, id: PCI_EXT_CAP_ID_ERR, version: 2, registers: [] }, ...tph],
  })
}

function rootPortConfig(secondaryBus: number): Uint8Array {
  return buildConfig({
    vendor: VENDOR,
    device: 0x8000,
    class: CLASS_PCI_BRIDGE,
    headerType: PCI_HEADER_TYPE_BRIDGE,
    registers: [[PCI_PRIMARY_BUS, 4, 0x80 | (secondaryBus << 8) | (secondaryBus << 16)]],
    capabilities: [POWER_MANAGEMENT, express(PCI_EXP_TYPE_ROOT_PORT)],
    extended: [{ at: 0x100, id: PCI_EXT_CAP_ID_ERR, version: 2, registers: [] }],
  })
}

const POWER_MANAGEMENT: CapabilityParts = {
  at: 0x40,
  id: PCI_CAP_ID_PM,
  registers: [[2, 2, 0x0003]],
}

/** MSI-X switched on, its table at the start of BAR 0, its pending bits behind it. */
function msix(vectors: number): CapabilityParts {
  const registers: CapabilityParts['registers'] = [
    [PCI_MSIX_FLAGS, 2, 0x8000 | (vectors - 1)],
    [PCI_MSIX_TABLE, 4, 0],
    [PCI_MSIX_TABLE + 4, 4, 0x8000],
  ]
  return { at: 0x70, id: PCI_CAP_ID_MSIX, registers }
}

/** A version 2 PCI Express capability: 16 GT/s, 8 lanes. */
function express(type: number): CapabilityParts {
  const completer = type === PCI_EXP_TYPE_ROOT_PORT ? DEVCAP2_EXTENDED_COMPLETER : 0
  const registers: CapabilityParts['registers'] = [
    [2, 2, 2 | (type << 4)],
    [4, 4, 0x00008002],
    [8, 2, 0x2910],
    [0x0c, 4, 0x00000084],
    [0x12, 2, 0x0084],
    [PCI_EXP_DEVCAP2, 4, completer],
  ]
  return { at: 0xa0, id: PCI_CAP_ID_EXP, registers }
}
