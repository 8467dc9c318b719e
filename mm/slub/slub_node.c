// SPDX-License-Identifier: MIT
/*
 * Slabs and their owners: how one goes from a node to a CPU and back, and how objects are put into
 * a slab of whosoever.
 *
 *                             freelist        inuse        frozen   on a list
 *    a CPU has it             as others free  any          yes      no, or on the CPU's
 *    node's, partial          some            < num        no       n->partial
 *    node's, full             NULL            num          no       no
 *    isolated                 NULL            num          yes      no
 *
 *    full, first free ---> frozen: this CPU's, for later           put_cpu_partial()
 *                     \--> n->partial                              another node's, or looked after
 *    partial, last free -> empty: stays on n->partial, if there are few; or its pages go
 *    full, all free at once ---> the same; and no lock is needed for its pages to go
 *
 * A slab that a CPU has, and one of the node's that goes on having free objects as well as some in
 * use, takes what is freed without a lock. What changes the list is done under list_lock, which is
 * taken before the state is changed, if it looks as if that will change the list.
 *
 * N1. A slab on n->partial is not frozen, has free objects, and nr_partial counts it.
 * N2. A slab that is not frozen gets onto the list, or off it, only by who holds list_lock.
 *
 * After __slab_free(), get_partial_node(), acquire_slab() and get_freelist() of Linux 3.10, and
 * alloc_single_from_partial() of 6.2.
 */
#include <kernel/bug.h>
#include "slub.h"

/* No slabs. Context: nobody uses it yet. */
void init_kmem_cache_node(struct kmem_cache_node *n)
{
	spin_lock_init(&n->list_lock);
	n->nr_partial = 0;
	INIT_LIST_HEAD(&n->partial);
	atomic_set(&n->nr_slabs, 0);
}

/* --- The list --- */

static void add_partial(struct kmem_cache_node *n, struct slab *slab)
{
	assert_spin_locked(&n->list_lock);
	list_add_tail(&slab->list, &n->partial);
	n->nr_partial++;
}

void remove_partial(struct kmem_cache_node *n, struct slab *slab)
{
	assert_spin_locked(&n->list_lock);
	list_del(&slab->list);
	n->nr_partial--;
}

void add_new_slab(struct kmem_cache *s, struct slab *slab)
{
	struct kmem_cache_node *n = get_node(s, slab_nid(slab));
	unsigned long flags;

	spin_lock_irqsave(&n->list_lock, flags);
	add_partial(n, slab);
	spin_unlock_irqrestore(&n->list_lock, flags);
}

/* A slab that was on no list, and is the node's. Return: is it empty, and too many? */
static bool place_slab(struct kmem_cache *s, struct kmem_cache_node *n, struct slab *slab,
		       union freelist_state state)
{
	if (!state.inuse && n->nr_partial >= s->min_partial)
		return true;
	if (state.freelist)
		add_partial(n, slab);
	return false;
}

/* --- Freeing --- */

/* Would this CPU keep a slab that was full, and is no more? */
static bool wants_slab(const struct kmem_cache *s, const struct slab *slab)
{
	return s->cpu_partial && slab_nid(slab) == numa_node_id();
}

/* What the state is with these objects put back. */
static union freelist_state state_after_free(const struct kmem_cache *s, const struct slab *slab,
					     union freelist_state state, void *head,
					     unsigned int cnt)
{
	bool was_full = !state.freelist;

	VM_BUG_ON(state.inuse < cnt, "%s: %u objects are freed of %u in use", s->name, cnt,
		  state.inuse);
	state.freelist = head;
	state.inuse -= cnt;
	if (!state.frozen && was_full && state.inuse && wants_slab(s, slab))
		state.frozen = 1;
	return state;
}

/* Does the slab come onto the list by that, or perhaps off it? */
static bool changes_list(union freelist_state old, union freelist_state new)
{
	return !new.frozen && (!old.freelist || !new.inuse);
}

/* Context: list_lock held. Return: is the slab to be discarded? */
static bool change_list(struct kmem_cache *s, struct kmem_cache_node *n, struct slab *slab,
			union freelist_state old, union freelist_state new)
{
	if (!old.freelist)
		return place_slab(s, n, slab, new);
	if (n->nr_partial <= s->min_partial)
		return false;
	remove_partial(n, slab);
	return true;
}

/*
 * Are these all objects of a slab that no CPU has, and has its node as many empty ones as it keeps? Nobody
 * else can get at such a slab any more, and so its pages go without a lock. Its counters, without the
 * flags that stand above, are @cnt.
 */
static bool is_whole_slab(const struct kmem_cache *s, const struct slab *slab, unsigned int cnt)
{
	const union freelist_state state = freelist_state(slab);

	return cnt == s->num && !state.freelist && state.counters == cnt &&
	       READ_ONCE(get_node(s, slab_nid(slab))->nr_partial) >= s->min_partial;
}

static noinline void free_to_slab(struct kmem_cache *s, struct slab *slab, void *head, void *tail,
				  unsigned int cnt)
{
	struct kmem_cache_node *n = get_node(s, slab_nid(slab));
	bool locked = false, discard = false;
	union freelist_state old, new;

	for (;;) {
		old = freelist_state(slab);
		if (unlikely(old.isolated))
			break;
		set_freepointer(s, tail, old.freelist);
		new = state_after_free(s, slab, old, head, cnt);
		if (changes_list(old, new) && !locked) {
			spin_lock(&n->list_lock);
			locked = true;
		}
		if (cmpxchg_double_slab(slab, old, new))
			break;
	}
	if (locked && !old.isolated && changes_list(old, new))
		discard = change_list(s, n, slab, old, new);
	if (locked)
		spin_unlock(&n->list_lock);
	if (discard)
		discard_slab(s, slab);
	else if (!old.isolated && new.frozen && !old.frozen)
		put_cpu_partial(s, slab, s->num - new.inuse);
}

