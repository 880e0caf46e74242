// SPDX-License-Identifier: GPL-2.0-only
/* The functions of the host and the registers they have. */
#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/pci_ids.h>
#include <linux/slab.h>

#include "tph-nic.h"

/* The vendor ID that emulators use; the device IDs mean nothing. */
#define VENDOR_ID		0x1234

#define ROOT_PORT(nr, completer)			\
	{						\
		.device_id = 0x8000,			\
		.port = (nr),				\
		.is_port = true,			\
		.tph_completer = (completer),		\
	}

#define COMPLETER_NONE		0
#define COMPLETER_TPH		1
#define COMPLETER_EXT_TPH	3

#define TPH_ALL_MODES \
	(PCI_TPH_CAP_ST_NS | PCI_TPH_CAP_ST_IV | PCI_TPH_CAP_ST_DS)
#define TPH_TABLE_IN_CAP(entries) \
	(TPH_ALL_MODES | PCI_TPH_CAP_EXT_TPH | PCI_TPH_LOC_CAP | \
	 FIELD_PREP_CONST(PCI_TPH_CAP_ST_MASK, (entries) - 1))
#define TPH_TABLE_IN_MSIX(entries) \
	(TPH_ALL_MODES | PCI_TPH_CAP_EXT_TPH | PCI_TPH_LOC_MSIX | \
	 FIELD_PREP_CONST(PCI_TPH_CAP_ST_MASK, (entries) - 1))

static const struct tph_nic_function_info functions[] = {
	ROOT_PORT(0, COMPLETER_EXT_TPH),
	{
		.device_id = 0x8100, .port = 0, .vectors = 64, .flr = true,
		.tph = TPH_TABLE_IN_CAP(64),
	},
	ROOT_PORT(1, COMPLETER_EXT_TPH),
	{
		.device_id = 0x8200, .port = 1, .vectors = 2048, .flr = true,
		.tph = TPH_TABLE_IN_MSIX(2048),
	},
	ROOT_PORT(2, COMPLETER_EXT_TPH),
	{
		.device_id = 0x8300, .port = 2, .vectors = 32, .flr = true,
		.tph = PCI_TPH_CAP_ST_NS | PCI_TPH_CAP_ST_DS,
	},
	ROOT_PORT(3, COMPLETER_EXT_TPH),
	{
		.device_id = 0x8400, .port = 3, .vectors = 16, .flr = true,
	},
	ROOT_PORT(4, COMPLETER_TPH),
	{
		.device_id = 0x8500, .port = 4, .vectors = 8, .flr = true,
		.tph = TPH_TABLE_IN_CAP(8),
	},
	ROOT_PORT(5, COMPLETER_NONE),
	{
		.device_id = 0x8600, .port = 5, .vectors = 8, .flr = true,
		.tph = TPH_TABLE_IN_CAP(8),
	},
	/*
	 * The second function is there for the first one: a device with one
	 * function can be reset by resetting its bus.
	 */
	ROOT_PORT(6, COMPLETER_EXT_TPH),
	{
		.device_id = 0x8700, .port = 6, .vectors = 16,
		.multifunction = true, .tph = TPH_TABLE_IN_CAP(16),
	},
	{
		.device_id = 0x8701, .port = 6, .devfn = PCI_DEVFN(0, 1),
		.vectors = 1, .multifunction = true,
	},
	ROOT_PORT(7, COMPLETER_EXT_TPH),
	{
		.device_id = 0x8800, .port = 7, .vectors = 8, .flr = true,
		.total_vfs = 2, .tph = TPH_TABLE_IN_CAP(8),
	},
	{
		.device_id = 0x8801, .port = 7, .devfn = PCI_DEVFN(0, 1),
		.vf = 1, .vectors = 8, .flr = true,
		.tph = TPH_TABLE_IN_CAP(8),
	},
	{
		.device_id = 0x8801, .port = 7, .devfn = PCI_DEVFN(0, 2),
		.vf = 2, .vectors = 8, .flr = true,
		.tph = TPH_TABLE_IN_CAP(8),
	},
};

struct reg {
	u16 offset;
	u8 size;
	u32 initial;
	u32 writable;
};

#define CAP(id, next)		((id) | (next) << 8)
#define EXT_CAP(id, version, next) \
	((id) | (version) << 16 | (next) << 20)

#define COMMAND_WRITABLE \
	(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY | \
	 PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE)

