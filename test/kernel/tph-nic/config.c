// SPDX-License-Identifier: GPL-2.0-only
/* Config accesses and what they do. */
#include <linux/bits.h>
#include <linux/cleanup.h>
#include <linux/io.h>
#include <linux/string.h>

#include "tph-nic.h"

static u32 get(const struct tph_nic_function *fn, int where, int size)
{
	u32 value = 0;
	int i;

	for (i = 0; i < size; i++)
		value |= (u32)fn->config[where + i] << (8 * i);
	return value;
}

static void set(struct tph_nic_function *fn, int where, int size, u32 value)
{
	int i;

	for (i = 0; i < size; i++)
		fn->config[where + i] = value >> (8 * i);
}

static u64 get_bar(const struct tph_nic_function *fn, int where)
{
	u64 bar = (u64)get(fn, where + 4, 4) << 32 | get(fn, where, 4);

	return bar & PCI_BASE_ADDRESS_MEM_MASK;
}

static void set_bar(struct tph_nic_function *fn, int where, u64 address)
{
	u32 type = get(fn, where, 4) & ~PCI_BASE_ADDRESS_MEM_MASK;

	set(fn, where, 4, lower_32_bits(address) | type);
	set(fn, where + 4, 4, upper_32_bits(address));
}

static bool same_device(const struct tph_nic_function *a,
			const struct tph_nic_function *b)
{
	return !a->info->is_port && !b->info->is_port &&
	       a->info->port == b->info->port;
}

/* The root port of @fn's link, or the function 0 at the other end. */
static struct tph_nic_function *
link_end(struct tph_nic_host *host, const struct tph_nic_function *fn,
	 bool is_port)
{
	struct tph_nic_function *end = host->functions;

	while (end->info->port != fn->info->port || end->info->devfn ||
	       end->info->is_port != is_port)
		end++;
	return end;
}

static bool is_enabled(struct tph_nic_host *host,
		       const struct tph_nic_function *fn)
{
	const struct tph_nic_function *pf;

	if (!fn->info->vf)
		return true;
	pf = link_end(host, fn, false);
	return get(pf, TPH_NIC_SRIOV + PCI_SRIOV_CTRL, 2) & PCI_SRIOV_CTRL_VFE &&
	       fn->info->vf <= get(pf, TPH_NIC_SRIOV + PCI_SRIOV_NUM_VF, 2);
}

static bool is_at(struct tph_nic_host *host, const struct tph_nic_function *fn,
		  u8 bus, u8 devfn)
{
	const struct tph_nic_function *port;

	if (fn->info->is_port)
		return bus == TPH_NIC_ROOT_BUS &&
		       devfn == PCI_DEVFN(fn->info->port, 0);

	port = link_end(host, fn, true);
	return bus == get(port, PCI_SECONDARY_BUS, 1) &&
	       devfn == fn->info->devfn && is_enabled(host, fn);
}

static struct tph_nic_function *find(struct tph_nic_host *host, u8 bus,
				     u8 devfn)
{
	unsigned int i;

	for (i = 0; i < host->function_count; i++)
		if (is_at(host, &host->functions[i], bus, devfn))
			return &host->functions[i];
	return NULL;
}

/* NULL while the BAR points elsewhere, as it does after a reset. */
static void __iomem *map_bar(struct tph_nic_host *host,
			     const struct tph_nic_function *fn)
{
	const struct tph_nic_function *pf;
	u64 address;

	if (fn->info->vf) {
		pf = link_end(host, fn, false);
		address = get_bar(pf, TPH_NIC_SRIOV + PCI_SRIOV_BAR) +
			  (fn->info->vf - 1) * TPH_NIC_BAR_SIZE;
	} else {
		address = get_bar(fn, PCI_BASE_ADDRESS_0);
	}

	if (address < host->memory.start ||
	    address + TPH_NIC_BAR_SIZE - 1 > host->memory.end)
		return NULL;
	return host->bars + (address - host->memory.start);
}

static void reset_vectors(struct tph_nic_host *host,
			  const struct tph_nic_function *fn)
{
	void __iomem *bar = map_bar(host, fn);
	unsigned int i;

	if (!bar)
		return;
	memset_io(bar, 0, TPH_NIC_BAR_SIZE);
	for (i = 0; i < fn->info->vectors; i++)
		writel(PCI_MSIX_ENTRY_CTRL_MASKBIT,
		       bar + i * PCI_MSIX_ENTRY_SIZE +
		       PCI_MSIX_ENTRY_VECTOR_CTRL);
}

static void reset(struct tph_nic_host *host, struct tph_nic_function *fn)
{
	reset_vectors(host, fn);
	memcpy(fn->config, fn->initial, sizeof(fn->config));
}

static void reset_virtual_functions(struct tph_nic_host *host,
				    const struct tph_nic_function *pf)
{
	struct tph_nic_function *fn;
	unsigned int i;

	for (i = 0; i < host->function_count; i++) {
		fn = &host->functions[i];
		if (fn->info->vf && same_device(fn, pf))
			reset(host, fn);
	}
}

