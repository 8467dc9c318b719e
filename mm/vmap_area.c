// SPDX-License-Identifier: MIT
/*
 * Pieces of the vmalloc area: which addresses are taken, and where there is room. The states of a
 * piece, and V4 to V6, are in vmalloc_internal.h.
 *
 * Gaps are a red-black tree by address, in which each node knows the largest size below it:
 *
 *                     gap 8                            wanted, the lowest address: 5
 *                   max 12                             left has at most 4: not there
 *               /            \                         8 is enough: here
 *          gap 4              gap 12                   wanted: 10
 *          max 4              max 12                   left no, here no: right
 *
 * So one way down finds the lowest gap that is large enough, however many there are: first fit, which
 * keeps areas together and large gaps large. Linux 6.1 has the same trees.
 *
 * An address that is to be aligned is looked for with as many bytes more as the alignment may cost at
 * most: what is found, fits. Only if nothing is, gaps that might fit by luck are tried one by one.
 */
#include <kernel/bug.h>
#include <lib/math.h>
#include <mm/kasan.h>
#include <mm/slab.h>
#include "vmalloc_internal.h"

struct rb_root vmap_area_root, free_vmap_area_root;
DEFINE_SPINLOCK(vmap_area_lock);

static inline unsigned long gap_size(const struct vmap_area *gap)
{
	return va_size(gap);
}

RB_DECLARE_CALLBACKS_MAX(static, gap_callbacks, struct vmap_area, rb_node, unsigned long,
			 subtree_max_size, gap_size);

static inline unsigned long max_below(const struct rb_node *node)
{
	return node ? to_vmap_area(node)->subtree_max_size : 0;
}

/* What gap_callbacks.propagate() does, for the most frequent change: it need not be called. */
static __always_inline void update_max_above(struct vmap_area *gap)
{
	struct rb_node *node = &gap->rb_node;

	do {
		struct vmap_area *va = to_vmap_area(node);
		unsigned long size = max(max_below(node->rb_left), max_below(node->rb_right));

		size = max(size, va_size(va));
		if (va->subtree_max_size == size)
			break;
		va->subtree_max_size = size;
		node = rb_parent(node);
	} while (node);
}

unsigned long largest_gap(void)
{
	assert_spin_locked(&vmap_area_lock);
	return max_below(free_vmap_area_root.rb_node);
}

/* ---- Busy areas ---- */

void insert_vmap_area(struct vmap_area *va)
{
	struct rb_node **link = &vmap_area_root.rb_node, *parent = NULL;

	assert_spin_locked(&vmap_area_lock);
	while (*link) {
		parent = *link;
		link = va->va_start < to_vmap_area(parent)->va_start ? &parent->rb_left :
								       &parent->rb_right;
	}
	rb_link_node(&va->rb_node, parent, link);
	rb_insert_color(&va->rb_node, &vmap_area_root);
}

/* ---- Finding room ---- */

/* The lowest gap of at least @length bytes below @node, where there is one. */
static inline struct vmap_area *lowest_gap(struct rb_node *node, unsigned long length)
{
	for (;;) {
		if (max_below(node->rb_left) >= length)
			node = node->rb_left;
		else if (va_size(to_vmap_area(node)) >= length)
			return to_vmap_area(node);
		else
			node = node->rb_right;
	}
}

/* The next gap above @gap that has at least @length bytes; NULL if there is none. */
static struct vmap_area *next_gap(struct vmap_area *gap, unsigned long length)
{
	struct rb_node *node = &gap->rb_node, *parent;

	for (;;) {
		if (max_below(node->rb_right) >= length)
			return lowest_gap(node->rb_right, length);
		while ((parent = rb_parent(node)) && parent->rb_right == node)
			node = parent;
		if (!parent)
			return NULL;
		if (va_size(to_vmap_area(parent)) >= length)
			return to_vmap_area(parent);
		node = parent;
	}
}

/* The lowest gap that ends above @addr. */
static struct vmap_area *first_gap_above(unsigned long addr)
{
	struct rb_node *node = free_vmap_area_root.rb_node;
	struct vmap_area *found = NULL;

