// SPDX-License-Identifier: MIT
/*
 * The fixmap's slots, and early_ioremap(), also as it works before paging_init():
 * `early_ioremap_test' on the command line has it read a register then, and leave a mapping behind.
 */
#include <asm/early_ioremap.h>
#include <asm/fixmap.h>
#include <asm/ptdump.h>
#include <asm/vexpress.h>
#include <kernel/params.h>
#include <kernel/probe.h>
#include <kernel/smp.h>
#include <lib/errno.h>
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <mm/memblock.h>
#include <test.h>
#include "high_pages.h"

TEST_SUITE("fixmap");

static u32 early_id;			/* SYS_ID, read before paging_init() */

static int __init early_ioremap_test(char *value)
{
	u32 *id = early_ioremap(PERIPH_PHYS + SYSREGS_OFFSET, sizeof(*id));

	if (value || !id)
		return -EINVAL;
	early_id = READ_ONCE(*id);
	early_iounmap(id, sizeof(*id));
	return early_memremap_ro(PHYS_OFFSET, 10) ? 0 : -ENOMEM;
}
early_param("early_ioremap_test", early_ioremap_test);

static bool faults(unsigned long addr)
{
	u32 word;

	return probe_kernel_read(&word, (void *)addr, sizeof(word)) != 0;
}

static void count_fault(void *info)
{
	if (faults(fix_to_virt(FIX_BTMAP_END)))
		atomic_inc(info);
}

static int nr_faults_everywhere(void)
{
	atomic_t nr = ATOMIC_INIT(0);

	on_each_cpu(count_fault, &nr, true);
	return atomic_read(&nr);
}

TEST("addresses fall as slots rise, each leads back to its slot, and all lie in the area")
{
	for (unsigned int slot = 0; slot < __end_of_fixed_addresses; slot++) {
		unsigned long addr = fix_to_virt(slot);

		EXPECT_EQ(addr, FIXADDR_END - (slot + 1) * PAGE_SIZE);
		EXPECT_EQ(virt_to_fix(addr + PAGE_SIZE - 1), slot);
		EXPECT(addr >= FIXADDR_START && fixmap_pte(slot) == bm_pte + pte_index(addr));
	}
	EXPECT_EQ(fixmap_check(), 0);
}

TEST("a slot shows what it is set to, and nothing when it is cleared, on every CPU")
{
	struct page *pages[2] = { alloc_page(GFP_HIGHUSER), alloc_page(GFP_KERNEL) };

	for (unsigned int i = 0; i < 2; i++) {
		void *vaddr;

		if (!pages[i])
			continue;
		vaddr = kmap_local_page(pages[i]);
		sign_at(vaddr, pages[i]);
		kunmap_local(vaddr);
		EXPECT_EQ(nr_faults_everywhere(), num_online_cpus());
		set_fixmap(FIX_BTMAP_END, page_to_phys(pages[i]));
		EXPECT(signed_at((void *)fix_to_virt(FIX_BTMAP_END), pages[i]));
		EXPECT_EQ(nr_faults_everywhere(), 0);
		EXPECT_EQ(fixmap_check() + pgtable_check(), 0);
		clear_fixmap(FIX_BTMAP_END);
		__free_page(pages[i]);
	}
	EXPECT_EQ(nr_faults_everywhere(), num_online_cpus());
}

TEST("registers of a device are mapped as such, and memory as lowmem is")
{
	struct pt_walk w;
	u32 *id = early_ioremap(PERIPH_PHYS + SYSREGS_OFFSET, 4 * PAGE_SIZE);
	const u32 *ram = early_memremap_ro(__pa(swapper_pg_dir) + 4, 8);

	ASSERT(id && ram);
	EXPECT_EQ(*id, *(u32 *)(IO_PERIPH_BASE + SYSREGS_OFFSET));
	pt_walk((unsigned long)id, &w);
	EXPECT(strcmp(pt_mem_type_name(w.prot), "DEV/SHARED") == 0 &&
	       !(pt_rights(w.prot) & PT_EXEC));
	EXPECT_EQ((unsigned long)ram % PAGE_SIZE, 4);
	EXPECT_EQ(*ram, *((u32 *)swapper_pg_dir + 1));
	pt_walk((unsigned long)ram, &w);
	EXPECT(strcmp(pt_mem_type_name(w.prot), "MEM/CACHED/WBWA") == 0);
	EXPECT_EQ(pt_rights(w.prot), PT_KERNEL_READ);
	EXPECT_EQ(pgtable_check(), 0);
	early_memunmap((void *)ram, 8);
	early_iounmap(id, 4 * PAGE_SIZE);
	EXPECT(faults((unsigned long)id) && faults((unsigned long)ram));
	EXPECT_EQ(fixmap_check(), 0);
}

TEST("early_ioremap() refuses RAM, nothing, too much, and one more than there are; each is named")
{
	void *maps[FIX_BTMAPS_SLOTS];
	unsigned int nr = 0;

	EXPECT(!early_ioremap(PHYS_OFFSET, 4));
	EXPECT(!early_ioremap(PHYS_OFFSET - 4, 8));
	EXPECT(!early_ioremap(PERIPH_PHYS, 0));
	EXPECT(!early_ioremap(PERIPH_PHYS, NR_FIX_BTMAPS * PAGE_SIZE + 1));
	EXPECT(!early_ioremap(PERIPH_PHYS + 1, NR_FIX_BTMAPS * PAGE_SIZE));
	EXPECT(!early_ioremap(PHYS_ADDR_MAX, 2));
	while (nr < FIX_BTMAPS_SLOTS && (maps[nr] = early_ioremap(PERIPH_PHYS + nr, 4)))
		nr++;
	EXPECT(!early_ioremap(PERIPH_PHYS, 4));
	EXPECT(nr >= FIX_BTMAPS_SLOTS - 1);
	early_iounmap(maps[0], 8);
	early_iounmap((char *)maps[0] + 1, 4);
	EXPECT(!faults((unsigned long)maps[0]));
	while (nr)
		early_iounmap(maps[--nr], 4);
	EXPECT_EQ(fixmap_check(), 0);
}

TEST("early_memremap() shows each page that a range touches, and none of them when it is unmapped")
{
	u8 *pages = (u8 *)__get_free_pages(GFP_KERNEL, 1), *map;

	ASSERT(pages);
	pages[PAGE_SIZE - 1] = 1;
	pages[PAGE_SIZE] = 2;
	map = early_memremap(__pa(pages) + PAGE_SIZE - 1, 2);
	if (EXPECT(map)) {
		EXPECT(map[0] == 1 && map[1] == 2);
		early_memunmap(map, 2);
		EXPECT(faults((unsigned long)map & PAGE_MASK) && faults((unsigned long)map + 1));
		EXPECT_EQ(fixmap_check(), 0);
	}
	free_pages((unsigned long)pages, 1);
}

TEST("before paging_init() a register could be read, and a mapping that was left is known")
{
	if (!early_id)
		SKIP("no early_ioremap_test on the command line");
	EXPECT_EQ(early_id, *(u32 *)(IO_PERIPH_BASE + SYSREGS_OFFSET));
	EXPECT_EQ(check_early_ioremap_leak(), 1);
	show_fixmap();
}
