// SPDX-License-Identifier: MIT
/*
 * The leak scan on the board: what is lost is found, what somebody has is not.
 *
 * An object is lost by a thread that allocates it and ends, so that no stack and no register keeps its
 * address for long; what is left of it in a register that nobody has used since is gone with the next
 * tick, so a test looks again. The test itself knows the address upside down.
 */
#include <kernel/smp.h>
#include <kernel/stop_machine.h>
#include <lib/list.h>
#include <mm/kmemleak.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include "crew.h"

TEST_SUITE("kmemleak");

#define SIZE		100
#define NR_LOST		3
#define NR_ATTEMPTS	20

static struct kmem_cache *cache;
static unsigned long hidden[NR_LOST];	/* ~address; 0: none */
static struct kmemleak_result result;

/* Leaks that there were before. */
static unsigned long nr_known, nr_known_bytes;

static bool scan(void)
{
	return EXPECT_EQ(kmemleak_scan(&result), 0);
}

static void begin(void)
{
	scan();
	nr_known = result.nr_leaks;
	nr_known_bytes = result.nr_leaked_bytes;
}

/*
 * Does a scan find so much more than there was, at the last attempt? A word that nobody uses, on the
 * stack of some thread that sleeps, may point there by chance, and then it finds nothing: on one
 * machine tests/boot/kmemleak.t sees that it does.
 */
static bool is_lost(unsigned long nr, unsigned long bytes)
{
	unsigned int i;

	for (i = 0; i < NR_ATTEMPTS && scan() && result.nr_leaks != nr_known + nr; i++)
		msleep(20);
	if (result.nr_leaks == nr_known) {
		test_note("a stale word points to what was lost");
		return true;
	}
	return EXPECT_EQ(result.nr_leaks, nr_known + nr) &&
	       EXPECT_EQ(result.nr_leaked_bytes, nr_known_bytes + bytes);
}

/* And does it find no more at once? */
static bool nothing_is_lost(void)
{
	return scan() && EXPECT_EQ(result.nr_leaks, nr_known);
}

static void *unhide(unsigned int i)
{
	return hidden[i] ? (void *)~hidden[i] : NULL;
}

/* Threads: lose some objects. */

static int lose_one(void *unused)
{
	void *objp = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)unused;
	hidden[0] = objp ? ~(unsigned long)objp : 0;
	return 0;
}

static int lose_large(void *unused)
{
	void *objp = kmalloc(20000, GFP_KERNEL);

	(void)unused;
	hidden[0] = objp ? ~(unsigned long)objp : 0;
	return 0;
}

