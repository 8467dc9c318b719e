/* SPDX-License-Identifier: MIT */
/*
 * What the files of the vmalloc area share: pieces of address space, each at one place at a time.
 *
 *          alloc_vmap_area                    free_vmap_area
 *    gap ------------------> busy ----------> lazy ------------> gap
 *    free_vmap_area_root     vmap_area_root    vmap_purge_list    merged with its neighbours
 *    tree, by address,       tree, by address  chain
 *    with largest sizes
 *
 * V4. Every address from VMALLOC_START to VMALLOC_END is in one piece: a gap, a busy area, or a lazy
 *     one: unmapped, and waiting for a flush.
 * V5. No two gaps touch.
 * V6. vmap_area_lock protects both trees, and what their nodes say. It is taken with interrupts off,
 *     since vfree() may be called in an interrupt.
 */
#ifndef MM_VMALLOC_INTERNAL_H
#define MM_VMALLOC_INTERNAL_H

#include <asm/tlbflush.h>
#include <kernel/spinlock.h>
#include <lib/rbtree.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>

struct vmap_block;

/* Pages that are allocated before they are mapped, and unmapped before they are freed. */
#define PAGES_AT_ONCE_ORDER	4
#define PAGES_AT_ONCE		(1u << PAGES_AT_ONCE_ORDER)

/* What of a request's flags is about how memory is asked for, and not which. */
#define GFP_RECLAIM_MASK	(GFP_KERNEL | __GFP_HIGH | __GFP_NOWARN | __GFP_REPEAT | __GFP_NOFAIL | \
				 __GFP_NORETRY | __GFP_MEMALLOC | __GFP_NOMEMALLOC)

struct vmap_area {
	unsigned long va_start;
	unsigned long va_end;			/* behind the last byte, guard page included */
	union {
		struct rb_node rb_node;		/* gap, busy */
		struct vmap_area *next;		/* lazy, and on the way there */
	};
	union {
		unsigned long subtree_max_size;	/* gap: the largest one here and below */
		struct vm_struct *vm;		/* busy: its owner; NULL: vm_map_ram()'s */
	};
	struct vmap_block *vb;			/* busy: the block that lies in it, or NULL */
};

extern struct kmem_cache *vmap_area_cachep, *vm_struct_cachep;	/* NULL before the first request */

/* Nodes for what is there when the kernel boots: device windows, and the gaps between. */
#define NR_EARLY_NODES	16u
extern struct vmap_area early_nodes[NR_EARLY_NODES];
extern struct rb_root vmap_area_root, free_vmap_area_root;
extern spinlock_t vmap_area_lock;

static inline unsigned long va_size(const struct vmap_area *va)
{
	return va->va_end - va->va_start;
}

static inline struct vmap_area *to_vmap_area(const struct rb_node *node)
{
	return rb_entry(node, struct vmap_area, rb_node);
}

/* By rising address. Context: vmap_area_lock held. */
#define for_each_vmap_area(va, node, root)						\
	for ((node) = rb_first(root);							\
	     (node) && ((va) = to_vmap_area(node)); (node) = rb_next(node))

/*
 * Debug builds flush what is unmapped at once, or who uses it still would only fault some day (V2). Tests
 * of what is flushed when set this to false.
 */
extern bool vmap_flush_at_once;

static inline void flush_unmapped(unsigned long start, unsigned long end)
{
	if (CONFIG_DEBUG_VM && vmap_flush_at_once)
		flush_tlb_kernel_range(start, end);
}

/* Entries from that of @addr to the end of its page table. */
static inline unsigned int ptes_left(unsigned long addr)
{
	return PTRS_PER_PTE - (unsigned int)pte_index(addr);
}

/* --- Caches: mm/vm_area.c --- */

/* Make them. Context: thread that may sleep. Return: are they there? */
bool create_vmap_caches(void) __cold;

/* --- Pieces: mm/vmap_area.c --- */

/* What is asked for. */
struct vmap_room {
	unsigned long size;		/* bytes, a multiple of the page size */
	unsigned long align;		/* of the address: a power of two, at least the page size */
	unsigned long start, end;	/* between which */
};

/**
 * alloc_vmap_area - take a piece out of a gap, the lowest there is
 * @room: what is asked for
 * @vm: whose it is; receives the address. NULL: nobody's
 * @gfp_mask: for the structure
 *
 * If there is no room, lazy areas are purged first. Context: thread that may sleep; the caches are
 * there. Return: the area, busy; NULL.
 */
struct vmap_area *alloc_vmap_area(const struct vmap_room *room, struct vm_struct *vm,
				  gfp_t gfp_mask);

