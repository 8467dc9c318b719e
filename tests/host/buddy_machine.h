/* SPDX-License-Identifier: MIT */
/*
 * Machines for the tests of zones and page allocator: RAM of some layout, booted as the board is,
 * with the real memblock and bootmem, up to the hand-off.
 *
 *    all in pages from the first page of RAM:
 *
 *    0        dma            lowmem                       end of the last bank
 *    |  DMA   |   Normal     |   HighMem (no memory behind it) |
 *    |##  | image          |## |  reserved pieces
 */
#ifndef BUDDY_MACHINE_H
#define BUDDY_MACHINE_H

#include "host.h"
#include <asm/page.h>
#include <lib/math.h>
#include <mm/gfp.h>
#include <mm/mmzone.h>

#define MAX_BANKS	16		/* as many as the boot loader can name */
#define MIB(n)		((n) * 1048576ul / PAGE_SIZE)	/* pages */

struct range {
	unsigned long first, nr_pages;
};

struct machine {
	const char *name;
	struct range banks[MAX_BANKS];		/* RAM; ends with an empty one, or with the array */
	struct range reserved[MAX_BANKS];	/* taken before bootmem, in lowmem */
	unsigned long lowmem;			/* RAM above this page is high memory; 0: none is */
	unsigned long dma;			/* size of ZONE_DMA */
	const char *kernelcore, *movablecore;	/* values of these parameters */
	const char *numa;			/* "fake=2", say */
	const char *numa_zonelist_order;
	const char *fallback;			/* "split", say */
};

/* The machines that all rules must hold on. The first is too small to group pages by mobility. */
extern const struct machine machines[];
extern const unsigned int nr_machines;

/* One of them: 32 MiB, all of it in one zone, Normal, and grouped by mobility. */
#define MACHINE_32M	12

/**
 * machine_boot - make RAM and hand it from memblock to bootmem to the page allocator
 * @machine: what to boot
 *
 * Once in a process. Afterwards every zone passes zone_check() and buddy_check().
 */
void machine_boot(const struct machine *machine);

/*
 * The first part of machine_boot(), for one node: up to free_area_init_node(), which the caller
 * calls with these sizes.
 */
void machine_boot_to_bootmem(const struct machine *machine, unsigned long *zones_size,
			     unsigned long *zholes_size);

/*
 * Call the handler of an early_param(). Return: what it returns; fails the test if there is none.
 */
int machine_param(const char *name, const char *value);

/**
 * machine_save - remember the state that the page allocator works on: map, zones, pageblock bits
 *
 * Everything that differs between now and machine_restore() is undone by that.
 */
void machine_save(void);
void machine_restore(void);

/*
 * zone_check(), buddy_check() and pcp_check() of every zone, and that nodes and zonelists are right.
 */
bool machine_check(void);

/* Take every page that @gfp_mask gets, linked through ->lru. Return: how many. */
unsigned long machine_take_all(gfp_t gfp_mask, struct list_head *taken);

/* Was one bad page reported since the last time, in these words, and are still @nr_free pages free? */
bool bad_page_reported(const char *words, unsigned long nr_free);

#endif
