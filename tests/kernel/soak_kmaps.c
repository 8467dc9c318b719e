// SPDX-License-Identifier: MIT
/*
 * The soak of kmap(): pages, of high memory if there is any, that keep their address; and pages that
 * have one for a moment, by kmap_local_page() and kmap_atomic(), in threads and in interrupts.
 *
 *    page    | sign |   ...   | ~sign |      sign: of the page's number and of who has it
 *
 * Whoever finds no address free sleeps until another gives one back; so no more than KMAPS_MAX are held.
 */
#include <asm/highmem.h>
#include <kernel/sched.h>
#include <mm/highmem.h>
#include <mm/mm.h>
#include "soak.h"

#define KMAPS_MAX	(LAST_PKMAP / 2)
#define DEEPEST		3u		/* addresses that one has at once for a moment */
#define LAST_WORD	(PAGE_SIZE / sizeof(u32) - 1)

static void sign(u32 *at, u32 word)
{
	at[0] = word;
	at[LAST_WORD] = ~word;
}

static void check_sign(struct soak_worker *w, const struct page *page, const u32 *at)
{
	if (at[LAST_WORD] != ~at[0] || (at[0] & ~0xfu) != page_to_pfn(page) << 4)
		soak_fault(w, "overwritten; its first word", page_to_pfn(page), at[0]);
}

static u32 sign_of(const struct soak_worker *w, const struct page *page)
{
	return page_to_pfn(page) << 4 | w->id;
}

static struct page *ask(const struct soak_worker *w)
{
	return alloc_page((w->in_interrupt ? GFP_ATOMIC | __GFP_HIGHMEM : GFP_HIGHUSER | __GFP_NORETRY) |
			  __GFP_NOWARN);
}

/* ---- To keep ---- */

static void *take_kmap(struct soak_worker *w)
{
	struct page *page = NULL;

	if (atomic_inc_return(&w->soak->nr_kmapped) <= KMAPS_MAX)
		page = ask(w);
	if (!page) {
		atomic_dec(&w->soak->nr_kmapped);
		w->nr_failed++;
		return NULL;
	}
	sign(kmap(page), sign_of(w, page));
	w->digest = w->digest * 31 + page_to_pfn(page);
	return page;
}

static void give_kmap(struct soak_worker *w, void *thing)
{
	struct page *page = thing;

	check_sign(w, page, page_address(page));
	kunmap(page);
	atomic_dec(&w->soak->nr_kmapped);
	__free_page(page);
}

/* A user more of its address, and a user less. */
static void *change_kmap(struct soak_worker *w, void *thing)
{
	struct page *page = thing;
	u32 *at = kmap(page);

	if (at != page_address(page))
		soak_fault(w, "has two addresses, one is", page_to_pfn(page), (unsigned long)at);
	check_sign(w, page, at);
	kunmap(page);
	return page;
}

/* ---- For a moment ---- */

/* One within another, each with an address of its own, by turns of both kinds. */
static void look(struct soak_worker *w, struct page *page, unsigned int depth)
{
	bool atomic = depth % 2 || w->in_interrupt;
	u32 *at = atomic ? kmap_atomic(page) : kmap_local_page(page);

	check_sign(w, page, at);
	if (depth)
		look(w, page, depth - 1);
	else
		sign(at, sign_of(w, page));
	if (atomic)
		kunmap_atomic(at);
	else
		kunmap_local(at);
}

static void do_now_and_then(struct soak_worker *w, u32 dice)
{
	struct page *page;
	u32 *at;

	if (!one_in(dice, w->soak->style->look_every))
		return;
	page = ask(w);
	if (!page)
		return;
	soak_did(w, 2);
	at = kmap_local_page(page);
	sign(at, sign_of(w, page));
	if (!w->in_interrupt && (dice >> 16) % 64 == 0)
		schedule_timeout_uninterruptible(1);	/* it comes along */
	look(w, page, soak_below(dice, DEEPEST));
	check_sign(w, page, at);
	kunmap_local(at);
	__free_page(page);
}

/* ---- The kind ---- */

static void add_kmap(const struct soak *soak, const void *thing, struct soak_use *use)
{
	(void)soak;
	(void)thing;
	use->pages++;
}

const struct soak_kind soak_kind_kmaps = {
	.nr = SOAK_KMAPS,
	.name = "kmaps",
	.unit = "pfn",
	.for_threads = true,
	.kept_by_threads = true,
	.take = take_kmap,
	.give = give_kmap,
	.change = change_kmap,
	.do_now_and_then = do_now_and_then,
	.add_use = add_kmap,
};
