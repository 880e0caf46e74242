// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that make no sense to a device of vfio-tph-pci: fuzz COUNT SEED BDF.
 * Calls with headers, sizes and buffers that are wrong in some way, and
 * accesses to config space and to the BAR. What TPH_ST answers is known
 * beforehand; of the others only that it is 0 or a sensible errno. Afterwards
 * the device has to do what it did before. Prints how many were answered how.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"

/* Bytes of a request at most, its table included */
#define LARGEST			(16 + 4 * MAX_ENTRIES)
#define AREA			(4 * PAGE)
#define ERRNOS			134
/* How often it is told how far it is */
#define PARTS			50
/* One in so many; it takes a tenth of a second. */
#define RESET_SELDOM		4000
/* One in so many entries; the others are to be cleared. The firmware takes
 * longer to say a CPU's tag than the kernel for all else, and is asked again
 * for each entry when TPH is switched. */
#define CPU_SELDOM		64
/* Where nobody has memory: in the kernel, nowhere at all, and at 0 */
#define KERNEL_MEMORY		0xffff888000000000ull
#define NO_MEMORY		0x8000000000000000ull

static uint64_t state;
/* Memory with a page behind it that nobody may touch */
static uint8_t *area;
/* Memory that may be read only while it is passed */
static uint8_t *read_only;
static unsigned long answers[ERRNOS], done;

/* xorshift64* */
static uint32_t any(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull >> 32;
}

static unsigned int below(unsigned int end)
{
	return any() % end;
}

static bool one_in(unsigned int end)
{
	return !below(end);
}

/* A number at the edge of something, or near a good one, or any. */
static uint32_t odd(uint32_t good)
{
	static const uint32_t edges[] = {
		0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 20, 31, 32, 63, 64, 65,
		127, 128, 2047, 2048, 2049, 4096, 0x7fff, 0xffff, 0x10000,
		0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
	};

	switch (below(8)) {
	case 0:
		return any();
	case 1:
		return edges[below(LEN(edges))];
	case 2:
		return good + below(9) - 4;
	case 3:
		return good ^ 1u << below(32);
	default:
		return good;
	}
}

/* Memory of so many bytes that ends where memory ends, the request in it. */
static uint8_t *at_end(const void *from, unsigned int size)
{
	return memcpy(area + AREA - size, from, size);
}

/* Counts what was answered. */
static void answered(int error, const char *what)
{
	static const int sensible[] = {
		0, EINVAL, EFAULT, ENOTTY, ENXIO, EIO, EBUSY, E2BIG, ENOMEM,
		EPERM, EBADF, ENODEV, EAGAIN, EOVERFLOW, EOPNOTSUPP, ENOSPC,
		EEXIST, ENOENT, ERANGE, EACCES,
	};
	unsigned int i;

	done++;
	for (i = 0; i < LEN(sensible) && sensible[i] != error; i++)
		;
	if (i == LEN(sensible))
		fail("%s: %s", what, strerror(error));
	else
		answers[error]++;
}

static int error_of(long result)
{
	return result < 0 ? errno : 0;
}

/* What TPH_ST has to answer to @size bytes of a request. */
static int expected(const struct feature *f, unsigned int size, bool writable)
{
	const uint32_t ops = VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_SET;
	uint32_t argsz = f->header.argsz, flags = f->header.flags;
	uint32_t op = flags & ops;
	bool probe = flags & VFIO_DEVICE_FEATURE_PROBE, set;
	unsigned int i;

	if (size < 8)
		return EFAULT;
	if (argsz < 8 || flags & ~(VFIO_DEVICE_FEATURE_MASK | ops |
				   VFIO_DEVICE_FEATURE_PROBE))
		return EINVAL;
	if (op == ops && !probe)
		return EINVAL;
	if (probe)
		return 0;
	if (!op || argsz < 16)
		return EINVAL;
	if (size < 16)
		return EFAULT;
	set = op == VFIO_DEVICE_FEATURE_SET;
	if (f->flags & ~(set ? 1u : 0u))
		return EINVAL;
	if (!f->count || f->index + f->count > entries)
		return EINVAL;
	if (argsz < 16 + 4u * f->count)
		return EINVAL;
	if (size < 16 + 4u * f->count || (!set && !writable))
		return EFAULT;
	for (i = 0; set && i < f->count; i++)
		if (f->data[i] >= CPUS && f->data[i] != CLEAR)
			return EINVAL;
	return 0;
}

static void make_feature(struct feature *f)
{
	bool is_long = one_in(64);
	unsigned int count = 1 + below(is_long ? entries : 4), i;

	f->count = odd(count);
	f->index = odd(below(entries));
	f->flags = one_in(3) ? odd(below(2)) : 0;
	f->header.argsz = odd(16 + 4 * f->count);
	f->header.flags = TPH_ST | (one_in(2) ? VFIO_DEVICE_FEATURE_GET :
						VFIO_DEVICE_FEATURE_SET);
	if (one_in(8))
		f->header.flags ^= any() & 7 << 16;
	if (one_in(16))
		f->header.flags ^= 1u << below(32);
	for (i = 0; i < f->count && i < MAX_ENTRIES; i++)
		f->data[i] = is_long && i % 64 ? f->data[i - 1] :
			     one_in(CPU_SELDOM) ? below(CPUS) : CLEAR;
	if (one_in(4))
		f->data[below(count)] = odd(CPUS);
}

