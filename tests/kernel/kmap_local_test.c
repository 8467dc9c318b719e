// SPDX-License-Identifier: MIT
/*
 * kmap_local_page() and kmap_atomic(): a stack of addresses for a thread and the interrupts on top
 * of it. The numbers are those of mm/kmap_local.c's invariants.
 */
#include <asm/fixmap.h>
#include <kernel/hardirq.h>
#include <kernel/probe.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <test.h>
#include "crew.h"
#include "high_pages.h"

TEST_SUITE("kmap_local");

static struct page *pages[KM_MAX_NESTING];
static void *mapped[KM_MAX_NESTING];

static unsigned int depth(void)
{
	return current_thread_info()->kmap.idx;
}

static bool faults(const void *vaddr)
{
	u32 word;

	return probe_kernel_read(&word, vaddr, sizeof(word)) != 0;
}

/* Give each page its sign, one by one. */
static void sign_pages(void)
{
	for (unsigned int i = 0; i < KM_MAX_NESTING; i++) {
		void *vaddr = kmap_local_page(pages[i]);

		sign_at(vaddr, pages[i]);
		kunmap_local(vaddr);
	}
}

static bool get_pages(void)
{
	if (!alloc_high_pages(pages, KM_MAX_NESTING))
		return false;
	sign_pages();
	return true;
}

static void put_pages(void)
{
	EXPECT_EQ(depth(), 0);
	EXPECT_EQ(kmap_check(), 0);
	free_high_pages(pages, KM_MAX_NESTING);
}

/* Map the pages from @first to before @end. Return: how many addresses show another page. */
static unsigned int map_range(unsigned int first, unsigned int end)
{
	unsigned int nr_wrong = 0;

	for (unsigned int i = first; i < end; i++) {
		mapped[i] = kmap_local_page(pages[i]);
		nr_wrong += !signed_at(mapped[i], pages[i]);
	}
	return nr_wrong;
}

static void unmap_range(unsigned int first, unsigned int end)
{
	while (end-- > first)
		kunmap_local(mapped[end]);
}

TEST("mappings nest to the limit, each shows its page, and the address faults when it is unmapped")
{
	if (!get_pages())
		SKIP("no high memory");
	EXPECT_EQ(map_range(0, KM_MAX_NESTING), 0);
	EXPECT_EQ(depth(), KM_MAX_NESTING);
	EXPECT_EQ(kmap_check(), 0);
	for (unsigned int i = 0; i < KM_MAX_NESTING; i++)
		EXPECT(signed_at(mapped[i], pages[i]) && kmap_to_page(mapped[i]) == pages[i]);
	for (unsigned int i = KM_MAX_NESTING; i-- > 0;) {
		kunmap_local((char *)mapped[i] + 100);
		EXPECT(faults(mapped[i]));
		EXPECT(i == 0 || !faults(mapped[i - 1]));
	}
	put_pages();
}

TEST("before and behind a mapped page nothing is mapped, in debug builds")
{
	if (!CONFIG_DEBUG_VM)
		SKIP("built without DEBUG");
	if (!get_pages())
		SKIP("no high memory");
	map_range(0, KM_MAX_NESTING);
	for (unsigned int i = 0; i < KM_MAX_NESTING; i++)
		EXPECT(faults((char *)mapped[i] - 4) && faults((char *)mapped[i] + PAGE_SIZE));
	unmap_range(0, KM_MAX_NESTING);
	put_pages();
}

TEST("kmap_atomic() keeps the thread on the CPU, for pages of lowmem as well; kmap_local_page() does not")
{
	struct page *low = alloc_page(GFP_KERNEL);
	int count = preempt_count();
	void *vaddr;

	ASSERT(low);
	vaddr = kmap_atomic(low);
	EXPECT_EQ(preempt_count(), count + 1);
	kunmap_atomic(vaddr);
	vaddr = kmap_local_page(low);
	EXPECT_EQ(preempt_count(), count);
	kunmap_local(vaddr);
	__free_page(low);
	if (!get_pages())
		SKIP("no high memory");
	vaddr = kmap_atomic_pfn(page_to_pfn(pages[0]));
	EXPECT(signed_at(vaddr, pages[0]));
	EXPECT_EQ(preempt_count(), count + 1);
	kunmap_atomic(vaddr);
	vaddr = kmap_local_pfn(page_to_pfn(pages[1]));
	EXPECT(signed_at(vaddr, pages[1]));
	EXPECT_EQ(preempt_count(), count);
	EXPECT_EQ(depth(), 1);
	kunmap_local(vaddr);
	EXPECT_EQ(preempt_count(), count);
	put_pages();
}

/* ---- Interrupts ---- */

static unsigned int irq_wrong;
static atomic_t irq_done;

