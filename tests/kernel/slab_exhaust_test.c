// SPDX-License-Identifier: MIT
/*
 * All memory as objects, and back. Most of it is put out of the way first, so that this takes the same time on
 * machines of all sizes:
 *
 *    node    |############ hog ############|  LEAVE  |
 *                                          |oooooooo|   objects until there is no more
 *                                          |o.o.o.o.|   every second one is given back, and taken again
 *                                          |........|   all are given back
 *
 * An object that is taken is on a pile, through its first word; the last word depends on its address.
 */
#include <kernel/cpumask.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <mm/fail_page_alloc.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/slab.h>
#include <mm/watermark.h>
#include <test.h>
#include "scarce.h"
#include "together.h"

TEST_SUITE("slabexhaust");

#define LEAVE		256	/* pages of all nodes together, */
#define LEAVE_MIN	32u	/* or so many, however often the test is run */
#define NR_FAILURES	8	/* requests of random size that fail before a CPU gives up */
#define SIZE_SHIFT_MIN	4u	/* of random sizes: 16 .. 32 bytes, */
#define SIZE_SHIFT_MAX	12u	/* up to 4096 .. 8192 */

struct piece {
	struct piece *next;
	u32 words;			/* of this piece; more than there are here */
};

struct pile {
	struct piece *first;
	unsigned long nr, bytes;
};

/* --- Pieces --- */

static u32 *last_word(struct piece *piece)
{
	return (u32 *)piece + piece->words - 1;
}

static void put_on(struct pile *pile, struct piece *piece, unsigned int bytes)
{
	piece->next = pile->first;
	piece->words = bytes / sizeof(u32);
	*last_word(piece) = ~(u32)piece;
	pile->first = piece;
	pile->nr++;
	pile->bytes += bytes;
}

/* The piece on top; NULL if there is none. Its last word must be as it was. */
static struct piece *take_off(struct pile *pile, unsigned long *nr_wrong)
{
	struct piece *piece = pile->first;

	if (!piece)
		return NULL;
	*nr_wrong += *last_word(piece) != ~(u32)piece;
	pile->first = piece->next;
	pile->nr--;
	pile->bytes -= piece->words * sizeof(u32);
	return piece;
}

/* --- Little memory --- */

static HOG(hog);
static unsigned long nr_pages;		/* that are left */

/* Where objects of a node come from first; NULL if it has high memory only. */
static struct zone *zone_of_objects(pg_data_t *pgdat)
{
	struct zone *zone = &pgdat->node_zones[ZONE_NORMAL];

	while (!zone->managed_pages && zone > pgdat->node_zones)
		zone--;
	return zone->managed_pages ? zone : NULL;
}

/* Leave what one who frees memory can have; or, of each node, that much @above_min. */
static void begin(bool above_min)
{
	unsigned long leave = max(test_repeats(LEAVE), LEAVE_MIN) / nr_online_nodes;
	pg_data_t *pgdat;
	struct zone *zone;

	nr_pages = 0;
	for_each_online_pgdat(pgdat) {
		zone = zone_of_objects(pgdat);
		if (!zone)
			continue;
		hog_zone(&hog, zone, leave + (above_min ? min_wmark_pages(zone) : 0));
		while (zone-- > pgdat->node_zones)
			if (zone->managed_pages)
				hog_zone(&hog, zone, 0);
		nr_pages += zone_page_state(zone_of_objects(pgdat), NR_FREE_PAGES);
	}
}

static void end(void)
{
	hog_release(&hog);
	kmalloc_shrink();
	EXPECT(kmem_caches_check());
	EXPECT(page_allocator_ok());
}

/* --- One CPU, one size --- */

/* Objects until there is none. */
static void take_all(struct kmem_cache *cachep, gfp_t flags, struct pile *pile)
{
	struct piece *piece;

	while ((piece = kmem_cache_alloc(cachep, flags | __GFP_NO_KSWAPD | __GFP_NOWARN)))
		put_on(pile, piece, kmem_cache_size(cachep));
}

