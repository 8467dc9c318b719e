// SPDX-License-Identifier: MIT
/*
 * Who owns memory, and what a caller is told who asks somebody else.
 *
 *    stage         allocator             asked for memory with
 *    MM_MEMBLOCK   regions (memblock.c)  memblock_alloc(), memblock_phys_alloc()
 *    MM_BOOTMEM    bitmap (bootmem.c)    alloc_bootmem()
 *    MM_BUDDY      pages (page_alloc.c)  alloc_pages()
 *
 * I1. The stage only grows, by one at a time.
 *
 * Relies on printk. Called by the three allocators and by the hand-offs between them.
 */
#include <mm/handoff.h>

#include <kernel/bug.h>
#include <kernel/printk.h>
#include <lib/container_of.h>

enum mm_stage mm_stage = MM_MEMBLOCK;

static const struct {
	const char *allocator;
	const char *ask_with;
} stages[] = {
	[MM_MEMBLOCK] = { "memblock", "memblock_alloc()" },
	[MM_BOOTMEM] = { "bootmem", "alloc_bootmem()" },
	[MM_BUDDY] = { "the buddy allocator", "alloc_pages()" },
};

void mm_hand_over(enum mm_stage to)
{
	BUG_ON((unsigned int)to >= ARRAY_SIZE(stages), "stage %d", to);
	BUG_ON(to != mm_stage + 1, "I1: from stage %d to %d", mm_stage, to);
	mm_stage = to;
}

bool mm_refuse(enum mm_stage mine, const char *func, const void *caller)
{
	BUG_ON((unsigned int)mine >= ARRAY_SIZE(stages), "stage %d", mine);
	BUG_ON((unsigned int)mm_stage >= ARRAY_SIZE(stages), "stage %d", mm_stage);
	if (mm_stage == mine)
		return false;
	pr_err("%s() called %s by %pS: memory belongs to %s now, use %s\n", func,
	       mm_stage > mine ? "too late" : "too early", caller, stages[mm_stage].allocator,
	       stages[mm_stage].ask_with);
	return true;
}