/* Virtual functions first: their memory is where the physical one says. */
static void reset_function(struct tph_nic_host *host,
			   struct tph_nic_function *fn)
{
	if (fn->info->total_vfs)
		reset_virtual_functions(host, fn);
	reset(host, fn);
}

static void reset_secondary_bus(struct tph_nic_host *host,
				const struct tph_nic_function *port)
{
	struct tph_nic_function *fn;
	unsigned int i;

	for (i = 0; i < host->function_count; i++) {
		fn = &host->functions[i];
		if (!fn->info->is_port && !fn->info->vf &&
		    fn->info->port == port->info->port)
			reset_function(host, fn);
	}
}

/* Whether a write of @size bytes to @where sets @bit of the u16 at @reg. */
static bool sets_bit(int where, int size, u32 value, int reg, u16 bit)
{
	u64 written = (u64)value << (8 * (where & 3));

	if (where >> 2 != reg >> 2)
		return false;
	return written & GENMASK_ULL(8 * ((where & 3) + size) - 1, 0) &
	       (u64)bit << (8 * (reg & 3));
}

static void act(struct tph_nic_host *host, struct tph_nic_function *fn,
		int where, int size, u32 value)
{
	if (fn->info->is_port) {
		if (sets_bit(where, size, value, PCI_BRIDGE_CONTROL,
			     PCI_BRIDGE_CTL_BUS_RESET))
			reset_secondary_bus(host, fn);
		return;
	}
	if (fn->info->flr &&
	    sets_bit(where, size, value, TPH_NIC_EXP + PCI_EXP_DEVCTL,
		     PCI_EXP_DEVCTL_BCR_FLR))
		reset_function(host, fn);
}

static struct tph_nic_host *to_host(struct pci_bus *bus)
{
	return container_of(to_pci_sysdata(bus), struct tph_nic_host, sysdata);
}

static int config_read(struct pci_bus *bus, unsigned int devfn, int where,
		       int size, u32 *value)
{
	struct tph_nic_host *host = to_host(bus);
	struct tph_nic_function *fn;

	guard(raw_spinlock_irqsave)(&host->lock);
	fn = find(host, bus->number, devfn);
	if (!fn)
		return PCIBIOS_DEVICE_NOT_FOUND;
	*value = get(fn, where, size);
	return PCIBIOS_SUCCESSFUL;
}

static int config_write(struct pci_bus *bus, unsigned int devfn, int where,
			int size, u32 value)
{
	struct tph_nic_host *host = to_host(bus);
	struct tph_nic_function *fn;
	u8 writable;
	int i;

	guard(raw_spinlock_irqsave)(&host->lock);
	fn = find(host, bus->number, devfn);
	if (!fn)
		return PCIBIOS_DEVICE_NOT_FOUND;
	for (i = 0; i < size; i++) {
		writable = fn->writable[where + i];
		fn->config[where + i] &= ~writable;
		fn->config[where + i] |= (value >> (8 * i)) & writable;
	}
	act(host, fn, where, size, value);
	return PCIBIOS_SUCCESSFUL;
}

struct pci_ops tph_nic_config_ops = {
	.read = config_read,
	.write = config_write,
};

static void open_window(struct tph_nic_function *port, u64 start, u64 end)
{
	u16 type = PCI_PREF_RANGE_TYPE_64;

	set(port, PCI_PREF_MEMORY_BASE, 2, (start >> 16 & 0xfff0) | type);
	set(port, PCI_PREF_MEMORY_LIMIT, 2, (end >> 16 & 0xfff0) | type);
	set(port, PCI_PREF_BASE_UPPER32, 4, upper_32_bits(start));
	set(port, PCI_PREF_LIMIT_UPPER32, 4, upper_32_bits(end));
}

static void boot_function(struct tph_nic_host *host,
			  struct tph_nic_function *fn)
{
	u64 window = host->memory.start + fn->info->port * TPH_NIC_PORT_WINDOW;

	memcpy(fn->config, fn->initial, sizeof(fn->config));
	if (fn->info->is_port) {
		open_window(fn, window, window + TPH_NIC_PORT_WINDOW - 1);
		return;
	}
	if (fn->info->total_vfs)
		set_bar(fn, TPH_NIC_SRIOV + PCI_SRIOV_BAR,
			window + TPH_NIC_PORT_WINDOW / 2);
	if (!fn->info->vf)
		set_bar(fn, PCI_BASE_ADDRESS_0,
			window + fn->info->devfn * TPH_NIC_BAR_SIZE);
	reset_vectors(host, fn);
}

/**
 * tph_nic_boot - power on, and what firmware does then
 * @host: the host, with its functions and its memory
 *
 * Firmware and not the kernel places the BARs: the kernel gives none a place
 * in memory that the e820 table has as reserved, but it takes those found there.
 */
void tph_nic_boot(struct tph_nic_host *host)
{
	unsigned int i;

	for (i = 0; i < host->function_count; i++)
		boot_function(host, &host->functions[i]);
}
