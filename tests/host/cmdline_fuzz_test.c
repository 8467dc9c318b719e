// SPDX-License-Identifier: MIT
/*
 * The command line, whatever is in it: all handlers of mm/ and boot/ that the board has, and then a
 * machine that is booted with what they understood, up to the allocator of objects.
 *
 *    text --> early handlers --> banks --> memblock --> bootmem --> zones --> late handlers --> caches
 *
 * Either the machine boots, and all its memory is accounted for, or it says that it has too little.
 */
#include "fuzz.h"
#include "boot_machine.h"
#undef MIB		/* bytes there, pages here */
#include "slab_machine.h"
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/numa.h>
#include <mm/pcp.h>
#include <mm/watermark.h>

#include <string.h>

TEST_SUITE("cmdline_fuzz");

#define RAM_PAGES	MIB(40)

/* What belongs to arch/ on the board, so that its names mean something here: borders of zones. */
static u64 dma_bytes, high_bytes;

static int size_of(const char *value, u64 *bytes)
{
	char *end;

	if (!value)
		return -EINVAL;
	*bytes = memparse(value, &end);
	return end == value || *end ? -EINVAL : 0;
}

static int early_dma_zone(char *value)
{
	return size_of(value, &dma_bytes);
}
early_param("dma_zone", early_dma_zone);

static int early_vmalloc(char *value)
{
	return size_of(value, &high_bytes);
}
early_param("vmalloc", early_vmalloc);

/* The machine that the banks make. */
static void machine_of_banks(struct machine *m)
{
	unsigned int i;

	*m = (struct machine){ .name = "as the command line says" };
	for_each_bank(i, &meminfo) {
		const struct membank *bank = &meminfo.bank[i];

		m->banks[i].first = bank_pfn_start(bank) - PHYS_PFN_OFFSET;
		m->banks[i].nr_pages = PHYS_PFN(bank->size);
	}
	m->lowmem = PHYS_PFN(arm_lowmem_limit) - PHYS_PFN_OFFSET;
	m->dma = min_t(u64, roundup(dma_bytes >> PAGE_SHIFT, MAX_ORDER_NR_PAGES), m->lowmem);
}

/* Return: does it have enough memory to boot? It has said so otherwise. */
static bool boot_to_banks(const char *text, size_t nr)
{
	machine_is(RAM_PAGES * PAGE_SIZE, RAM_PAGES * PAGE_SIZE);
	set_boot_command_line(text, nr);
	parse_early_param();
	if (high_bytes)
		arm_lowmem_limit -= min_t(u64, high_bytes, (RAM_PAGES - MIB(4)) * PAGE_SIZE) & PAGE_MASK;
	host_bug_expected = true;
	host_bug_prepare();
	if (setjmp(host_bug_return) == 0)
		sanity_check_meminfo();
	host_bug_expected = false;
	return !host_bug_hit;
}

/* What slab_machine_boot() does, with the late handlers where start_kernel() has them. */
static void boot_on(const struct machine *m)
{
	machine_boot(m);
	parse_params();
	init_per_zone_wmark_min();
	kmem_cache_init();
	setup_per_cpu_pageset();
	kmem_cache_init_late();
}

/* Take all pages, and give them back: none is missing, and none was there twice. */
static bool all_pages_are_there(void)
{
	unsigned long all = slab_machine_pages();
	struct page *page, *next;
	LIST_HEAD(taken);

	machine_take_all(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN, &taken);
	list_for_each_entry_safe(page, next, &taken, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
	return EXPECT_EQ(slab_machine_pages(), all) && EXPECT(all <= totalram_pages);
}

static bool take(const char *text, size_t nr)
{
	struct machine m;
	void *object;

	if (!boot_to_banks(text, nr))
		return EXPECT(host_log_has("Kernel panic: Too little memory"));
	machine_of_banks(&m);
	boot_on(&m);
	object = kmalloc(100, GFP_KERNEL | __GFP_NOWARN);
	kfree(object);
	host_take_warnings();	/* fail_nth= makes what boots fail, and say so */
	return all_pages_are_there() && EXPECT(slab_machine_check());
}

static const char *const words[] = {
	" ", " ", " ", "=", ",", "@", "0x", "M", "K", "G", "\"", "-", "--", "0", "1", "4", "16", "40", "100",
	"mem=", "mem=16M", "mem=8M@0x60800000", "mem=4K@0x62", "vmalloc=", "dma_zone=", "kernelcore=",
	"movablecore=", "numa=", "numa=fake=", "numa_zonelist_order=", "node", "zone", "fallback=", "split",
	"steal-exact", "nogroup", "initrd=", "memblock=debug", "movable_node", "bootmem_debug",
	"page_poison=1", "page_owner=1", "slab_debug", "slab_nomerge", "slub_min_order=", "slub_max_order=",
	"slub_min_objects=", "percpu_pagelist_fraction=", "min_free_kbytes=", "fail_nth=", "loglevel=",
	NULL,
};

TEST("any command line boots a machine that has all its memory, or too little and says so")
{
	static const struct fuzz_text lines = {
		.texts = 40, .most = 200, .words = words, .take = take,
	};

	EXPECT(fuzz_text_run(&lines));
}
