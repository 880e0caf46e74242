import { E, errnoName } from '../abi/errno.ts'
import { CallError } from '../backend/types.ts'
import { findCapability } from '../pci/capabilities.ts'
import { ConfigSpace } from '../pci/config-space.ts'
import { findMsix } from '../pci/msix.ts'
import {
  PCI_CAP_ID_PM,
  PCI_COMMAND,
  PCI_COMMAND_MEMORY,
  PCI_MSIX_ENTRY_CTRL_MASKBIT,
  PCI_MSIX_ENTRY_SIZE,
  PCI_MSIX_ENTRY_VECTOR_CTRL,
  PCI_PM_CTRL,
  PCI_PM_CTRL_STATE_MASK,
  PCI_VENDOR_ID,
} from '../pci/regs.ts'
import type { OpenDevice } from './interfaces/types.ts'
import type { ControlInfo } from './results.ts'
import type { TphFunction } from './tph-function.ts'

/** Where the tag lies in a vector control dword (PCIe 6.0 section 7.7.2.5). */
const MSIX_TAG_SHIFT = 16

/** An entry of the device's own table. */
export interface HardwareEntry {
  readonly tag: number
  /** Whether the kernel can write it: always in the capability, in MSI-X while the entry's vector is allocated. */
  readonly writable: boolean
}

/** The device's own table, or why it cannot be seen. */
export type HardwareTable =
  | { readonly entries: readonly HardwareEntry[]; readonly unseen: null }
  | { readonly entries: null; readonly unseen: Unseen }

/** Why a table cannot be seen. */
export interface Unseen {
  /** With the name of the errno in front, where there is one. */
  readonly reason: string
  /** Positive; null where nothing was refused. */
  readonly errno: number | null
}

/**
 * Reads the ST table where the hardware has it: in config space as sysfs shows it, or in the MSI-X table through the device fd (uapi
 * section 3). vfio's own view of config space would not do.
 *
 * @param found a function with a table
 * @param requester the type that TPH is on with
 */
export function readHardwareTable(
  found: TphFunction,
  device: OpenDevice,
  requester: ControlInfo['requester'],
): HardwareTable {
  const isInMsix = found.tph.stLocation === 'msix'
  const table = isInMsix ? readMsixTable(found, device) : fromConfig(found)
  if (table.entries === null) return table
  const mask = tagMask(found.tph, requester)
  return { ...table, entries: table.entries.map((entry) => ({ ...entry, tag: entry.tag & mask })) }
}

/** Without extended TPH a tag is the low byte of its entry, also on a device that could do more. While TPH is off an entry may have either. */
export function tagMask(
  { extended }: Pick<TphFunction['tph'], 'extended'>,
  requester: ControlInfo['requester'],
): number {
  return requester === 'extended' || (requester === 'off' && extended) ? 0xffff : 0xff
}

function fromConfig({ fn, tph }: TphFunction): HardwareTable {
  const space = new ConfigSpace(fn.config.bytes)
  const start = tph.stTableOffset ?? 0
  if (!space.has(start, 2 * tph.stEntries)) return configUnseen(fn)
  return seen(tph, (index) => ({ tag: space.u16(start + 2 * index), writable: true }))
}

/** The table in MSI-X, through the device fd; tags are as wide as an entry. */
export function readMsixTable({ fn, tph }: TphFunction, device: OpenDevice): HardwareTable {
  const config = device.config()
  const hardware = new ConfigSpace(fn.config.bytes)
  if (!hardware.has(PCI_VENDOR_ID, 6)) return configUnseen(fn)
  const hidden =
    whyMemoryIsOff(config) ??
    (isVirtual(hardware) ? null : whyMemoryIsOff(hardware)) ??
    whyAsleep(config) ??
    whyAsleep(hardware)
  if (hidden !== null) return unknown(hidden)
  const msix = findMsix(config)
  if (msix === null) return unknown('the device shows no MSI-X capability')
  try {
    const bytes = device.readBar(msix.bar, msix.tableOffset, PCI_MSIX_ENTRY_SIZE * tph.stEntries)
    const table = new ConfigSpace(bytes)
    return seen(tph, (index) => msixEntry(table, index, msix.enabled))
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return unknown(`BAR ${msix.bar} cannot be mapped there`, error.errno)
  }
}

/** A vector is not allocated that is as it became when Linux turned MSI-X on: masked and without a tag (`msix_mask_all`). */
function msixEntry(table: ConfigSpace, index: number, isMsixOn: boolean): HardwareEntry {
  const control = table.u32(PCI_MSIX_ENTRY_SIZE * index + PCI_MSIX_ENTRY_VECTOR_CTRL)
  const tag = control >>> MSIX_TAG_SHIFT
  const isUntouched = tag === 0 && (control & PCI_MSIX_ENTRY_CTRL_MASKBIT) !== 0
  return { tag, writable: isMsixOn && !isUntouched }
}

/**
 * Whether this is the hardware view of a VF, which reads all ones as its vendor. Its memory decoding bit is always 0: that of its
 * PF decides, and vfio shows the device fd a bit that is on.
 */
function isVirtual(hardware: ConfigSpace): boolean {
  return hardware.u16(PCI_VENDOR_ID) === 0xffff
}

/** Reading a BAR then would end this process with SIGBUS. */
function whyMemoryIsOff(config: ConfigSpace): string | null {
  const isOn = (config.u16(PCI_COMMAND) & PCI_COMMAND_MEMORY) !== 0
  return isOn ? null : 'memory decoding is off in COMMAND'
}

/** Below D0 the same happens. */
function whyAsleep(config: ConfigSpace): string | null {
  const power = findCapability(config, PCI_CAP_ID_PM)
  if (power === null || !config.has(power + PCI_PM_CTRL, 2)) return null
  const state = config.u16(power + PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK
  return state === 0 ? null : `the device is in power state D${state}`
}

function seen(
  { stEntries }: TphFunction['tph'],
  read: (index: number) => HardwareEntry,
): HardwareTable {
  return { entries: Array.from({ length: stEntries }, (_, index) => read(index)), unseen: null }
}

function configUnseen({ config: { missing } }: TphFunction['fn']): HardwareTable {
  return missing === 'not-readable'
    ? unknown('config space is not readable up to there without CAP_SYS_ADMIN', E.EACCES)
    : unknown('config space is not readable up to there')
}

function unknown(why: string, errno: number | null = null): HardwareTable {
  const reason = errno === null ? why : `${errnoName(errno)}, ${why}`
  return { entries: null, unseen: { reason, errno } }
}
