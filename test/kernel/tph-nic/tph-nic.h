/* SPDX-License-Identifier: GPL-2.0-only */
/* A PCI host in RAM with TPH requesters on it, for tests. */
#ifndef TPH_NIC_H
#define TPH_NIC_H

#include <linux/irqdomain.h>
#include <linux/pci.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define TPH_NIC_DOMAIN		1
#define TPH_NIC_ROOT_BUS	0x80

/* Each root port forwards this much of the memory window to its bus. */
#define TPH_NIC_PORT_WINDOW	SZ_1M

/* BAR 0 of an endpoint: its vector table, then the pending bits. */
#define TPH_NIC_BAR_SIZE	SZ_64K
#define TPH_NIC_PBA_OFFSET	SZ_32K

/* Where the capabilities are. */
#define TPH_NIC_PM		0x40
#define TPH_NIC_MSIX		0x70
#define TPH_NIC_EXP		0xa0
#define TPH_NIC_AER		0x100
#define TPH_NIC_SRIOV		0x160
#define TPH_NIC_TPH		0x1a0

/**
 * struct tph_nic_function_info - what makes one function differ from another
 * @device_id: device ID
 * @port: device number of the root port it is, or is behind
 * @devfn: place on the bus of the root port; unused for a root port
 * @is_port: it is the root port
 * @multifunction: header type says that the device has more functions
 * @flr: has a function level reset
 * @tph_completer: TPH completer field of a root port
 * @vectors: number of MSI-X vectors
 * @total_vfs: number of virtual functions it can have
 * @vf: 0, or its number among the virtual functions of function 0, from 1 on
 * @tph: TPH capability register, 0 without the capability
 */
struct tph_nic_function_info {
	u16 device_id;
	u8 port;
	u8 devfn;
	bool is_port;
	bool multifunction;
	bool flr;
	u8 tph_completer;
	u16 vectors;
	u16 total_vfs;
	u16 vf;
	u32 tph;
};

/**
 * struct tph_nic_function - one PCI function
 * @info: its description
 * @config: config space
 * @initial: config space after a reset
 * @writable: the bits of config space that a write changes
 */
struct tph_nic_function {
	const struct tph_nic_function_info *info;
	u8 config[PCI_CFG_SPACE_EXP_SIZE];
	u8 initial[PCI_CFG_SPACE_EXP_SIZE];
	u8 writable[PCI_CFG_SPACE_EXP_SIZE];
};

/**
 * struct tph_nic_host - the PCI host
 * @sysdata: what the architecture wants to know of a root bus
 * @bus: root bus
 * @bus_range: bus numbers of the root bus and all buses below it
 * @memory: memory window of the root bus
 * @bars: the same, mapped
 * @irqs: domain of all MSI-X vectors
 * @lock: protects the config space of all functions
 * @functions: all functions
 * @function_count: their number
 */
struct tph_nic_host {
	struct pci_sysdata sysdata;
	struct pci_bus *bus;
	struct resource bus_range;
	struct resource memory;
	void __iomem *bars;
	struct irq_domain *irqs;
	raw_spinlock_t lock;	/* config accesses come with interrupts off */
	struct tph_nic_function *functions;
	unsigned int function_count;
};

extern struct pci_ops tph_nic_config_ops;

void tph_nic_boot(struct tph_nic_host *host);
int tph_nic_create_functions(struct tph_nic_host *host);
int tph_nic_create_irqs(struct tph_nic_host *host);
void tph_nic_remove_irqs(struct tph_nic_host *host);

#endif
