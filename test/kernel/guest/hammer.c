// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many threads at one device of vfio-tph-pci at once: hammer SECONDS BDF.
 * What each of them is told has to make sense all the time, and when they are
 * done the device's own table has to have the tags that GET returns. The
 * device has no IOMMU and its BAR 0 begins with its vector table.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "device.h"

/* Of all vectors, those that are used */
#define VECTORS			32
#define ROUNDS			3
#define FIGHTS			2
/* Microseconds. A reset takes a hundred thousand. */
#define LONG_NAP		500000

static unsigned int vectors;
static int events[VECTORS];
static atomic_bool stop;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static unsigned int below(unsigned int end)
{
	static _Thread_local unsigned int seed;

	if (!seed)
		seed = (unsigned int)(uintptr_t)&seed ^ (unsigned int)time(NULL);
	return rand_r(&seed) / 7 % end;
}

static bool is_tag(uint32_t tag)
{
	return !tag || (tag >= 0x100 && tag < 0x100 + CPUS) ||
	       (tag >= 0x200 && tag < 0x200 + CPUS);
}

static void set_some(void)
{
	unsigned int index = below(entries), room = entries - index, i;
	unsigned int count = 1 + below(room < 40 ? room : 40);
	bool bad = !below(20);
	uint32_t data[40];
	int error;

	for (i = 0; i < count; i++)
		data[i] = below(8) ? below(CPUS) : CLEAR;
	if (bad)
		data[below(count)] = 4000 + below(100);
	error = feature(VFIO_DEVICE_FEATURE_SET, below(2), index, count, data);
	if (error != (bad ? EINVAL : 0))
		fail("SET %u+%u: %s", index, count, strerror(error));
}

static void clear_one(void)
{
	uint32_t data = CLEAR;
	int error;

	error = feature(VFIO_DEVICE_FEATURE_SET, 0, 0, 1, &data);
	if (error)
		fail("SET to clear: %s", strerror(error));
}

static void get_some(void)
{
	unsigned int index = below(entries);
	unsigned int count = 1 + below(entries - index), i;
	static _Thread_local uint32_t data[MAX_ENTRIES];
	int error;

	error = feature(VFIO_DEVICE_FEATURE_GET, 0, index, count, data);
	if (error)
		fail("GET %u+%u: %s", index, count, strerror(error));
	for (i = 0; i < count && !error; i++)
		if (!is_tag(data[i]))
			fail("GET: entry %u is %#x", index + i, data[i]);
}

/* Every width at every place in and around the register. */
static void write_control(void)
{
	unsigned int size = 1 + below(8), at = tph + 1 + below(11);
	uint8_t bytes[8];
	unsigned int i;

	for (i = 0; i < size; i++)
		bytes[i] = below(4);
	if (pwrite(device, bytes, size, config + at) != (ssize_t)size)
		fail("write %u bytes at %#x: %s", size, at, strerror(errno));
}

static void enable(void)
{
	set_config(tph + TPH_CONTROL, 0x300 | (1 + below(2)), 4);
}

static void read_control(void)
{
	uint32_t control = get_config(tph + TPH_CONTROL, 4);
	uint8_t bytes[24];
	unsigned int skip = below(12), size = 12 - skip + below(8);

	if (control & ~0x303u || (control & 3) == 3 ||
	    ((control & 0x300) != 0x300 && control & 0x300))
		fail("the control register is %#x", control);
	if (pread(device, bytes, size, config + tph + skip) != (ssize_t)size)
		fail("read %u bytes at %#x: %s", size, tph + skip,
		     strerror(errno));
}

/* The second half of the register is on a page that nobody may touch. */
static void access_half(void)
{
	static _Thread_local uint8_t *pages;
	ssize_t done;

	if (!pages) {
		pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (pages == MAP_FAILED || mprotect(pages + PAGE, PAGE, PROT_NONE))
			die("a page to stay away from");
	}
	if (below(2))
		done = pread(device, pages + PAGE - 6, 12, config + tph + 4);
	else
		done = pwrite(device, pages + PAGE - 6, 12, config + tph + 4);
	if (done != -1 || errno != EFAULT)
		fail("half an access: %zd, %s", done, strerror(errno));
}

static void reset_device(void)
{
	if (ioctl(device, VFIO_DEVICE_RESET) && errno != EAGAIN &&
	    (can_reset || errno != EINVAL))
		fail("VFIO_DEVICE_RESET: %s", strerror(errno));
	usleep(below(LONG_NAP));
}

