// SPDX-License-Identifier: MIT
/*
 * early_ioremap(): mappings of a few pages, before anything else can map. After Linux's
 * mm/early_ioremap.c.
 *
 *    boot_maps[]       a mapping each       slots of the fixmap, of rising address
 *    0  | addr, size | ------------------>  FIX_BTMAP_BEGIN     | page | page | ....
 *    1  | NULL       |                      FIX_BTMAP_BEGIN - 8 | ....
 *    ..
 *
 * I1. boot_maps[i].addr is NULL, and the mapping's slots are clear; or its first pages are mapped,
 *     as many as size says, and no others.
 */
#include <asm/early_ioremap.h>
#include <asm/fixmap.h>
#include <kernel/kallsyms.h>
#include <kernel/printk.h>
#include <mm/memblock.h>

struct boot_map {
	void *addr;		/* NULL: free */
	unsigned long size;	/* bytes, as asked for */
	const void *caller;
};

static struct boot_map boot_maps[FIX_BTMAPS_SLOTS];

/* The slot of a mapping's first page. */
static unsigned int first_slot(const struct boot_map *map)
{
	return FIX_BTMAP_BEGIN - (map - boot_maps) * NR_FIX_BTMAPS;
}

static unsigned long pages_touched(phys_addr_t phys, unsigned long size)
{
	return (PAGE_ALIGN((phys & ~PAGE_MASK) + size)) >> PAGE_SHIFT;
}

static void *refuse(const char *who, phys_addr_t phys, unsigned long size, const char *why)
{
	pr_err("%s: %lu bytes at 0x%08x refused: %s\n", who, size, phys, why);
	return NULL;
}

static struct boot_map *find_map(const void *addr)
{
	for (unsigned int i = 0; i < FIX_BTMAPS_SLOTS; i++)
		if (boot_maps[i].addr == addr)
			return &boot_maps[i];
	return NULL;
}

static void *early_map(const char *who, phys_addr_t phys, unsigned long size, pgprot_t prot,
		       const void *caller)
{
	struct boot_map *map = find_map(NULL);
	unsigned int slot;

	if (size == 0 || size > NR_FIX_BTMAPS * PAGE_SIZE ||
	    pages_touched(phys, size) > NR_FIX_BTMAPS)
		return refuse(who, phys, size, "it takes 1 to 8 pages");
	if (phys + (size - 1) < phys)
		return refuse(who, phys, size, "beyond the end of physical memory");
	if (!map)
		return refuse(who, phys, size, "all 7 mappings are in use");

	slot = first_slot(map);
	map->addr = (void *)(__fix_to_virt(slot) + (phys & ~PAGE_MASK));
	map->size = size;
	map->caller = caller;
	for (unsigned long i = 0; i < pages_touched(phys, size); i++)
		__set_fixmap(slot - i, (phys & PAGE_MASK) + i * PAGE_SIZE, prot);
	return map->addr;
}

void *early_ioremap(phys_addr_t phys, unsigned long size)
{
	if (size && memblock_overlaps_region(&memblock.memory, phys, size))
		return refuse(__func__, phys, size, "it is RAM, see early_memremap()");
	return early_map(__func__, phys, size, FIXMAP_PAGE_IO, _RET_IP_);
}

void *early_memremap(phys_addr_t phys, unsigned long size)
{
	return early_map(__func__, phys, size, FIXMAP_PAGE_NORMAL, _RET_IP_);
}

void *early_memremap_ro(phys_addr_t phys, unsigned long size)
{
	return early_map(__func__, phys, size, FIXMAP_PAGE_RO, _RET_IP_);
}

static void early_unmap(const char *who, void *addr, unsigned long size, const void *caller)
{
	struct boot_map *map = addr ? find_map(addr) : NULL;

	if (!map || map->size != size) {
		pr_err("%s: %lu bytes at %p, %s, by %pS\n", who, size, addr,
		       map ? "mapped with another size" : "where nothing is mapped", caller);
		return;
	}
	for (unsigned long i = 0; i < pages_touched((unsigned long)addr, size); i++)
		clear_fixmap(first_slot(map) - i);
	map->addr = NULL;
}

void early_iounmap(void *addr, unsigned long size)
{
	early_unmap(__func__, addr, size, _RET_IP_);
}

void early_memunmap(void *addr, unsigned long size)
{
	early_unmap(__func__, addr, size, _RET_IP_);
}

int check_early_ioremap_leak(void)
{
	int leaks = 0;

	for (unsigned int i = 0; i < FIX_BTMAPS_SLOTS; i++) {
		if (!boot_maps[i].addr)
			continue;
		pr_err("early_ioremap: %lu bytes at %p, mapped by %pS, were never unmapped\n",
		       boot_maps[i].size, boot_maps[i].addr, boot_maps[i].caller);
		leaks++;
	}
	return leaks;
}