void __slab_free(struct kmem_cache *s, struct slab *slab, void *head, void *tail, unsigned int cnt)
{
	VM_BUG_ON(!irqs_disabled() || slab->cache != s, "%s: a slab of %s", s->name,
		  slab->cache->name);
	if (is_whole_slab(s, slab, cnt))
		discard_slab(s, slab);
	else
		free_to_slab(s, slab, head, tail, cnt);
}

/* --- Giving a slab to its node --- */

void unfreeze_slab(struct kmem_cache *s, struct slab *slab)
{
	struct kmem_cache_node *n = get_node(s, slab_nid(slab));
	union freelist_state old, new;
	bool discard;

	VM_BUG_ON(!irqs_disabled() || slab->cache != s, "%s: a slab of %s", s->name,
		  slab->cache->name);
	spin_lock(&n->list_lock);
	do {
		old = new = freelist_state(slab);
		new.frozen = 0;
	} while (!cmpxchg_double_slab(slab, old, new));
	discard = place_slab(s, n, slab, new);
	spin_unlock(&n->list_lock);
	if (discard)
		discard_slab(s, slab);
}

/* --- Giving a slab to a CPU --- */

void *get_freelist(struct kmem_cache *s, struct slab *slab)
{
	union freelist_state old, new;

	do {
		old = new = freelist_state(slab);
		VM_BUG_ON(!old.frozen, "%s: slab %p is nobody's", s->name, slab_address(slab));
		new.freelist = NULL;
		new.inuse = s->num;
		new.frozen = old.freelist != NULL;
	} while (!cmpxchg_double_slab(slab, old, new));
	return old.freelist;
}

/* Freeze a slab, and take it off the list. Context: list_lock held. Return: its free objects. */
static unsigned int acquire_slab(struct kmem_cache *s, struct kmem_cache_node *n, struct slab *slab)
{
	union freelist_state old, new;

	do {
		old = new = freelist_state(slab);
		new.frozen = 1;
	} while (!cmpxchg_double_slab(slab, old, new));
	VM_BUG_ON(old.frozen || !old.freelist, "%s: N1: slab %p", s->name, slab_address(slab));
	remove_partial(n, slab);
	return s->num - old.inuse;
}

void *get_partial(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	struct kmem_cache_node *n = get_node(s, numa_node_id());
	struct slab *slab, *next;
	unsigned int nr_free = 0;

	VM_BUG_ON(c->page || c->partial, "%s: this CPU has slabs", s->name);
	if (!READ_ONCE(n->nr_partial))
		return NULL;
	spin_lock(&n->list_lock);
	list_for_each_entry_safe(slab, next, &n->partial, list) {
		unsigned int nr = acquire_slab(s, n, slab);

		if (!c->page)
			set_cpu_slab(c, slab);
		else
			push_cpu_partial(c, slab, nr);
		nr_free += nr;
		if (nr_free > s->cpu_partial / 2)
			break;
	}
	spin_unlock(&n->list_lock);
	return c->page ? get_freelist(s, c->page) : NULL;
}

/* --- One object, without giving the slab away --- */

/*
 * Context: list_lock held, so that nobody else takes objects. Return: an object; NULL if the
 * freelist is damaged: it leads elsewhere, or ends too early.
 */
static void *take_single(struct kmem_cache *s, struct kmem_cache_node *n, struct slab *slab)
{
	union freelist_state old, new;

	do {
		old = new = freelist_state(slab);
		if (!is_object_of(s, slab_address(slab), old.freelist))
			return NULL;
		new.freelist = get_freepointer(s, old.freelist);
		new.inuse++;
		if (!new.freelist && new.inuse != s->num)
			return NULL;
	} while (!cmpxchg_double_slab(slab, old, new));
	if (!new.freelist)
		remove_partial(n, slab);
	return old.freelist;
}

void *alloc_single_from_partial(struct kmem_cache *s, int nid)
{
	struct kmem_cache_node *n = get_node(s, nid);
	unsigned long flags;
	struct slab *slab;
	void *objp = NULL;

	spin_lock_irqsave(&n->list_lock, flags);
	while (!objp && !list_empty(&n->partial)) {
		slab = list_first_entry(&n->partial, struct slab, list);
		objp = take_single(s, n, slab);
		if (unlikely(!objp)) {
			remove_partial(n, slab);
			isolate_slab(s, slab, freelist_state(slab).freelist);
		}
	}
	spin_unlock_irqrestore(&n->list_lock, flags);
	return objp;
}

unsigned int discard_empty_slabs(struct kmem_cache *s, int nid, unsigned int max)
{
	struct kmem_cache_node *n = get_node(s, nid);
	struct slab *slab, *next;
	unsigned int nr = 0;
	unsigned long flags;
	LIST_HEAD(doomed);

	spin_lock_irqsave(&n->list_lock, flags);
	list_for_each_entry_safe(slab, next, &n->partial, list) {
		if (nr == max)
			break;
		if (freelist_state(slab).inuse)
			continue;
		remove_partial(n, slab);
		list_add(&slab->list, &doomed);
		nr++;
	}
	spin_unlock_irqrestore(&n->list_lock, flags);
	list_for_each_entry_safe(slab, next, &doomed, list)
		discard_slab(s, slab);
	return nr;
}