/* Each points to the next, the last to the first. */
static int lose_ring(void *unused)
{
	void **objs[NR_LOST];
	unsigned int i;

	(void)unused;
	for (i = 0; i < NR_LOST; i++) {
		objs[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		hidden[i] = objs[i] ? ~(unsigned long)objs[i] : 0;
	}
	for (i = 0; i < NR_LOST; i++)
		if (objs[i])
			*objs[i] = objs[(i + 1) % NR_LOST];
	return 0;
}

/* Have a thread lose what @how loses. Return: was it all there? */
static bool lose(int (*how)(void *unused), unsigned int nr)
{
	struct task_struct *task = make_thread(how, NULL, ANY_CPU);
	bool all = task;
	unsigned int i;

	for (i = 0; i < NR_LOST; i++)
		hidden[i] = 0;
	if (!task)
		return false;
	start_threads(&task, 1);
	join_thread(task);
	for (i = 0; i < nr; i++)
		all &= hidden[i] != 0;
	return all;
}

static noinline void find_again(void)
{
	unsigned int i;

	for (i = 0; i < NR_LOST; i++)
		kfree(unhide(i));
}

/* The name of the cache was an object, too: what is left of its slab goes. */
static void end_cache(void)
{
	kmem_cache_destroy(cache);
	kmalloc_shrink();
}

static bool make_cache(void)
{
	cache = kmem_cache_create("forgetful", SIZE, 0, SLAB_STORE_USER, NULL);
	return cache;
}

TEST("a scan finds the same as the one before, if nothing has happened in between")
{
	begin();
	test_note("%lu of %lu objects, %lu bytes looked at", result.nr_leaks, result.nr_objects,
		  result.nr_scanned_bytes);
	nothing_is_lost();
}

TEST("an object that nobody points to is found, with its size, and is no leak when it is freed")
{
	begin();
	if (!result.all_known)
		SKIP("this allocator does not know its objects");
	ASSERT(make_cache());
	if (EXPECT(lose(lose_one, 1)))
		is_lost(1, SIZE);
	find_again();
	nothing_is_lost();
	end_cache();
}

TEST("pages of a large kmalloc() that nobody points to are found")
{
	begin();
	if (EXPECT(lose(lose_large, 1)))
		is_lost(1, 8 * PAGE_SIZE);
	find_again();
	nothing_is_lost();
}

static int lose_area(void *unused)
{
	void *p = vmalloc(3 * PAGE_SIZE);

	(void)unused;
	hidden[0] = p ? ~(unsigned long)p : 0;
	return 0;
}

TEST("memory of vmalloc() that nobody points to is found")
{
	begin();
	if (EXPECT(lose(lose_area, 1)))
		is_lost(1, 3 * PAGE_SIZE);
	vfree(unhide(0));
	hidden[0] = 0;
	nothing_is_lost();
}

TEST("what only memory of vmalloc() points to is not lost")
{
	static void **keeper;

	if (!make_cache())
		SKIP("no memory");
	begin();
	keeper = vzalloc(2 * PAGE_SIZE);
	if (EXPECT(keeper)) {
		if (EXPECT(lose(lose_one, 1)))
			keeper[PAGE_SIZE / sizeof(*keeper) + 5] = unhide(0);
		nothing_is_lost();
		vfree(keeper);
	}
	find_again();
	end_cache();
}

TEST("the name of a cache is not lost, though no object that is known may point to it")
{
	static char name[] = "forgettable";	/* no constant: the cache gets a copy */

	begin();
	cache = kmem_cache_create(name, SIZE, 0, 0, NULL);
	if (!cache)
		SKIP("no memory");
	nothing_is_lost();
	end_cache();
}

TEST("a ring of objects is lost, unless somebody points into one of them")
{
	static char *keeper;

	begin();
	if (!result.all_known)
		SKIP("this allocator does not know its objects");
	ASSERT(make_cache());
	if (EXPECT(lose(lose_ring, NR_LOST))) {
		is_lost(NR_LOST, NR_LOST * SIZE);
		WRITE_ONCE(keeper, (char *)unhide(1) + SIZE - 1);
		nothing_is_lost();
		WRITE_ONCE(keeper, NULL);
	}
	find_again();
	end_cache();
}

TEST("an object that only a stack points to is not lost")
{
	void *volatile mine;

	if (!make_cache())
		SKIP("no memory");
	begin();
	mine = kmem_cache_alloc(cache, GFP_KERNEL);
	nothing_is_lost();
	if (mine)
		kmem_cache_free(cache, mine);
	end_cache();
}

/* Has the page a record of an object: its address, and then its size? */
static bool has_record(const unsigned long *page, unsigned long start, unsigned long size)
{
	unsigned int i;

	for (i = 0; i + 1 < PAGE_SIZE / sizeof(*page); i++)
		if (page[i] == start && page[i + 1] == size)
			return true;
	return false;
}

TEST("of what a scan wrote down, nothing is left in the pages that it gave back")
{
	static void *kept, *pages[16];
	unsigned int i;

	kept = kmalloc(20000, GFP_KERNEL);
	begin();
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = (void *)__get_free_page(GFP_KERNEL);
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		EXPECT(!kept || !pages[i] || !has_record(pages[i], (unsigned long)kept, 8 * PAGE_SIZE));
		free_page((unsigned long)pages[i]);
	}
	kfree(kept);
}

/* --- Registers --- */

static unsigned int spinning, stop_spinning;

/* The object's address is nowhere but in a register, which changes hands when the thread is interrupted. */
static int keep_in_register(void *unused)
{
	register void *objp = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)unused;
	WRITE_ONCE(spinning, 1);
	while (!READ_ONCE(stop_spinning)) {
		__asm__ volatile("" : "+r"(objp));
		cpu_relax();
	}
	if (objp)
		kmem_cache_free(cache, objp);
	return 0;
}

TEST("an object that only a register points to is not lost, of a CPU that is stopped or a thread that waits")
{
	struct task_struct *task;

	if (!make_cache())
		SKIP("no memory");
	begin();
	spinning = stop_spinning = 0;
	task = make_thread(keep_in_register, NULL, num_online_cpus() - 1);
	if (task) {
		start_threads(&task, 1);
		EXPECT(eventually(READ_ONCE(spinning)));
		nothing_is_lost();
		WRITE_ONCE(stop_spinning, 1);
		join_thread(task);
	}
	end_cache();
}

/* --- The machine stands still --- */

static DEFINE_PER_CPU(unsigned long, turns);

static int count_turns(void *unused)
{
	(void)unused;
	while (!kthread_should_stop()) {
		this_cpu_inc(turns);
		cpu_relax();
		cond_resched();
	}
	return 0;
}

static int nobody_else_moves(void *data)
{
	unsigned long before = 0, after = 0;
	unsigned int cpu, i;

	(void)data;
	for_each_online_cpu(cpu)
		before += per_cpu(turns, cpu);
	for (i = 0; i < 1000; i++)
		if (i % 100 == 0)
			cpu_relax();		/* where CPUs run in turns, it is another's */
		else
			barrier();
	for_each_online_cpu(cpu)
		after += per_cpu(turns, cpu);
	return (int)(after - before);
}

TEST("while one CPU has stopped the machine, no other thread moves, and afterwards all do")
{
	struct task_struct *tasks[3];
	unsigned int i;

	if (!make_threads(tasks, ARRAY_SIZE(tasks), count_turns, NULL, 0, ANY_CPU))
		return;
	start_threads(tasks, ARRAY_SIZE(tasks));
	for (i = 0; i < 20; i++) {
		yield();
		EXPECT_EQ(stop_machine(nobody_else_moves, NULL), 0);
	}
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		stop_thread(tasks[i]);
	EXPECT_EQ(stop_machine(nobody_else_moves, NULL), 0);
}
