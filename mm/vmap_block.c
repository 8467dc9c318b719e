// SPDX-License-Identifier: MIT
/*
 * vm_map_ram(): addresses for a few pages and a short time, without looking for room each time. Each
 * CPU has a block of addresses at hand, from which it gives out the lowest that were never used:
 *
 *    |  given out, unmapped again  | given out, mapped |          not given out          |
 *    0                                                 used                    VMAP_BLOCK_PAGES
 *      dirty: pages that were unmapped
 *
 * A block that is used up is retired: the CPU takes another one. When all of a retired block is dirty,
 * its addresses go back, by way of the one flush that serves many (mm/vmap_purge.c).
 *
 * B1. A page of a block is mapped once at most: so no flush is needed while the block lives.
 * B2. The queue's lock protects its blocks. A block is on its queue's list until who finds it retired
 *     and wholly dirty takes it off, and frees it.
 *
 * Differs from Linux: a CPU gives out from one block, not from all that it has.
 */
#include <asm/cacheflush.h>
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/cpumask.h>
#include <kernel/percpu.h>
#include <mm/slab.h>
#include "vmalloc_internal.h"

#define VMAP_BLOCK_PAGES	256u
#define VMAP_BLOCK_SIZE		(VMAP_BLOCK_PAGES * PAGE_SIZE)

struct vmap_block_queue {
	spinlock_t lock;
	struct vmap_block *now;		/* from which is given out; NULL: none */
	struct list_head blocks;	/* all; NULL: there was none yet */
};

struct vmap_block {
	struct list_head list;
	struct vmap_block_queue *queue;
	struct vmap_area *va;
	unsigned int used, dirty;	/* pages */
	unsigned int flushed;		/* dirty at the last flush */
};

static DEFINE_PER_CPU(struct vmap_block_queue, vmap_block_queues) = { .lock = __SPIN_LOCK_UNLOCKED };

static struct vmap_block_queue *lock_queue(struct vmap_block_queue *queue)
{
	spin_lock(&queue->lock);
	if (!queue->blocks.next)
		INIT_LIST_HEAD(&queue->blocks);
	return queue;
}

/* ---- Blocks ---- */

static struct vmap_area *alloc_ram_area(unsigned long size)
{
	const struct vmap_room room = { size, PAGE_SIZE, VMALLOC_START, VMALLOC_END };

	if (unlikely(!READ_ONCE(vmap_area_cachep)) && !create_vmap_caches())
		return NULL;
	return alloc_vmap_area(&room, NULL, GFP_KERNEL);
}

static struct vmap_block *new_vmap_block(void)
{
	struct vmap_block *vb = kmalloc(sizeof(*vb), GFP_KERNEL);
	struct vmap_area *va;

	if (!vb)
		return NULL;
	va = alloc_ram_area(VMAP_BLOCK_SIZE);
	if (!va) {
		kfree(vb);
		return NULL;
	}
	*vb = (struct vmap_block){ .va = va };
	return vb;
}

/* Is it over with a block? Then it leaves its queue, and is the caller's to free. */
static struct vmap_block *take_if_done(struct vmap_block *vb)
{
	assert_spin_locked(&vb->queue->lock);
	if (vb == vb->queue->now || vb->dirty != vb->used)
		return NULL;
	list_del(&vb->list);
	return vb;
}

static void free_vmap_block(struct vmap_block *vb)
{
	struct vmap_area *va;
	unsigned long flags;

	if (!vb)
		return;
	va = vb->va;
	spin_lock_irqsave(&vmap_area_lock, flags);
	unlink_vmap_area(va);
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	kfree(vb);
	free_vmap_area_lazy(bug(FREED_FIRST) ? vb->va : va);
}

/* The block that a CPU has at hand is not any more. Context: lock held. Return: to be freed. */
static struct vmap_block *retire_block(struct vmap_block_queue *queue)
{
	struct vmap_block *vb = queue->now;

	queue->now = NULL;
	return vb ? take_if_done(vb) : NULL;
}

/* ---- Giving out ---- */

/* Return: the first address of @count pages; 0 if the block has not so many. Context: lock held. */
static unsigned long take_pages(struct vmap_block *vb, unsigned int count)
{
	unsigned long addr;

	if (!vb || VMAP_BLOCK_PAGES - vb->used < count)
		return 0;
	addr = vb->va->va_start + vb->used * PAGE_SIZE;
	vb->used += count;
	return addr;
}