/* Maps on top of whoever was interrupted. */
static void map_in_irq(unsigned long depth_before)
{
	void *first = kmap_atomic(pages[10]), *second = kmap_atomic(pages[11]);

	irq_wrong += !in_irq() || depth() != depth_before + 2;
	irq_wrong += !signed_at(first, pages[10]) || !signed_at(second, pages[11]);
	kunmap_atomic(second);
	kunmap_atomic(first);
	irq_wrong += depth() != depth_before;
	atomic_inc(&irq_done);
}

TEST("an interrupt maps on top of the thread that it came to, which finds its mappings as they were")
{
	struct timer_list timer;

	if (!get_pages())
		SKIP("no high memory");
	irq_wrong = 0;
	atomic_set(&irq_done, 0);
	EXPECT_EQ(map_range(0, 3), 0);
	preempt_disable();
	setup_timer(&timer, map_in_irq, depth());
	mod_timer(&timer, jiffies + 1);
	while (!atomic_read(&irq_done))
		cpu_relax();
	preempt_enable();
	del_timer_sync(&timer);
	EXPECT_EQ(irq_wrong, 0);
	for (unsigned int i = 0; i < 3; i++)
		EXPECT(signed_at(mapped[i], pages[i]));
	unmap_range(0, 3);
	put_pages();
}

/* ---- Other threads ---- */

/* Has its own pages at the same addresses meanwhile, and sleeps with them. */
static int map_and_sleep(void *data)
{
	struct page **own = data;
	unsigned int nr_wrong = 0, cpu = smp_processor_id();

	for (unsigned int round = 0; round < test_repeats(10); round++) {
		void *first = kmap_local_page(own[0]), *second;

		msleep(1);
		second = kmap_local_page(own[1]);
		yield();
		nr_wrong += !signed_at(first, own[0]) || !signed_at(second, own[1]);
		nr_wrong += smp_processor_id() != cpu;
		kunmap_local(second);
		nr_wrong += !signed_at(first, own[0]);
		kunmap_local(first);
		cpu = smp_processor_id();
	}
	return nr_wrong;
}

TEST("a thread that sleeps finds its mappings again, though others used the same slots, on the same CPU")
{
	struct task_struct *tasks[KM_MAX_NESTING / 2];

	if (!get_pages())
		SKIP("no high memory");
	if (make_threads(tasks, KM_MAX_NESTING / 2, map_and_sleep, pages, 2 * sizeof(pages[0]),
			 ANY_CPU)) {
		start_threads(tasks, KM_MAX_NESTING / 2);
		for (unsigned int i = 0; i < KM_MAX_NESTING / 2; i++)
			EXPECT_EQ(join_thread(tasks[i]), 0);
	}
	put_pages();
}

#define NR_TURNS	3000

/* Maps and unmaps without a pause, to be preempted amid it (I2). */
static int map_without_pause(void *data)
{
	u32 random = (u32)(unsigned long)data * 2654435769u | 1;
	unsigned int nr_wrong = 0, level = 0, which[KM_MAX_NESTING];
	void *vaddr[KM_MAX_NESTING];

	for (unsigned int i = 0; i < test_repeats(NR_TURNS) || level; i++) {
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		if (i < test_repeats(NR_TURNS) && level < 6 && random & 8) {
			which[level] = random >> 8 & (KM_MAX_NESTING - 1);
			vaddr[level] = kmap_local_page(pages[which[level]]);
			nr_wrong += !signed_at(vaddr[level], pages[which[level]]);
			level++;
		} else if (level) {
			level--;
			nr_wrong += !signed_at(vaddr[level], pages[which[level]]);
			kunmap_local(vaddr[level]);
			if ((random >> 16) % 16 == 0)
				yield();
		}
	}
	return nr_wrong;
}

#define NR_THREADS	8

TEST("threads that map and unmap without a pause, preempted amid it, each see their own pages")
{
	struct task_struct *tasks[NR_THREADS];

	if (!get_pages())
		SKIP("no high memory");
	if (make_threads(tasks, NR_THREADS, map_without_pause,
			 (void *)(unsigned long)test_random_below(1000), 1, ANY_CPU)) {
		start_threads(tasks, NR_THREADS);
		for (unsigned int i = 0; i < NR_THREADS; i++)
			EXPECT_EQ(join_thread(tasks[i]), 0);
	}
	put_pages();
}

/* ---- Misuse ---- */