#define BAR_TYPE \
	(PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)
#define BAR_WRITABLE		(~(TPH_NIC_BAR_SIZE - 1))

/* All functions can sleep without losing state: waking is no reset. */
static const struct reg power_management[] = {
	{ TPH_NIC_PM + PCI_PM_PMC, 2, 3 },
	{ TPH_NIC_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_NO_SOFT_RESET,
	  PCI_PM_CTRL_STATE_MASK },
};

/* 16 GT/s, 8 lanes, payloads up to 512 bytes. */
static const struct reg express[] = {
	{ TPH_NIC_EXP + PCI_EXP_DEVCTL, 2,
	  PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_EXT_TAG |
	  PCI_EXP_DEVCTL_NOSNOOP_EN | PCI_EXP_DEVCTL_READRQ_512B,
	  0xffff & ~(PCI_EXP_DEVCTL_PHANTOM | PCI_EXP_DEVCTL_AUX_PME |
		     PCI_EXP_DEVCTL_BCR_FLR) },
	{ TPH_NIC_EXP + PCI_EXP_LNKCAP, 4,
	  PCI_EXP_LNKCAP_SLS_16_0GB | FIELD_PREP_CONST(PCI_EXP_LNKCAP_MLW, 8) },
	{ TPH_NIC_EXP + PCI_EXP_LNKCTL, 2, 0, PCI_EXP_LNKCTL_CCC },
	{ TPH_NIC_EXP + PCI_EXP_LNKSTA, 2,
	  PCI_EXP_LNKSTA_CLS_16_0GB | PCI_EXP_LNKSTA_NLW_X8 },
};

/* The non-prefetchable window is closed: its base is above its limit. */
static const struct reg root_port[] = {
	{ PCI_VENDOR_ID, 2, VENDOR_ID },
	{ PCI_COMMAND, 2, 0, COMMAND_WRITABLE },
	{ PCI_STATUS, 2, PCI_STATUS_CAP_LIST },
	{ PCI_CLASS_REVISION, 4, PCI_CLASS_BRIDGE_PCI_NORMAL << 8 },
	{ PCI_CACHE_LINE_SIZE, 1, 0, 0xff },
	{ PCI_HEADER_TYPE, 1, PCI_HEADER_TYPE_BRIDGE },
	{ PCI_PRIMARY_BUS, 1, TPH_NIC_ROOT_BUS, 0xff },
	{ PCI_MEMORY_BASE, 2, 0xfff0, 0xfff0 },
	{ PCI_MEMORY_LIMIT, 2, 0, 0xfff0 },
	{ PCI_CAPABILITY_LIST, 1, TPH_NIC_PM },
	{ PCI_INTERRUPT_LINE, 1, 0, 0xff },
	{ PCI_BRIDGE_CONTROL, 2, 0,
	  PCI_BRIDGE_CTL_PARITY | PCI_BRIDGE_CTL_SERR |
	  PCI_BRIDGE_CTL_BUS_RESET },
	{ TPH_NIC_PM, 2, CAP(PCI_CAP_ID_PM, TPH_NIC_EXP) },
	{ TPH_NIC_EXP, 2, CAP(PCI_CAP_ID_EXP, 0) },
	{ TPH_NIC_EXP + PCI_EXP_FLAGS, 2,
	  2 | FIELD_PREP_CONST(PCI_EXP_FLAGS_TYPE, PCI_EXP_TYPE_ROOT_PORT) },
};

static const struct reg endpoint[] = {
	{ PCI_STATUS, 2, PCI_STATUS_CAP_LIST },
	{ PCI_CLASS_REVISION, 4, PCI_CLASS_NETWORK_ETHERNET << 16 },
	{ PCI_CAPABILITY_LIST, 1, TPH_NIC_PM },
	{ TPH_NIC_PM, 2, CAP(PCI_CAP_ID_PM, TPH_NIC_MSIX) },
	{ TPH_NIC_MSIX, 2, CAP(PCI_CAP_ID_MSIX, TPH_NIC_EXP) },
	{ TPH_NIC_MSIX + PCI_MSIX_TABLE, 4, 0 },
	{ TPH_NIC_MSIX + PCI_MSIX_PBA, 4, TPH_NIC_PBA_OFFSET },
	{ TPH_NIC_EXP, 2, CAP(PCI_CAP_ID_EXP, 0) },
	{ TPH_NIC_EXP + PCI_EXP_FLAGS, 2,
	  2 | FIELD_PREP_CONST(PCI_EXP_FLAGS_TYPE, PCI_EXP_TYPE_ENDPOINT) },
	{ TPH_NIC_AER + PCI_ERR_UNCOR_MASK, 4, 0, 0x07fff030 },
	{ TPH_NIC_AER + PCI_ERR_UNCOR_SEVER, 4, 0x00462030, 0x07fff030 },
	{ TPH_NIC_AER + PCI_ERR_COR_MASK, 4, 0x0000e000, 0x0000f1c1 },
};