/* With a new block. Return: as take_pages(); 0 if there is none to be had. */
static unsigned long take_from_new_block(unsigned int count)
{
	struct vmap_block *vb = new_vmap_block(), *retired;
	struct vmap_block_queue *queue;
	unsigned long addr, flags;

	if (!vb)
		return 0;
	queue = lock_queue(this_cpu_ptr(&vmap_block_queues));
	retired = retire_block(queue);
	vb->queue = queue;
	list_add(&vb->list, &queue->blocks);
	queue->now = vb;
	addr = take_pages(vb, count);
	spin_lock_irqsave(&vmap_area_lock, flags);
	vb->va->vb = vb;
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	spin_unlock(&queue->lock);
	free_vmap_block(retired);
	return addr;
}

static unsigned long vb_alloc(unsigned int count)
{
	struct vmap_block_queue *queue = lock_queue(this_cpu_ptr(&vmap_block_queues));
	unsigned long addr = take_pages(queue->now, count);

	spin_unlock(&queue->lock);
	return likely(addr) ? addr : take_from_new_block(count);
}

static void vb_free(struct vmap_block *vb, unsigned int count)
{
	struct vmap_block_queue *queue = vb->queue;

	spin_lock(&queue->lock);
	vb->dirty += count;
	VM_BUG_ON(vb->dirty > vb->used, "%u of %u pages are dirty", vb->dirty, vb->used);
	vb = take_if_done(vb);
	spin_unlock(&queue->lock);
	free_vmap_block(vb);
}

/* ---- The interface ---- */

/* The piece that @addr lies in, if it is vm_map_ram()'s. */
static struct vmap_area *find_ram_area(unsigned long addr)
{
	struct vmap_area *va;
	unsigned long flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	va = __find_vmap_area(addr);
	if (va && va->vm)
		va = NULL;
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return va;
}

void *vm_map_ram(struct page **pages, unsigned int count, int node)
{
	unsigned long bytes = (unsigned long)count << PAGE_SHIFT, addr;
	struct vmap_area *va;

	(void)node;
	if (unlikely(!count || count > (VMALLOC_END - VMALLOC_START) >> PAGE_SHIFT))
		return NULL;
	if (count <= VMAP_MAX_ALLOC) {
		addr = vb_alloc(count);
	} else {
		va = alloc_ram_area(bytes);
		addr = va ? va->va_start : 0;
	}
	if (unlikely(!addr))
		return NULL;
	if (unlikely(vmap_pages_range_noflush(addr, addr + bytes, PAGE_KERNEL, pages))) {
		vm_unmap_ram((void *)addr, count);
		return NULL;
	}
	flush_cache_vmap(addr, addr + bytes);
	return (void *)addr;
}

void vm_unmap_ram(const void *mem, unsigned int count)
{
	unsigned long addr = (unsigned long)mem, bytes = (unsigned long)count << PAGE_SHIFT, flags;
	struct vmap_area *va = find_ram_area(addr);

	if (unlikely(!va || !count || !IS_ALIGNED(addr, PAGE_SIZE) ||
		     (va->va_end - addr) >> PAGE_SHIFT < count || (!va->vb && bytes != va_size(va)))) {
		report_bad_vfree(mem, 0, _RET_IP_);
		return;
	}
	if (va->vb) {
		vunmap_range_noflush(addr, addr + bytes);
		flush_unmapped(addr, addr + bytes);
		vb_free(va->vb, count);
		return;
	}
	spin_lock_irqsave(&vmap_area_lock, flags);
	unlink_vmap_area(va);
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	free_unmap_vmap_area(va);
}

/* ---- Purging ---- */

/* Flush what is dirty, and retire a block of which nothing is mapped. Return: blocks to free. */
static void purge_queue(struct vmap_block_queue *queue)
{
	struct vmap_block *vb, *retired = NULL;

	lock_queue(queue);
	list_for_each_entry(vb, &queue->blocks, list) {
		unsigned long start = vb->va->va_start;

		if (vb->dirty == vb->flushed)
			continue;
		flush_tlb_kernel_range(start, start + vb->used * PAGE_SIZE);
		vb->flushed = vb->dirty;
	}
	if (queue->now && queue->now->dirty == queue->now->used)
		retired = retire_block(queue);
	spin_unlock(&queue->lock);
	free_vmap_block(retired);
}

void vmap_blocks_purge(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		purge_queue(per_cpu_ptr(&vmap_block_queues, cpu));
}

bool vmap_block_check(const struct vmap_area *va)
{
	const struct vmap_block *vb = va->vb;
	unsigned int mapped = 0;

	if (bug(LOCK_ORDER))
		spin_unlock(&lock_queue(vb->queue)->lock);
	for (unsigned int i = 0; i < VMAP_BLOCK_PAGES; i++)
		if (vmalloc_to_page((void *)(va->va_start + i * PAGE_SIZE))) {
			if (i >= vb->used)
				return false;
			mapped++;
		}
	return vb->va == va && vb->used <= VMAP_BLOCK_PAGES && mapped == vb->used - vb->dirty;
}
