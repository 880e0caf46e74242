// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio-pci with TPH_ST: lets the user of a PCI device say which CPU's cache
 * the device's writes should land in.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/string.h>
#include <linux/vfio.h>

#include "tph.h"
#include "vfio_pci_tph_v8.h"

#if !IS_ENABLED(CONFIG_PCIE_TPH)
#error "vfio-tph-pci needs a kernel with CONFIG_PCIE_TPH"
#endif

/* Lower indexes are vfio's own: one of them is a migration state machine. */
#define TPH_FEATURE_INDEX_MIN	14

static char *abi = "tph-st";
module_param(abi, charp, 0444);
MODULE_PARM_DESC(abi, "Interface for user space: tph-st, a device feature, or pci-tph-v8, the ioctl VFIO_DEVICE_PCI_TPH (default: tph-st)");

static bool speaks_v8;

static ushort feature_index = TPH_FEATURE_INDEX_MIN;
module_param(feature_index, ushort, 0444);
MODULE_PARM_DESC(feature_index, "VFIO device feature index of TPH_ST, which has none allotted (default: 14)");

static bool enable_sriov;
#ifdef CONFIG_PCI_IOV
module_param(enable_sriov, bool, 0644);
MODULE_PARM_DESC(enable_sriov, "Let sriov_numvfs of a bound physical function be written (default: false)");
#endif

/**
 * tph_speaks_v8 - whether user space has VFIO_DEVICE_PCI_TPH and not TPH_ST
 *
 * Return: what the module parameter abi says
 */
bool tph_speaks_v8(void)
{
	return speaks_v8;
}

static int tph_pci_open_device(struct vfio_device *vdev)
{
	struct tph_pci_device *tph = to_tph_pci(vdev);
	int ret;

	ret = tph_open_table(tph);
	if (ret)
		return ret;

	ret = vfio_pci_core_enable(&tph->core);
	if (ret) {
		tph_free_table(tph);
		return ret;
	}

	vfio_pci_core_finish_enable(&tph->core);
	return 0;
}

static void tph_pci_close_device(struct vfio_device *vdev)
{
	struct tph_pci_device *tph = to_tph_pci(vdev);

	tph_quiesce(tph);
	vfio_pci_core_close_device(vdev);
	tph_free_table(tph);
}

static int tph_pci_init_device(struct vfio_device *vdev)
{
	struct tph_pci_device *tph = to_tph_pci(vdev);
	int ret;

	ret = vfio_pci_core_init_dev(vdev);
	if (ret)
		return ret;

	mutex_init(&tph->vectors_lock);
	mutex_init(&tph->lock);
	tph_describe_table(tph);
	return 0;
}

static void tph_pci_release_device(struct vfio_device *vdev)
{
	struct tph_pci_device *tph = to_tph_pci(vdev);

	mutex_destroy(&tph->lock);
	mutex_destroy(&tph->vectors_lock);
	vfio_pci_core_release_dev(vdev);
}

static int tph_pci_device_feature(struct vfio_device *vdev, u32 flags,
				  void __user *arg, size_t argsz)
{
	struct tph_pci_device *tph = to_tph_pci(vdev);

	if (tph->core.pdev->tph_cap && !tph_speaks_v8() &&
	    (flags & VFIO_DEVICE_FEATURE_MASK) == feature_index)
		return tph_feature(tph, flags, arg, argsz);

	return vfio_pci_core_ioctl_feature(vdev, flags, arg, argsz);
}

/*
 * Vectors that are allocated wait for their tags, and even a call that fails
 * may have allocated some. Until they have been looked at, no other call may
 * free or allocate vectors.
 */
static long tph_pci_set_irqs(struct vfio_device *vdev, unsigned long arg)
{
	struct tph_pci_device *tph = to_tph_pci(vdev);
	long ret;

	if (mutex_lock_interruptible(&tph->vectors_lock))
		return -ERESTARTSYS;

	ret = vfio_pci_core_ioctl(vdev, VFIO_DEVICE_SET_IRQS, arg);
	tph_vectors_changed(tph);
	mutex_unlock(&tph->vectors_lock);
	return ret;
}

static long tph_pci_ioctl(struct vfio_device *vdev, unsigned int cmd,
			  unsigned long arg)
{
	if (cmd == VFIO_DEVICE_SET_IRQS && !tph_speaks_v8())
		return tph_pci_set_irqs(vdev, arg);
	if (cmd == VFIO_DEVICE_PCI_TPH && tph_speaks_v8())
		return tph_v8_ioctl(to_tph_pci(vdev),
				    (struct vfio_device_pci_tph_op __user *)arg);

	return vfio_pci_core_ioctl(vdev, cmd, arg);
}

