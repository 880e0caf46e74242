/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VFIO_TPH_PCI_TPH_H
#define VFIO_TPH_PCI_TPH_H

#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/pci-tph.h>
#include <linux/types.h>
#include <linux/vfio_pci_core.h>

/**
 * struct tph_entry - what user space asked for in one ST table entry
 * @cpu: host CPU, or VFIO_TPH_ST_CLEAR
 * @mem_type: memory type the tag is for
 * @tag: the platform's steering tag, 0 for none
 */
struct tph_entry {
	u32			cpu;
	enum tph_mem_type	mem_type;
	u16			tag;
};

/**
 * struct tph_pci_device - a PCI function whose steering tags user space sets
 * @core: the vfio-pci core's part
 * @nr_entries: entries that are kept for user space
 * @location: where the device has its own table, PCI_TPH_LOC_*
 * @req_type: what function and root port can do together, PCI_TPH_REQ_*
 * @vectors_lock: one VFIO_DEVICE_SET_IRQS at a time. Taken first
 * @lock: protects everything below, and TPH of the function. Taken last,
 *	  after the core's igate and memory_lock
 * @mode: ST mode that the control register shows while TPH is off
 * @resetting: between reset_prepare and reset_done, the function is left alone
 * @dirty: the device's own table may have tags
 * @entries: @nr_entries of them while the device is open, otherwise NULL
 * @written: entries whose tag the device's own table is known to hold
 */
struct tph_pci_device {
	struct vfio_pci_core_device	core;
	unsigned int			nr_entries;
	u32				location;
	u8				req_type;
	struct mutex			vectors_lock;	/* MSI-X vectors */
	struct mutex			lock;	/* TPH of the function */
	u8				mode;
	bool				resetting;
	bool				dirty;
	struct tph_entry		*entries;
	unsigned long			*written;
};

static inline struct tph_pci_device *to_tph_pci(struct vfio_device *vdev)
{
	return container_of(vdev, struct tph_pci_device, core.vdev);
}

/* tags.c */
u8 tph_requester_type(struct pci_dev *pdev);
int tph_translate(struct tph_pci_device *tph, struct tph_entry *entry);

/* table.c */
struct tph_access {
	bool	decodes;	/* memory decoding was on before */
};

void tph_begin(struct tph_pci_device *tph, struct tph_access *access);
void tph_end(struct tph_pci_device *tph, const struct tph_access *access);
void tph_describe_table(struct tph_pci_device *tph);
int tph_open_table(struct tph_pci_device *tph);
void tph_quiesce(struct tph_pci_device *tph);
void tph_free_table(struct tph_pci_device *tph);
int tph_write_entries(struct tph_pci_device *tph, unsigned int first,
		      unsigned int count);
bool tph_entry_reachable(struct tph_pci_device *tph, unsigned int index);
void tph_vectors_changed(struct tph_pci_device *tph);
void tph_reset_prepare(struct pci_dev *pdev);
void tph_reset_done(struct pci_dev *pdev);

/* control.c */
ssize_t tph_read(struct vfio_device *vdev, char __user *buf, size_t count,
		 loff_t *ppos);
ssize_t tph_write(struct vfio_device *vdev, const char __user *buf,
		  size_t count, loff_t *ppos);

bool tph_mode_supported(struct pci_dev *pdev, u8 mode);

/* feature.c */
int tph_feature(struct tph_pci_device *tph, u32 flags, void __user *arg,
		size_t argsz);

/* main.c */
bool tph_speaks_v8(void);

/* v8.c */
struct vfio_device_pci_tph_op;
long tph_v8_ioctl(struct tph_pci_device *tph,
		  struct vfio_device_pci_tph_op __user *arg);

#endif /* VFIO_TPH_PCI_TPH_H */
