// SPDX-License-Identifier: MIT
/*
 * The free blocks of one page. Each begins with its size and the place of the next; the struct page
 * has the place of the first, and how many units are free in all.
 *
 *    first 2                 units 9
 *    | a a | 3 8 . | b b b | 6 - . . . . | c c c ... |       to take 2: first fit, the rest stays
 *          2               8
 *    | a a | x x | 1 8 | b b b | 6 - . . . . | c c c ... |
 *
 *    to put b back: its neighbours are found on the way along the blocks, and are free
 *    | a a | x x | 10 - . . . . . . . . . | c c c ... |
 *
 * B1. Free blocks are in the order of their addresses, lie in the page, and do not touch each other.
 * B2. The struct page's units is the sum of theirs.
 *
 * A head that somebody has written to, because he still uses what he has freed, leads nowhere. So
 * each head is looked at before it is followed (B1). If it cannot be, this is reported, and it and
 * what is behind it are lost: neither free, nor anybody's. The page then never becomes empty, and
 * everything else goes on.
 */
#define pr_fmt(fmt) "slob: " fmt
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <lib/math.h>
#include "slob.h"

unsigned long slob_lost_units;

static struct slob_block *block_at(const struct slob_page *sp, unsigned int index)
{
	return (struct slob_block *)page_address(slob_to_page(sp)) + index;
}

static void set_block(struct slob_page *sp, unsigned int at, unsigned int units, unsigned int next)
{
	VM_BUG_ON(units == 0 || at + units > next, "%u units at %u, then %u", units, at, next);
	*block_at(sp, at) = (struct slob_block){ (slobidx_t)units, (slobidx_t)next };
}

/* Have @next follow on @prev, which is SLOB_NONE if it becomes the first. */
static void link_blocks(struct slob_page *sp, unsigned int prev, unsigned int next)
{
	if (prev == SLOB_NONE)
		sp->first = next;
	else
		block_at(sp, prev)->next = (slobidx_t)next;
}

/* B1, as far as one head tells. */
static bool block_ok(const struct slob_page *sp, unsigned int at)
{
	const struct slob_block *block = block_at(sp, at);
	unsigned int end = at + block->units;

	return block->units && (end < block->next ? block->next <= SLOB_NONE :
				end == SLOB_NONE && block->next == SLOB_NONE);
}

/* What is free before @at: the sum of the blocks. */
static unsigned int units_before(const struct slob_page *sp, unsigned int at)
{
	unsigned int sum = 0, i;

	for (i = sp->first; i != at; i = block_at(sp, i)->next)
		sum += block_at(sp, i)->units;
	return sum;
}

/* The head at @at was written to: the blocks end with @prev. */
static __cold void lose_blocks(struct slob_page *sp, unsigned int prev, unsigned int at)
{
	unsigned int left = units_before(sp, at);

	slab_error(NULL, block_at(sp, at), "heads a free block, and was written to", NULL);
	pr_err("  found %u units, next at %u; %u free bytes of this page are lost\n",
	       block_at(sp, at)->units, block_at(sp, at)->next, (sp->units - left) * SLOB_UNIT);
	slob_lost_units += sp->units - left;
	link_blocks(sp, prev, SLOB_NONE);
	sp->units = left;
}

/*
 * The block behind @prev, SLOB_NONE being before the first; SLOB_NONE if there is none, or if it is
 * damaged.
 */
static unsigned int next_block(struct slob_page *sp, unsigned int prev)
{
	unsigned int at = prev == SLOB_NONE ? sp->first : block_at(sp, prev)->next;

	if (at == SLOB_NONE || likely(block_ok(sp, at)))
		return at;
	lose_blocks(sp, prev, at);
	return SLOB_NONE;
}

void slob_page_init(struct slob_page *sp)
{
	sp->first = 0;
	sp->units = SLOB_PAGE_UNITS;
	set_block(sp, 0, SLOB_PAGE_UNITS, SLOB_NONE);
}

/* Take units out of the middle of a block: a piece before and one behind them may stay. */
static void carve(struct slob_page *sp, unsigned int prev, unsigned int at, unsigned int start,
		  unsigned int units)
{
	unsigned int end = at + block_at(sp, at)->units, next = block_at(sp, at)->next;

	if (start + units < end) {
		set_block(sp, start + units, end - start - units, next);
		next = start + units;
	}
	if (start > at)
		set_block(sp, at, start - at, next);
	else
		link_blocks(sp, prev, next);
	sp->units -= units;
}

unsigned int slob_page_alloc(struct slob_page *sp, unsigned int units, unsigned int align,
			     unsigned int header)
{
	unsigned int prev = SLOB_NONE, at, start;

	VM_BUG_ON(units == 0 || units > SLOB_PAGE_UNITS || !is_power_of_2(align), "%u units, align %u",
		  units, align);
	for (at = next_block(sp, prev); at != SLOB_NONE; prev = at, at = next_block(sp, prev)) {
		start = ALIGN(at + header, align) - header;
		if (start + units <= at + block_at(sp, at)->units) {
			carve(sp, prev, at, start, units);
			return start;
		}
	}
	return SLOB_NONE;
}

/* The last block that begins before @unit; SLOB_NONE if none does. */
static unsigned int last_block_before(struct slob_page *sp, unsigned int unit)
{
	unsigned int prev = SLOB_NONE, at;

	for (at = next_block(sp, prev); at < unit; at = next_block(sp, prev))
		prev = at;
	return prev;
}

/* The first unit behind a block, 0 if there is none. */
static unsigned int end_of_block(const struct slob_page *sp, unsigned int at)
{
	return at == SLOB_NONE ? 0 : at + block_at(sp, at)->units;
}

bool slob_page_free(struct slob_page *sp, unsigned int start, unsigned int units)
{
	unsigned int end = start + units, nr = units, prev, next;

	VM_BUG_ON(units == 0, "nothing at %u", start);
	if (end > SLOB_PAGE_UNITS)
		return false;
	prev = last_block_before(sp, start);
	next = prev == SLOB_NONE ? sp->first : block_at(sp, prev)->next;
	if (end_of_block(sp, prev) > start || end > next)
		return false;
	if (end == next && next != SLOB_NONE) {
		units += block_at(sp, next)->units;
		next = block_at(sp, next)->next;
	}
	if (prev != SLOB_NONE && end_of_block(sp, prev) == start) {
		set_block(sp, prev, block_at(sp, prev)->units + units, next);
	} else {
		set_block(sp, start, units, next);
		link_blocks(sp, prev, start);
	}
	sp->units += nr;
	return true;
}

bool slob_unit_is_free(struct slob_page *sp, unsigned int unit)
{
	return end_of_block(sp, last_block_before(sp, unit + 1)) > unit;
}

bool slob_page_check(const struct slob_page *sp)
{
	unsigned int sum = 0, at;

	for (at = sp->first; at != SLOB_NONE; at = block_at(sp, at)->next) {
		if (at > SLOB_NONE || !block_ok(sp, at)) {
			pr_err("B1: the free block at unit %u of page %p\n", at,
			       page_address(slob_to_page(sp)));
			return false;
		}
		sum += block_at(sp, at)->units;
	}
	if (sum != sp->units)
		pr_err("B2: page %p has %u free units, and counts %u\n",
		       page_address(slob_to_page(sp)), sum, sp->units);
	return sum == sp->units;
}
