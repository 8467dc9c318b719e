// SPDX-License-Identifier: MIT
/*
 * The hashed table of wait queues for pages: <mm/pagemap.h> has the picture. After Linux's
 * mm/filemap.c.
 *
 * Differs from Linux 3.10, which has a table in each zone (zone->wait_table): one for all, as in
 * Linux since 4.9. The key of a wake-up is passed to the entries' function, which compares it with
 * its own.
 */
#include <asm/barrier.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <lib/bitops.h>
#include <mm/memmap.h>
#include <mm/pagemap.h>

#define PAGE_WAIT_TABLE_SIZE	(1 << PAGE_WAIT_TABLE_BITS)

/* 2^32 / phi, rounded to an odd number: Knuth's multiplicative hash (Linux's GOLDEN_RATIO_32). */
#define GOLDEN_RATIO_32		0x61c88647u

static wait_queue_head_t page_wait_table[PAGE_WAIT_TABLE_SIZE];

/* What is waited for; the key of a wake-up. */
struct page_bit {
	struct page *page;
	int bit_nr;
};

/* An entry of a queue of the table. */
struct page_wait {
	struct page_bit key;
	wait_queue_t wait;
};

void __init page_waitqueue_init(void)
{
	for (unsigned int i = 0; i < PAGE_WAIT_TABLE_SIZE; i++)
		init_waitqueue_head(&page_wait_table[i]);
}

wait_queue_head_t *page_waitqueue(struct page *page)
{
	u32 hash = (u32)(unsigned long)page * GOLDEN_RATIO_32;

	return &page_wait_table[hash >> (32 - PAGE_WAIT_TABLE_BITS)];
}

/* ---- Waking ---- */

/* I1. An entry for the same page whose bit has been set again in between sleeps on. */
static int wake_page_function(wait_queue_t *wait, unsigned int mode, void *key)
{
	const struct page_wait *entry = container_of(wait, struct page_wait, wait);
	const struct page_bit *woken = key;

	if (entry->key.page != woken->page || entry->key.bit_nr != woken->bit_nr ||
	    test_bit(woken->bit_nr, &woken->page->flags))
		return 0;
	return autoremove_wake_function(wait, mode, key);
}

/* Context: the bit is clear. The barrier orders that before the look at the queue (I1 of schedule.h). */
static void wake_up_page(struct page *page, int bit_nr)
{
	wait_queue_head_t *q = page_waitqueue(page);
	struct page_bit key = { page, bit_nr };

	smp_mb__after_atomic();
	if (waitqueue_active(q))
		__wake_up(q, TASK_NORMAL, 1, &key);
}

/* ---- Waiting ---- */

void wait_on_page_bit(struct page *page, int bit_nr)
{
	struct page_wait entry = {
		.key = { page, bit_nr },
		.wait = { .private = current, .func = wake_page_function,
			  .task_list = LIST_HEAD_INIT(entry.wait.task_list) },
	};
	wait_queue_head_t *q = page_waitqueue(page);
	const void *outer = begin_wait(_RET_IP_);

	might_sleep();
	VM_BUG_ON(bit_nr < 0 || bit_nr >= __NR_PAGEFLAGS, "bit %d", bit_nr);
	for (;;) {
		prepare_to_wait(q, &entry.wait, TASK_UNINTERRUPTIBLE);
		if (!test_bit(bit_nr, &page->flags))
			break;
		schedule();
	}
	finish_wait(q, &entry.wait);
	end_wait(outer);
	smp_mb();			/* what was done to the page before the bit was cleared */
}

/* ---- The lock ---- */

bool trylock_page(struct page *page)
{
	return !test_and_set_bit(PG_locked, &page->flags);
}

/* Exclusive: of those who want the lock, unlock_page() wakes one. */
static void __lock_page(struct page *page)
{
	struct page_wait entry = {
		.key = { page, PG_locked },
		.wait = { .private = current, .func = wake_page_function,
			  .task_list = LIST_HEAD_INIT(entry.wait.task_list) },
	};
	wait_queue_head_t *q = page_waitqueue(page);

	for (;;) {
		prepare_to_wait_exclusive(q, &entry.wait, TASK_UNINTERRUPTIBLE);
		if (trylock_page(page))
			break;
		schedule();
	}
	finish_wait(q, &entry.wait);
}

void lock_page(struct page *page)
{
	might_sleep();
	if (!trylock_page(page)) {
		const void *outer = begin_wait(_RET_IP_);

		__lock_page(page);
		end_wait(outer);
	}
}

void unlock_page(struct page *page)
{
	VM_BUG_ON(!PageLocked(page), "pfn %05lx is not locked (I2)", page_to_pfn(page));
	smp_mb__before_atomic();
	ClearPageLocked(page);
	wake_up_page(page, PG_locked);
}

/* ---- Writing out ---- */

bool test_set_page_writeback(struct page *page)
{
	VM_BUG_ON(!PageLocked(page), "pfn %05lx is not locked", page_to_pfn(page));
	return test_and_set_bit(PG_writeback, &page->flags);
}

void end_page_writeback(struct page *page)
{
	BUG_ON(!PageWriteback(page), "pfn %05lx is not being written", page_to_pfn(page));
	smp_mb__before_atomic();
	ClearPageWriteback(page);
	wake_up_page(page, PG_writeback);
}

/* ---- Checking ---- */

static int check_queue(wait_queue_head_t *q)
{
	wait_queue_t *wait;
	int bad = 0;

	list_for_each_entry(wait, &q->task_list, task_list) {
		const struct page_wait *entry = container_of(wait, struct page_wait, wait);

		if (wait->func == wake_page_function && page_waitqueue(entry->key.page) == q)
			continue;
		pr_err("page_waitqueue_check: queue %p, entry %p, page %p (I1)\n", (void *)q,
		       (const void *)entry, (void *)entry->key.page);
		bad++;
	}
	return bad;
}

int page_waitqueue_check(void)
{
	unsigned long flags;
	int bad = 0;

	for (unsigned int i = 0; i < PAGE_WAIT_TABLE_SIZE; i++) {
		wait_queue_head_t *q = &page_wait_table[i];

		spin_lock_irqsave(&q->lock, flags);
		bad += check_queue(q);
		spin_unlock_irqrestore(&q->lock, flags);
	}
	return bad;
}
