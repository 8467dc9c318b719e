// SPDX-License-Identifier: MIT
/*
 * The soak of the allocator of objects: requests of every kind, and stamps at both ends of each object by
 * which one that is given out twice, or written to by somebody else, is found out.
 *
 *    word    0      1                     last                 of the bytes that may be used
 *          | head | body | body | ...   | tail |
 *
 *    head    31      30    27 26     12 11     8 7      0
 *           +------+--------+----------+--------+--------+
 *           | full | cache  | words    | worker | serial |    never 0, since workers count from 1
 *           +------+--------+----------+--------+--------+
 *    body    as the head says, if that has the bit "full": small objects, and some large ones, of which
 *            BODY_WORDS words are looked at
 *    tail    depends on head and address
 *
 * O1. As long as a worker has an object, it has the words that belong to its head. Before it is given
 *     back the tail is turned over. So no object that is given out has them.
 * O2. An object of a cache with a constructor is given back as it was constructed, and comes like that.
 */
#include <kernel/printk.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include "slab_traits.h"
#include "soak.h"
#include "soak_caches.h"

#define HEAD_FULL	(1u << 31)
#define CACHE_SHIFT	27
#define CACHE_MASK	0xfu
#define WORDS_SHIFT	12
#define WORDS_MASK	0x7fffu
#define WORKER_SHIFT	8
#define SERIAL_MASK	0xffu

/* In place of the number of a cache: of kmalloc(), and of a cache that only one worker knows. */
#define KMALLOC		CACHE_MASK
#define OWN		(CACHE_MASK - 1)

#define WORDS_MIN	SOAK_CTOR_WORDS
#define FULL_WORDS	8	/* objects of no more words have a body; of the others one in */
#define FULL_EVERY	8
#define BODY_WORDS	32	/* so many of it are looked at, no more */
#define ZERO_EVERY	16
#define BULK_MAX	24
#define OWN_OBJECTS	40
#define NAME_BYTES	16

/* One in so many steps, each a power of two. */
#define LOOK_EVERY		1024
#define SHRINK_ALL_EVERY	32768

_Static_assert(SOAK_CACHES <= OWN, "a head names each cache");
_Static_assert(NR_CPUS * SOAK_WORKERS_PER_CPU <= SERIAL_MASK >> 4, "... and each worker");

struct request {
	unsigned int cache;		/* or KMALLOC, or OWN */
	const struct soak_cache *from;	/* that cache; NULL for KMALLOC */
	unsigned int bytes;
	gfp_t gfp;
	int nid;
	bool full;
};

/* ---- Stamps ---- */

static unsigned int words_of(u32 head)
{
	return head >> WORDS_SHIFT & WORDS_MASK;
}

static u32 tail_word(const u32 *objp, u32 head)
{
	return ~(head ^ (u32)objp);
}

/* From one word of the body that is looked at to the next. */
static unsigned int body_step(unsigned int words)
{
	return words / BODY_WORDS + 1;
}

static u32 body_word(u32 head, unsigned int i)
{
	return head * i;
}

static u32 make_head(struct soak_worker *w, const struct request *r)
{
	return (r->full ? HEAD_FULL : 0) | r->cache << CACHE_SHIFT |
	       r->bytes / sizeof(u32) << WORDS_SHIFT | w->id << WORKER_SHIFT |
	       (w->serial++ & SERIAL_MASK);
}

static void put_stamp(u32 *objp, u32 head)
{
	unsigned int i, last = words_of(head) - 1, step = body_step(last);

	for (i = 1; head & HEAD_FULL && i < last; i += step)
		objp[i] = body_word(head, i);
	objp[0] = head;
	objp[last] = tail_word(objp, head);
}

/* O1. The same again puts it back. */
static void turn_tail(u32 *objp)
{
	u32 *tail = objp + words_of(objp[0]) - 1;

	*tail = ~*tail;
}

static unsigned int cache_of(u32 head)
{
	return head >> CACHE_SHIFT & CACHE_MASK;
}

/* Bytes that may be used of an object. The stamp of one of an own cache is not asked for them. */
static size_t usable_bytes(const struct soak *soak, const u32 *objp)
{
	unsigned int cache = cache_of(objp[0]);

	if (cache == OWN)
		return sizeof(u32) * words_of(objp[0]);
	return cache < SOAK_CACHES ? soak->caches->cache[cache].bytes : ksize(objp);
}

