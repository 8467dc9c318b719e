/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a page: for its lock, and for the end of writing it out, with Linux's interface.
 *
 *    lock_page(page);                  wait_on_page_locked(page);       wait_on_page_writeback(page);
 *    ... change the page ...           ... nobody is changing it ...    ... it is on its store ...
 *    unlock_page(page);                                                 end_page_writeback(page);
 *
 * A wait queue in each struct page would cost a third more memory for the map, and almost none of
 * them would be used: pages share the queues of a table, by a hash of their address.
 *
 *    page A --hash--+--> wait_table[17]   lock, task_list --> { A, PG_locked } --> { B, PG_writeback }
 *    page B --hash--+
 *    page C --hash-----> wait_table[203]  empty
 *
 * I1. Each entry says which page and which bit it waits for, and a wake-up passes over the others.
 * I2. PG_locked is set by who has the page locked, and only that one clears it.
 * I3. A waiter holds a reference to the page, or has another reason to know that it is not freed.
 */
#ifndef MM_PAGEMAP_H
#define MM_PAGEMAP_H

#include <kernel/wait.h>
#include <mm/mm_types.h>
#include <mm/page-flags.h>

#define PAGE_WAIT_TABLE_BITS	8

/* The queue of a page; other pages' waiters are on it, too. As Linux's. */
wait_queue_head_t *page_waitqueue(struct page *page);

/* Make the table. Context: start_kernel(), once. */
void page_waitqueue_init(void);

/**
 * trylock_page - lock a page if nobody has
 * @page: the page
 *
 * Return: is it ours now? What the one who unlocked it wrote before, we see. Context: any.
 */
bool trylock_page(struct page *page);

/* Lock a page; sleeps while somebody else has it locked. Context: thread that may sleep. */
void lock_page(struct page *page);

/* Unlock a page that the caller locked, and wake one who wants to lock it and all who wait. */
void unlock_page(struct page *page);

/* Sleep until bit @bit_nr of ->flags is clear. Context: thread that may sleep. I3 */
void wait_on_page_bit(struct page *page, int bit_nr);

/* Sleep until nobody has the page locked; somebody may have by the time this returns. */
static inline void wait_on_page_locked(struct page *page)
{
	if (PageLocked(page))
		wait_on_page_bit(page, PG_locked);
}

/* Sleep until it is not being written out. */
static inline void wait_on_page_writeback(struct page *page)
{
	if (PageWriteback(page))
		wait_on_page_bit(page, PG_writeback);
}

/* Begin to write out a page. Return: was that going on already? Context: the page is locked. */
bool test_set_page_writeback(struct page *page);

/* It is written; wake who waits for that. Context: any. */
void end_page_writeback(struct page *page);

/* Walk the table: is each waiter on the queue of its page? Return: mistakes found. Context: any. */
int page_waitqueue_check(void);

#endif
