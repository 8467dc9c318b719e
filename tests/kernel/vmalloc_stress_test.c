// SPDX-License-Identifier: MIT
/*
 * All CPUs at the vmalloc area at once, in the patterns of Linux's lib/test_vmalloc.c; each thread finds
 * in its memory what it wrote there, and nothing is left.
 *
 *    fixed size         always the same
 *    full fit           gaps of exactly one page between areas that stay
 *    long busy list     many areas that stay, and one that comes and goes
 *    random size        1 to 64 pages
 *    random alignment   of random sizes, up to 1 MiB, between random addresses
 *    map ram            vm_map_ram() of a few pages
 *    read by others     vread() of all that, by every second CPU
 *    from an interrupt  vfree_atomic() of all that was allocated
 */
#include <kernel/cpumask.h>
#include <kernel/schedule.h>
#include <lib/string.h>
#include <mm/mm.h>
#include <mm/vmalloc.h>
#include <test.h>
#include "crew.h"

TEST_SUITE("vmallocstress");

#define NR_ROUNDS	40u
#define NR_LONG		200u
#define NR_READ		100u
#define NR_FIT		40u
#define MAX_PAGES	64u

struct worker {
	unsigned int nr;		/* which CPU's */
	u32 random;
	unsigned int rounds;
	unsigned int wrong;		/* words that were not what was written */
	unsigned int refused;		/* allocations that failed */
	void (*pattern)(struct worker *worker);
};

static struct worker workers[NR_CPUS];

static u32 random_below(struct worker *worker, u32 limit)
{
	worker->random = worker->random * 1664525u + 1013904223u;
	return (worker->random >> 8) % limit;
}

/* ---- Contents ---- */

/* Two words of each page say whose it is. */
static void mark(struct worker *worker, void *p, unsigned int nr_pages)
{
	for (unsigned int i = 0; i < nr_pages; i++) {
		u32 *page = p + i * PAGE_SIZE;

		page[0] = page[PAGE_SIZE / sizeof(*page) - 1] = (u32)p + i + worker->nr;
	}
}

static void check(struct worker *worker, void *p, unsigned int nr_pages)
{
	for (unsigned int i = 0; i < nr_pages; i++) {
		u32 *page = p + i * PAGE_SIZE;

		worker->wrong += page[0] != (u32)p + i + worker->nr ||
				 page[PAGE_SIZE / sizeof(*page) - 1] != page[0];
	}
}

static void *take(struct worker *worker, unsigned int nr_pages)
{
	void *p = vmalloc(nr_pages * PAGE_SIZE);

	if (p)
		mark(worker, p, nr_pages);
	else
		worker->refused++;
	return p;
}

static void give(struct worker *worker, void *p, unsigned int nr_pages)
{
	if (p)
		check(worker, p, nr_pages);
	vfree(p);
}

/* ---- Patterns ---- */

static void fixed_size(struct worker *worker)
{
	for (unsigned int i = 0; i < worker->rounds; i++)
		give(worker, take(worker, 3), 3);
}

/* Every second of many areas goes, so that what comes fits exactly where one was. */
static void full_fit(struct worker *worker)
{
	void *area[NR_FIT];

	for (unsigned int i = 0; i < NR_FIT; i++)
		area[i] = take(worker, 1);
	for (unsigned int i = 0; i < NR_FIT; i += 2) {
		give(worker, area[i], 1);
		area[i] = NULL;
	}
	vm_unmap_aliases();
	for (unsigned int i = 0; i < worker->rounds; i++)
		give(worker, take(worker, 1), 1);
	for (unsigned int i = 1; i < NR_FIT; i += 2)
		give(worker, area[i], 1);
}

static void long_busy_list(struct worker *worker)
{
	struct vm_struct **areas = kvcalloc(NR_LONG, sizeof(*areas), GFP_KERNEL);

	if (!areas) {
		worker->refused++;
		return;
	}
	for (unsigned int i = 0; i < NR_LONG; i++)
		areas[i] = get_vm_area(PAGE_SIZE, VM_MAP);
	for (unsigned int i = 0; i < worker->rounds; i++)
		give(worker, take(worker, 1 + i % 2), 1 + i % 2);
	for (unsigned int i = 0; i < NR_LONG; i++)
		if (areas[i])
			free_vm_area(areas[i]);
		else
			worker->refused++;
	kvfree(areas);
}

static void random_size(struct worker *worker)
{
	unsigned int nr_pages[4] = { 0 };
	void *p[4] = { NULL };

	for (unsigned int i = 0; i < worker->rounds; i++) {
		unsigned int at = random_below(worker, 4);

		give(worker, p[at], nr_pages[at]);
		nr_pages[at] = 1 + random_below(worker, MAX_PAGES);
		p[at] = take(worker, nr_pages[at]);
	}
	for (unsigned int at = 0; at < 4; at++)
		give(worker, p[at], nr_pages[at]);
}