/* Give every second object back. Return: how many. */
static unsigned long give_every_second(struct kmem_cache *cachep, struct pile *pile,
				       unsigned long *nr_wrong)
{
	struct pile keep = { 0 };
	unsigned long nr = 0;
	struct piece *piece;

	while ((piece = take_off(pile, nr_wrong))) {
		put_on(&keep, piece, kmem_cache_size(cachep));
		piece = take_off(pile, nr_wrong);
		if (piece) {
			kmem_cache_free(cachep, piece);
			nr++;
		}
	}
	*pile = keep;
	return nr;
}

static void give_all(struct kmem_cache *cachep, struct pile *pile, unsigned long *nr_wrong)
{
	struct piece *piece;

	while ((piece = take_off(pile, nr_wrong)))
		kmem_cache_free(cachep, piece);
}

/*
 * As one who frees memory: to the last page. Objects that lie in other nodes' arrays may stay there. While kswapd,
 * which is woken by that, carries objects from an array to their slabs, they count as in use; and if it empties KASAN's
 * quarantine, they are in its own CPU's array then.
 */
static void exhaust(struct kmem_cache *cachep)
{
	unsigned long nr_all, nr_given, nr_wrong = 0;
	struct pile pile = { 0 };

	current->flags |= PF_MEMALLOC;
	take_all(cachep, GFP_NOWAIT, &pile);
	nr_all = pile.nr;
	EXPECT(fail_nth || pile.bytes >= nr_pages * PAGE_SIZE / 4);
	nr_given = give_every_second(cachep, &pile, &nr_wrong);
	EXPECT_EQ(nr_given, nr_all / 2);
	EXPECT(eventually(kmem_cache_objects_in_use(cachep) == pile.nr));
	take_all(cachep, GFP_NOWAIT, &pile);
	current->flags &= ~PF_MEMALLOC;
	EXPECT(pile.nr >= nr_all - (nr_online_nodes > 1 || KASAN_ON ? nr_given / 2 : 0));
	EXPECT(eventually(kmem_cache_objects_in_use(cachep) == pile.nr));
	EXPECT(kmem_cache_check(cachep));
	give_all(cachep, &pile, &nr_wrong);
	EXPECT_EQ(nr_wrong, 0);
	EXPECT_EQ(kmem_cache_shrink(cachep), 0);
}

TEST("objects of any size can be had until memory is used up, again after some were given back, and cost none in the end")
{
	static const unsigned int sizes[] = { 32, 72, 200, 700, 2048, 5000 };
	struct kmem_cache *cachep;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		cachep = kmem_cache_create("exhaust", sizes[i], 0, SLAB_NO_MERGE, NULL);
		ASSERT(cachep);
		begin(false);
		exhaust(cachep);
		kmem_cache_destroy(cachep);
		end();
	}
}

/* --- All CPUs, all sizes --- */

struct hand {
	u32 random;
	struct pile pile;
	unsigned long nr_wrong;
};

static DEFINE_PER_CPU(struct hand, hands);

static unsigned int random_size(u32 *random)
{
	unsigned int shift;

	/* Marsaglia's xorshift; the seed is not 0. */
	*random ^= *random << 13;
	*random ^= *random >> 17;
	*random ^= *random << 5;
	shift = SIZE_SHIFT_MIN + (*random >> 16) % (SIZE_SHIFT_MAX - SIZE_SHIFT_MIN + 1);
	return (1u << shift) + (*random & ((1u << shift) - 1));
}

static void take_any(void *unused)
{
	struct hand *hand = this_cpu_ptr(&hands);
	unsigned int failures = 0, bytes;
	struct piece *piece;

	(void)unused;
	while (failures < NR_FAILURES) {
		bytes = random_size(&hand->random);
		piece = kmalloc(bytes, GFP_ATOMIC | __GFP_NO_KSWAPD | __GFP_NOWARN);
		if (piece)
			put_on(&hand->pile, piece, bytes);
		else
			failures++;
	}
}

