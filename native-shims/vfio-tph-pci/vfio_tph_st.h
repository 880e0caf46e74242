/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * TPH_ST, a feature of VFIO_DEVICE_FEATURE: the steering tags of a PCI device.
 * The structure is the one proposed for <linux/vfio.h>; no kernel has it yet
 * and its feature index is not allotted.
 */
#ifndef VFIO_TPH_ST_H
#define VFIO_TPH_ST_H

#include <linux/const.h>
#include <linux/types.h>

/**
 * struct vfio_device_feature_tph_st - a run of steering table entries
 * @flags: memory type of all CPUs of a SET; 0 on GET
 * @index: first entry
 * @count: number of entries, at least 1
 * @data: SET: the host CPU of each entry, or VFIO_TPH_ST_CLEAR;
 *	  GET: the steering tag of each entry
 *
 * On SET each CPU is translated to a steering tag, which is kept as long as
 * the device is open and written to the device whenever TPH is enabled through
 * the TPH control register in config space. A SET that fails changes nothing.
 */
struct vfio_device_feature_tph_st {
	__u32	flags;
#define VFIO_TPH_ST_MEM_TYPE_PM	_BITUL(0)	/* persistent memory */
	__u16	index;
	__u16	count;
	__u32	data[];
};

/* In place of a CPU: no steering for this entry */
#define VFIO_TPH_ST_CLEAR	0xffffffffU

#endif /* VFIO_TPH_ST_H */
