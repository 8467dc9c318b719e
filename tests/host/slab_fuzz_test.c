// SPDX-License-Identifier: MIT
/*
 * Caches under random load from four CPUs that take turns, against a model of which bytes are
 * whose: a list of the objects that are out, each filled with a stamp of its own. Sizes,
 * alignments, constructors, nodes and CPUs are random, and caches come and go.
 */
#include "host.h"
#include "fuzz.h"
#include "slab_machine.h"
#include <kernel/cpumask.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/slab.h>

TEST_SUITE("slab");

#define MAX_LIVE	4000
#define NR_CACHES	6
#define CTOR_BYTE	0xc7
#define CHECK_EVERY	200	/* operations between two walks over everything */

enum { OP_CREATE, OP_DESTROY, OP_ALLOC, OP_FREE, OP_BURST, OP_FREE_BURST, OP_KMALLOC, OP_KREALLOC,
       OP_CPU, OP_SHRINK, OP_MISUSE, OP_FREE_ALL, NR_OPS };

static const char *const op_names[NR_OPS] = {
	"create", "destroy", "alloc", "free", "burst", "free_burst", "kmalloc", "krealloc", "cpu",
	"shrink", "misuse", "free_all",
};

/* A cache of the model; size 0: there is none. */
struct model_cache {
	struct kmem_cache *cachep;
	unsigned int size, align;
	bool ctor;
	unsigned int nr_live;
};

struct live {
	u8 *objp;
	unsigned int size;
	u8 stamp;
	struct model_cache *cache;	/* NULL: kmalloc() */
};

static struct model_cache caches[NR_CACHES];
static struct live live[MAX_LIVE];
static unsigned int nr_live;
static unsigned long nr_applied;

static void construct(void *object)
{
	*(u8 *)object = CTOR_BYTE;
}

/* --- The model --- */

static bool is_filled(const u8 *bytes, u8 value, unsigned int nr)
{
	while (nr && *bytes++ == value)
		nr--;
	return nr == 0;
}

static bool note_live(u8 *objp, unsigned int size, struct model_cache *cache)
{
	u8 stamp = (u8)(nr_applied * 7 + nr_live);

	if (cache && cache->ctor && !EXPECT_EQ(*objp, CTOR_BYTE))
		return false;
	live[nr_live++] = (struct live){ objp, size, stamp, cache };
	memset(objp, stamp, size);
	if (cache)
		cache->nr_live++;
	return true;
}

static void give(const struct live *l)
{
	if (l->cache && l->cache->ctor)
		construct(l->objp);
	if (l->cache)
		kmem_cache_free(l->cache->cachep, l->objp);
	else
		kfree(l->objp);
}

static bool apply_free(u32 which)
{
	struct live l;

	if (!nr_live)
		return true;
	which %= nr_live;
	l = live[which];
	live[which] = live[--nr_live];
	if (!EXPECT(is_filled(l.objp, l.stamp, l.size)))
		return false;
	give(&l);
	if (l.cache)
		l.cache->nr_live--;
	return true;
}

/* --- Operations --- */

static bool apply_create(struct model_cache *cache, u32 size, u32 align, bool ctor)
{
	char name[20];

	if (cache->cachep)
		return true;
	snprintf(name, sizeof(name), "fuzz-%u", (unsigned int)(cache - caches));
	cache->size = size % 4 ? 1 + size / 4 % 300 : 1 + size / 4 % KMEM_CACHE_MAX_SIZE;
	cache->align = align % 3 ? 0 : 1u << align % 9;
	cache->ctor = ctor;
	host_log_clear();
	cache->cachep = kmem_cache_create(name, cache->size, cache->align,
					  align % 7 ? 0 : SLAB_HWCACHE_ALIGN, ctor ? construct : NULL);
	return cache->cachep || EXPECT(host_log_has("no memory"));
}

static bool apply_destroy(struct model_cache *cache)
{
	if (!cache->cachep)
		return true;
	kmem_cache_destroy(cache->cachep);
	host_log_clear();
	if (!cache->nr_live)
		cache->cachep = NULL;
	return true;
}

static bool apply_alloc(struct model_cache *cache, gfp_t flags, u32 nid)
{
	u8 *objp;

	if (!cache->cachep || nr_live == MAX_LIVE)
		return true;
	if (nid % 4)
		objp = kmem_cache_alloc(cache->cachep, flags);
	else
		objp = kmem_cache_alloc_node(cache->cachep, flags, nid / 4 % nr_online_nodes);
	if (!objp)
		return true;
	return EXPECT(IS_ALIGNED((unsigned long)objp, max(cache->align, 8u))) &&
	       note_live(objp, cache->size, cache);
}

static bool apply_kmalloc(u32 size, bool zero)
{
	u8 *objp;

	if (nr_live == MAX_LIVE)
		return true;
	size = size % 8 ? size / 8 % 600 + 1 : size / 8 % 20000 + 1;
	objp = zero ? kzalloc(size, GFP_KERNEL | __GFP_NOWARN) : kmalloc(size, GFP_KERNEL | __GFP_NOWARN);
	if (!objp)
		return true;
	return EXPECT(!zero || is_filled(objp, 0, size)) && EXPECT(ksize(objp) >= size) &&
	       note_live(objp, size, NULL);
}

static bool apply_krealloc(u32 which, u32 size)
{
	struct live *l = nr_live ? &live[which % nr_live] : NULL;
	u8 *objp;

	if (!l || l->cache)
		return true;
	size = size % 3000 + 1;
	objp = krealloc(l->objp, size, GFP_KERNEL | __GFP_NOWARN);
	if (!objp)
		return true;
	if (!EXPECT(is_filled(objp, l->stamp, min(size, l->size))))
		return false;
	l->objp = objp;
	l->size = size;
	memset(objp, l->stamp, size);
	return true;
}