/* @bytes: that may be used. */
static bool has_stamp(const u32 *objp, size_t bytes)
{
	u32 head = objp[0];

	return words_of(head) >= WORDS_MIN && words_of(head) * sizeof(u32) <= bytes &&
	       objp[words_of(head) - 1] == tail_word(objp, head);
}

/* The first word of a body, up to word @end, that is not as @head says; 0 if there is none. */
static unsigned int wrong_word(const u32 *objp, u32 head, unsigned int end)
{
	unsigned int i, step = body_step(words_of(head) - 1);

	for (i = 1; head & HEAD_FULL && i < end; i += step)
		if (objp[i] != body_word(head, i))
			return i;
	return 0;
}

/* O1. Return: is it all there? */
static bool check_stamp(struct soak_worker *w, const u32 *objp)
{
	unsigned int i;

	if (!has_stamp(objp, usable_bytes(w->soak, objp))) {
		soak_fault(w, "has lost its stamp; its first word", (unsigned long)objp, objp[0]);
		return false;
	}
	i = wrong_word(objp, objp[0], words_of(objp[0]) - 1);
	if (i)
		soak_fault(w, "overwritten at word", (unsigned long)objp, i);
	return !i;
}

/* ---- Requests ---- */

static gfp_t random_gfp(const struct soak_worker *w, u32 dice)
{
	static const gfp_t patience[] = { GFP_KERNEL | __GFP_NORETRY, GFP_ATOMIC, GFP_NOWAIT,
					  GFP_KERNEL | __GFP_NORETRY };

	if (w->in_interrupt)
		return GFP_ATOMIC | __GFP_NOWARN;
	if (soak_is_patient(w, dice >> 2))
		return GFP_KERNEL | __GFP_NOWARN;
	return patience[dice % 4] | __GFP_NOWARN;
}

/* From this node, or from a certain one, or from that one and no other. */
static void choose_node(struct soak_worker *w, struct request *r)
{
	u32 dice;

	r->nid = NUMA_NO_NODE;
	if (nr_online_nodes == 1)
		return;
	dice = soak_random(w);
	if (dice % 4 == 0)
		r->gfp |= __GFP_THISNODE;
	if (dice % 4 <= 1)
		r->nid = (int)soak_below(dice, (u32)nr_online_nodes);
}

static void choose_bytes(struct soak_worker *w, struct request *r)
{
	u32 dice, size;

	if (r->from) {
		r->bytes = r->from->bytes;
		return;
	}
	dice = soak_random(w);
	size = 8u << soak_below(dice, w->soak->style->doublings);
	r->bytes = size + (dice & (size - 1));
}

/* Half of the requests are for one of the caches, the others for kmalloc(). */
static struct request random_request(struct soak_worker *w)
{
	u32 dice = soak_random(w);
	struct request r = { .cache = dice % (2 * SOAK_CACHES), .gfp = random_gfp(w, dice >> 16) };

	if (r.cache >= SOAK_CACHES || !w->soak->caches->cache[r.cache].cachep)
		r.cache = KMALLOC;
	else
		r.from = &w->soak->caches->cache[r.cache];
	choose_bytes(w, &r);
	choose_node(w, &r);
	r.full = r.bytes <= FULL_WORDS * sizeof(u32) || (dice >> 12) % FULL_EVERY == 0;
	if ((dice >> 8) % ZERO_EVERY == 0 && !(r.from && r.from->ctor))
		r.gfp |= __GFP_ZERO;
	return r;
}

static void *ask(const struct request *r)
{
	if (r->nid == NUMA_NO_NODE)
		return r->from ? kmem_cache_alloc(r->from->cachep, r->gfp)
			       : kmalloc(r->bytes, r->gfp);
	return r->from ? kmem_cache_alloc_node(r->from->cachep, r->gfp, r->nid)
		       : kmalloc_node(r->bytes, r->gfp, r->nid);
}

/* ---- What an object must look like ---- */

/* As far as words are looked at. */
static bool is_zero(const u32 *objp, unsigned int words)
{
	unsigned int i, step = body_step(words);

	for (i = 1; i < words; i += step)
		if (objp[i])
			return false;
	return !objp[0] && !objp[words - 1];
}

static bool is_constructed(const u32 *objp)
{
	unsigned int i;

	for (i = 0; i < SOAK_CTOR_WORDS; i++)
		if (objp[i] != soak_ctor_word(objp, i))
			return false;
	return true;
}

