// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config space as user space sees it: the core's, with a TPH control register
 * that can be written.
 */
#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/lockdep.h>
#include <linux/pm_runtime.h>
#include <linux/uaccess.h>

#include "tph.h"

#define TPH_CTRL_SIZE	sizeof(__le32)

static u32 tph_control(struct tph_pci_device *tph)
{
	struct pci_dev *pdev = tph->core.pdev;
	u32 ctrl;

	lockdep_assert_held(&tph->lock);

	if (!pdev->tph_enabled)
		return FIELD_PREP(PCI_TPH_CTRL_MODE_SEL_MASK, tph->mode);

	pci_read_config_dword(pdev, pdev->tph_cap + PCI_TPH_CTRL, &ctrl);
	return ctrl;
}

/**
 * tph_mode_supported - whether a function has a mode
 * @pdev: function with a TPH Requester capability
 * @mode: PCI_TPH_ST_*_MODE
 *
 * Return: whether its capability says so
 */
bool tph_mode_supported(struct pci_dev *pdev, u8 mode)
{
	u32 cap;

	if (mode > PCI_TPH_ST_DS_MODE)
		return false;

	pci_read_config_dword(pdev, pdev->tph_cap + PCI_TPH_CAP, &cap);
	return cap & (PCI_TPH_CAP_ST_NS << mode);
}

/* The type may differ from the one expected only if the kernel's rules do. */
static int tph_adopt_requester_type(struct tph_pci_device *tph)
{
	u8 expected = tph->req_type;
	unsigned int i;
	int ret = 0;

	if (expected == tph->core.pdev->tph_req_type)
		return 0;

	tph->req_type = tph->core.pdev->tph_req_type;
	for (i = 0; i < tph->nr_entries && !ret; i++)
		ret = tph_translate(tph, &tph->entries[i]);
	if (ret)
		tph->req_type = expected;	/* the next time all over again */
	return ret;
}

static void tph_enable(struct tph_pci_device *tph, u8 mode)
{
	struct pci_dev *pdev = tph->core.pdev;
	int ret;

	ret = pcie_enable_tph(pdev, mode);
	if (ret) {
		pci_dbg(pdev, "TPH not enabled (%d)\n", ret);
		return;
	}

	ret = tph_adopt_requester_type(tph);
	if (ret) {
		pci_warn(pdev, "TPH not enabled, no tags of its width (%d)\n",
			 ret);
		pcie_disable_tph(pdev);
		return;
	}

	bitmap_zero(tph->written, tph->nr_entries);
	tph_write_entries(tph, 0, tph->nr_entries);
}

/* An error recovery resets the link and tells nobody: ask the hardware too. */
static bool tph_is_on(struct tph_pci_device *tph, u8 mode)
{
	struct pci_dev *pdev = tph->core.pdev;
	u32 ctrl = tph_control(tph);

	return pdev->tph_enabled && pdev->tph_mode == mode &&
	       FIELD_GET(PCI_TPH_CTRL_MODE_SEL_MASK, ctrl) == mode &&
	       FIELD_GET(PCI_TPH_CTRL_REQ_EN_MASK, ctrl);
}

/*
 * A requester field other than 0 enables TPH with the kernel's own requester
 * type. The mode may be written before, as a byte for instance, and is kept. A
 * write that asks for a mode the function lacks changes nothing.
 */
static void tph_write_control(struct tph_pci_device *tph, u32 ctrl)
{
	struct pci_dev *pdev = tph->core.pdev;
	u8 mode = FIELD_GET(PCI_TPH_CTRL_MODE_SEL_MASK, ctrl);
	bool enable = FIELD_GET(PCI_TPH_CTRL_REQ_EN_MASK, ctrl);

	lockdep_assert_held(&tph->lock);

	if (tph->resetting)
		return;
	if (!tph_mode_supported(pdev, mode) &&
	    (enable || mode != PCI_TPH_ST_NS_MODE))
		return;
	if (enable && tph->req_type == PCI_TPH_REQ_DISABLE)
		return;
	if (enable && tph_is_on(tph, mode))
		return;

	pcie_disable_tph(pdev);
	tph->mode = mode;
	if (enable)
		tph_enable(tph, mode);
}

/* @skip bytes into the register, @count bytes that are within it */
static ssize_t tph_read_register(struct tph_pci_device *tph, char __user *buf,
				 size_t skip, size_t count)
{
	__le32 ctrl;

	mutex_lock(&tph->lock);
	ctrl = cpu_to_le32(tph_control(tph));
	mutex_unlock(&tph->lock);

	if (copy_to_user(buf, (u8 *)&ctrl + skip, count))
		return -EFAULT;
	return count;
}

static ssize_t tph_write_register(struct tph_pci_device *tph,
				  const char __user *buf, size_t skip,
				  size_t count)
{
	struct tph_access access;
	u8 bytes[TPH_CTRL_SIZE];
	__le32 ctrl;

	if (copy_from_user(bytes, buf, count))
		return -EFAULT;

	tph_begin(tph, &access);
	ctrl = cpu_to_le32(tph_control(tph));
	memcpy((u8 *)&ctrl + skip, bytes, count);
	tph_write_control(tph, le32_to_cpu(ctrl));
	tph_end(tph, &access);
	return count;
}