/* Of the whole bus: not if it has a function that vfio does not have. */
static void reset_bus(void)
{
	struct { struct vfio_pci_hot_reset reset; int group; } bus = {
		.reset = { .argsz = sizeof(bus), .count = 1 }, .group = group,
	};

	if (ioctl(device, VFIO_DEVICE_PCI_HOT_RESET, &bus) && errno != EAGAIN &&
	    errno != EBUSY && (can_reset || errno != EINVAL))
		fail("VFIO_DEVICE_PCI_HOT_RESET: %s", strerror(errno));
	usleep(below(LONG_NAP));
}

/* Initiate Function Level Reset */
static void reset_by_config(void)
{
	uint16_t control = get_config(express + PCI_EXP_DEVCTL, 2);

	set_config(express + PCI_EXP_DEVCTL, control | PCI_EXP_DEVCTL_BCR_FLR, 2);
	usleep(below(LONG_NAP));
}

static void reset_by_sysfs(void)
{
	char path[80];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/reset", bdf);
	fd = open(path, O_WRONLY);
	if (fd < 0 || (write(fd, "1", 1) < 0 && errno != ENOTTY))
		die(path);
	close(fd);
	usleep(below(LONG_NAP));
}

static int set_irqs(uint32_t flags, unsigned int start, unsigned int count,
		    const int *fds)
{
	struct { struct vfio_irq_set set; int fds[VECTORS]; } irqs = {
		.set = {
			.argsz = sizeof(irqs.set) + (fds ? 4 * count : 0),
			.flags = flags | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = VFIO_PCI_MSIX_IRQ_INDEX,
			.start = start, .count = count,
		},
	};

	if (fds)
		memcpy(irqs.fds, fds, 4 * count);
	return ioctl(device, VFIO_DEVICE_SET_IRQS, &irqs) ? errno : 0;
}

static int free_vectors(void)
{
	return set_irqs(VFIO_IRQ_SET_DATA_NONE, 0, 0, NULL);
}

/*
 * Those of @uses get an eventfd. While MSI-X is on only they are allocated,
 * otherwise all up to the last one.
 */
static int allocate_vectors(unsigned int start, unsigned int count,
			    uint32_t uses)
{
	int fds[VECTORS];
	unsigned int i;

	for (i = 0; i < count; i++)
		fds[i] = uses >> i & 1 ? events[start + i] : -1;
	return set_irqs(VFIO_IRQ_SET_DATA_EVENTFD, start, count, fds);
}

/* Not every one can be done: vectors need D0, and there may be none to free. */
static void change_vectors(void)
{
	unsigned int start = below(2) ? 0 : below(vectors);

	if (!below(3))
		free_vectors();
	else
		allocate_vectors(start, 1 + below(vectors - start), below(1 << 28));
}

static void switch_memory(void)
{
	set_config(PCI_COMMAND, below(2) ? PCI_COMMAND_MEMORY : 0, 2);
	usleep(below(2000));
}

static void switch_power(void)
{
	set_config(pm + PCI_PM_CTRL, below(2) ? 3 : 0, 2);
	usleep(below(3000));
	set_config(pm + PCI_PM_CTRL, 0, 2);
	usleep(below(10000));
}

static _Thread_local sigjmp_buf no_memory;

static void on_sigbus(int signal)
{
	(void)signal;
	siglongjmp(no_memory, 1);
}

/* Memory decoding may be off: then it is SIGBUS. */
static void look_into_bar(void)
{
	volatile uint32_t *bar;

	bar = mmap(NULL, 0x10000, PROT_READ, MAP_SHARED, device, 0);
	if (bar == MAP_FAILED)
		die("mmap of BAR 0");
	if (!sigsetjmp(no_memory, 1))
		(void)bar[4 * below(vectors) + 3];
	munmap((void *)bar, 0x10000);
}

static void open_again(void)
{
	int fd = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, bdf);

	if (fd < 0)
		fail("a second fd: %s", strerror(errno));
	else
		close(fd);
	usleep(below(LONG_NAP));
}

typedef void work(void);

/*
 * No reset through sysfs goes on while the device is opened: vfio saves config
 * space then without a lock, and could save what the reset left of it.
 */
static work *const all_works[] = {
	set_some, set_some, get_some, write_control, enable, read_control,
	access_half, reset_device, reset_bus, reset_by_config, reset_by_sysfs,
	change_vectors, change_vectors, switch_memory, switch_power,
	look_into_bar, open_again,
};

static void *repeat(void *arg)
{
	work *const *work = arg;

	while (!stop && !failed)
		(*work)();
	return NULL;
}

static void *once(void *arg)
{
	work *const *work = arg;

	(*work)();
	return NULL;
}

