// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_PCI_TPH, with abi=pci-tph-v8: tags go into the function's own
 * table while TPH is on and are kept nowhere else.
 */
#include <linux/bits.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "tph.h"
#include "vfio_pci_tph_v8.h"

#define TPH_V8_HEADER	offsetof(struct vfio_device_pci_tph_op, cap)
#define TPH_V8_ENTRIES	offsetof(struct vfio_device_pci_tph_op, st.ents)

static int tph_v8_get_cap(struct tph_pci_device *tph,
			  struct vfio_device_pci_tph_op __user *arg,
			  u32 argsz)
{
	struct pci_dev *pdev = tph->core.pdev;
	struct vfio_pci_tph_cap cap = {};

	if (argsz < TPH_V8_HEADER + sizeof(cap))
		return -EINVAL;

	if (tph_mode_supported(pdev, PCI_TPH_ST_IV_MODE))
		cap.supported_modes |= VFIO_PCI_TPH_MODE_IV;
	if (tph_mode_supported(pdev, PCI_TPH_ST_DS_MODE))
		cap.supported_modes |= VFIO_PCI_TPH_MODE_DS;
	if (tph->location != PCI_TPH_LOC_NONE)
		cap.st_table_sz = tph->nr_entries;
	return copy_to_user(&arg->cap, &cap, sizeof(cap)) ? -EFAULT : 0;
}

static int tph_v8_turn_on(struct tph_pci_device *tph, u8 mode)
{
	struct pci_dev *pdev = tph->core.pdev;
	int ret;

	lockdep_assert_held(&tph->lock);

	if (tph->resetting)
		return -EBUSY;

	ret = pcie_enable_tph(pdev, mode);
	if (!ret)
		tph->req_type = pdev->tph_req_type;
	return ret;
}

static int tph_v8_enable(struct tph_pci_device *tph,
			 struct vfio_device_pci_tph_op __user *arg, u32 argsz)
{
	struct vfio_pci_tph_ctrl ctrl;
	struct tph_access access;
	u8 mode;
	int ret;

	if (argsz < TPH_V8_HEADER + sizeof(ctrl))
		return -EINVAL;
	if (copy_from_user(&ctrl, &arg->ctrl, sizeof(ctrl)))
		return -EFAULT;
	if (memchr_inv(ctrl.reserved, 0, sizeof(ctrl.reserved)))
		return -EINVAL;

	if (ctrl.mode == VFIO_PCI_TPH_MODE_IV)
		mode = PCI_TPH_ST_IV_MODE;
	else if (ctrl.mode == VFIO_PCI_TPH_MODE_DS)
		mode = PCI_TPH_ST_DS_MODE;
	else
		return -EINVAL;
	if (!tph_mode_supported(tph->core.pdev, mode) ||
	    tph->req_type == PCI_TPH_REQ_DISABLE)
		return -EOPNOTSUPP;

	tph_begin(tph, &access);
	ret = tph_v8_turn_on(tph, mode);
	tph_end(tph, &access);
	return ret;
}

static int tph_v8_disable(struct tph_pci_device *tph)
{
	struct tph_access access;

	tph_begin(tph, &access);
	pcie_disable_tph(tph->core.pdev);
	tph_end(tph, &access);
	return 0;
}

/* The entries of a call, to be freed by kvfree(), or an error pointer */
static struct vfio_pci_tph_entry *
tph_v8_read_entries(struct vfio_device_pci_tph_op __user *arg, u32 argsz,
		    unsigned int *count)
{
	struct vfio_pci_tph_entry *ents;
	struct vfio_pci_tph_st st;
	size_t size;

	if (argsz < TPH_V8_ENTRIES)
		return ERR_PTR(-EINVAL);
	if (copy_from_user(&st, &arg->st, sizeof(st)))
		return ERR_PTR(-EFAULT);
	if (st.reserved || !st.count || st.count > VFIO_PCI_TPH_MAX_ENTRIES)
		return ERR_PTR(-EINVAL);

	size = array_size(st.count, sizeof(*ents));
	if (argsz - TPH_V8_ENTRIES < size)
		return ERR_PTR(-EINVAL);

	ents = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!ents)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(ents, arg->st.ents, size)) {
		kvfree(ents);
		return ERR_PTR(-EFAULT);
	}
	*count = st.count;
	return ents;
}

/* The tag of an entry's CPU, or 0 where it says that there is to be none */
static int tph_v8_translate(struct tph_pci_device *tph,
			    const struct vfio_pci_tph_entry *ent, u16 *tag)
{
	struct tph_entry entry = { .cpu = ent->cpu };
	int ret;

	if (ent->reserved0 || ent->reserved1)
		return -EINVAL;

	switch (ent->mem_type) {
	case VFIO_PCI_TPH_MEM_TYPE_VM:
		entry.mem_type = TPH_MEM_TYPE_VM;
		break;
	case VFIO_PCI_TPH_MEM_TYPE_PM:
		entry.mem_type = TPH_MEM_TYPE_PM;
		break;
	default:
		return -EINVAL;
	}

	ret = tph_translate(tph, &entry);
	*tag = entry.tag;
	return ret;
}