static const struct vfio_device_ops tph_pci_ops = {
	.name			= "vfio-tph-pci",
	.init			= tph_pci_init_device,
	.release		= tph_pci_release_device,
	.open_device		= tph_pci_open_device,
	.close_device		= tph_pci_close_device,
	.ioctl			= tph_pci_ioctl,
#ifdef HAVE_GET_REGION_INFO_CAPS
	.get_region_info_caps	= vfio_pci_ioctl_get_region_info,
#endif
	.device_feature		= tph_pci_device_feature,
	.read			= tph_read,
	.write			= tph_write,
	.mmap			= vfio_pci_core_mmap,
	.request		= vfio_pci_core_request,
	.match			= vfio_pci_core_match,
#ifdef HAVE_MATCH_TOKEN_UUID
	.match_token_uuid	= vfio_pci_core_match_token_uuid,
#endif
	.bind_iommufd		= vfio_iommufd_physical_bind,
	.unbind_iommufd		= vfio_iommufd_physical_unbind,
	.attach_ioas		= vfio_iommufd_physical_attach_ioas,
	.detach_ioas		= vfio_iommufd_physical_detach_ioas,
#ifdef HAVE_PASID_ATTACH_IOAS
	.pasid_attach_ioas	= vfio_iommufd_physical_pasid_attach_ioas,
	.pasid_detach_ioas	= vfio_iommufd_physical_pasid_detach_ioas,
#endif
};

#ifdef HAVE_GET_DMABUF_PHYS
static const struct vfio_pci_device_ops tph_pci_dev_ops = {
	.get_dmabuf_phys = vfio_pci_core_get_dmabuf_phys,
};
#endif

/* What vfio-pci does not take either: in the hands of users it is unsafe. */
static const struct pci_device_id tph_pci_denied[] = {
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_C3XXX) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_C3XXX_VF) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_C62X) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_C62X_VF) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_DH895XCC) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_QAT_DH895XCC_VF) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_DSA_SPR0) },
	{ PCI_VDEVICE(INTEL, PCI_DEVICE_ID_INTEL_IAX_SPR0) },
	{}
};

static bool tph_pci_is_denied(const struct pci_dev *pdev)
{
	const struct pci_device_id *id;

	for (id = tph_pci_denied; id->vendor; id++)
		if (pdev->vendor == id->vendor && pdev->device == id->device)
			return true;
	return false;
}

static int tph_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct tph_pci_device *tph;
	int ret;

	if (tph_pci_is_denied(pdev)) {
		pci_warn(pdev, "is in vfio-pci's device denylist\n");
		return -EINVAL;
	}

	tph = vfio_alloc_device(tph_pci_device, core.vdev, &pdev->dev,
				&tph_pci_ops);
	if (IS_ERR(tph))
		return PTR_ERR(tph);

#ifdef HAVE_GET_DMABUF_PHYS
	tph->core.pci_ops = &tph_pci_dev_ops;
#endif
	pci_set_drvdata(pdev, &tph->core);
	ret = vfio_pci_core_register_device(&tph->core);
	if (ret)
		vfio_put_device(&tph->core.vdev);
	return ret;
}

static void tph_pci_remove(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = pci_get_drvdata(pdev);

	vfio_pci_core_unregister_device(core);
	vfio_put_device(&core->vdev);
}

static int tph_pci_sriov_configure(struct pci_dev *pdev, int nr_virtfn)
{
	if (!enable_sriov)
		return -ENOENT;

	return vfio_pci_core_sriov_configure(pci_get_drvdata(pdev), nr_virtfn);
}

static const struct pci_error_handlers tph_pci_err_handlers = {
	.error_detected	= vfio_pci_core_aer_err_detected,
	.reset_prepare	= tph_reset_prepare,
	.reset_done	= tph_reset_done,
};

static const struct pci_device_id tph_pci_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_ANY_ID, PCI_ANY_ID) },
	{}
};
MODULE_DEVICE_TABLE(pci, tph_pci_table);

static struct pci_driver tph_pci_driver = {
	.name			= "vfio-tph-pci",
	.id_table		= tph_pci_table,
	.probe			= tph_pci_probe,
	.remove			= tph_pci_remove,
	.sriov_configure	= tph_pci_sriov_configure,
	.err_handler		= &tph_pci_err_handlers,
	.driver_managed_dma	= true,
};

static int __init tph_pci_init(void)
{
	if (feature_index < TPH_FEATURE_INDEX_MIN) {
		pr_err("feature_index %u belongs to vfio, use %u or above\n",
		       feature_index, TPH_FEATURE_INDEX_MIN);
		return -EINVAL;
	}

	speaks_v8 = !strcmp(abi, "pci-tph-v8");
	if (!speaks_v8 && strcmp(abi, "tph-st")) {
		pr_err("no abi %s, there are tph-st and pci-tph-v8\n", abi);
		return -EINVAL;
	}

	return pci_register_driver(&tph_pci_driver);
}
module_init(tph_pci_init);

static void __exit tph_pci_exit(void)
{
	pci_unregister_driver(&tph_pci_driver);
}
module_exit(tph_pci_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("vfio-pci with the TPH_ST device feature");