/* Bytes of a request that are there: all, or it is cut anywhere. */
static unsigned int cut(unsigned int whole)
{
	unsigned int size = whole < LARGEST ? whole : LARGEST;

	return one_in(4) ? below(size + 1) : size;
}

static void check_tags(const uint8_t *at, unsigned int count)
{
	uint32_t tag;
	unsigned int i;

	for (i = 0; i < count; i++) {
		memcpy(&tag, at + 16 + 4 * i, sizeof(tag));
		if (tag && (tag < 0x100 || tag >= 0x100 + CPUS) &&
		    (tag < 0x200 || tag >= 0x200 + CPUS))
			fail("GET: a tag is %#x", tag);
	}
}

static void tph_feature(void)
{
	static struct feature f;
	unsigned int size;
	bool writable = !one_in(10);
	uint8_t *at;
	int error, right;

	make_feature(&f);
	size = writable ? cut(16 + 4 * f.count) : LARGEST;
	at = writable ? at_end(&f, size) : memcpy(read_only, &f, size);
	if (!writable && mprotect(read_only, AREA, PROT_READ))
		die("memory to read only");
	error = error_of(ioctl(device, VFIO_DEVICE_FEATURE, at));
	if (!writable && mprotect(read_only, AREA, PROT_READ | PROT_WRITE))
		die("memory to write again");
	answered(error, "TPH_ST");
	/* Other features have answers of their own. */
	if ((f.header.flags & VFIO_DEVICE_FEATURE_MASK) != TPH_ST)
		return;
	right = expected(&f, size, writable);
	if (error != right)
		fail("TPH_ST argsz %u flags %#x, %#x %u+%u, %u bytes%s: %s, not %s",
		     f.header.argsz, f.header.flags, f.flags, f.index, f.count,
		     size, writable ? "" : " to read", strerror(error),
		     strerror(right));
	else if (!error && f.header.flags & VFIO_DEVICE_FEATURE_GET &&
		 !(f.header.flags & VFIO_DEVICE_FEATURE_PROBE))
		check_tags(at, f.count);
}

/* Requests to no memory at all. */
static void to_nowhere(void)
{
	static const uint64_t nowhere[] = {
		0, 8, KERNEL_MEMORY, NO_MEMORY, -8ull, -4096ull,
	};
	uint64_t at = nowhere[below(LEN(nowhere))] + (one_in(4) ? below(64) : 0);
	int error = error_of(ioctl(device, VFIO_DEVICE_FEATURE, at));

	answered(error, "a request to no memory");
	if (error != EFAULT)
		fail("a request at %#llx: %s", (unsigned long long)at,
		     strerror(error));
}

/* Other calls of the device, most of them with an argument of 32-bit fields. */
static void other_ioctl(void)
{
	static const unsigned int calls[] = {
		VFIO_DEVICE_GET_INFO, VFIO_DEVICE_GET_REGION_INFO,
		VFIO_DEVICE_GET_IRQ_INFO, VFIO_DEVICE_SET_IRQS,
		VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, VFIO_DEVICE_IOEVENTFD,
		VFIO_DEVICE_BIND_IOMMUFD, VFIO_DEVICE_ATTACH_IOMMUFD_PT,
		VFIO_DEVICE_DETACH_IOMMUFD_PT, VFIO_DEVICE_QUERY_GFX_PLANE,
	};
	unsigned int call = one_in(8) ? _IO(VFIO_TYPE, 90 + below(50)) :
					calls[below(LEN(calls))];
	uint32_t words[32];
	unsigned int i;

	if (call == VFIO_DEVICE_RESET || call == VFIO_DEVICE_PCI_HOT_RESET)
		return;
	for (i = 0; i < LEN(words); i++)
		words[i] = odd(below(16));
	words[0] = odd(one_in(2) ? 32 : 20 + 4 * below(8));
	if (call == VFIO_DEVICE_SET_IRQS && one_in(2)) {
		words[1] = 1u << below(3) | 1u << (3 + below(3));
		words[2] = below(6);
		words[4] = below(12);
	}
	answered(error_of(ioctl(device, call,
				at_end(words, cut(sizeof(words))))),
		 "another call");
}

static void reset(void)
{
	answered(error_of(ioctl(device, VFIO_DEVICE_RESET)), "a reset");
}

/* In and around the capabilities, or anywhere, also behind the end. */
static uint32_t place(void)
{
	const uint32_t places[] = { tph, msix, pm, express, 0, 0x100 };
	uint32_t at = places[one_in(2) ? 0 : below(LEN(places))];

	if (one_in(16))
		return below(PCI_CFG_SPACE_EXP_SIZE + 64);
	return at + below(at == tph ? 160 : 32) - (at ? below(8) : 0);
}

