/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * VFIO_DEVICE_PCI_TPH, the ioctl of revision 8 of the series "vfio/pci: Add
 * PCIe TPH support": one call with an operation in it. The feature TPH_ST was
 * proposed in its place. Names, sizes and values are those of the revision.
 */
#ifndef VFIO_PCI_TPH_V8_H
#define VFIO_PCI_TPH_V8_H

#include <linux/const.h>
#include <linux/types.h>
#include <linux/vfio.h>

/**
 * struct vfio_pci_tph_cap - what VFIO_PCI_TPH_GET_CAP returns
 * @supported_modes: VFIO_PCI_TPH_MODE_*
 * @reserved0: zero
 * @st_table_sz: entries of the ST table, 0 without one
 * @reserved: zero
 */
struct vfio_pci_tph_cap {
	__u8	supported_modes;
#define VFIO_PCI_TPH_MODE_IV	_BITUL(0)	/* interrupt vector */
#define VFIO_PCI_TPH_MODE_DS	_BITUL(1)	/* device specific */
	__u8	reserved0;
	__u16	st_table_sz;
	__u32	reserved;
};

/**
 * struct vfio_pci_tph_ctrl - what VFIO_PCI_TPH_ENABLE takes
 * @mode: one of VFIO_PCI_TPH_MODE_*
 * @reserved: zero
 */
struct vfio_pci_tph_ctrl {
	__u8	mode;
	__u8	reserved[7];
};

/**
 * struct vfio_pci_tph_entry - one steering tag
 * @cpu: the host CPU; on VFIO_PCI_TPH_SET_ST VFIO_PCI_TPH_CLEAR clears the entry
 * @mem_type: VFIO_PCI_TPH_MEM_TYPE_*
 * @reserved0: zero
 * @index: VFIO_PCI_TPH_SET_ST: the entry of the ST table
 * @st: VFIO_PCI_TPH_GET_ST: the steering tag, filled in
 * @reserved1: zero
 */
struct vfio_pci_tph_entry {
	__u32	cpu;
	__u8	mem_type;
#define VFIO_PCI_TPH_MEM_TYPE_VM	0	/* volatile memory */
#define VFIO_PCI_TPH_MEM_TYPE_PM	1	/* persistent memory */
	__u8	reserved0;
	__u16	index;
	__u16	st;
	__u16	reserved1;
};

/* U32_MAX in place of a CPU, which has no name in the revision */
#define VFIO_PCI_TPH_CLEAR	0xffffffffU

/**
 * struct vfio_pci_tph_st - what VFIO_PCI_TPH_GET_ST and _SET_ST take
 * @count: number of entries
 * @reserved: zero
 * @ents: the entries
 */
struct vfio_pci_tph_st {
	__u32	count;
	__u32	reserved;
	struct vfio_pci_tph_entry ents[];
#define VFIO_PCI_TPH_MAX_ENTRIES	2048
};

/**
 * struct vfio_device_pci_tph_op - argument of VFIO_DEVICE_PCI_TPH
 * @argsz: bytes of this structure that the operation uses
 * @op: what to do, VFIO_PCI_TPH_*
 * @cap: of VFIO_PCI_TPH_GET_CAP
 * @ctrl: of VFIO_PCI_TPH_ENABLE
 * @st: of VFIO_PCI_TPH_GET_ST and VFIO_PCI_TPH_SET_ST
 *
 * VFIO_PCI_TPH_GET_ST is for DS mode. If an entry of VFIO_PCI_TPH_SET_ST fails,
 * all that the call has programmed become 0.
 */
struct vfio_device_pci_tph_op {
	__u32	argsz;
	__u32	op;
#define VFIO_PCI_TPH_GET_CAP	0
#define VFIO_PCI_TPH_ENABLE	1
#define VFIO_PCI_TPH_DISABLE	2
#define VFIO_PCI_TPH_GET_ST	3
#define VFIO_PCI_TPH_SET_ST	4
	union {
		struct vfio_pci_tph_cap		cap;
		struct vfio_pci_tph_ctrl	ctrl;
		struct vfio_pci_tph_st		st;
	};
};

#define VFIO_DEVICE_PCI_TPH	_IO(VFIO_TYPE, VFIO_BASE + 22)

#endif /* VFIO_PCI_TPH_V8_H */
