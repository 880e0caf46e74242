// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_FEATURE with TPH_ST.
 */
#include <linux/bitmap.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "tph.h"
#include "vfio_tph_st.h"

static void tph_get(struct tph_pci_device *tph, unsigned int first, u32 *data,
		    unsigned int count)
{
	unsigned int i;

	mutex_lock(&tph->lock);
	for (i = 0; i < count; i++)
		data[i] = tph->entries[first + i].tag;
	mutex_unlock(&tph->lock);
}

/* Queues often share a CPU: what the entry before was told is used again. */
static int tph_translate_run(struct tph_pci_device *tph,
			     struct tph_entry *entries, unsigned int count)
{
	unsigned int i;
	int ret = 0;

	mutex_lock(&tph->lock);
	for (i = 0; i < count && !ret; i++) {
		if (i && entries[i].cpu == entries[i - 1].cpu)
			entries[i].tag = entries[i - 1].tag;
		else
			ret = tph_translate(tph, &entries[i]);
	}
	mutex_unlock(&tph->lock);
	return ret;
}

/*
 * Exchanges the kept entries with new ones, in the device too while TPH is
 * enabled. If the device refuses, the former ones are kept.
 */
static int tph_replace_run(struct tph_pci_device *tph, unsigned int first,
			   struct tph_entry *entries, unsigned int count)
{
	struct tph_access access;
	unsigned int i;
	int ret;

	tph_begin(tph, &access);
	for (i = 0; i < count; i++)
		swap(tph->entries[first + i], entries[i]);
	bitmap_clear(tph->written, first, count);
	ret = tph->resetting ? 0 : tph_write_entries(tph, first, count);
	if (ret)
		memcpy(&tph->entries[first], entries,
		       array_size(count, sizeof(*entries)));
	tph_end(tph, &access);
	return ret;
}

static int tph_set(struct tph_pci_device *tph, unsigned int first,
		   enum tph_mem_type mem_type, const u32 *data,
		   unsigned int count)
{
	struct tph_entry *entries;
	unsigned int i;
	int ret;

	entries = kvcalloc(count, sizeof(*entries), GFP_KERNEL_ACCOUNT);
	if (!entries)
		return -ENOMEM;

	for (i = 0; i < count; i++) {
		entries[i].cpu = data[i];
		entries[i].mem_type = mem_type;
	}

	ret = tph_translate_run(tph, entries, count);
	if (!ret)
		ret = tph_replace_run(tph, first, entries, count);
	kvfree(entries);
	return ret;
}

/**
 * tph_feature - the feature's part of VFIO_DEVICE_FEATURE
 * @tph: the device, open
 * @flags: as user space passed them; vfio has checked that they are known
 * @arg: user memory behind struct vfio_device_feature
 * @argsz: size of that memory as user space states it
 *
 * Return: 0 or -errno
 */
int tph_feature(struct tph_pci_device *tph, u32 flags, void __user *arg,
		size_t argsz)
{
	struct vfio_device_feature_tph_st st;
	bool set = flags & VFIO_DEVICE_FEATURE_SET;
	u32 __user *user_data = arg + sizeof(st);
	size_t size;
	u32 *data;
	int ret;

	ret = vfio_check_feature(flags, argsz,
				 VFIO_DEVICE_FEATURE_GET |
				 VFIO_DEVICE_FEATURE_SET, sizeof(st));
	if (ret != 1)
		return ret;

	if (copy_from_user(&st, arg, sizeof(st)))
		return -EFAULT;
	if (st.flags & ~(set ? VFIO_TPH_ST_MEM_TYPE_PM : 0))
		return -EINVAL;
	if (!st.count || st.index + st.count > tph->nr_entries)
		return -EINVAL;

	size = array_size(st.count, sizeof(*data));
	if (argsz - sizeof(st) < size)
		return -EINVAL;

	data = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;

	if (set && copy_from_user(data, user_data, size)) {
		ret = -EFAULT;
	} else if (set) {
		ret = tph_set(tph, st.index,
			      st.flags & VFIO_TPH_ST_MEM_TYPE_PM ?
			      TPH_MEM_TYPE_PM : TPH_MEM_TYPE_VM,
			      data, st.count);
	} else {
		tph_get(tph, st.index, data, st.count);
		ret = copy_to_user(user_data, data, size) ? -EFAULT : 0;
	}
	kvfree(data);
	return ret;
}