/*
 * The device may answer nothing while its memory is off, and nothing of an
 * access that memory ends in the midst of.
 */
static void access_at(uint64_t offset, const char *what)
{
	unsigned int size = one_in(32) ? below(AREA) : 1 + below(16), i;
	unsigned int there = one_in(8) ? below(size + 1) : size;
	uint8_t *at = area + AREA - there;
	long result;

	for (i = 0; i < there && i < 64; i++)
		at[i] = one_in(2) ? any() : 0;
	result = one_in(2) ? pread(device, at, size, offset) :
			     pwrite(device, at, size, offset);
	answered(error_of(result), what);
	if (result > (long)size)
		fail("%s: %ld bytes of %u", what, result, size);
}

static void access_config(void)
{
	access_at(config + place(), "config space");
}

static void access_bar(void)
{
	access_at(below(2) ? below(0x200) : odd(0x8000), "BAR 0");
}

static void one_request(void)
{
	unsigned int kind = below(100);

	if (one_in(RESET_SELDOM))
		reset();
	else if (kind < 62)
		tph_feature();
	else if (kind < 64)
		to_nowhere();
	else if (kind < 72)
		other_ioctl();
	else if (kind < 97)
		access_config();
	else
		access_bar();
}

/* As after opening, whatever was written to it. */
static void calm_down(void)
{
	struct vfio_irq_set none = {
		.argsz = sizeof(none),
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
	};
	struct vfio_device_feature awake = {
		.argsz = sizeof(awake),
		.flags = VFIO_DEVICE_FEATURE_SET |
			 VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
	};

	ioctl(device, VFIO_DEVICE_FEATURE, &awake);
	for (none.index = 0; none.index < VFIO_PCI_NUM_IRQS; none.index++)
		ioctl(device, VFIO_DEVICE_SET_IRQS, &none);
	set_config(pm + PCI_PM_CTRL, 0, 2);
	usleep(20000);
	set_config(PCI_COMMAND, PCI_COMMAND_MEMORY, 2);
}

/* Every entry is what was set, and in the device too where its table is. */
static void check_entries(uint32_t mem_type)
{
	static uint32_t data[MAX_ENTRIES];
	static uint16_t table[MAX_ENTRIES];
	uint32_t first = mem_type ? 0x200 : 0x100;
	unsigned int i;
	int error;

	for (i = 0; i < entries; i++)
		data[i] = i % 5 == 4 ? CLEAR : i % CPUS;
	error = feature(VFIO_DEVICE_FEATURE_SET, mem_type, 0, entries, data);
	if (error)
		fail("SET afterwards: %s", strerror(error));
	memset(data, 0xa5, sizeof(data));
	error = feature(VFIO_DEVICE_FEATURE_GET, 0, 0, entries, data);
	if (error)
		fail("GET afterwards: %s", strerror(error));
	if (!in_msix)
		read_hardware(tph + TPH_TABLE, table, 2 * entries);
	for (i = 0; i < entries && !failed; i++) {
		uint32_t tag = i % 5 == 4 ? 0 : first + i % CPUS;

		if (data[i] != tag || (!in_msix && table[i] != tag))
			fail("afterwards entry %u is %#x, in the device %#x, not %#x",
			     i, data[i], table[i], tag);
	}
}

static void check_device(void)
{
	calm_down();
	set_config(tph + TPH_CONTROL, 0, 4);
	set_config(tph + TPH_CONTROL, 0x301, 4);
	if (get_config(tph + TPH_CONTROL, 4) != 0x301)
		fail("TPH cannot be enabled afterwards");
	check_entries(0);
	check_entries(1);
}

static void get_memory(void)
{
	area = mmap(NULL, AREA + PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	read_only = mmap(NULL, AREA, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED || read_only == MAP_FAILED ||
	    mprotect(area + AREA, PAGE, PROT_NONE))
		die("memory");
}

static void print_answers(void)
{
	unsigned int i;

	printf("%s: %lu requests", bdf, done);
	for (i = 0; i < ERRNOS; i++)
		if (answers[i])
			printf(", %lu %s", answers[i],
			       i ? strerrorname_np(i) : "done");
	putchar('\n');
}

/* On the console, where a test that takes hours shows how far it is */
static void tell_progress(unsigned long count)
{
	FILE *log = fopen("/dev/kmsg", "w");

	if (!log)
		return;
	fprintf(log, "fuzz %s: %lu of %lu\n", bdf, done, count);
	fclose(log);
}

int main(int argc, char **argv)
{
	unsigned long count, part;

	if (argc != 4)
		return 2;
	count = strtoul(argv[1], NULL, 10);
	state = strtoul(argv[2], NULL, 10) * 0x9e3779b97f4a7c15ull | 1;
	bdf = argv[3];
	get_memory();
	open_device();
	know_device();
	part = count / PARTS + 1;
	while (done < count && !failed) {
		one_request();
		if (done % part == 0)
			tell_progress(count);
	}
	check_device();
	close_device();
	print_answers();
	return failed;
}