/* The busy area that @addr lies in, or NULL. Context: vmap_area_lock held. */
static inline struct vmap_area *__find_vmap_area(unsigned long addr)
{
	struct rb_node *node = vmap_area_root.rb_node;

	assert_spin_locked(&vmap_area_lock);
	while (node) {
		struct vmap_area *va = to_vmap_area(node);

		if (addr < va->va_start)
			node = node->rb_left;
		else if (addr >= va->va_end)
			node = node->rb_right;
		else
			return va;
	}
	return NULL;
}

/* From busy to nobody's. Context: vmap_area_lock held. */
static inline void unlink_vmap_area(struct vmap_area *va)
{
	assert_spin_locked(&vmap_area_lock);
	rb_erase(&va->rb_node, &vmap_area_root);
}

/* Into the tree of busy areas. Context: vmap_area_lock held. */
void insert_vmap_area(struct vmap_area *va);

/**
 * merge_vmap_area - make a piece that is in no tree a gap, or part of one
 * @va: the piece
 * @unused: nodes that are not needed any more are put in front of this chain
 *
 * Context: vmap_area_lock held. Return: the gap.
 */
struct vmap_area *merge_vmap_area(struct vmap_area *va, struct vmap_area **unused);

/* A gap is none any more. Its node goes in front of the chain, unless it is there since boot. */
void remove_gap(struct vmap_area *gap, struct vmap_area **unused);

/* The gap with the largest size below a node of their tree, in bytes. Context: vmap_area_lock held. */
unsigned long largest_gap(void);

/* --- On the way back: mm/vmap_purge.c --- */

/* From nobody's to lazy. Nothing is mapped in it any more. Purges if there are many. Context: any. */
void free_vmap_area_lazy(struct vmap_area *va);

/* Unmap it first. */
void free_unmap_vmap_area(struct vmap_area *va);

/* Make all lazy areas gaps. Context: thread that may sleep. Return: were there any? */
bool purge_vmap_area_lazy(void);

/* Pages of address space that are lazy. */
unsigned long nr_lazy_pages(void);

extern struct vmap_area *vmap_purge_list;
void vmap_purge_init(void);

/* How often the TLBs were flushed for lazy areas. */
extern unsigned long nr_vmap_purges;

/* --- Blocks: mm/vmap_block.c --- */

/* Flush and take apart what blocks have left behind. Context: thread that may sleep. */
void vmap_blocks_purge(void);

/* Are the counts of the block in an area right? Context: vmap_area_lock held. */
bool vmap_block_check(const struct vmap_area *va);

/* --- Giving up: mm/vfree.c --- */

/**
 * take_vm_area - the area that begins at @addr, of kind @kind, becomes the caller's alone
 * @addr: address
 * @kind: VM_ALLOC, ... or a set of them
 * @caller: who wants to give it up
 *
 * It is not busy any more. Context: any. Return: the area; NULL after a report of misuse.
 */
struct vmap_area *take_vm_area(const void *addr, unsigned long kind, const void *caller);

/* Free what vfree() put aside in interrupts. Context: thread that may sleep. */
void vfree_deferred(void);

/* @nr pages of vmalloc_exec(), which are unmapped at @addr and so on, become like others. mm/vmalloc_exec.c */
void release_exec_pages(unsigned long addr, struct page *const *pages, unsigned int nr) __cold;

/* --- Looking: mm/vmalloc_report.c --- */

/*
 * Calls @found, with @arg, for what vmalloc() gave out, and has pages. Context: nobody changes it meanwhile; or
 * stop_machine().
 */
void for_each_vmalloc(void (*found)(void *arg, unsigned long start, unsigned long size), void *arg);

/* --- Misuse: mm/vmalloc_report.c --- */

/* What was freed last, so that a use of it can be named. */
struct freed_area {
	unsigned long not_start;	/* ~ its address, which would be a pointer for kmemleak */
	unsigned long size;		/* bytes, the guard page included */
	const void *allocated_by, *freed_by;
};

#define NR_FREED_AREAS	16
extern struct freed_area freed_areas[NR_FREED_AREAS];
extern unsigned int freed_area_next;

/* Context: vmap_area_lock held. */
static inline void note_freed_area(const struct vm_struct *vm, const void *freed_by)
{
	struct freed_area *freed = &freed_areas[freed_area_next++ % NR_FREED_AREAS];

	freed->not_start = ~(unsigned long)vm->addr;
	freed->size = vm->size;
	freed->allocated_by = vm->caller;
	freed->freed_by = freed_by;
}

/*
 * @addr was given by @caller to a function for areas of kind @kind, VM_..., which it is not. Context: any,
 * vmap_area_lock not held.
 */
void report_bad_vfree(const void *addr, unsigned long kind, const void *caller) __cold;

/* What an area with these VM_ @flags is: "vmalloc area", "vmap area", ... */
const char *vm_area_kind(unsigned long flags);

#endif