TEST("kunmap_local() in the wrong order is reported, and what was mapped is unmapped in the end")
{
	unsigned int bad = nr_bad_kmaps;

	if (!get_pages())
		SKIP("no high memory");
	map_range(0, 4);
	kunmap_local(mapped[1]);
	EXPECT_EQ(nr_bad_kmaps, bad + 1);
	EXPECT_EQ(kmap_check(), 0);
	EXPECT(faults(mapped[1]) && signed_at(mapped[3], pages[3]) &&
	       signed_at(mapped[0], pages[0]));
	EXPECT_EQ(depth(), 4);
	msleep(1);
	EXPECT(faults(mapped[1]) && signed_at(mapped[2], pages[2]));
	unmap_range(2, 4);
	EXPECT_EQ(depth(), 1);
	map_range(1, 4);		/* where the hole was, too */
	unmap_range(0, 4);
	EXPECT_EQ(nr_bad_kmaps, bad + 1);
	put_pages();
}

TEST("kunmap_local() of an address that is not mapped is reported, and changes nothing")
{
	unsigned int bad = nr_bad_kmaps;

	if (!get_pages())
		SKIP("no high memory");
	map_range(0, 2);
	kunmap_local(mapped[1]);
	kunmap_local(mapped[1]);
	EXPECT_EQ(nr_bad_kmaps, bad + 1);
	EXPECT_EQ(depth(), 1);
	kunmap_local(mapped[0]);
	kunmap_local(mapped[0]);
	EXPECT_EQ(nr_bad_kmaps, bad + 2);
	put_pages();
}

static int leave_mapped(void *page)
{
	return kmap_local_page(page) && kmap_local_page(page) ? 0 : 1;
}

TEST("a thread that ends with pages mapped is named, and its mappings are undone")
{
	unsigned int bad = nr_bad_kmaps;
	struct task_struct *task;

	if (!get_pages())
		SKIP("no high memory");
	if (make_threads(&task, 1, leave_mapped, pages[0], 0, 0)) {
		start_threads(&task, 1);
		EXPECT_EQ(join_thread(task), 0);
		EXPECT_EQ(nr_bad_kmaps, bad + 1);
	}
	put_pages();
}

/* ---- Contents ---- */

static bool page_is(struct page *page, size_t offset, size_t len, u8 value)
{
	const u8 *vaddr = kmap_local_page(page);
	size_t i = offset;

	while (i < offset + len && vaddr[i] == value)
		i++;
	kunmap_local(vaddr);
	return i == offset + len;
}

/* Both kinds of pages, as far as there are both. */
static void try_contents(struct page *page, struct page *other)
{
	char text[16] = "highmem";

	memset_page(page, 0, 0x5a, PAGE_SIZE);
	copy_highpage(other, page);
	EXPECT(page_is(other, 0, PAGE_SIZE, 0x5a));
	clear_highpage(page);
	EXPECT(page_is(page, 0, PAGE_SIZE, 0));
	zero_user_segments(other, 1, 10, 4000, 4096);
	EXPECT(page_is(other, 1, 9, 0) && page_is(other, 4000, 96, 0));
	EXPECT(page_is(other, 0, 1, 0x5a) && page_is(other, 10, 3990, 0x5a));
	zero_user(other, 100, 100);
	EXPECT(page_is(other, 100, 100, 0) && page_is(other, 200, 100, 0x5a) &&
	       page_is(other, 99, 1, 0x5a));
	memcpy_to_page(page, PAGE_SIZE - sizeof(text), text, sizeof(text));
	memset(text, 0, sizeof(text));
	memcpy_page(other, 8, page, PAGE_SIZE - sizeof(text), sizeof(text));
	memmove_page(other, 10, other, 8, sizeof(text));
	memcpy_from_page(text, other, 10, sizeof(text));
	EXPECT(strcmp(text, "highmem") == 0);
	memzero_page(other, 0, PAGE_SIZE);
	EXPECT(page_is(other, 0, PAGE_SIZE, 0));
}

TEST("pages are cleared, copied, and copied to and from, with and without an address of their own")
{
	struct page *low = alloc_page(GFP_KERNEL), *low2 = alloc_page(GFP_KERNEL);

	if (!low || !low2)
		goto free_low;
	try_contents(low, low2);
	if (get_pages()) {
		try_contents(pages[0], pages[1]);
		try_contents(pages[2], low);
		try_contents(low, pages[3]);
		put_pages();
	}
free_low:
	if (low)
		__free_page(low);
	if (low2)
		__free_page(low2);
}

TEST("a page of high memory that is asked for with zeros in it has zeros in it")
{
	struct page *page = alloc_high_page();

	if (!page)
		SKIP("no high memory");
	memset_page(page, 0, 0xff, PAGE_SIZE);
	__free_page(page);
	page = alloc_pages_node(page_to_nid(page), GFP_HIGHUSER | __GFP_ZERO, 0);
	ASSERT(page);
	EXPECT(PageHighMem(page));
	EXPECT(page_is(page, 0, PAGE_SIZE, 0));
	__free_page(page);
}
