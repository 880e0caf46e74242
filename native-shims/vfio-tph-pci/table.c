// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ST table: the entries kept for user space, and the device's own table
 * that they are written to while TPH is enabled.
 */
#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/lockdep.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "tph.h"
#include "vfio_tph_st.h"

/* Entries kept for a device that has no table of its own */
#define TPH_ENTRIES_WITHOUT_TABLE	2048

/*
 * Only the one bit is changed, for others write this register too.
 *
 * Return: whether memory decoding was on
 */
static bool tph_switch_decoding(struct pci_dev *pdev, bool on)
{
	u16 was, command;

	pci_read_config_word(pdev, PCI_COMMAND, &was);
	command = on ? was | PCI_COMMAND_MEMORY : was & ~PCI_COMMAND_MEMORY;
	if (command != was)
		pci_write_config_word(pdev, PCI_COMMAND, command);
	return was & PCI_COMMAND_MEMORY;
}

/**
 * tph_begin - lock a device for a change that may reach its own table
 * @tph: the device
 * @access: what tph_end() needs
 *
 * A table in MSI-X is in device memory and only entries of allocated vectors
 * can be written: no vector may come or go, and decoding has to be on. During a
 * reset nothing is written, and what PCI_COMMAND says then is not the user's.
 */
void tph_begin(struct tph_pci_device *tph, struct tph_access *access)
{
	struct vfio_pci_core_device *core = &tph->core;

	access->decodes = true;
	if (tph->location == PCI_TPH_LOC_MSIX) {
		mutex_lock(&core->igate);
		down_write(&core->memory_lock);
	}
	mutex_lock(&tph->lock);
	if (tph->location == PCI_TPH_LOC_MSIX && !tph->resetting)
		access->decodes = tph_switch_decoding(core->pdev, true);
}

/**
 * tph_end - undo tph_begin()
 * @tph: the device
 * @access: as filled by tph_begin()
 */
void tph_end(struct tph_pci_device *tph, const struct tph_access *access)
{
	struct vfio_pci_core_device *core = &tph->core;

	if (!access->decodes)
		tph_switch_decoding(core->pdev, false);
	mutex_unlock(&tph->lock);
	if (tph->location == PCI_TPH_LOC_MSIX) {
		up_write(&core->memory_lock);
		mutex_unlock(&core->igate);
	}
}

static unsigned int tph_nr_entries(struct pci_dev *pdev, u32 cap)
{
	u16 flags;
	int room;

	switch (cap & PCI_TPH_CAP_LOC_MASK) {
	case PCI_TPH_LOC_NONE:
		return TPH_ENTRIES_WITHOUT_TABLE;
	case PCI_TPH_LOC_CAP:
		room = pdev->cfg_size - pdev->tph_cap - PCI_TPH_BASE_SIZEOF;
		return min_t(unsigned int, max(room, 0) / sizeof(u16),
			     FIELD_GET(PCI_TPH_CAP_ST_MASK, cap) + 1);
	case PCI_TPH_LOC_MSIX:
		if (!pdev->msix_cap)
			return 0;
		pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS,
				     &flags);
		return (flags & PCI_MSIX_FLAGS_QSIZE) + 1;
	default:
		return 0;
	}
}

/**
 * tph_describe_table - learn where the device has its table, and its size
 * @tph: the device, powered
 *
 * The driver before may have left TPH on, and not every device can be reset.
 */
void tph_describe_table(struct tph_pci_device *tph)
{
	struct pci_dev *pdev = tph->core.pdev;
	u32 cap;

	if (!pdev->tph_cap)
		return;

	pci_read_config_dword(pdev, pdev->tph_cap + PCI_TPH_CAP, &cap);
	tph->location = cap & PCI_TPH_CAP_LOC_MASK;
	tph->nr_entries = tph_nr_entries(pdev, cap);
	tph->req_type = tph_requester_type(pdev);
	pcie_disable_tph(pdev);
}

/**
 * tph_open_table - start with an empty table
 * @tph: the device, not yet open
 *
 * Return: 0 or -ENOMEM
 */
int tph_open_table(struct tph_pci_device *tph)
{
	struct tph_entry *entries;
	unsigned long *written;
	unsigned int i;

	entries = kvcalloc(tph->nr_entries, sizeof(*entries),
			   GFP_KERNEL_ACCOUNT);
	written = bitmap_zalloc(tph->nr_entries, GFP_KERNEL_ACCOUNT);
	if (!entries || !written) {
		kvfree(entries);
		bitmap_free(written);
		return -ENOMEM;
	}

	for (i = 0; i < tph->nr_entries; i++)
		entries[i].cpu = VFIO_TPH_ST_CLEAR;

	mutex_lock(&tph->lock);
	tph->mode = PCI_TPH_ST_NS_MODE;
	tph->dirty = false;
	tph->entries = entries;
	tph->written = written;
	mutex_unlock(&tph->lock);
	return 0;
}

/**
 * tph_free_table - forget all entries
 * @tph: the device, closed
 */
void tph_free_table(struct tph_pci_device *tph)
{
	mutex_lock(&tph->lock);
	kvfree(tph->entries);
	bitmap_free(tph->written);
	tph->entries = NULL;
	tph->written = NULL;
	mutex_unlock(&tph->lock);
}