static ssize_t tph_access_register(struct tph_pci_device *tph, char __user *buf,
				   size_t count, loff_t *ppos, bool write)
{
	struct pci_dev *pdev = tph->core.pdev;
	size_t skip = (*ppos & VFIO_PCI_OFFSET_MASK) - pdev->tph_cap -
		      PCI_TPH_CTRL;
	ssize_t ret;

	if (pm_runtime_resume_and_get(&pdev->dev))
		return -EIO;
	ret = write ? tph_write_register(tph, buf, skip, count) :
		      tph_read_register(tph, buf, skip, count);
	pm_runtime_put(&pdev->dev);
	if (ret > 0)
		*ppos += ret;
	return ret;
}

static bool tph_is_config(loff_t pos)
{
	return VFIO_PCI_OFFSET_TO_INDEX(pos) == VFIO_PCI_CONFIG_REGION_INDEX;
}

/*
 * What the user did to the function while it slept has to reach it now. If it
 * lost its state by that, the core has restored what it had before.
 */
static void tph_woken(struct tph_pci_device *tph)
{
	struct pci_dev *pdev = tph->core.pdev;
	struct tph_access access;
	u8 mode;

	if (pm_runtime_resume_and_get(&pdev->dev))
		return;

	tph_begin(tph, &access);
	if (pdev->tph_enabled && !tph->resetting &&
	    pdev->current_state == PCI_D0) {
		mode = pdev->tph_mode;
		if (tph->core.needs_pm_restore) {
			pcie_disable_tph(pdev);
			tph_enable(tph, mode);
		} else {
			tph_write_entries(tph, 0, tph->nr_entries);
		}
	}
	tph_end(tph, &access);
	pm_runtime_put(&pdev->dev);
}

/* Whether a write to config space may have changed the power state */
static bool tph_meets_power(struct tph_pci_device *tph, loff_t ppos,
			    size_t count)
{
	struct pci_dev *pdev = tph->core.pdev;
	u64 pos = ppos & VFIO_PCI_OFFSET_MASK;
	u64 reg = pdev->pm_cap + PCI_PM_CTRL;

	return pdev->tph_cap && pdev->pm_cap && tph_is_config(ppos) &&
	       pos <= reg && pos + count > reg;
}

static ssize_t tph_access_core(struct tph_pci_device *tph, char __user *buf,
			       size_t count, loff_t *ppos, bool write)
{
	struct vfio_device *vdev = &tph->core.vdev;
	loff_t start = *ppos;
	ssize_t ret;

	if (!write)
		return vfio_pci_core_read(vdev, buf, count, ppos);

	ret = vfio_pci_core_write(vdev, buf, count, ppos);
	if (!tph_speaks_v8() && tph_meets_power(tph, start, count))
		tph_woken(tph);
	return ret;
}

/* Whether an access that the core would allow meets the control register */
static bool tph_meets_control(struct tph_pci_device *tph, loff_t ppos,
			      size_t count)
{
	struct pci_dev *pdev = tph->core.pdev;
	u64 pos = ppos & VFIO_PCI_OFFSET_MASK;
	u64 reg = pdev->tph_cap + PCI_TPH_CTRL;

	return pdev->tph_cap && tph_is_config(ppos) &&
	       pos < reg + TPH_CTRL_SIZE && pos + count > reg &&
	       pos + count <= pdev->cfg_size;
}

/* What lies before the register, the register, what lies behind it */
static ssize_t tph_access(struct vfio_device *vdev, char __user *buf,
			  size_t count, loff_t *ppos, bool write)
{
	struct tph_pci_device *tph = to_tph_pci(vdev);
	u64 reg = tph->core.pdev->tph_cap + PCI_TPH_CTRL;
	size_t done = 0;

	/* Where an ioctl turns TPH on, the core ignores writes of the register. */
	if (!tph_meets_control(tph, *ppos, count) ||
	    (write && tph_speaks_v8()))
		return tph_access_core(tph, buf, count, ppos, write);

	while (done < count) {
		u64 pos = *ppos & VFIO_PCI_OFFSET_MASK;
		size_t left = count - done;
		ssize_t ret;

		if (pos < reg)
			ret = tph_access_core(tph, buf + done,
					      min_t(size_t, left, reg - pos),
					      ppos, write);
		else if (pos < reg + TPH_CTRL_SIZE)
			ret = tph_access_register(tph, buf + done,
						  min_t(size_t, left,
							reg + TPH_CTRL_SIZE -
							pos),
						  ppos, write);
		else
			ret = tph_access_core(tph, buf + done, left, ppos,
					      write);
		if (ret <= 0)
			return ret;
		done += ret;
	}
	return done;
}

/**
 * tph_read - read(2) on the device
 * @vdev: the device
 * @buf: user memory
 * @count: bytes
 * @ppos: region and offset as the core has them
 *
 * Return: bytes read, or -errno
 */
ssize_t tph_read(struct vfio_device *vdev, char __user *buf, size_t count,
		 loff_t *ppos)
{
	return tph_access(vdev, buf, count, ppos, false);
}

/**
 * tph_write - write(2) on the device
 * @vdev: the device
 * @buf: user memory
 * @count: bytes
 * @ppos: region and offset as the core has them
 *
 * Return: bytes written, or -errno
 */
ssize_t tph_write(struct vfio_device *vdev, const char __user *buf,
		  size_t count, loff_t *ppos)
{
	return tph_access(vdev, (char __user *)buf, count, ppos, true);
}
