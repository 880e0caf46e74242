/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs of the guest that work on one device have in common. */
#include <linux/vfio.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define TPH_ST			14
#define TPH_CONTROL		8
#define TPH_TABLE		12
#define CLEAR			0xffffffffu
#define CPUS			4
#define PAGE			4096
#define MAX_ENTRIES		2048
#define LEN(array)		(sizeof(array) / sizeof(*(array)))

struct feature {
	struct vfio_device_feature header;
	uint32_t flags;
	uint16_t index;
	uint16_t count;
	uint32_t data[MAX_ENTRIES];
};

/* The device, as know_device() finds it. */
extern const char *bdf;
extern int device, group;
/* Where config space begins in the device's file */
extern uint64_t config;
/* Offsets of capabilities */
extern uint32_t tph, pm, msix, express;
extern bool in_msix, can_reset;
extern unsigned int entries, all_vectors;
/* Set by fail(): something is not as it has to be. */
extern atomic_bool failed;

void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die(const char *what);
uint32_t get_config(uint32_t at, unsigned int size);
void set_config(uint32_t at, uint32_t value, unsigned int size);
int feature(uint32_t op, uint32_t flags, unsigned int index,
	    unsigned int count, uint32_t *data);
void open_device(void);
void close_device(void);
void know_device(void);
void read_hardware(uint32_t at, void *to, unsigned int size);
