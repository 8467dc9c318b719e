// SPDX-License-Identifier: MIT
/*
 * Waiting for pages: the lock, the end of writing, and pages that share a queue.
 */
#include <asm/barrier.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pagemap.h>
#include <test.h>

TEST_SUITE("page_wait");

#define NR_LOCKERS	4
#define NR_ROUNDS	100
#define PATIENCE	(20 * HZ)

#define eventually(condition) ({						\
	unsigned long __end = jiffies + PATIENCE;				\
	while (!(condition) && time_before(jiffies, __end)) {			\
		yield();							\
		cpu_relax();							\
	}									\
	(condition); })

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

/* Start a thread that waits for @page, and see it asleep. NULL after a failure. */
static struct task_struct *start_waiter(int (*threadfn)(void *), struct page *page)
{
	struct task_struct *task = kthread_create(threadfn, page, "waiter");

	if (!EXPECT(!IS_ERR(task)))
		return NULL;
	get_task_struct(task);
	wake_up_process(task);
	EXPECT(eventually(task->state == TASK_UNINTERRUPTIBLE && !READ_ONCE(task->on_rq)));
	return task;
}

static void end_waiter(struct task_struct *task)
{
	EXPECT(eventually(completion_done(&task->exited)));
	kthread_stop(task);
	put_task_struct(task);
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
	for (unsigned int i = 0; i < NR_LOCKERS; i++) {
		tasks[i] = kthread_create(count_under_lock, page, "locker/%u", i);
		ASSERT(!IS_ERR(tasks[i]));
		get_task_struct(tasks[i]);
		wake_up_process(tasks[i]);
	}
	for (unsigned int i = 0; i < NR_LOCKERS; i++)
		end_waiter(tasks[i]);
	EXPECT_EQ(guarded, NR_LOCKERS * NR_ROUNDS);
	EXPECT_EQ(page_waitqueue_check(), 0);
	__free_page(page);
}

TEST("the end of writing wakes all who wait for it, and nobody who waits for the lock")
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct task_struct *writeback[2], *locked;

	ASSERT(page);
	atomic_set(&nr_through, 0);
	lock_page(page);
	EXPECT(!test_set_page_writeback(page));
	EXPECT(test_set_page_writeback(page));
	writeback[0] = start_waiter(wait_for_writeback, page);
	writeback[1] = start_waiter(wait_for_writeback, page);
	locked = start_waiter(wait_for_lock, page);
	ASSERT(writeback[0] && writeback[1] && locked);
	EXPECT(waitqueue_active(page_waitqueue(page)));
	EXPECT_EQ(page_waitqueue_check(), 0);
	end_page_writeback(page);
	end_waiter(writeback[0]);
	end_waiter(writeback[1]);
	EXPECT_EQ(atomic_read(&nr_through), 2);
	EXPECT_EQ(locked->state, TASK_UNINTERRUPTIBLE);
	unlock_page(page);
	end_waiter(locked);
	EXPECT(!waitqueue_active(page_waitqueue(page)));
	__free_page(page);
}

/* Another page in the same block whose waiters share the queue of the first. NULL if there is none. */
static struct page *find_namesake(struct page *pages, unsigned int nr)
{
	for (unsigned int i = 1; i < nr; i++)
		if (page_waitqueue(&pages[i]) == page_waitqueue(&pages[0]))
			return &pages[i];
	return NULL;
}

TEST("pages that share a queue are told from each other")
{
	struct page *pages = alloc_pages(GFP_KERNEL, 10), *other;
	struct task_struct *first, *second;

	ASSERT(pages);
	other = find_namesake(pages, 1 << 10);
	ASSERT(other);
	atomic_set(&nr_through, 0);
	lock_page(pages);
	lock_page(other);
	first = start_waiter(wait_for_lock, pages);
	second = start_waiter(wait_for_lock, other);
	ASSERT(first && second);
	unlock_page(other);
	end_waiter(second);
	EXPECT_EQ(atomic_read(&nr_through), 1);
	EXPECT_EQ(first->state, TASK_UNINTERRUPTIBLE);
	unlock_page(pages);
	end_waiter(first);
	__free_pages(pages, 10);
}
