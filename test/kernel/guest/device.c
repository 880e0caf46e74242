// SPDX-License-Identifier: GPL-2.0-only
/* A device of vfio-tph-pci without an IOMMU, opened through its group. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"

const char *bdf;
int device;
uint64_t config;
uint32_t tph, pm, msix, express;
bool in_msix, can_reset;
unsigned int entries, all_vectors;
int group;
atomic_bool failed;

static int container;

void fail(const char *format, ...)
{
	va_list args;

	failed = true;
	fprintf(stderr, "%s: ", bdf);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void die(const char *what)
{
	fail("%s: %s", what, strerror(errno));
	exit(1);
}

uint32_t get_config(uint32_t at, unsigned int size)
{
	uint32_t value = 0;

	if (pread(device, &value, size, config + at) != (ssize_t)size)
		fail("%u bytes of config space at %#x: %s", size, at,
		     strerror(errno));
	return value;
}

void set_config(uint32_t at, uint32_t value, unsigned int size)
{
	if (pwrite(device, &value, size, config + at) != (ssize_t)size)
		fail("write %u bytes of config space at %#x: %s", size, at,
		     strerror(errno));
}

/* 0 or errno */
int feature(uint32_t op, uint32_t flags, unsigned int index,
	    unsigned int count, uint32_t *data)
{
	struct feature f;

	f.header.argsz = 16 + 4 * count;
	f.header.flags = TPH_ST | op;
	f.flags = flags;
	f.index = index;
	f.count = count;
	memcpy(f.data, data, 4 * count);
	if (ioctl(device, VFIO_DEVICE_FEATURE, &f) < 0)
		return errno;
	memcpy(data, f.data, 4 * count);
	return 0;
}

static int open_or_die(const char *path)
{
	int fd = open(path, O_RDWR);

	if (fd < 0)
		die(path);
	return fd;
}

void open_device(void)
{
	char path[80], link[256] = "";

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", bdf);
	if (readlink(path, link, sizeof(link) - 1) < 0)
		die(path);
	snprintf(path, sizeof(path), "/dev/vfio/noiommu-%s",
		 strrchr(link, '/') + 1);
	container = open_or_die("/dev/vfio/vfio");
	group = open_or_die(path);
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_NOIOMMU_IOMMU))
		die("its container");
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, bdf);
	if (device < 0)
		die("opening it");
}

void close_device(void)
{
	close(device);
	close(group);
	close(container);
}

static uint32_t find(uint8_t id)
{
	uint32_t at = get_config(PCI_CAPABILITY_LIST, 1);

	while (at && get_config(at, 1) != id)
		at = get_config(at + 1, 1);
	return at;
}

static uint32_t find_extended(uint16_t id)
{
	uint32_t at = PCI_CFG_SPACE_SIZE;

	while (at && PCI_EXT_CAP_ID(get_config(at, 4)) != id)
		at = PCI_EXT_CAP_NEXT(get_config(at, 4));
	return at;
}

void know_device(void)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info), .index = VFIO_PCI_CONFIG_REGION_INDEX,
	};
	uint32_t cap;

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info))
		die("its config space");
	config = info.offset;
	pm = find(PCI_CAP_ID_PM);
	msix = find(PCI_CAP_ID_MSIX);
	express = find(PCI_CAP_ID_EXP);
	can_reset = get_config(express + PCI_EXP_DEVCAP, 4) & PCI_EXP_DEVCAP_FLR;
	tph = find_extended(PCI_EXT_CAP_ID_TPH);
	cap = get_config(tph + PCI_TPH_CAP, 4);
	in_msix = (cap & PCI_TPH_CAP_LOC_MASK) == PCI_TPH_LOC_MSIX;
	all_vectors = (get_config(msix + PCI_MSIX_FLAGS, 2) &
		       PCI_MSIX_FLAGS_QSIZE) + 1;
	entries = in_msix ? all_vectors : (cap >> 16 & 0x7ff) + 1;
}

/* Past vfio */
void read_hardware(uint32_t at, void *to, unsigned int size)
{
	char path[80];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", bdf);
	fd = open_or_die(path);
	if (pread(fd, to, size, at) != (ssize_t)size)
		die(path);
	close(fd);
}
