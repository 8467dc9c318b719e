// SPDX-License-Identifier: MIT
/*
 * I5 of asm/pgtable-2level.h for RAM: that no frame is mapped with two memory types, nor writable here
 * and executable there, by whatever mappings of whatever mm.
 *
 *    every mapping, in any order          a byte for each frame of a window
 *    c0000000 section RW  ----------+---> |  |  |  |S |  |..    seen, type, S, W, X
 *    f0001000 page RX     --------/       frame 0x60123: type differs? W and X together?
 *
 * RAM is looked at in windows of as many frames as memory could be had for, and the page tables are
 * walked once for each: four times for 1 GiB.
 *
 * Differs for user space: a page that a program executes is written through lowmem when it is loaded, so
 * there W and X count within the one mapping only (pgtable_check.c).
 */
#include <asm/lowmem.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <kernel/printk.h>
#include <mm/gfp.h>
#include <mm/memblock.h>

#define MAX_MAP_ORDER	4	/* 64 KiB: 256 MiB of RAM */

/* What a byte holds. The type is TEX[0], C and B, an index into PRRR. */
#define FRAME_SEEN	(1 << 0)
#define FRAME_WRITE	(1 << 1)
#define FRAME_EXEC	(1 << 2)
#define FRAME_TYPE_SHIFT 3
#define FRAME_TYPE	(7 << FRAME_TYPE_SHIFT)
#define FRAME_SHARED	(1 << 6)
#define FRAME_WX	(FRAME_WRITE | FRAME_EXEC)

struct frame_map {
	unsigned long first, nr;	/* the window, in frames */
	u8 *frames;
};

static u8 frame_bits(const struct pt_walk *w)
{
	unsigned int rights = w->addr < TASK_SIZE ? 0 : pt_rights(w->prot);
	unsigned int type = (w->prot & PTE_EXT_TEX(1) ? 4 : 0) | (w->prot & PTE_CACHEABLE ? 2 : 0) |
			    (w->prot & PTE_BUFFERABLE ? 1 : 0);

	return FRAME_SEEN | (rights & PT_KERNEL_WRITE ? FRAME_WRITE : 0) |
	       (rights & PT_EXEC ? FRAME_EXEC : 0) | type << FRAME_TYPE_SHIFT |
	       (w->prot & PTE_EXT_SHARED ? FRAME_SHARED : 0);
}

static int check_frame(const struct pt_walk *w, phys_addr_t phys, u8 *seen)
{
	u8 now = frame_bits(w);
	int bad = 0;

	if (*seen && ((*seen ^ now) & (FRAME_TYPE | FRAME_SHARED))) {
		pr_err("pgtable_check: 0x%08x is %s at 0x%08lx, and something else elsewhere (I5)\n", phys,
		       pt_mem_type_name(w->prot), w->start);
		bad++;
	}
	if (*seen && ((*seen | now) & FRAME_WX) == FRAME_WX && (now & FRAME_WX) != FRAME_WX) {
		pr_err("pgtable_check: 0x%08x is W and X, by 0x%08lx and elsewhere (I5)\n", phys, w->start);
		bad++;
	}
	*seen |= now & (*seen ? FRAME_WX : 0xff);
	return bad;
}

/* All frames of a mapping that are in the window. */
static int note_leaf(const struct pt_walk *w, struct frame_map *map)
{
	unsigned long pfn = PHYS_PFN(w->phys), end = pfn + (w->size >> PAGE_SHIFT);
	int bad = 0;

	pfn = max(pfn, map->first);
	end = min(end, map->first + map->nr);
	for (; pfn < end; pfn++)
		bad += check_frame(w, __pfn_to_phys(pfn), &map->frames[pfn - map->first]);
	return bad;
}

int check_frames(int (*for_each_leaf)(int (*leaf)(const struct pt_walk *w, struct frame_map *map),
				      struct frame_map *map))
{
	unsigned long pfn = PHYS_PFN(memblock_start_of_DRAM()), end = PHYS_PFN(memblock_end_of_DRAM());
	unsigned int order = MAX_MAP_ORDER + 1;
	struct frame_map map = { .frames = NULL };
	int bad = 0;

	while (!map.frames && order-- > 0)
		map.frames = (u8 *)__get_free_pages(GFP_KERNEL | __GFP_NOWARN, order);
	if (!map.frames) {
		pr_warn("pgtable_check: no memory to look for RAM that is mapped twice\n");
		return 0;
	}
	for (; pfn < end; pfn += map.nr) {
		map.first = pfn;
		map.nr = min(PAGE_SIZE << order, end - pfn);
		memset(map.frames, 0, map.nr);
		bad += for_each_leaf(note_leaf, &map);
	}
	free_pages((unsigned long)map.frames, order);
	return bad;
}