static bool apply_burst(struct model_cache *cache, u32 nr)
{
	for (nr %= 300; nr; nr--)
		if (!apply_alloc(cache, GFP_KERNEL | __GFP_NOWARN, 1))
			return false;
	return true;
}

/* The newest first, or the oldest. */
static bool apply_free_burst(u32 nr, bool newest)
{
	for (nr %= 300; nr && nr_live; nr--)
		if (!apply_free(newest ? nr_live - 1 : 0))
			return false;
	return true;
}

/*
 * Free an address inside a live object, or to another cache: it is reported, and nothing
 * changes.
 */
static bool apply_misuse(u32 which, u32 offset)
{
	unsigned int before = nr_slab_errors;
	struct live *l = nr_live ? &live[which % nr_live] : NULL;

	if (!l || l->size < 2)
		return true;
	kfree(l->objp + 1 + offset % (l->size - 1));
	host_log_clear();
	return EXPECT_EQ(nr_slab_errors, before + 1);
}

static bool counts_agree(void)
{
	unsigned int i;

	for (i = 0; i < NR_CACHES; i++)
		if (caches[i].cachep &&
		    !EXPECT_EQ(kmem_cache_objects_in_use(caches[i].cachep), caches[i].nr_live))
			return false;
	return true;
}

static bool apply_free_all(void)
{
	while (nr_live)
		if (!apply_free(nr_live - 1))
			return false;
	return counts_agree() && EXPECT(slab_machine_check());
}

static bool apply_one(const struct fuzz_op *op)
{
	struct model_cache *cache = &caches[op->arg[0] % NR_CACHES];
	gfp_t flags = (op->arg[1] % 2 ? GFP_KERNEL : GFP_ATOMIC) | __GFP_NOWARN;

	switch (op->kind) {
	case OP_CREATE:
		return apply_create(cache, op->arg[1], op->arg[2], op->arg[3] % 3 == 0);
	case OP_DESTROY:
		return apply_destroy(cache);
	case OP_ALLOC:
		return apply_alloc(cache, flags, op->arg[2]);
	case OP_FREE:
		return apply_free(op->arg[0]);
	case OP_BURST:
		return apply_burst(cache, op->arg[1]);
	case OP_FREE_BURST:
		return apply_free_burst(op->arg[1], op->arg[0] % 2);
	case OP_KMALLOC:
		return apply_kmalloc(op->arg[0], op->arg[1] % 2);
	case OP_KREALLOC:
		return apply_krealloc(op->arg[0], op->arg[1]);
	case OP_CPU:
		host_set_cpu(op->arg[0] % NR_CPUS);
		return true;
	case OP_SHRINK:
		if (cache->cachep)
			kmem_cache_shrink(cache->cachep);
		return true;
	case OP_MISUSE:
		return apply_misuse(op->arg[0], op->arg[1]);
	default:
		return apply_free_all();
	}
}

static bool check(void)
{
	return counts_agree() && EXPECT(slab_machine_check());
}

static bool apply(const struct fuzz_op *op)
{
	if (!apply_one(op))
		return false;
	return ++nr_applied % CHECK_EVERY != 0 || check();
}

/* --- The engine's side --- */

static const struct machine *machine;
static bool looked_after;

static void reset(void)
{
	if (looked_after)
		machine_param("slab_debug", NULL);
	slab_machine_boot(machine);
}

/* Kinds in a thousand; those that change much are rare. */
static const struct {
	u32 kind, share;
} mix[] = {
	{ OP_CREATE, 40 }, { OP_DESTROY, 20 }, { OP_FREE, 250 }, { OP_BURST, 40 },
	{ OP_FREE_BURST, 40 }, { OP_KMALLOC, 150 }, { OP_KREALLOC, 60 }, { OP_CPU, 80 },
	{ OP_SHRINK, 10 }, { OP_MISUSE, 20 }, { OP_FREE_ALL, 2 },
};

static u32 random_kind(void)
{
	u32 dice = test_random_below(1000);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mix); i++) {
		if (dice < mix[i].share)
			return mix[i].kind;
		dice -= mix[i].share;
	}
	return OP_ALLOC;
}

static void generate(struct fuzz_op *op)
{
	unsigned int i;

	op->kind = random_kind();
	for (i = 0; i < FUZZ_ARGS; i++)
		op->arg[i] = test_random();
}

static void print(const struct fuzz_op *op, char *text, size_t size)
{
	snprintf(text, size, "%s %u %u %u %u", op_names[op->kind % NR_OPS], op->arg[0], op->arg[1],
		 op->arg[2], op->arg[3]);
}

static void fuzz_machine(const struct machine *m, unsigned long ops)
{
	struct fuzz fuzz = {
		.ops = ops, .round = 2000,
		.reset = reset, .generate = generate, .apply = apply, .check = check, .print = print,
	};

	machine = m;
	fuzz_run(&fuzz);
}

TEST("four CPUs on 64 MiB get objects that are whole, and lose none")
{
	fuzz_machine(&machines[1], 40000);
}

TEST("four CPUs on 16 MiB, where memory runs out, get objects that are whole, and lose none")
{
	fuzz_machine(&machines[0], 40000);
}

TEST("four CPUs on two nodes get objects that are whole, and lose none")
{
	fuzz_machine(&machines[9], 40000);
}

TEST("four CPUs on four nodes with high memory get objects that are whole, and lose none")
{
	fuzz_machine(&machines[10], 40000);
}

TEST("four CPUs on two nodes get objects that are whole, and lose none, with slab_debug")
{
	looked_after = true;
	fuzz_machine(&machines[9], 20000);
}
