// Names and values follow include/uapi/linux/pci_regs.h (Linux 6.13 and later); nothing here is decoded.
// Registers are byte offsets (from the capability's start, where inside one), fields are masks.

// Standard header
/** Vendor id, u16; a VF reads 0xffff here. */
export const PCI_VENDOR_ID = 0x00
/** Device id, u16; a VF reads 0xffff here. */
export const PCI_DEVICE_ID = 0x02
/** Command register, u16. */
export const PCI_COMMAND = 0x04
/** COMMAND: memory decoding is on, so that BARs may be read. */
export const PCI_COMMAND_MEMORY = 0x2
/** Status register, u16. */
export const PCI_STATUS = 0x06
/** STATUS: there is a capability list. */
export const PCI_STATUS_CAP_LIST = 0x10
/** Cache line size, u8. */
export const PCI_CACHE_LINE_SIZE = 0x0c
/** Latency timer, u8. */
export const PCI_LATENCY_TIMER = 0x0d
/** Header type, u8; bit 7 says multifunction. */
export const PCI_HEADER_TYPE = 0x0e
/** HEADER_TYPE: the layout, without the multifunction bit. */
export const PCI_HEADER_TYPE_MASK = 0x7f
/** HEADER_TYPE: an endpoint's layout. */
export const PCI_HEADER_TYPE_NORMAL = 0
/** HEADER_TYPE: a PCI to PCI bridge's layout, which ports have. */
export const PCI_HEADER_TYPE_BRIDGE = 1
/** HEADER_TYPE: a CardBus bridge's layout. */
export const PCI_HEADER_TYPE_CARDBUS = 2
/** Offset of the first capability in a CardBus header, u8. */
export const PCI_CB_CAPABILITY_LIST = 0x14
/** Bridge: the bus it sits on, u8. */
export const PCI_PRIMARY_BUS = 0x18
/** Bridge: the bus right behind it, u8. */
export const PCI_SECONDARY_BUS = 0x19
/** Offset of the first capability in a normal or bridge header, u8. */
export const PCI_CAPABILITY_LIST = 0x34
/** Interrupt line, u8. */
export const PCI_INTERRUPT_LINE = 0x3c
/** Size of the standard header; no capability starts below. */
export const PCI_STD_HEADER_SIZEOF = 0x40
/** Size of conventional config space; extended space starts here. */
export const PCI_CFG_SPACE_SIZE = 256
/** Size of config space with the extended part. */
export const PCI_CFG_SPACE_EXP_SIZE = 4096

// Capabilities
/** Capability id, u8. */
export const PCI_CAP_LIST_ID = 0
/** Offset of the next capability, u8; low two bits reserved. */
export const PCI_CAP_LIST_NEXT = 1
/** Power Management. */
export const PCI_CAP_ID_PM = 0x01
/** Power management control and status, u16, from the capability. */
export const PCI_PM_CTRL = 4
/** Power state, 0 for D0. */
export const PCI_PM_CTRL_STATE_MASK = 0x0003
/** Message Signalled Interrupts. */
export const PCI_CAP_ID_MSI = 0x05
/** PCI Express. */
export const PCI_CAP_ID_EXP = 0x10
/** MSI-X. */
export const PCI_CAP_ID_MSIX = 0x11
/** TPH Requester (extended). */
export const PCI_EXT_CAP_ID_TPH = 0x17

// PCI Express capability
/** PCI Express capabilities register, u16. */
export const PCI_EXP_FLAGS = 0x02
/** FLAGS: capability version; 1 has no second register set. */
export const PCI_EXP_FLAGS_VERS = 0x000f
/** FLAGS: device or port type. */
export const PCI_EXP_FLAGS_TYPE = 0x00f0
/** FLAGS type: root port. */
export const PCI_EXP_TYPE_ROOT_PORT = 0x4
/** FLAGS type: endpoint integrated in the root complex, with no root port above. */
export const PCI_EXP_TYPE_RC_END = 0x9
/** Device Control, u16. */
export const PCI_EXP_DEVCTL = 0x08
/** Device Capabilities 2, u32. */
export const PCI_EXP_DEVCAP2 = 0x24
/** DEVCAP2: TPH completer support, 0 none, 1 TPH, 3 extended TPH. */
export const PCI_EXP_DEVCAP2_TPH_COMP_MASK = 0x00003000