static void check_place(struct soak_worker *w, const struct request *r, const void *objp)
{
	unsigned long addr = (unsigned long)objp;
	unsigned int align = r->from && r->from->align ? r->from->align : ARCH_SLAB_MINALIGN;

	if (!IS_ALIGNED(addr, align))
		soak_fault(w, "not aligned to", addr, align);
	if (!r->from && ksize(objp) < r->bytes)
		soak_fault(w, "smaller than asked for", addr, r->bytes);
	if (r->gfp & __GFP_THISNODE && r->nid != NUMA_NO_NODE &&
	    page_to_nid(virt_to_page(objp)) != r->nid)
		soak_fault(w, "not of the node", addr, (unsigned long)r->nid);
}

static void check_new(struct soak_worker *w, const struct request *r, const u32 *objp)
{
	unsigned long addr = (unsigned long)objp;

	check_place(w, r, objp);
	if (has_stamp(objp, r->from ? r->bytes : ksize(objp)))
		soak_fault(w, "given out twice; its stamp", addr, objp[0]);
	if (r->gfp & __GFP_ZERO && !is_zero(objp, r->bytes / sizeof(u32)))
		soak_fault(w, "should be zero; its first word", addr, objp[0]);
	if (r->from && r->from->ctor && !is_constructed(objp))
		soak_fault(w, "is not as it was constructed; its first word", addr, objp[0]);
}

/* An object has come. */
static void receive(struct soak_worker *w, const struct request *r, u32 *objp)
{
	check_new(w, r, objp);
	put_stamp(objp, make_head(w, r));
	w->digest = w->digest * 31 + ((u32)objp ^ r->bytes);
}

/* An object is about to go. Return: may it? Where it came from is in @cache. */
static bool dismiss(struct soak_worker *w, u32 *objp, unsigned int *cache)
{
	if (!check_stamp(w, objp))
		return false;
	*cache = cache_of(objp[0]);
	turn_tail(objp);
	if (*cache < SOAK_CACHES && w->soak->caches->cache[*cache].ctor)
		soak_construct(objp);
	return true;
}

/* ---- One at a time ---- */

static void *take_object(struct soak_worker *w)
{
	struct request r = random_request(w);
	void *objp = ask(&r);

	if (objp)
		receive(w, &r, objp);
	else
		w->nr_failed++;
	return objp;
}

/* kfree() takes objects of any cache, if it can know which that is. */
static void give_object(struct soak_worker *w, void *objp)
{
	unsigned int cache;

	if (!dismiss(w, objp, &cache))
		return;
	if (cache == KMALLOC || (w->serial % 4 == 0 && owner_is_known(objp)))
		kfree(objp);
	else
		kmem_cache_free(w->soak->caches->cache[cache].cachep, objp);
}

/* What krealloc() has to keep, as it was written at @from, is at @to. */
static void check_copy(struct soak_worker *w, const u32 *to, const u32 *from, u32 head,
		       unsigned int words)
{
	unsigned int last = words_of(head) - 1;

	if (to[0] != head || wrong_word(to, head, min(words, last)) ||
	    (words > last && to[last] != ~tail_word(from, head)))
		soak_fault(w, "changed by krealloc(); its first word", (unsigned long)to, to[0]);
}

/* Another size for what kmalloc() gave. Others stay as they are, which is looked at. */
static void *change_object(struct soak_worker *w, void *thing)
{
	struct request r = { .cache = KMALLOC, .gfp = random_gfp(w, soak_random(w)) };
	u32 *objp = thing, *moved, head = objp[0];

	if (!check_stamp(w, objp) || cache_of(head) != KMALLOC)
		return objp;
	choose_bytes(w, &r);
	r.full = head & HEAD_FULL;
	turn_tail(objp);
	moved = krealloc(objp, r.bytes, r.gfp);
	if (!moved) {
		turn_tail(objp);
		w->nr_failed++;
		return objp;
	}
	check_copy(w, moved, objp, head, r.bytes / sizeof(u32));
	put_stamp(moved, make_head(w, &r));
	return moved;
}

/* ---- Many at a time ---- */

