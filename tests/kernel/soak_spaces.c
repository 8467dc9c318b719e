// SPDX-License-Identifier: MIT
/*
 * The soak of address spaces: each has a page at an address that is another in every one, or the same
 * as in all others, and threads come in to look at it.
 *
 *    struct space --> mm --> page directory --> page table --> page: | word |
 *
 * The word says whose it is. Who finds another one works in an address space that he is not in, by a TLB
 * entry of somebody else's ASID, say.
 */
#include <asm/pgd.h>
#include <kernel/probe.h>
#include <kernel/sched.h>
#include <mm/mm.h>
#include <mm/mm_struct.h>
#include <mm/slab.h>
#include "soak.h"
#include "spaces.h"

#define COMMON_EVERY	2		/* address spaces: at the same address as others */
#define SLEEP_EVERY	64		/* visits: another thread has the CPU meanwhile */

struct soak_space {
	struct mm_struct *mm;
	u32 *page;
	unsigned long addr;
	u32 word;
};

static void drop(struct soak_space *space)
{
	if (space->mm)
		mmput(space->mm);
	if (space->page)
		free_page((unsigned long)space->page);
	kfree(space);
}

static void *take_space(struct soak_worker *w)
{
	struct soak_space *space = NULL;
	u32 dice = soak_random(w);

	if (soak_has_memory(w))
		space = kzalloc(sizeof(*space), GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
	if (!space) {
		w->nr_failed++;
		return NULL;
	}
	space->addr = dice % COMMON_EVERY ? SPACE_ADDR : PAGE_ALIGN(dice >> 2) + SZ_1M;
	space->word = w->serial++ << 8 | w->id;
	space->page = (u32 *)get_zeroed_page(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
	space->mm = space->page ? mm_alloc() : NULL;
	if (!space->mm || map_user_page(space->mm, space->addr, space->page)) {
		drop(space);
		w->nr_failed++;
		return NULL;
	}
	*space->page = space->word;
	w->digest = w->digest * 31 + (u32)space->page;
	return space;
}

static void give_space(struct soak_worker *w, void *thing)
{
	struct soak_space *space = thing;

	if (*space->page != space->word)
		soak_fault(w, "overwritten; its word", space->addr, *space->page);
	drop(space);
}

/* Go there, look, and come back. */
static void *visit_space(struct soak_worker *w, void *thing)
{
	struct soak_space *space = thing;
	u32 seen = 0;

	use_mm(space->mm);
	if (soak_random(w) % SLEEP_EVERY == 0)
		schedule_timeout_uninterruptible(1);
	if (probe_kernel_read(&seen, (void *)space->addr, sizeof(seen)) || seen != space->word)
		soak_fault(w, "shows another's word", space->addr, seen);
	unuse_mm(space->mm);
	return space;
}

/* Its page table counts by itself; the page directory does not. The struct and the mm are objects. */
static void add_space(const struct soak *soak, const void *thing, struct soak_use *use)
{
	(void)soak;
	(void)thing;
	use->pages += 1 + (1 << PGD_ORDER);
	use->objects += 2;
}

const struct soak_kind soak_kind_spaces = {
	.nr = SOAK_SPACES,
	.name = "spaces",
	.unit = "user address",
	.for_threads = true,
	.kept_by_threads = true,
	.take = take_space,
	.give = give_space,
	.change = visit_space,
	.add_use = add_space,
};
