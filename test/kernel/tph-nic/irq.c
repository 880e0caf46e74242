// SPDX-License-Identifier: GPL-2.0-only
/*
 * MSI-X vectors that nothing ever raises.
 *
 * An IRQ domain of its own, because with interrupt remapping the kernel takes
 * the default one away from devices that no remapping unit covers, and because
 * a vector here costs none of a CPU: all 2048 of a table can be allocated.
 */
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>

#include "tph-nic.h"

#define MSI_FLAGS_SUPPORTED \
	(MSI_GENERIC_FLAGS_MASK | MSI_FLAG_PCI_MSIX | MSI_FLAG_PCI_MSIX_ALLOC_DYN)
#define MSI_FLAGS_REQUIRED \
	(MSI_FLAG_USE_DEF_DOM_OPS | MSI_FLAG_NO_AFFINITY)

static void compose_msg(struct irq_data *data, struct msi_msg *msg)
{
	msg->address_hi = X86_MSI_BASE_ADDRESS_HIGH;
	msg->arch_addr_lo.base_address = X86_MSI_BASE_ADDRESS_LOW;
	msg->data = data->hwirq;
}

static struct irq_chip chip = {
	.name = "tph-nic",
	.irq_compose_msi_msg = compose_msg,
};

static int alloc(struct irq_domain *domain, unsigned int virq,
		 unsigned int count, void *arg)
{
	unsigned int i;

	for (i = virq; i < virq + count; i++)
		irq_domain_set_info(domain, i, i, &chip, NULL,
				    handle_untracked_irq, NULL, NULL);
	return 0;
}

static const struct irq_domain_ops domain_ops = {
	.alloc = alloc,
	.free = irq_domain_free_irqs_top,
};

static bool init_dev_msi_info(struct device *dev, struct irq_domain *domain,
			      struct irq_domain *parent,
			      struct msi_domain_info *info)
{
	info->flags &= MSI_FLAGS_SUPPORTED;
	info->flags |= MSI_FLAGS_REQUIRED;
	return true;
}

static const struct msi_parent_ops parent_ops = {
	.supported_flags = MSI_FLAGS_SUPPORTED,
	.required_flags = MSI_FLAGS_REQUIRED,
	.bus_select_token = DOMAIN_BUS_PCI_MSI,
	.prefix = "tph-nic-",
	.init_dev_msi_info = init_dev_msi_info,
};

/**
 * tph_nic_create_irqs - make the IRQ domain of the host
 * @host: the host; its root bus finds the domain by the sysdata's fwnode
 *
 * Return: 0 or -ENOMEM
 */
int tph_nic_create_irqs(struct tph_nic_host *host)
{
	struct irq_domain_info info = { .ops = &domain_ops };

	info.fwnode = irq_domain_alloc_named_fwnode("tph-nic");
	if (!info.fwnode)
		return -ENOMEM;
	host->irqs = msi_create_parent_irq_domain(&info, &parent_ops);
	if (!host->irqs) {
		irq_domain_free_fwnode(info.fwnode);
		return -ENOMEM;
	}
	host->sysdata.fwnode = info.fwnode;
	return 0;
}

/**
 * tph_nic_remove_irqs - undo tph_nic_create_irqs()
 * @host: the host, without devices now
 */
void tph_nic_remove_irqs(struct tph_nic_host *host)
{
	if (!host->irqs)
		return;
	irq_domain_remove(host->irqs);
	irq_domain_free_fwnode(host->sysdata.fwnode);
}
