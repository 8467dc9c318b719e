// SPDX-License-Identifier: MIT
/*
 * Waiting for pages: the lock, the end of writing, and pages that share a queue.
 */
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pagemap.h>
#include "crew.h"

TEST_SUITE("page_wait");

#define NR_LOCKERS	4
#define NR_ROUNDS	100

static atomic_t nr_through;

static int wait_for_lock(void *page)
{
	wait_on_page_locked(page);
	atomic_inc(&nr_through);
	return 0;
}

static int wait_for_writeback(void *page)
{
	wait_on_page_writeback(page);
	atomic_inc(&nr_through);
	return 0;
}

/* Let threads run, and see each asleep before the next one starts. */
static void start_waiters(struct task_struct **tasks, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		wake_up_process(tasks[i]);
		EXPECT(eventually(thread_sleeps(tasks[i])));
	}
}

TEST("a page is locked by one at a time, and the state bit says so")
{
	struct page *page = alloc_page(GFP_KERNEL);

	ASSERT(page);
	EXPECT(!PageLocked(page));
	EXPECT(trylock_page(page));
	EXPECT(PageLocked(page));
	EXPECT(!trylock_page(page));
	unlock_page(page);
	lock_page(page);
	EXPECT(PageLocked(page));
	unlock_page(page);
	EXPECT(!PageLocked(page));
	wait_on_page_locked(page);
	wait_on_page_writeback(page);
	EXPECT_EQ(page_waitqueue_check(), 0);
	__free_page(page);
}

static unsigned long guarded;

static int count_under_lock(void *page)
{
	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		unsigned long seen;

		lock_page(page);
		seen = READ_ONCE(guarded);
		if (i % 4 == 0)
			yield();
		WRITE_ONCE(guarded, seen + 1);
		unlock_page(page);
	}
	return 0;
}

TEST("threads that want the same page's lock get it one after the other, and all get it")
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct task_struct *tasks[NR_LOCKERS];

	ASSERT(page);
	guarded = 0;
	if (!make_threads(tasks, NR_LOCKERS, count_under_lock, page, 0, ANY_CPU)) {
		__free_page(page);
		return;
	}
	start_threads(tasks, NR_LOCKERS);
	for (unsigned int i = 0; i < NR_LOCKERS; i++)
		join_thread(tasks[i]);
	EXPECT_EQ(guarded, NR_LOCKERS * NR_ROUNDS);
	EXPECT_EQ(page_waitqueue_check(), 0);
	__free_page(page);
}

/* Two threads that wait for the end of writing @page, and one for its lock: all, or none. */
static bool make_waiters(struct task_struct *tasks[3], struct page *page)
{
	if (!make_threads(tasks, 2, wait_for_writeback, page, 0, ANY_CPU))
		return false;
	tasks[2] = make_thread(wait_for_lock, page, ANY_CPU);
	if (tasks[2])
		return true;
	stop_thread(tasks[0]);
	stop_thread(tasks[1]);
	return false;
}

TEST("the end of writing wakes all who wait for it, and nobody who waits for the lock")
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct task_struct *tasks[3];

	ASSERT(page);
	if (!make_waiters(tasks, page)) {
		__free_page(page);
		return;
	}
	atomic_set(&nr_through, 0);
	lock_page(page);
	EXPECT(!test_set_page_writeback(page));
	EXPECT(test_set_page_writeback(page));
	start_waiters(tasks, 3);
	EXPECT(waitqueue_active(page_waitqueue(page)));
	EXPECT_EQ(page_waitqueue_check(), 0);
	end_page_writeback(page);
	join_thread(tasks[0]);
	join_thread(tasks[1]);
	EXPECT_EQ(atomic_read(&nr_through), 2);
	EXPECT_EQ(tasks[2]->state, TASK_UNINTERRUPTIBLE);
	unlock_page(page);
	join_thread(tasks[2]);
	EXPECT(!waitqueue_active(page_waitqueue(page)));
	__free_page(page);
}

/* The page on the list whose waiters share the queue of @page; NULL if there is none. */
static struct page *find_namesake(struct list_head *pages, struct page *page)
{
	struct page *other;

	list_for_each_entry(other, pages, lru)
		if (page_waitqueue(other) == page_waitqueue(page))
			return other;
	return NULL;
}

static void free_list_of_pages(struct list_head *pages)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
}

/*
 * Take pages, onto the list, until two share a queue: no later than when there is one more than
 * there are queues. Return: did they come to that?
 */
static bool take_namesakes(struct list_head *pages, struct page *pair[2])
{
	for (unsigned int i = 0; i <= 1 << PAGE_WAIT_TABLE_BITS; i++) {
		struct page *page = alloc_page(GFP_KERNEL);

		if (!EXPECT(page))
			return false;
		pair[0] = find_namesake(pages, page);
		pair[1] = page;
		list_add(&page->lru, pages);
		if (pair[0])
			return true;
	}
	return EXPECT(!"two pages share a queue");
}

static void wait_for_namesakes(struct page *pair[2])
{
	struct task_struct *tasks[2];

	tasks[0] = make_thread(wait_for_lock, pair[0], ANY_CPU);
	ASSERT(tasks[0]);
	tasks[1] = make_thread(wait_for_lock, pair[1], ANY_CPU);
	if (!tasks[1]) {
		stop_thread(tasks[0]);
		return;
	}
	atomic_set(&nr_through, 0);
	lock_page(pair[0]);
	lock_page(pair[1]);
	start_waiters(tasks, 2);
	unlock_page(pair[1]);
	join_thread(tasks[1]);
	EXPECT_EQ(atomic_read(&nr_through), 1);
	EXPECT_EQ(tasks[0]->state, TASK_UNINTERRUPTIBLE);
	unlock_page(pair[0]);
	join_thread(tasks[0]);
}

TEST("pages that share a queue are told from each other")
{
	struct page *pair[2];
	LIST_HEAD(pages);

	if (take_namesakes(&pages, pair))
		wait_for_namesakes(pair);
	free_list_of_pages(&pages);
}
