// SPDX-License-Identifier: MIT
/*
 * Prints, as JSON, what C makes of the kernel interface that src/abi mirrors: sizeof and
 * offsetof of the structs and the constants of the installed <linux/vfio.h>, and sample
 * arguments of the ioctls as hex. test/native-shims/abi-probe.test.ts compares.
 *
 *	cc -Wall -Wextra -o abi-probe native-shims/abi-probe.c && ./abi-probe
 *
 * Headers of Linux 5.7 and later will do: what they lack is left out. iommufd.h is not
 * mirrored: it is included to say whether it is there.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/ioctl.h>
#include <linux/types.h>
#include <linux/vfio.h>
#if defined(__has_include)
#if __has_include(<linux/iommufd.h>)
#include <linux/iommufd.h>
#define HAVE_IOMMUFD 1
#endif
#endif
#ifndef HAVE_IOMMUFD
#define HAVE_IOMMUFD 0
#endif

/* Until <linux/vfio.h> has the proposal, the variant driver's header is where C has it. */
#ifndef VFIO_TPH_ST_MEM_TYPE_PM
#include "vfio-tph-pci/vfio_tph_st.h"
#endif

/*
 * Revision 8 of the series, as the kvm list has its <linux/vfio.h>. No installed
 * header has it, so this is a declaration of our own.
 */
#include "vfio-tph-pci/vfio_pci_tph_v8.h"

/* tphctl's default; not allotted upstream. */
#define TPH_ST_FEATURE	14

/* Both forms of vfio_device_bind_iommufd, for the samples: a header has one of them or none. */
struct bind_iommufd_v1 {
	__u32	argsz;
	__u32	flags;
	__s32	iommufd;
	__u32	out_devid;
};

struct bind_iommufd_v2 {
	struct bind_iommufd_v1	v1;
	__u64			token_uuid_ptr;
};

static const char *comma = "";

/* Starts a member of the current object. */
static void member(const char *name)
{
	printf("%s\n\"%s\": ", comma, name);
	comma = ",";
}

static void open_object(const char *name)
{
	member(name);
	printf("{");
	comma = "";
}

static void close_object(void)
{
	printf("}");
	comma = ",";
}

static void number(const char *name, unsigned long value)
{
	member(name);
	printf("%lu", value);
}

static void field(const char *name, size_t offset, size_t size)
{
	open_object(name);
	number("offset", offset);
	number("size", size);
	close_object();
}

static void hex(const char *name, const void *data, size_t size)
{
	const unsigned char *bytes = data;
	size_t i;

	member(name);
	printf("\"");
	for (i = 0; i < size; i++)
		printf("%02x", bytes[i]);
	printf("\"");
}

#define STRUCT(type) do {					\
		open_object(#type);				\
		number("size", sizeof(struct type));		\
		open_object("fields");				\
	} while (0)
