// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steering tags of host CPUs.
 */
#include <linux/bitfield.h>
#include <linux/cpumask.h>
#include <linux/lockdep.h>
#include <linux/nospec.h>

#include "tph.h"
#include "vfio_tph_st.h"

/**
 * tph_requester_type - how wide the tags of a function are
 * @pdev: function with a TPH Requester capability
 *
 * Comes to what pcie_enable_tph() will settle on, which cannot be asked
 * before TPH is enabled.
 *
 * Return: PCI_TPH_REQ_*, PCI_TPH_REQ_DISABLE if the root port takes no hints
 */
u8 tph_requester_type(struct pci_dev *pdev)
{
	struct pci_dev *root_port;
	u32 reg;
	u8 type;

	pci_read_config_dword(pdev, pdev->tph_cap + PCI_TPH_CAP, &reg);
	type = FIELD_GET(PCI_TPH_CAP_EXT_TPH, reg) ? PCI_TPH_REQ_EXT_TPH :
						     PCI_TPH_REQ_TPH_ONLY;
	if (pci_pcie_type(pdev) == PCI_EXP_TYPE_RC_END)
		return type;

	root_port = pcie_find_root_port(pdev);
	if (!root_port ||
	    pcie_capability_read_dword(root_port, PCI_EXP_DEVCAP2, &reg))
		return PCI_TPH_REQ_DISABLE;

	return min_t(u8, type, FIELD_GET(PCI_EXP_DEVCAP2_TPH_COMP_MASK, reg));
}

/**
 * tph_translate - find the steering tag of an entry's CPU and memory type
 * @tph: the device
 * @entry: the entry; its tag is set on success
 *
 * pcie_tph_get_cpu_st() goes by the function's tph_req_type, which is set only
 * while TPH is enabled, so it is lent the type for the time of the call.
 *
 * Return: 0, or the errno of the lookup: -EINVAL for a CPU that is not
 * possible or firmware without tags, -ENODEV for a CPU unknown to ACPI
 */
int tph_translate(struct tph_pci_device *tph, struct tph_entry *entry)
{
	struct pci_dev *pdev = tph->core.pdev;
	u8 req_type = pdev->tph_req_type;
	unsigned int cpu;
	int ret;

	lockdep_assert_held(&tph->lock);

	if (entry->cpu == VFIO_TPH_ST_CLEAR) {
		entry->tag = 0;
		return 0;
	}

	if (entry->cpu >= nr_cpu_ids)
		return -EINVAL;
	cpu = array_index_nospec(entry->cpu, nr_cpu_ids);
	if (!cpu_possible(cpu))
		return -EINVAL;

	pdev->tph_req_type = tph->req_type;
	ret = pcie_tph_get_cpu_st(pdev, entry->mem_type, cpu, &entry->tag);
	pdev->tph_req_type = req_type;
	return ret;
}