static int tph_v8_look_up(struct tph_pci_device *tph,
			  struct vfio_pci_tph_entry *ents, unsigned int count)
{
	struct pci_dev *pdev = tph->core.pdev;
	unsigned int i;
	int ret = 0;

	lockdep_assert_held(&tph->lock);

	if (!pdev->tph_enabled || pdev->tph_mode != PCI_TPH_ST_DS_MODE)
		return -EINVAL;

	for (i = 0; i < count && !ret; i++) {
		if (ents[i].cpu == VFIO_PCI_TPH_CLEAR)
			return -EINVAL;
		ret = tph_v8_translate(tph, &ents[i], &ents[i].st);
	}
	return ret;
}

static int tph_v8_get_st(struct tph_pci_device *tph,
			 struct vfio_device_pci_tph_op __user *arg, u32 argsz)
{
	struct vfio_pci_tph_entry *ents;
	unsigned int count;
	int ret;

	if (!tph_mode_supported(tph->core.pdev, PCI_TPH_ST_DS_MODE))
		return -EOPNOTSUPP;

	ents = tph_v8_read_entries(arg, argsz, &count);
	if (IS_ERR(ents))
		return PTR_ERR(ents);

	mutex_lock(&tph->lock);
	ret = tph_v8_look_up(tph, ents, count);
	mutex_unlock(&tph->lock);

	if (!ret && copy_to_user(arg->st.ents, ents,
				 array_size(count, sizeof(*ents))))
		ret = -EFAULT;
	kvfree(ents);
	return ret;
}

static int tph_v8_program(struct tph_pci_device *tph,
			  const struct vfio_pci_tph_entry *ent)
{
	u16 tag;
	int ret;

	if (ent->index >= tph->nr_entries)
		return -EINVAL;

	ret = tph_v8_translate(tph, ent, &tag);
	if (ret)
		return ret;
	if (!tph_entry_reachable(tph, ent->index))
		return -ENXIO;

	tph->dirty = true;
	return pcie_tph_set_st_entry(tph->core.pdev, ent->index, tag);
}

/*
 * If an entry fails, those that were programmed before it become 0. If it is
 * the device that failed, TPH is off and nothing can be written any more.
 */
static int tph_v8_program_all(struct tph_pci_device *tph,
			      const struct vfio_pci_tph_entry *ents,
			      unsigned int count)
{
	struct pci_dev *pdev = tph->core.pdev;
	unsigned int i;
	int ret = 0;

	lockdep_assert_held(&tph->lock);

	if (!pdev->tph_enabled || tph->resetting)
		return -EINVAL;

	for (i = 0; i < count; i++) {
		ret = tph_v8_program(tph, &ents[i]);
		if (ret)
			break;
	}
	if (!ret)
		return 0;

	while (i--)
		pcie_tph_set_st_entry(pdev, ents[i].index, 0);
	return ret;
}

static int tph_v8_set_st(struct tph_pci_device *tph,
			 struct vfio_device_pci_tph_op __user *arg, u32 argsz)
{
	struct vfio_pci_tph_entry *ents;
	struct tph_access access;
	unsigned int count;
	int ret;

	if (tph->location == PCI_TPH_LOC_NONE || !tph->nr_entries)
		return -EOPNOTSUPP;

	ents = tph_v8_read_entries(arg, argsz, &count);
	if (IS_ERR(ents))
		return PTR_ERR(ents);

	tph_begin(tph, &access);
	ret = tph_v8_program_all(tph, ents, count);
	tph_end(tph, &access);
	kvfree(ents);
	return ret;
}

/**
 * tph_v8_ioctl - VFIO_DEVICE_PCI_TPH
 * @tph: the device, open and powered
 * @arg: user memory
 *
 * Return: 0 or -errno
 */
long tph_v8_ioctl(struct tph_pci_device *tph,
		  struct vfio_device_pci_tph_op __user *arg)
{
	struct {
		u32	argsz;
		u32	op;
	} header;

	if (copy_from_user(&header, arg, sizeof(header)))
		return -EFAULT;
	if (header.argsz < TPH_V8_HEADER || !tph->core.pdev->tph_cap)
		return -EINVAL;

	switch (header.op) {
	case VFIO_PCI_TPH_GET_CAP:
		return tph_v8_get_cap(tph, arg, header.argsz);
	case VFIO_PCI_TPH_ENABLE:
		return tph_v8_enable(tph, arg, header.argsz);
	case VFIO_PCI_TPH_DISABLE:
		return tph_v8_disable(tph);
	case VFIO_PCI_TPH_GET_ST:
		return tph_v8_get_st(tph, arg, header.argsz);
	case VFIO_PCI_TPH_SET_ST:
		return tph_v8_set_st(tph, arg, header.argsz);
	default:
		return -EINVAL;
	}
}