/* IDs and BARs of a virtual function are its physical function's business. */
static const struct reg physical_function[] = {
	{ PCI_VENDOR_ID, 2, VENDOR_ID },
	{ PCI_COMMAND, 2, 0, COMMAND_WRITABLE },
	{ PCI_CACHE_LINE_SIZE, 1, 0, 0xff },
	{ PCI_BASE_ADDRESS_0, 4, BAR_TYPE, BAR_WRITABLE },
	{ PCI_BASE_ADDRESS_1, 4, 0, ~0 },
	{ PCI_INTERRUPT_LINE, 1, 0, 0xff },
};

static const struct reg virtual_function[] = {
	{ PCI_VENDOR_ID, 4, ~0 },
	{ PCI_COMMAND, 2, 0, PCI_COMMAND_MASTER },
};

static const struct reg sriov[] = {
	{ TPH_NIC_SRIOV + PCI_SRIOV_CTRL, 2, 0,
	  PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE },
	{ TPH_NIC_SRIOV + PCI_SRIOV_NUM_VF, 2, 0, 0xffff },
	{ TPH_NIC_SRIOV + PCI_SRIOV_VF_OFFSET, 2, 1 },
	{ TPH_NIC_SRIOV + PCI_SRIOV_VF_STRIDE, 2, 1 },
	{ TPH_NIC_SRIOV + PCI_SRIOV_SUP_PGSIZE, 4, 0x553 },
	{ TPH_NIC_SRIOV + PCI_SRIOV_SYS_PGSIZE, 4, 1, 0x553 },
	{ TPH_NIC_SRIOV + PCI_SRIOV_BAR, 4, BAR_TYPE, BAR_WRITABLE },
	{ TPH_NIC_SRIOV + PCI_SRIOV_BAR + 4, 4, 0, ~0 },
};

static void put(u8 *space, const struct reg *reg, u32 value)
{
	int i;

	for (i = 0; i < reg->size; i++)
		space[reg->offset + i] = value >> (8 * i);
}

static void add(struct tph_nic_function *fn, struct reg reg)
{
	put(fn->initial, &reg, reg.initial);
	put(fn->writable, &reg, reg.writable);
}

static void add_all(struct tph_nic_function *fn, const struct reg *regs,
		    unsigned int count)
{
	while (count--)
		add(fn, *regs++);
}

#define ADD(fn, ...)	add(fn, (struct reg){ __VA_ARGS__ })

static void add_power_and_express(struct tph_nic_function *fn)
{
	u32 devcap = PCI_EXP_DEVCAP_RBER | FIELD_PREP(PCI_EXP_DEVCAP_PAYLOAD, 2);

	if (fn->info->flr)
		devcap |= PCI_EXP_DEVCAP_FLR;

	add_all(fn, power_management, ARRAY_SIZE(power_management));
	add_all(fn, express, ARRAY_SIZE(express));
	ADD(fn, TPH_NIC_EXP + PCI_EXP_DEVCAP, 4, devcap);
}

static void add_root_port(struct tph_nic_function *fn)
{
	const struct tph_nic_function_info *info = fn->info;
	u8 bus = TPH_NIC_ROOT_BUS + 1 + info->port;

	add_all(fn, root_port, ARRAY_SIZE(root_port));
	add_power_and_express(fn);
	ADD(fn, PCI_DEVICE_ID, 2, info->device_id);
	ADD(fn, PCI_SECONDARY_BUS, 1, bus, 0xff);
	ADD(fn, PCI_SUBORDINATE_BUS, 1, bus, 0xff);
	ADD(fn, PCI_PREF_MEMORY_BASE, 2, PCI_PREF_RANGE_TYPE_64, 0xfff0);
	ADD(fn, PCI_PREF_MEMORY_LIMIT, 2, PCI_PREF_RANGE_TYPE_64, 0xfff0);
	ADD(fn, PCI_PREF_BASE_UPPER32, 4, 0, ~0);
	ADD(fn, PCI_PREF_LIMIT_UPPER32, 4, 0, ~0);
	ADD(fn, TPH_NIC_EXP + PCI_EXP_DEVCAP2, 4,
	    FIELD_PREP(PCI_EXP_DEVCAP2_TPH_COMP_MASK, info->tph_completer));
}

