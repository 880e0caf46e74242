// SPDX-License-Identifier: GPL-2.0-only
/* A PCI host in RAM with TPH requesters on it: the host bridge. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/acpi.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/slab.h>

#include "tph-nic.h"

/* The device in ssdt.asl whose _DSM tells the tags. */
#define ACPI_HID	"TPHC0001"

static ulong mem_base = 0x7e000000;
module_param(mem_base, ulong, 0444);
MODULE_PARM_DESC(mem_base, "Start of the RAM behind the BARs (reserved with memmap=)");

static ulong mem_size = SZ_16M;
module_param(mem_size, ulong, 0444);
MODULE_PARM_DESC(mem_size, "Size of the RAM behind the BARs");

static struct tph_nic_host *the_host;

static unsigned int count_ports(const struct tph_nic_host *host)
{
	unsigned int i, ports = 0;

	for (i = 0; i < host->function_count; i++)
		ports += host->functions[i].info->is_port;
	return ports;
}

static int map_memory(struct tph_nic_host *host)
{
	if (!IS_ALIGNED(mem_base, TPH_NIC_PORT_WINDOW) ||
	    mem_size < count_ports(host) * TPH_NIC_PORT_WINDOW)
		return -EINVAL;
	if (region_intersects(mem_base, mem_size, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT) {
		pr_err("the memory is in use, reserve it with memmap=%#lx$%#lx\n",
		       mem_size, mem_base);
		return -EBUSY;
	}

	host->memory = DEFINE_RES_MEM_NAMED(mem_base, mem_size, "tph-nic");
	host->bars = ioremap(mem_base, mem_size);
	return host->bars ? 0 : -ENOMEM;
}

/* The architecture takes the host bridge's companion from the sysdata. */
static int find_companion(struct tph_nic_host *host)
{
	struct acpi_device *adev;

	adev = acpi_dev_get_first_match_dev(ACPI_HID, NULL, -1);
	if (!adev) {
		pr_err("no ACPI device %s: is its SSDT loaded?\n", ACPI_HID);
		return -ENODEV;
	}
	host->sysdata.companion = adev;
	return 0;
}

static int scan(struct tph_nic_host *host)
{
	LIST_HEAD(windows);

	host->bus_range = (struct resource) {
		.name = "tph-nic",
		.start = TPH_NIC_ROOT_BUS,
		.end = TPH_NIC_ROOT_BUS + count_ports(host),
		.flags = IORESOURCE_BUS,
	};
	pci_add_resource(&windows, &host->bus_range);
	pci_add_resource(&windows, &host->memory);

	pci_lock_rescan_remove();
	host->bus = pci_scan_root_bus(NULL, TPH_NIC_ROOT_BUS,
				      &tph_nic_config_ops, &host->sysdata,
				      &windows);
	if (host->bus) {
		pci_bus_claim_resources(host->bus);
		pci_bus_add_devices(host->bus);
	}
	pci_unlock_rescan_remove();

	if (!host->bus) {
		pci_free_resource_list(&windows);
		return -ENODEV;
	}
	return 0;
}

static void destroy(struct tph_nic_host *host)
{
	if (host->bus) {
		pci_lock_rescan_remove();
		pci_stop_root_bus(host->bus);
		pci_remove_root_bus(host->bus);
		pci_unlock_rescan_remove();
	}
	tph_nic_remove_irqs(host);
	acpi_dev_put(host->sysdata.companion);
	if (host->bars)
		iounmap(host->bars);
	kvfree(host->functions);
	kfree(host);
}

static int start(struct tph_nic_host *host)
{
	int ret;

	ret = tph_nic_create_functions(host);
	if (!ret)
		ret = map_memory(host);
	if (!ret)
		ret = find_companion(host);
	if (!ret)
		ret = tph_nic_create_irqs(host);
	if (ret)
		return ret;
	tph_nic_boot(host);
	return scan(host);
}

static int __init tph_nic_init(void)
{
	struct tph_nic_host *host;
	int ret;

	host = kzalloc_obj(*host);
	if (!host)
		return -ENOMEM;
	host->sysdata.domain = TPH_NIC_DOMAIN;
	host->sysdata.node = NUMA_NO_NODE;
	raw_spin_lock_init(&host->lock);

	ret = start(host);
	if (ret) {
		destroy(host);
		return ret;
	}
	the_host = host;
	return 0;
}
module_init(tph_nic_init);

static void __exit tph_nic_exit(void)
{
	destroy(the_host);
}
module_exit(tph_nic_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("PCI host in RAM with TPH requesters, for tests");