// MSI-X capability and table
/** Message control, u16. */
export const PCI_MSIX_FLAGS = 2
/** FLAGS: table size less one. */
export const PCI_MSIX_FLAGS_QSIZE = 0x07ff
/** FLAGS: all vectors masked. */
export const PCI_MSIX_FLAGS_MASKALL = 0x4000
/** FLAGS: MSI-X is on. */
export const PCI_MSIX_FLAGS_ENABLE = 0x8000
/** Where the table is, u32. */
export const PCI_MSIX_TABLE = 4
/** TABLE: index of the BAR. */
export const PCI_MSIX_TABLE_BIR = 0x00000007
/** TABLE: byte offset in the BAR. */
export const PCI_MSIX_TABLE_OFFSET = 0xfffffff8
/** Bytes of one table entry. */
export const PCI_MSIX_ENTRY_SIZE = 16
/** Entry: vector control, u32; its upper half is the steering tag. */
export const PCI_MSIX_ENTRY_VECTOR_CTRL = 12
export const PCI_MSIX_ENTRY_CTRL_MASKBIT = 0x1

// TPH Requester capability (PCIe 6.0 7.9.13)
/** Capability register, u32. */
export const PCI_TPH_CAP = 4
/** CAP: No ST mode supported. */
export const PCI_TPH_CAP_ST_NS = 0x00000001
/** CAP: Interrupt Vector mode supported. */
export const PCI_TPH_CAP_ST_IV = 0x00000002
/** CAP: Device Specific mode supported. */
export const PCI_TPH_CAP_ST_DS = 0x00000004
/** CAP: extended TPH requester, 16-bit tags. */
export const PCI_TPH_CAP_EXT_TPH = 0x00000100
/** CAP: where the ST table is. */
export const PCI_TPH_CAP_LOC_MASK = 0x00000600
/** CAP location: no table. */
export const PCI_TPH_LOC_NONE = 0x00000000
/** CAP location: behind this capability's registers. */
export const PCI_TPH_LOC_CAP = 0x00000200
/** CAP location: in the MSI-X table. */
export const PCI_TPH_LOC_MSIX = 0x00000400
/** CAP: ST table size less one. */
export const PCI_TPH_CAP_ST_MASK = 0x07ff0000
/** CAP: position of the ST table size. */
export const PCI_TPH_CAP_ST_SHIFT = 16
/** Control register, u32. */
export const PCI_TPH_CTRL = 8
/** CTRL: ST mode select. */
export const PCI_TPH_CTRL_MODE_SEL_MASK = 0x00000007
/** CTRL mode: No ST. */
export const PCI_TPH_ST_NS_MODE = 0x0
/** CTRL mode: Interrupt Vector. */
export const PCI_TPH_ST_IV_MODE = 0x1
/** CTRL mode: Device Specific. */
export const PCI_TPH_ST_DS_MODE = 0x2
/** CTRL: requester enable. */
export const PCI_TPH_CTRL_REQ_EN_MASK = 0x00000300
/** CTRL requester: no request carries TPH. */
export const PCI_TPH_REQ_DISABLE = 0x0
/** CTRL requester: TPH with 8-bit tags. */
export const PCI_TPH_REQ_TPH_ONLY = 0x1
/** CTRL requester: extended TPH with 16-bit tags. */
export const PCI_TPH_REQ_EXT_TPH = 0x3
/** Size of the registers; the ST table, where in the capability, follows. */
export const PCI_TPH_BASE_SIZEOF = 12