static void random_alignment(struct worker *worker)
{
	for (unsigned int i = 0; i < worker->rounds; i++) {
		unsigned long align = PAGE_SIZE << random_below(worker, 9);
		unsigned long start = VMALLOC_START + random_below(worker, 32) * SZ_1M;
		unsigned int nr_pages = 1 + random_below(worker, 8);
		void *p = __vmalloc_node_range(nr_pages * PAGE_SIZE, align, start, VMALLOC_END,
					       GFP_KERNEL, PAGE_KERNEL, 0, NUMA_NO_NODE, NULL);

		if (!p) {
			worker->refused++;
			continue;
		}
		worker->wrong += !IS_ALIGNED((unsigned long)p, align) || (unsigned long)p < start;
		mark(worker, p, nr_pages);
		give(worker, p, nr_pages);
	}
}

static void map_ram(struct worker *worker)
{
	struct page *pages[4];
	unsigned int nr;

	for (nr = 0; nr < 4; nr++) {
		pages[nr] = alloc_page(GFP_KERNEL);
		if (!pages[nr])
			break;
	}
	for (unsigned int i = 0; i < 4 * worker->rounds && nr; i++) {
		unsigned int count = 1 + random_below(worker, nr);
		void *p = vm_map_ram(pages, count, NUMA_NO_NODE);

		if (!p) {
			worker->refused++;
			continue;
		}
		mark(worker, p, count);
		worker->wrong += *(u32 *)page_address(pages[0]) != *(u32 *)p;
		check(worker, p, count);
		vm_unmap_ram(p, count);
	}
	while (nr--)
		__free_page(pages[nr]);
}

static void freed_later(struct worker *worker)
{
	for (unsigned int i = 0; i < worker->rounds; i++) {
		void *p = take(worker, 1);

		if (p)
			check(worker, p, 1);
		vfree_atomic(p);
	}
}

/* ---- All at once ---- */

static int work(void *data)
{
	struct worker *worker = data;

	worker->pattern(worker);
	return 0;
}

static void all_cpus(void (*pattern)(struct worker *worker))
{
	struct task_struct *tasks[NR_CPUS];
	unsigned int nr = num_online_cpus();

	for (unsigned int i = 0; i < nr; i++)
		workers[i] = (struct worker){
			.nr = i, .random = test_random(), .rounds = test_repeats(NR_ROUNDS),
			.pattern = pattern,
		};
	ASSERT(make_threads(tasks, nr, work, workers, sizeof(workers[0]), ANY_CPU));
	start_threads(tasks, nr);
	for (unsigned int i = 0; i < nr; i++)
		join_thread(tasks[i]);
	for (unsigned int i = 0; i < nr; i++) {
		EXPECT_EQ(workers[i].wrong, 0);
		EXPECT_EQ(workers[i].refused, 0);
	}
	vm_unmap_aliases();		/* waits for workers that free */
	EXPECT(vmalloc_check());
}

TEST("memory of a fixed size keeps its contents, on all CPUs at once")
{
	all_cpus(fixed_size);
}

TEST("areas fit exactly where others were, on all CPUs at once")
{
	all_cpus(full_fit);
}

TEST("one area comes and goes among many, on all CPUs at once")
{
	all_cpus(long_busy_list);
}

TEST("memory of random sizes keeps its contents, on all CPUs at once")
{
	all_cpus(random_size);
}

TEST("areas of random alignment lie where they may, on all CPUs at once")
{
	all_cpus(random_alignment);
}

TEST("pages are mapped and unmapped in blocks, on all CPUs at once")
{
	all_cpus(map_ram);
}

TEST("memory that is freed later is freed, on all CPUs at once")
{
	all_cpus(freed_later);
}

/* What a worker has mapped at the moment, or had. */
static char *shown;

static void show_and_hide(struct worker *worker)
{
	struct page *pages[4] = { NULL };

	pages[0] = alloc_page(GFP_KERNEL);
	if (!pages[0]) {
		worker->refused++;
		return;
	}
	pages[1] = pages[2] = pages[3] = pages[0];
	for (unsigned int i = 0; i < NR_READ * worker->rounds; i++) {
		bool for_long = i % 2;
		void *p = for_long ? vmap(pages, 4, 0, PAGE_KERNEL) : vm_map_ram(pages, 4, NUMA_NO_NODE);

		WRITE_ONCE(shown, p);
		if (for_long)
			vunmap(p);
		else if (p)
			vm_unmap_ram(p, 4);
		worker->refused += !p;
	}
	__free_page(pages[0]);
}

/* Half of the workers map and unmap, the others read what is there, whose it is and whether it stays. */
static void read_by_others(struct worker *worker)
{
	static char buf[NR_CPUS][PAGE_SIZE];

	if (worker->nr % 2 == 0) {
		show_and_hide(worker);
		return;
	}
	for (unsigned int i = 0; i < NR_READ * worker->rounds; i++)
		vread(buf[worker->nr], READ_ONCE(shown) + i % 4 * PAGE_SIZE, PAGE_SIZE);
}

TEST("others read areas that are being mapped and unmapped, and fault nowhere")
{
	all_cpus(read_by_others);
}

static void mixed(struct worker *worker)
{
	static void (*const patterns[])(struct worker *worker) = {
		random_size, random_alignment, map_ram, freed_later,
	};

	patterns[worker->nr % ARRAY_SIZE(patterns)](worker);
	vm_unmap_aliases();
	patterns[(worker->nr + 1) % ARRAY_SIZE(patterns)](worker);
}

TEST("all of this at once, with purges in between, leaves the area whole")
{
	all_cpus(mixed);
}