/**
 * tph_entry_reachable - whether an entry's place in the device can be written
 * @tph: the device
 * @index: the entry
 *
 * Device memory can only in D0 and where a vector is allocated;
 * pcie_tph_set_st_entry() would disable TPH where it cannot.
 *
 * Return: whether it can now
 */
bool tph_entry_reachable(struct tph_pci_device *tph, unsigned int index)
{
	struct pci_dev *pdev = tph->core.pdev;

	if (tph->location == PCI_TPH_LOC_CAP)
		return true;

	return pdev->current_state == PCI_D0 && pdev->msix_enabled &&
	       pci_irq_vector(pdev, index) > 0;
}

/**
 * tph_write_entries - write kept tags to the device's own table
 * @tph: the device, locked by tph_begin()
 * @first: first entry
 * @count: number of entries
 *
 * Without a table of its own, with TPH off or in No ST mode there is nothing to
 * write. Entries of vectors that are not allocated wait until they are.
 *
 * Return: 0, or -EIO if the device cannot be written; TPH is then off
 */
int tph_write_entries(struct tph_pci_device *tph, unsigned int first,
		      unsigned int count)
{
	struct pci_dev *pdev = tph->core.pdev;
	unsigned int i;
	int ret;

	lockdep_assert_held(&tph->lock);

	if (!pdev->tph_enabled || pdev->tph_mode == PCI_TPH_ST_NS_MODE ||
	    tph->location == PCI_TPH_LOC_NONE)
		return 0;

	for (i = first; i < first + count; i++) {
		if (test_bit(i, tph->written) || !tph_entry_reachable(tph, i))
			continue;

		tph->dirty = true;
		ret = pcie_tph_set_st_entry(pdev, i, tph->entries[i].tag);
		if (ret) {
			pci_warn(pdev, "ST entry %u not written (%d), TPH is off\n",
				 i, ret);
			return -EIO;
		}
		set_bit(i, tph->written);
	}
	return 0;
}

/**
 * tph_vectors_changed - give vectors allocated just now their tags
 * @tph: the device, with its vectors_lock held
 *
 * Vectors are only freed all together, which turns MSI-X off.
 */
void tph_vectors_changed(struct tph_pci_device *tph)
{
	struct tph_access access;

	lockdep_assert_held(&tph->vectors_lock);

	if (tph->location != PCI_TPH_LOC_MSIX)
		return;

	tph_begin(tph, &access);
	if (tph->core.pdev->msix_enabled)
		tph_write_entries(tph, 0, tph->nr_entries);
	else
		bitmap_zero(tph->written, tph->nr_entries);
	tph_end(tph, &access);
}

static void tph_zero_capability_table(struct tph_pci_device *tph)
{
	struct pci_dev *pdev = tph->core.pdev;
	int pos = pdev->tph_cap + PCI_TPH_BASE_SIZEOF;
	unsigned int i;

	for (i = 0; i < tph->nr_entries; i++)
		pci_write_config_word(pdev, pos + i * sizeof(u16), 0);
}

/**
 * tph_quiesce - turn TPH off and leave no tag behind in the device
 * @tph: the device, about to be closed
 *
 * Off it is even if the device cannot be reached any more: otherwise the core
 * would restore what was saved while it was on. A device that never got a tag is
 * left as it is.
 */
void tph_quiesce(struct tph_pci_device *tph)
{
	struct pci_dev *pdev = tph->core.pdev;
	struct tph_access access;
	unsigned int i;
	bool awake;

	if (!pdev->tph_cap)
		return;

	awake = !pm_runtime_resume_and_get(&pdev->dev);
	tph_begin(tph, &access);
	for (i = 0; i < tph->nr_entries; i++)
		tph->entries[i].tag = 0;
	if (tph->location == PCI_TPH_LOC_MSIX) {
		bitmap_zero(tph->written, tph->nr_entries);
		tph_write_entries(tph, 0, tph->nr_entries);
	}
	pcie_disable_tph(pdev);
	if (tph->location == PCI_TPH_LOC_CAP && tph->dirty && !tph->resetting)
		tph_zero_capability_table(tph);
	tph_end(tph, &access);
	if (awake)
		pm_runtime_put(&pdev->dev);
}

/**
 * tph_reset_prepare - turn TPH off before the function is reset
 * @pdev: the function
 *
 * While TPH is enabled pci_restore_state() would bring control register and
 * table back after the reset. Called for every kind of reset, some of them with
 * the core's memory_lock held.
 */
void tph_reset_prepare(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = pci_get_drvdata(pdev);
	struct tph_pci_device *tph = to_tph_pci(&core->vdev);

	mutex_lock(&tph->lock);
	tph->resetting = true;
	tph->mode = PCI_TPH_ST_NS_MODE;
	pcie_disable_tph(pdev);
	mutex_unlock(&tph->lock);
}

/**
 * tph_reset_done - the function lost its table, what is kept stays
 * @pdev: the function
 */
void tph_reset_done(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = pci_get_drvdata(pdev);
	struct tph_pci_device *tph = to_tph_pci(&core->vdev);

	mutex_lock(&tph->lock);
	tph->resetting = false;
	if (tph->written)
		bitmap_zero(tph->written, tph->nr_entries);
	mutex_unlock(&tph->lock);
}