static void use_bulk(struct soak_worker *w)
{
	struct request r = random_request(w);
	void *objs[BULK_MAX];
	unsigned int nr = 1 + soak_below(soak_random(w), BULK_MAX), i, cache;

	if (!r.from || r.nid != NUMA_NO_NODE)
		return;
	soak_did(w, 2 * nr);
	if (!kmem_cache_alloc_bulk(r.from->cachep, r.gfp, nr, objs)) {
		w->nr_failed++;
		return;
	}
	for (i = 0; i < nr; i++)
		receive(w, &r, objs[i]);
	for (i = 0; i < nr; i++)
		if (!dismiss(w, objs[i], &cache))
			return;
	kmem_cache_free_bulk(r.from->cachep, nr, objs);
}

/* Fill @objs from a cache that nobody else knows. Return: how many there are. */
static unsigned int fill_from(struct soak_worker *w, const struct soak_cache *cache, void **objs)
{
	struct request r = {
		.cache = OWN, .from = cache, .bytes = cache->bytes, .nid = NUMA_NO_NODE,
		.gfp = random_gfp(w, soak_random(w)), .full = true,
	};
	unsigned int nr;

	for (nr = 0; nr < OWN_OBJECTS; nr++) {
		objs[nr] = ask(&r);
		if (!objs[nr])
			break;
		receive(w, &r, objs[nr]);
	}
	soak_did(w, 2 * nr);
	return nr;
}

/* A cache is made, while all others work; used; and destroyed. */
static void use_own_cache(struct soak_worker *w)
{
	struct soak_cache cache;
	char name[NAME_BYTES];
	void *objs[OWN_OBJECTS];
	unsigned int nr, number;

	snprintf(name, sizeof(name), "soak-own-%u", w->id);
	if (!soak_cache_create(&cache, name, &w->random)) {
		w->nr_failed++;
		return;
	}
	for (nr = fill_from(w, &cache, objs); nr; nr--)
		if (dismiss(w, objs[nr - 1], &number)) {
			if (cache.ctor)
				soak_construct(objs[nr - 1]);
			kmem_cache_free(cache.cachep, objs[nr - 1]);
		}
	soak_cache_destroy(&cache);
}

/* ---- Now and then ---- */

static void look_at_statistics(struct soak_worker *w)
{
	unsigned long nr = nr_slab_pages(true) + nr_slab_pages(false);

	if (nr > w->soak->nr_pages)
		soak_fault(w, "more pages in caches than there are", 0, nr);
}

static void do_now_and_then(struct soak_worker *w, u32 dice)
{
	if (one_in(dice, LOOK_EVERY))
		look_at_statistics(w);
	if (one_in(dice, w->soak->style->bulk_every))
		use_bulk(w);
}

static void do_as_thread(struct soak_worker *w, u32 dice)
{
	struct soak_cache *cache = &w->soak->caches->cache[dice >> 16 & (SOAK_CACHES - 1)];

	if (one_in(dice, w->soak->style->shrink_every) && cache->cachep)
		kmem_cache_shrink(cache->cachep);
	if (one_in(dice, SHRINK_ALL_EVERY))
		kmalloc_shrink();
	if (one_in(dice, w->soak->style->cache_every))
		use_own_cache(w);
}

/* ---- What is held ---- */

static bool is_of_cache(const void *objp)
{
	return PageSlab(virt_to_page(objp));
}

static void add_object(const struct soak *soak, const void *objp, struct soak_use *use)
{
	(void)soak;
	if (is_of_cache(objp))
		use->objects++;
	else
		use->pages += (long)(ksize(objp) / PAGE_SIZE);
}

/* ---- The kind ---- */

static bool prepare(struct soak *soak)
{
	soak->caches = kzalloc(sizeof(*soak->caches), GFP_KERNEL);
	return soak->caches;
}

static void finish(struct soak *soak)
{
	if (soak->caches)
		soak_caches_destroy(soak);
	kfree(soak->caches);
	kmalloc_shrink();
}

/* With the first style other caches come; and when there are none. */
static void begin_round(struct soak *soak)
{
	if (soak->style != soak->mix->styles && soak->caches->cache[0].cachep)
		return;
	soak_give_all(soak);
	soak_caches_renew(soak);
	soak_count_objects_anew(soak);
}

const struct soak_kind soak_kind_objects = {
	.nr = SOAK_OBJECTS,
	.name = "objects",
	.unit = "object",
	.prepare = prepare,
	.finish = finish,
	.begin_round = begin_round,
	.take = take_object,
	.give = give_object,
	.change = change_object,
	.do_now_and_then = do_now_and_then,
	.do_as_thread = do_as_thread,
	.add_use = add_object,
};