static void add_tph(struct tph_nic_function *fn)
{
	u32 tph = fn->info->tph;
	u16 entries = FIELD_GET(PCI_TPH_CAP_ST_MASK, tph) + 1;
	u16 tag = tph & PCI_TPH_CAP_EXT_TPH ? 0xffff : 0xff;
	u16 i;

	ADD(fn, TPH_NIC_TPH + PCI_TPH_CAP, 4, tph);
	ADD(fn, TPH_NIC_TPH + PCI_TPH_CTRL, 4, 0,
	    PCI_TPH_CTRL_MODE_SEL_MASK | PCI_TPH_CTRL_REQ_EN_MASK);
	if ((tph & PCI_TPH_CAP_LOC_MASK) != PCI_TPH_LOC_CAP)
		return;
	for (i = 0; i < entries; i++)
		ADD(fn, TPH_NIC_TPH + PCI_TPH_BASE_SIZEOF + 2 * i, 2, 0, tag);
}

static void add_sriov(struct tph_nic_function *fn)
{
	const struct tph_nic_function_info *info = fn->info;

	add_all(fn, sriov, ARRAY_SIZE(sriov));
	ADD(fn, TPH_NIC_SRIOV + PCI_SRIOV_INITIAL_VF, 2, info->total_vfs);
	ADD(fn, TPH_NIC_SRIOV + PCI_SRIOV_TOTAL_VF, 2, info->total_vfs);
	ADD(fn, TPH_NIC_SRIOV + PCI_SRIOV_VF_DID, 2, info->device_id + 1);
}

/* From the last one to the first, each pointing to the one before. */
static void add_extended_caps(struct tph_nic_function *fn)
{
	u32 next = 0;

	if (fn->info->tph) {
		add_tph(fn);
		ADD(fn, TPH_NIC_TPH, 4, EXT_CAP(PCI_EXT_CAP_ID_TPH, 1, next));
		next = TPH_NIC_TPH;
	}
	if (fn->info->total_vfs) {
		add_sriov(fn);
		ADD(fn, TPH_NIC_SRIOV, 4,
		    EXT_CAP(PCI_EXT_CAP_ID_SRIOV, 1, next));
		next = TPH_NIC_SRIOV;
	}
	ADD(fn, TPH_NIC_AER, 4, EXT_CAP(PCI_EXT_CAP_ID_ERR, 2, next));
}

static void add_endpoint(struct tph_nic_function *fn)
{
	const struct tph_nic_function_info *info = fn->info;

	add_all(fn, endpoint, ARRAY_SIZE(endpoint));
	add_power_and_express(fn);
	if (info->vf) {
		add_all(fn, virtual_function, ARRAY_SIZE(virtual_function));
	} else {
		add_all(fn, physical_function, ARRAY_SIZE(physical_function));
		ADD(fn, PCI_DEVICE_ID, 2, info->device_id);
	}
	if (info->multifunction)
		ADD(fn, PCI_HEADER_TYPE, 1, PCI_HEADER_TYPE_MFD);
	ADD(fn, TPH_NIC_MSIX + PCI_MSIX_FLAGS, 2, info->vectors - 1,
	    PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	add_extended_caps(fn);
}

/**
 * tph_nic_create_functions - make all functions, powered off
 * @host: the host that gets them
 *
 * The caller frees @host->functions.
 *
 * Return: 0 or -ENOMEM
 */
int tph_nic_create_functions(struct tph_nic_host *host)
{
	struct tph_nic_function *fn;
	unsigned int i;

	host->functions = kvcalloc(ARRAY_SIZE(functions),
				   sizeof(*host->functions), GFP_KERNEL);
	if (!host->functions)
		return -ENOMEM;
	host->function_count = ARRAY_SIZE(functions);

	for (i = 0; i < host->function_count; i++) {
		fn = &host->functions[i];
		fn->info = &functions[i];
		if (fn->info->is_port)
			add_root_port(fn);
		else
			add_endpoint(fn);
	}
	return 0;
}