/* What the next CPU took. */
static void give_others(void *unused)
{
	unsigned int cpu = (smp_processor_id() + 1) % num_online_cpus();
	struct hand *hand = this_cpu_ptr(&hands);
	struct piece *piece;

	(void)unused;
	while ((piece = take_off(&per_cpu(hands, cpu).pile, &hand->nr_wrong)))
		kfree(piece);
}

TEST("CPUs that take all memory at once, as objects of all sizes, and give back each other's, lose nothing")
{
	unsigned long free = test_free_pages(), objects = kmem_objects_in_use(), bytes = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		*per_cpu_ptr(&hands, cpu) = (struct hand){ .random = test_random() | 1 };
	begin(true);
	run_together(take_any, NULL);
	for_each_online_cpu(cpu)
		bytes += per_cpu(hands, cpu).pile.bytes;
	EXPECT(bytes);
	EXPECT(kmem_caches_check());
	run_together(give_others, NULL);
	EXPECT_EQ(kmem_objects_in_use(), objects);
	for_each_online_cpu(cpu)
		EXPECT_EQ(per_cpu(hands, cpu).nr_wrong, 0);
	end();
	EXPECT_EQ(test_free_pages(), free);
}

/* --- Objects that can go --- */

static struct kmem_cache *idle_cache;
static struct pile idle;
static DEFINE_SPINLOCK(idle_lock);
static unsigned long nr_wrong_idle;

static struct piece *take_idle(void)
{
	struct piece *piece;

	spin_lock(&idle_lock);
	piece = take_off(&idle, &nr_wrong_idle);
	spin_unlock(&idle_lock);
	return piece;
}

static int shrink_idle(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long nr = sc->nr_to_scan;
	struct piece *piece;

	(void)shrinker;
	for (; nr && (piece = take_idle()); nr--)
		kmem_cache_free(idle_cache, piece);
	return (int)READ_ONCE(idle.nr);
}

/* Pages by and by, as somebody who can wait. Return: how many there were. */
static unsigned long take_pages(struct list_head *pages, unsigned long max)
{
	struct page *page;
	unsigned long nr;

	for (nr = 0; nr < max; nr++) {
		page = alloc_page(GFP_KERNEL | __GFP_NOWARN);
		if (!page)
			break;
		list_add(&page->lru, pages);
	}
	return nr;
}

static void give_pages(struct list_head *pages)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru)
		__free_page(page);
}

/*
 * Memory is full of objects that can go, and somebody needs pages. kswapd may be the one whom the shrinker gives
 * them to: then some stay in the arrays of its CPU, and keep the pages of which they are a part.
 */
static void need_pages(void)
{
	struct shrinker shrinker = { .shrink = shrink_idle, .seeks = DEFAULT_SEEKS };
	unsigned long nr, nr_wanted;
	LIST_HEAD(pages);

	take_all(idle_cache, GFP_KERNEL | __GFP_NORETRY, &idle);
	nr = nr_slab_pages(true);
	nr_wanted = num_online_cpus() > 1 ? nr / 4 : nr / 2;
	register_shrinker(&shrinker);
	EXPECT_EQ(take_pages(&pages, nr_wanted), nr_wanted);
	unregister_shrinker(&shrinker);
	EXPECT(nr_slab_pages(true) <= nr - nr_wanted);
	give_pages(&pages);
	give_all(idle_cache, &idle, &nr_wrong_idle);
	EXPECT_EQ(nr_wrong_idle, 0);
}

TEST("who needs pages gets those of objects that a shrinker gives back")
{
	idle_cache = kmem_cache_create("idle", 120, 0, SLAB_RECLAIM_ACCOUNT | SLAB_NO_MERGE, NULL);
	ASSERT(idle_cache);
	begin(true);
	need_pages();
	kmem_cache_destroy(idle_cache);
	end();
}