	while (node) {
		if (to_vmap_area(node)->va_end > addr) {
			found = to_vmap_area(node);
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/* Where in a gap the room would be; 0 if it is not there. */
static inline unsigned long place_in_gap(const struct vmap_area *gap, const struct vmap_room *room)
{
	unsigned long addr = ALIGN(max(gap->va_start, room->start), room->align);
	unsigned long end = min(gap->va_end, room->end);

	return addr >= gap->va_start && addr < end && end - addr >= room->size ? addr : 0;
}

/* The lowest place in gaps of at least @length bytes. Return: its address, and the gap; or 0. */
static unsigned long find_place(const struct vmap_room *room, unsigned long length,
				struct vmap_area **where)
{
	struct vmap_area *gap;
	unsigned long addr;

	if (max_below(free_vmap_area_root.rb_node) < length)
		return 0;
	gap = room->start <= VMALLOC_START ? lowest_gap(free_vmap_area_root.rb_node, length) :
					     first_gap_above(room->start);
	for (; gap && gap->va_start < room->end; gap = next_gap(gap, length)) {
		addr = place_in_gap(gap, room);
		if (likely(addr)) {
			*where = gap;
			return addr;
		}
	}
	return 0;
}

static unsigned long find_room(const struct vmap_room *room, struct vmap_area **where)
{
	unsigned long extra = room->align - PAGE_SIZE, addr;
	struct vmap_area *gap;

	/* What most ask for needs no more. */
	if (likely(max_below(free_vmap_area_root.rb_node) >= room->size)) {
		*where = gap = lowest_gap(free_vmap_area_root.rb_node, room->size);
		if (likely(!extra && gap->va_start >= room->start && gap->va_start < room->end &&
			   room->end - gap->va_start >= room->size))
			return gap->va_start;
	}
	addr = room->size + extra >= room->size ? find_place(room, room->size + extra, where) : 0;
	return addr || !extra ? addr : find_place(room, room->size, where);
}

/* ---- Taking it ---- */

static inline void not_needed(struct vmap_area *va, struct vmap_area **unused)
{
	va->next = *unused;
	*unused = va;
}

void remove_gap(struct vmap_area *gap, struct vmap_area **unused)
{
	rb_erase_augmented(&gap->rb_node, &free_vmap_area_root, &gap_callbacks);
	if (gap < early_nodes || gap >= early_nodes + NR_EARLY_NODES)
		not_needed(gap, unused);
	else
		gap->va_start = gap->va_end = 0;	/* they would be pointers, for kmemleak */
}

/* Return value of take_room(): there is room, but amid a gap, which becomes two. */
#define NEEDS_NODE	1UL

/*
 * Take a piece out of a gap. *@spare is a node that is used if the gap becomes two; and if nothing is
 * left of the gap, the node that was its. Return: the address; 0: no room; NEEDS_NODE.
 */
static unsigned long take_room(const struct vmap_room *room, struct vmap_area **spare)
{
	unsigned long addr, end;
	struct vmap_area *gap;

	addr = find_room(room, &gap);
	if (unlikely(!addr))
		return 0;
	end = addr + room->size;
	if (likely(addr == gap->va_start && end < gap->va_end)) {
		gap->va_start = end;
		update_max_above(gap);
		return addr;
	} else if (addr == gap->va_start) {
		remove_gap(gap, spare);
		return addr;
	} else if (end == gap->va_end) {
		gap->va_end = addr;
	} else {
		struct vmap_area *upper = *spare, *unused = NULL;

		if (!upper)
			return NEEDS_NODE;
		*spare = upper->next;
		upper->va_start = end;
		upper->va_end = gap->va_end;
		gap->va_end = addr;
		gap_callbacks.propagate(&gap->rb_node, NULL);
		merge_vmap_area(upper, &unused);
		return addr;
	}
	gap_callbacks.propagate(&gap->rb_node, NULL);
	return addr;
}

static inline struct vmap_area *new_node(gfp_t gfp_mask)
{
	return __kmem_cache_alloc(vmap_area_cachep, gfp_mask & GFP_RECLAIM_MASK);
}

static void free_nodes(struct vmap_area *va)
{
	while (va) {
		struct vmap_area *next = va->next;

		kmem_cache_free(vmap_area_cachep, va);
		va = next;
	}
}

/* Take room for @va and make it busy. As take_room(). */
static unsigned long take_room_for(struct vmap_area *va, const struct vmap_room *room,
				   struct vmap_area **spare)
{
	unsigned long flags, addr;

	spin_lock_irqsave(&vmap_area_lock, flags);
	addr = take_room(room, spare);
	if (likely(addr > NEEDS_NODE)) {
		va->va_start = addr;
		va->va_end = addr + room->size;
		if (va->vm)
			va->vm->addr = (void *)addr;
		insert_vmap_area(va);
	}
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return addr;
}

/* What is done before it is said that there is no room. Return: may there be some now? */
static __cold bool make_room(bool *purged)
{
	if (*purged)
		return false;
	*purged = true;
	vm_unmap_aliases();
	return true;
}

struct vmap_area *alloc_vmap_area(const struct vmap_room *room, struct vm_struct *vm,
				  gfp_t gfp_mask)
{
	struct vmap_area *va, *spare = NULL;
	bool purged = false;
	unsigned long addr;

	VM_BUG_ON(!room->size || !IS_ALIGNED(room->size, PAGE_SIZE), "%lu bytes", room->size);
	VM_BUG_ON(!is_power_of_2(room->align) || room->align < PAGE_SIZE, "alignment %lu",
		  room->align);
	va = new_node(gfp_mask);
	if (unlikely(!va))
		return NULL;
	va->vm = vm;
	va->vb = NULL;
	while (unlikely((addr = take_room_for(va, room, &spare)) <= NEEDS_NODE)) {
		if (addr == NEEDS_NODE ? !(spare = new_node(gfp_mask)) : !make_room(&purged)) {
			kmem_cache_free(vmap_area_cachep, va);
			va = NULL;
			break;
		}
		if (addr == NEEDS_NODE)
			spare->next = NULL;
	}
	if (unlikely(spare))
		free_nodes(spare);
	if (va)
		kasan_unpoison_vmalloc(va->va_start, va_size(va));
	return va;
}

/* ---- Giving it back ---- */

/* The gaps below and above @va, and the link between them that is empty. */
struct neighbours {
	struct vmap_area *below, *above;
	struct rb_node *parent, **link;
};

static struct neighbours find_neighbours(const struct vmap_area *va)
{
	struct neighbours n = { .link = &free_vmap_area_root.rb_node };

	while (*n.link) {
		n.parent = *n.link;
		if (va->va_start < to_vmap_area(n.parent)->va_start) {
			n.above = to_vmap_area(n.parent);
			n.link = &n.parent->rb_left;
		} else {
			n.below = to_vmap_area(n.parent);
			n.link = &n.parent->rb_right;
		}
	}
	BUG_ON((n.below && n.below->va_end > va->va_start) ||
	       (n.above && n.above->va_start < va->va_end), "%08lx-%08lx is free already (V4)",
	       va->va_start, va->va_end);
	return n;
}

struct vmap_area *merge_vmap_area(struct vmap_area *va, struct vmap_area **unused)
{
	struct neighbours n = find_neighbours(va);
	unsigned long end = va->va_end;

	assert_spin_locked(&vmap_area_lock);
	if (n.below && n.below->va_end == va->va_start) {
		not_needed(va, unused);
		if (n.above && n.above->va_start == end) {
			end = n.above->va_end;
			remove_gap(n.above, unused);
		}
		va = n.below;
		va->va_end = end;
	} else if (n.above && n.above->va_start == end) {
		n.above->va_start = va->va_start;
		not_needed(va, unused);
		va = n.above;
	} else {
		rb_link_node(&va->rb_node, n.parent, n.link);
		va->subtree_max_size = 0;
		gap_callbacks.propagate(&va->rb_node, NULL);
		rb_insert_augmented(&va->rb_node, &free_vmap_area_root, &gap_callbacks);
		return va;
	}
	gap_callbacks.propagate(&va->rb_node, NULL);
	return va;
}