#define FIELD(type, name)					\
	field(#name, offsetof(struct type, name), sizeof(((struct type *)0)->name))
#define END_STRUCT() do { close_object(); close_object(); } while (0)
#define CONSTANT(name)	number(#name, (unsigned long)(name))

static void print_headers(void)
{
	open_object("headers");
	number("linux/vfio.h", 1);
	number("linux/iommufd.h", HAVE_IOMMUFD);
	close_object();
}

static void print_structs(void)
{
	open_object("structs");

	STRUCT(vfio_group_status);
	FIELD(vfio_group_status, argsz);
	FIELD(vfio_group_status, flags);
	END_STRUCT();

	STRUCT(vfio_device_info);
	FIELD(vfio_device_info, argsz);
	FIELD(vfio_device_info, flags);
	FIELD(vfio_device_info, num_regions);
	FIELD(vfio_device_info, num_irqs);
	FIELD(vfio_device_info, cap_offset);
#ifdef VFIO_DEVICE_BIND_IOMMUFD	/* pad came with the same release, 6.6 */
	FIELD(vfio_device_info, pad);
#endif
	END_STRUCT();

	STRUCT(vfio_region_info);
	FIELD(vfio_region_info, argsz);
	FIELD(vfio_region_info, flags);
	FIELD(vfio_region_info, index);
	FIELD(vfio_region_info, cap_offset);
	FIELD(vfio_region_info, size);
	FIELD(vfio_region_info, offset);
	END_STRUCT();

	STRUCT(vfio_info_cap_header);
	FIELD(vfio_info_cap_header, id);
	FIELD(vfio_info_cap_header, version);
	FIELD(vfio_info_cap_header, next);
	END_STRUCT();

	STRUCT(vfio_region_info_cap_sparse_mmap);
	FIELD(vfio_region_info_cap_sparse_mmap, header.id);
	FIELD(vfio_region_info_cap_sparse_mmap, header.version);
	FIELD(vfio_region_info_cap_sparse_mmap, header.next);
	FIELD(vfio_region_info_cap_sparse_mmap, nr_areas);
	FIELD(vfio_region_info_cap_sparse_mmap, reserved);
	END_STRUCT();

	STRUCT(vfio_region_sparse_mmap_area);
	FIELD(vfio_region_sparse_mmap_area, offset);
	FIELD(vfio_region_sparse_mmap_area, size);
	END_STRUCT();

	STRUCT(vfio_device_feature);
	FIELD(vfio_device_feature, argsz);
	FIELD(vfio_device_feature, flags);
	END_STRUCT();

#ifdef VFIO_DEVICE_BIND_IOMMUFD
	STRUCT(vfio_device_bind_iommufd);
	FIELD(vfio_device_bind_iommufd, argsz);
	FIELD(vfio_device_bind_iommufd, flags);
	FIELD(vfio_device_bind_iommufd, iommufd);
	FIELD(vfio_device_bind_iommufd, out_devid);
#ifdef VFIO_DEVICE_BIND_FLAG_TOKEN
	FIELD(vfio_device_bind_iommufd, token_uuid_ptr);
#endif
	END_STRUCT();
#endif

	STRUCT(vfio_device_feature_tph_st);
	FIELD(vfio_device_feature_tph_st, flags);
	FIELD(vfio_device_feature_tph_st, index);
	FIELD(vfio_device_feature_tph_st, count);
	END_STRUCT();

	STRUCT(vfio_pci_tph_cap);
	FIELD(vfio_pci_tph_cap, supported_modes);
	FIELD(vfio_pci_tph_cap, reserved0);
	FIELD(vfio_pci_tph_cap, st_table_sz);
	FIELD(vfio_pci_tph_cap, reserved);
	END_STRUCT();

	STRUCT(vfio_pci_tph_ctrl);
	FIELD(vfio_pci_tph_ctrl, mode);
	FIELD(vfio_pci_tph_ctrl, reserved);
	END_STRUCT();

	STRUCT(vfio_pci_tph_entry);
	FIELD(vfio_pci_tph_entry, cpu);
	FIELD(vfio_pci_tph_entry, mem_type);
	FIELD(vfio_pci_tph_entry, reserved0);
	FIELD(vfio_pci_tph_entry, index);
	FIELD(vfio_pci_tph_entry, st);
	FIELD(vfio_pci_tph_entry, reserved1);
	END_STRUCT();

	STRUCT(vfio_pci_tph_st);
	FIELD(vfio_pci_tph_st, count);
	FIELD(vfio_pci_tph_st, reserved);
	END_STRUCT();

	open_object("vfio_device_pci_tph_op");
	number("size", offsetof(struct vfio_device_pci_tph_op, cap));
	open_object("fields");
	FIELD(vfio_device_pci_tph_op, argsz);
	FIELD(vfio_device_pci_tph_op, op);
	END_STRUCT();

	close_object();
}

/* Where what an operation of vfio_device_pci_tph_op takes lies in it, and its size. */
static void print_union(void)
{
	open_object("vfio_device_pci_tph_op");
	number("size", sizeof(struct vfio_device_pci_tph_op));
	number("cap", offsetof(struct vfio_device_pci_tph_op, cap));
	number("ctrl", offsetof(struct vfio_device_pci_tph_op, ctrl));
	number("st", offsetof(struct vfio_device_pci_tph_op, st));
	number("st.ents", offsetof(struct vfio_device_pci_tph_op, st.ents));
	close_object();
}

static void print_constants(void)
{
	open_object("constants");
	CONSTANT(VFIO_API_VERSION);
	CONSTANT(VFIO_TYPE1_IOMMU);
	CONSTANT(VFIO_TYPE1v2_IOMMU);
	CONSTANT(VFIO_NOIOMMU_IOMMU);
	CONSTANT(VFIO_TYPE);
	CONSTANT(VFIO_BASE);
	CONSTANT(VFIO_GET_API_VERSION);
	CONSTANT(VFIO_CHECK_EXTENSION);
	CONSTANT(VFIO_SET_IOMMU);
	CONSTANT(VFIO_GROUP_FLAGS_VIABLE);
	CONSTANT(VFIO_GROUP_FLAGS_CONTAINER_SET);
	CONSTANT(VFIO_GROUP_GET_STATUS);
	CONSTANT(VFIO_GROUP_SET_CONTAINER);
	CONSTANT(VFIO_GROUP_UNSET_CONTAINER);
	CONSTANT(VFIO_GROUP_GET_DEVICE_FD);
	CONSTANT(VFIO_DEVICE_FLAGS_RESET);
	CONSTANT(VFIO_DEVICE_FLAGS_PCI);
	CONSTANT(VFIO_DEVICE_GET_INFO);
	CONSTANT(VFIO_REGION_INFO_FLAG_READ);
	CONSTANT(VFIO_REGION_INFO_FLAG_WRITE);
	CONSTANT(VFIO_REGION_INFO_FLAG_MMAP);
	CONSTANT(VFIO_REGION_INFO_FLAG_CAPS);
	CONSTANT(VFIO_REGION_INFO_CAP_SPARSE_MMAP);
	CONSTANT(VFIO_DEVICE_GET_REGION_INFO);
	CONSTANT(VFIO_DEVICE_SET_IRQS);
	CONSTANT(VFIO_DEVICE_RESET);
	CONSTANT(VFIO_PCI_BAR0_REGION_INDEX);
	CONSTANT(VFIO_PCI_CONFIG_REGION_INDEX);
	CONSTANT(VFIO_DEVICE_FEATURE_MASK);
	CONSTANT(VFIO_DEVICE_FEATURE_GET);
	CONSTANT(VFIO_DEVICE_FEATURE_SET);
	CONSTANT(VFIO_DEVICE_FEATURE_PROBE);
	CONSTANT(VFIO_DEVICE_FEATURE);
#ifdef VFIO_DEVICE_BIND_FLAG_TOKEN
	CONSTANT(VFIO_DEVICE_BIND_FLAG_TOKEN);
#endif
#ifdef VFIO_DEVICE_BIND_IOMMUFD	/* 6.6 */
	CONSTANT(VFIO_DEVICE_BIND_IOMMUFD);
#endif
	CONSTANT(VFIO_TPH_ST_MEM_TYPE_PM);
	CONSTANT(VFIO_DEVICE_PCI_TPH);
	CONSTANT(VFIO_PCI_TPH_GET_CAP);
	CONSTANT(VFIO_PCI_TPH_ENABLE);
	CONSTANT(VFIO_PCI_TPH_DISABLE);
	CONSTANT(VFIO_PCI_TPH_GET_ST);
	CONSTANT(VFIO_PCI_TPH_SET_ST);
	CONSTANT(VFIO_PCI_TPH_MODE_IV);
	CONSTANT(VFIO_PCI_TPH_MODE_DS);
	CONSTANT(VFIO_PCI_TPH_MEM_TYPE_VM);
	CONSTANT(VFIO_PCI_TPH_MEM_TYPE_PM);
	CONSTANT(VFIO_PCI_TPH_MAX_ENTRIES);
#ifdef VFIO_DEVICE_FEATURE_TPH_ST	/* a difference: upstream has allotted the index */
	CONSTANT(VFIO_DEVICE_FEATURE_TPH_ST);
#endif
	close_object();
}

/* One VFIO_DEVICE_FEATURE argument; @count 0 is a header alone. */
struct sample {
	const char	*name;
	__u32		op;
	__u32		flags;
	__u16		index;
	__u16		count;
	__u32		data[4];
};

static const struct sample samples[] = {
	{ "PROBE", VFIO_DEVICE_FEATURE_PROBE, 0, 0, 0, { 0 } },
	{ "PROBE GET|SET", VFIO_DEVICE_FEATURE_PROBE | VFIO_DEVICE_FEATURE_GET |
			   VFIO_DEVICE_FEATURE_SET, 0, 0, 0, { 0 } },
	{ "GET of 2", VFIO_DEVICE_FEATURE_GET, 0, 0, 2, { 0 } },
	{ "GET of 2, answered", VFIO_DEVICE_FEATURE_GET, 0, 0, 2, { 0x101, 0xffff } },
	{ "SET of 4 CPUs at 0, vm", VFIO_DEVICE_FEATURE_SET, 0, 0, 4, { 8, 9, 10, 11 } },
	{ "SET of 1 CPU at 2047, pm", VFIO_DEVICE_FEATURE_SET, VFIO_TPH_ST_MEM_TYPE_PM,
	  2047, 1, { 300 } },
	{ "SET with clear", VFIO_DEVICE_FEATURE_SET, 0, 0x102, 3, { 8, 0xffffffff, 0x12345 } },
};

static void print_feature(const struct sample *s)
{
	struct vfio_device_feature_tph_st *st;
	struct vfio_device_feature *feature;
	size_t size = sizeof(*feature);
	size_t i;

	if (s->count)
		size += sizeof(*st) + s->count * sizeof(st->data[0]);
	feature = calloc(1, size);
	if (!feature)
		abort();
	feature->argsz = size;
	feature->flags = s->op | TPH_ST_FEATURE;
	if (s->count) {
		st = (void *)feature->data;
		st->flags = s->flags;
		st->index = s->index;
		st->count = s->count;
		for (i = 0; i < s->count; i++)
			st->data[i] = s->data[i];
	}
	hex(s->name, feature, size);
	free(feature);
}

static const struct vfio_pci_tph_entry one_cpu[] = { { .cpu = 300, .mem_type = 1 } };

static const struct vfio_pci_tph_entry two_tags[] = {
	{ .cpu = 8, .st = 0x108 }, { .cpu = 9, .st = 0xffff },
};

static const struct vfio_pci_tph_entry mixed[] = {
	{ .cpu = 8, .index = 0 },
	{ .cpu = 0x12345, .mem_type = VFIO_PCI_TPH_MEM_TYPE_PM, .index = 0x102 },
	{ .cpu = VFIO_PCI_TPH_CLEAR, .index = 2047 },
};

/* GET_ST and SET_ST. */
static void print_entries(const char *name, __u32 op,
			  const struct vfio_pci_tph_entry *entries, size_t count)
{
	size_t size = offsetof(struct vfio_device_pci_tph_op, st.ents) +
		      count * sizeof(*entries);
	struct vfio_device_pci_tph_op *arg = calloc(1, size);
	size_t i;

	if (!arg)
		abort();
	arg->argsz = size;
	arg->op = op;
	arg->st.count = count;
	for (i = 0; i < count; i++)
		arg->st.ents[i] = entries[i];
	hex(name, arg, size);
	free(arg);
}

static void print_pci_tph(void)
{
	struct vfio_device_pci_tph_op cap = {
		.argsz = sizeof(cap), .op = VFIO_PCI_TPH_GET_CAP,
		.cap = {
			.supported_modes = VFIO_PCI_TPH_MODE_IV | VFIO_PCI_TPH_MODE_DS,
			.st_table_sz = 0x123,
		},
	};
	struct vfio_device_pci_tph_op enable = {
		.argsz = sizeof(enable), .op = VFIO_PCI_TPH_ENABLE,
		.ctrl = { .mode = VFIO_PCI_TPH_MODE_DS },
	};
	struct vfio_device_pci_tph_op disable = {
		.argsz = sizeof(disable), .op = VFIO_PCI_TPH_DISABLE,
	};

	hex("GET_CAP, answered", &cap, sizeof(cap));
	hex("ENABLE ds", &enable, sizeof(enable));
	hex("DISABLE", &disable, sizeof(disable));
	print_entries("GET_ST of CPU 300, pm", VFIO_PCI_TPH_GET_ST, one_cpu, 1);
	print_entries("GET_ST of 2, answered", VFIO_PCI_TPH_GET_ST, two_tags, 2);
	print_entries("SET_ST of 3", VFIO_PCI_TPH_SET_ST, mixed, 3);
}

static void print_samples(void)
{
	struct vfio_region_info region = {
		.argsz = sizeof(region),
		.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE,
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
		.size = 4096,
		.offset = (__u64)VFIO_PCI_CONFIG_REGION_INDEX << 40,
	};
	struct vfio_group_status status = {
		.argsz = sizeof(status),
		.flags = VFIO_GROUP_FLAGS_VIABLE | VFIO_GROUP_FLAGS_CONTAINER_SET,
	};
	struct bind_iommufd_v1 bind = {
		.argsz = sizeof(bind), .iommufd = 5, .out_devid = 1,
	};
	struct bind_iommufd_v2 token = {
		.v1 = { .argsz = sizeof(token), .flags = 1, .iommufd = -1 },
		.token_uuid_ptr = 0x7ffe123456789abcULL,
	};
	size_t i;

	open_object("samples");
	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		print_feature(&samples[i]);
	hex("region_info of config", &region, sizeof(region));
	hex("group_status", &status, sizeof(status));
	hex("bind_iommufd", &bind, sizeof(bind));
	hex("bind_iommufd with token", &token, sizeof(token));
	print_pci_tph();
	close_object();
}

int main(void)
{
	printf("{");
	print_headers();
	print_structs();
	print_union();
	print_constants();
	print_samples();
	printf("}\n");
	return 0;
}