/* All at once; for some seconds, or once if there are none. */
static void fight(work *const *works, unsigned int count, double seconds)
{
	pthread_t threads[LEN(all_works)];
	unsigned int i;

	stop = false;
	for (i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, seconds ? repeat : once,
				   (void *)&works[i]))
			die("a thread");
	usleep(1e6 * seconds);
	stop = true;
	for (i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static void read_vectors(uint16_t *table, unsigned int count)
{
	volatile uint32_t *bar;
	unsigned int i;

	bar = mmap(NULL, 0x10000, PROT_READ, MAP_SHARED, device, 0);
	if (bar == MAP_FAILED)
		die("mmap of BAR 0");
	if (sigsetjmp(no_memory, 1)) {
		fail("the vector table cannot be read");
		return;
	}
	for (i = 0; i < count; i++)
		table[i] = bar[4 * i + 3] >> 16;
	munmap((void *)bar, 0x10000);
}

static void set_all(unsigned int first_cpu)
{
	uint32_t data[MAX_ENTRIES];
	unsigned int i;
	int error;

	for (i = 0; i < entries; i++)
		data[i] = (first_cpu + i / 16) % CPUS;
	error = feature(VFIO_DEVICE_FEATURE_SET, 0, 0, entries, data);
	if (error)
		fail("SET of all: %s", strerror(error));
}

static void turn_on(void)
{
	set_config(tph + TPH_CONTROL, 0, 4);
	set_config(tph + TPH_CONTROL, 0x301, 4);
	if (get_config(tph + TPH_CONTROL, 4) != 0x301)
		fail("TPH cannot be enabled any more");
}

/* Every entry that the device can have, against GET. */
static void compare(const char *when)
{
	static uint32_t kept[MAX_ENTRIES];
	static uint16_t table[MAX_ENTRIES];
	unsigned int count = in_msix ? vectors : entries, i;
	int error;

	error = feature(VFIO_DEVICE_FEATURE_GET, 0, 0, entries, kept);
	if (error)
		fail("GET of all: %s", strerror(error));
	if (in_msix)
		read_vectors(table, count);
	else
		read_hardware(tph + TPH_TABLE, table, 2 * entries);
	for (i = 0; i < count && !failed; i++)
		if (kept[i] != table[i])
			fail("%s: entry %u is %#x, the device has %#x", when, i,
			     kept[i], table[i]);
}

static void have_vectors(void)
{
	int error = allocate_vectors(0, vectors, 0);

	if (error)
		fail("vectors: %s", strerror(error));
}

static void calm_down(void)
{
	set_config(pm + PCI_PM_CTRL, 0, 2);
	set_config(PCI_COMMAND, PCI_COMMAND_MEMORY, 2);
	free_vectors();
	have_vectors();
}

static void have_none(void)
{
	free_vectors();
}

/* Whoever of the two is first, those who have vectors have their tags. */
static void fight_for_vectors(double seconds)
{
	static work *const both[] = { have_none, have_vectors };
	double deadline = now() + seconds;
	unsigned int cpu;

	turn_on();
	for (cpu = 0; now() < deadline && !failed; cpu++) {
		have_vectors();
		set_all(cpu);
		fight(both, LEN(both), 0);
		have_vectors();
		compare("after the fight for vectors");
	}
}

/* A reset brings the register back, and nobody else writes it. */
static void fight_resets(double seconds)
{
	static work *const both[] = { clear_one, reset_by_sysfs };
	uint16_t wanted = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, command;

	set_config(PCI_COMMAND, wanted, 2);
	fight(both, LEN(both), seconds);
	read_hardware(PCI_COMMAND, &command, sizeof(command));
	if ((command & wanted) != wanted)
		fail("after resets PCI_COMMAND is %#x", command);
}

static void run_round(double seconds, bool last)
{
	open_device();
	know_device();
	vectors = all_vectors < VECTORS ? all_vectors : VECTORS;
	fight(all_works, LEN(all_works), seconds);
	if (last) {
		calm_down();
		turn_on();
		compare("after all");
		fight_for_vectors(seconds);
		fight_resets(seconds);
	}
	close_device();
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_sigbus };
	double seconds;
	unsigned int i;

	if (argc != 3)
		return 2;
	seconds = atof(argv[1]) / (ROUNDS + FIGHTS);
	bdf = argv[2];
	sigaction(SIGBUS, &action, NULL);
	for (i = 0; i < VECTORS; i++)
		events[i] = eventfd(0, 0);
	for (i = 1; i <= ROUNDS && !failed; i++)
		run_round(seconds, i == ROUNDS);
	return failed;
}
