// Names, order and values follow the <linux/vfio.h> of revision 8 of the series "vfio/pci: Add PCIe TPH support", as the kvm list has it.
import { struct, u8, u16, u32 } from './codec.ts'
import { _IO } from './ioctl.ts'
import { VFIO_BASE, VFIO_TYPE } from './vfio-container.ts'

/**
 * Does one operation on the TPH of a device: a `vfio_device_pci_tph_op` and what that operation takes. Linux up to 7.3 has
 * nothing at this number for device fds; what a later one may have is another matter.
 */
export const VFIO_DEVICE_PCI_TPH = _IO(VFIO_TYPE, VFIO_BASE + 22)

/** Asks what the device can: a `vfio_pci_tph_cap` comes back. */
export const VFIO_PCI_TPH_GET_CAP = 0
/** Turns TPH on in the mode of a `vfio_pci_tph_ctrl`. */
export const VFIO_PCI_TPH_ENABLE = 1
/** Turns TPH off; takes nothing. */
export const VFIO_PCI_TPH_DISABLE = 2
/** Asks for the tags of CPUs, for DS mode: a `vfio_pci_tph_st`, its `st` filled in. */
export const VFIO_PCI_TPH_GET_ST = 3
/** Programs entries of the device's ST table: a `vfio_pci_tph_st`. */
export const VFIO_PCI_TPH_SET_ST = 4

/** Bit of supported_modes, and the mode to enable: interrupt vector. */
export const VFIO_PCI_TPH_MODE_IV = 1 << 0
/** The same: device specific. */
export const VFIO_PCI_TPH_MODE_DS = 1 << 1

/** mem_type of volatile memory. */
export const VFIO_PCI_TPH_MEM_TYPE_VM = 0
/** mem_type of persistent memory. */
export const VFIO_PCI_TPH_MEM_TYPE_PM = 1

/** Entries one GET_ST or SET_ST may have at most. */
export const VFIO_PCI_TPH_MAX_ENTRIES = 2048

/** In place of a CPU (U32_MAX): SET_ST clears the entry. */
export const CLEAR_CPU = 0xffffffff

/** What every argument begins with, up to the union: argsz is the bytes of it and of what the operation takes. */
export const vfio_device_pci_tph_op = struct('vfio_device_pci_tph_op', 8, { argsz: u32, op: u32 })

/** Reply of GET_CAP. st_table_sz is a number of entries; 0 means no ST table. */
export const vfio_pci_tph_cap = struct('vfio_pci_tph_cap', 8, {
  supported_modes: u8,
  reserved0: u8,
  st_table_sz: u16,
  reserved: u32,
})

/** Argument of ENABLE; the 7 bytes behind the mode are one array in C. */
export const vfio_pci_tph_ctrl = struct('vfio_pci_tph_ctrl', 8, {
  mode: u8,
  _reserved0: u8,
  _reserved1: u8,
  _reserved2: u8,
  _reserved3: u8,
  _reserved4: u8,
  _reserved5: u8,
  _reserved6: u8,
})

/** Argument of GET_ST and SET_ST; count entries follow it. */
export const vfio_pci_tph_st = struct('vfio_pci_tph_st', 8, { count: u32, reserved: u32 })

/** One entry: SET_ST takes cpu, mem_type and index, GET_ST takes cpu and mem_type and fills in st. */
export const vfio_pci_tph_entry = struct('vfio_pci_tph_entry', 12, {
  cpu: u32,
  mem_type: u8,
  reserved0: u8,
  index: u16,
  st: u16,
  reserved1: u16,
})

/** Offset in bytes of the union in the ioctl's argument. */
export const PCI_TPH_DATA_OFFSET = vfio_device_pci_tph_op.size

/** Offset in bytes of the first entry in the ioctl's argument. */
export const PCI_TPH_ENTRIES_OFFSET = PCI_TPH_DATA_OFFSET + vfio_pci_tph_st.size
