// SPDX-License-Identifier: MIT
/*
 * set_memory_*() where memory is mapped by sections: they become pages, with all CPUs at work in them,
 * and sections again. pgtable_map_test.c has what holds for pages.
 *
 * Works on pages that the page allocator gives, and at EMPTY_16M, 16 MiB of the vmalloc area in which
 * nothing is mapped.
 */
#include <asm/cacheflush.h>
#include <asm/lowmem.h>
#include <asm/map.h>
#include <asm/mmu.h>
#include <asm/pgalloc.h>
#include <asm/pgd.h>
#include <asm/ptdump.h>
#include <asm/set_memory.h>
#include <asm/tlbflush.h>
#include <asm/vexpress.h>
#include <kernel/printk.h>
#include <kernel/probe.h>
#include <kernel/sections.h>
#include <kernel/smp.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <mm/gfp.h>
#include <mm/memblock.h>
#include "crew.h"
#include "spaces.h"

TEST_SUITE("setmemory");

#define EMPTY_16M		(ALIGN_DOWN(IO_PERIPH_BASE, SUPERSECTION_SIZE) - SUPERSECTION_SIZE)
#define SECTION_ORDER		(SECTION_SHIFT - PAGE_SHIFT)
#define NR_ROUNDS		6
#define PMD_SECT_IMP		(1u << 9)	/* no page has it; a Cortex-A9 ignores it */
#define PATTERN(page, word)	((page) * 2654435761u + (word))

static bool writes(unsigned long addr)
{
	u32 word;

	return probe_kernel_read(&word, (void *)addr, sizeof(word)) == 0 &&
	       probe_kernel_write((void *)addr, &word, sizeof(word)) == 0;
}

/* Is @addr mapped by a section? */
static bool in_section(unsigned long addr)
{
	struct pt_walk w;

	pt_walk(addr, &w);
	return w.end == PT_SECTION;
}

/*
 * Four pages of a lowmem section, taken among others, which may lie in the 2 MiB of the image; 0, and a
 * failed check, if there are none.
 */
static unsigned long page_in_section(void)
{
	unsigned long addr, others = 0;

	for (;;) {
		addr = __get_free_pages(GFP_KERNEL, 2);
		if (!addr || in_section(addr))
			break;
		*(unsigned long *)addr = others;
		others = addr;
	}
	while (others) {
		unsigned long next = *(unsigned long *)others;

		free_pages(others, 2);
		others = next;
	}
	EXPECT(addr != 0);
	return addr;
}

TEST("a page of a section becomes read-only, and no other; undone, all of it is a section again")
{
	unsigned long addr = page_in_section(), page = addr + PAGE_SIZE;

	if (addr) {
		if (EXPECT_EQ(set_memory_ro(page, 1), 0)) {
			EXPECT(!in_section(page));
			EXPECT(!writes(page));
			EXPECT(writes(page - 4));
			EXPECT(writes(page + PAGE_SIZE));
			EXPECT(writes(page & PMD_MASK));
			EXPECT_EQ(pgtable_check(), 0);
			EXPECT_EQ(set_memory_rw(page, 1), 0);
		}
		EXPECT(in_section(page));
		EXPECT(writes(page));
		EXPECT_EQ(pgtable_check(), 0);
	}
	free_pages(addr, 2);
}

TEST("a table stays as long as one page of the 2 MiB differs")
{
	unsigned long addr = page_in_section();

	if (addr && EXPECT_EQ(set_memory_ro(addr, 1), 0)) {
		EXPECT_EQ(set_memory_ro(addr + 2 * PAGE_SIZE, 2), 0);
		EXPECT_EQ(set_memory_rw(addr, 1), 0);
		EXPECT(!in_section(addr));
		EXPECT_EQ(set_memory_rw(addr + 2 * PAGE_SIZE, 1), 0);
		EXPECT(!in_section(addr) && writes(addr + 2 * PAGE_SIZE) && !writes(addr + 3 * PAGE_SIZE));
		EXPECT_EQ(set_memory_rw(addr + 3 * PAGE_SIZE, 1), 0);
		EXPECT(in_section(addr));
	}
	free_pages(addr, 2);
}

TEST("a table stays if only the hardware's entry of a page differs")
{
	unsigned long addr = __get_free_pages(GFP_KERNEL | __GFP_NOWARN, SECTION_ORDER);
	pte_t *pte;

	if (!addr || !in_section(addr)) {
		free_pages(addr, SECTION_ORDER);
		SKIP("no block of 1 MiB is free in a section");
	}
	if (EXPECT_EQ(split_sections(addr), 0)) {
		pte = pte_offset_kernel(pmd_off_k(addr), addr) + HW_PTRS_PER_PTE - 1;	/* its MiB's last */
		set_pte_ext(pte, *pte, PTE_EXT_NG);
		EXPECT(!merge_sections(addr));
		set_pte_ext(pte, *pte, 0);
		flush_tlb_all();
		EXPECT(merge_sections(addr) && in_section(addr));
	}
	free_pages(addr, SECTION_ORDER);
}

TEST("a table stays when all pages have become read-only one by one: it will be needed, when there may be no memory")
{
	unsigned long addr = __get_free_pages(GFP_KERNEL | __GFP_NOWARN, SECTION_ORDER + 1);
	unsigned int nr = 2 * SECTION_SIZE / PAGE_SIZE;

	if (!addr || !in_section(addr)) {
		free_pages(addr, SECTION_ORDER + 1);
		SKIP("no block of 2 MiB is free in sections");
	}
	if (EXPECT_EQ(set_memory_ro(addr, 1), 0)) {
		for (unsigned int i = 1; i < nr; i++)
			EXPECT_EQ(set_memory_ro(addr + i * PAGE_SIZE, 1), 0);
		EXPECT(!in_section(addr) && !writes(addr) && !writes(addr + 2 * SECTION_SIZE - 4));
	}
	EXPECT_EQ(set_memory_rw(addr, (int)nr), 0);
	EXPECT(in_section(addr) && writes(addr));
	free_pages(addr, SECTION_ORDER + 1);
}

TEST("a whole MiB changes as a section, without a table")
{
	unsigned long addr = __get_free_pages(GFP_KERNEL | __GFP_NOWARN, SECTION_ORDER);
	struct mm_struct *mm;

	if (!addr || !in_section(addr)) {
		free_pages(addr, SECTION_ORDER);
		SKIP("no block of 1 MiB is free in a section");
	}
	mm = mm_alloc();	/* which is to know it, too */
	EXPECT_EQ(set_memory_ro(addr, SECTION_SIZE / PAGE_SIZE), 0);
	EXPECT(in_section(addr));
	EXPECT(!writes(addr) && !writes(addr + SECTION_SIZE - 4));
	EXPECT_EQ(mm_check() + pgtable_check(), 0);
	EXPECT_EQ(set_memory_rw(addr, SECTION_SIZE / PAGE_SIZE), 0);
	EXPECT(in_section(addr) && writes(addr));
	if (mm)
		mmput(mm);
	free_pages(addr, SECTION_ORDER);
}

TEST("what is so already is left alone: no section is split for it")
{
	unsigned long addr = page_in_section();

	if (addr) {
		EXPECT_EQ(set_memory_nx(addr, 1), 0);
		EXPECT_EQ(set_memory_rw(addr, 3), 0);
		EXPECT(in_section(addr));
	}
	free_pages(addr, 2);
}

TEST("code in a page of a section runs, and no more when that is undone")
{
	static const u32 return_insn = 0xe12fff1e;	/* bx lr */
	unsigned long page = page_in_section();

	if (page) {
		memcpy((void *)page, &return_insn, sizeof(return_insn));
		flush_icache_range(page, page + sizeof(return_insn));
		EXPECT_EQ(probe_kernel_exec((void *)page), -EFAULT);
		if (EXPECT_EQ(set_memory_ro(page, 1), 0)) {
			EXPECT_EQ(set_memory_x(page, 1), 0);
			EXPECT_EQ(probe_kernel_exec((void *)page), 0);
			EXPECT_EQ(set_memory_nx(page, 1), 0);
			EXPECT_EQ(set_memory_rw(page, 1), 0);
		}
		EXPECT_EQ(probe_kernel_exec((void *)page), -EFAULT);
		EXPECT(in_section(page));
	}
	free_pages(page, 2);
}

TEST("a section is not split for what is refused: writable and executable, or a hole behind it")
{
	unsigned long last = (unsigned long)high_memory - PAGE_SIZE;
	unsigned long page = page_in_section();
	int loglevel = console_loglevel;

	console_loglevel = 0;
	if (page) {
		EXPECT_EQ(set_memory_x(page, 1), -EPERM);
		EXPECT(in_section(page));
	}
	EXPECT_EQ(set_memory_ro(last, 2), -EINVAL);
	EXPECT(writes(last));
	console_loglevel = loglevel;
	free_pages(page, 2);
}

/* ---- Attributes ---- */

/* The page tables at @addr, freed, and nothing mapped there. */
static void unmap_elsewhere(unsigned long addr, unsigned long bytes)
{
	for (; bytes; addr += PMD_SIZE, bytes -= PMD_SIZE) {
		static const pmd_t empty[2];
		pte_t *table = pmd_clear_kernel_all(addr);
		unsigned long flags;

		spin_lock_irqsave(&init_mm.page_table_lock, flags);
		set_kernel_pmds(addr, empty, 2);
		spin_unlock_irqrestore(&init_mm.page_table_lock, flags);
		flush_tlb_all();
		if (table)
			pte_free_kernel(&init_mm, table);
	}
}

/* Does each page from @addr on map what a section with the entry @sect at @addr did? */
static bool pages_are_as(unsigned long addr, pmdval_t sect)
{
	struct pt_walk w;

	for (unsigned long off = 0; off < SECTION_SIZE; off += PAGE_SIZE) {
		pt_walk(addr + off, &w);
		if (!EXPECT_EQ(w.end, PT_SMALL) || !EXPECT_EQ(w.phys, (sect & SECTION_MASK) + off) ||
		    !EXPECT_EQ(w.prot, sect_to_hw_pte(sect)) ||
		    !EXPECT_EQ(w.domain, (sect & PMD_DOMAIN_MASK) >> PMD_DOMAIN_SHIFT))
			return false;
	}
	return true;
}

/* Is the page the same in every address space? Only the hardware's entry says so. */
static bool is_global(unsigned long addr)
{
	const pte_t *pte = pte_offset_kernel(pmd_off_k(addr), addr);

	return !(pte_val(pte[PTE_HWTABLE_PTRS]) & PTE_EXT_NG);
}

/* A border of 2 MiB in lowmem with sections on both sides; 0 if there is none. */
static unsigned long section_border(void)
{
	for (unsigned long addr = PAGE_OFFSET + PMD_SIZE; addr < (unsigned long)high_memory; addr += PMD_SIZE)
		if (in_section(addr - PAGE_SIZE) && in_section(addr))
			return addr;
	return 0;
}

TEST("when the second of two sections cannot be split, the first is one again")
{
	unsigned long border = section_border();
	int loglevel = console_loglevel;
	pmd_t *pmd;

	if (!border)
		SKIP("no two sections side by side");
	pmd = pmd_off_k(border);
	pmd_val(pmd[0]) |= PMD_SECT_IMP;
	console_loglevel = 0;
	EXPECT_EQ(set_memory_ro(border - PAGE_SIZE, 2), -EINVAL);
	console_loglevel = loglevel;
	EXPECT(in_section(border - PAGE_SIZE) && writes(border - PAGE_SIZE) && in_section(border));
	pmd_val(pmd[0]) &= ~PMD_SECT_IMP;
}

TEST("memory type, S, AP, XN, nG and domain survive, of every kind of memory and of those it has none for")
{
	pmdval_t sect[2 * NR_MEM_TYPES];
	pmd_t *pmd = pmd_off_k(EMPTY_16M);
	unsigned int nr = 0;

	for (unsigned int type = 0; type < NR_MEM_TYPES; type++)
		sect[nr++] = get_mem_type(type)->prot_sect;
	sect[nr++] = get_mem_type(MT_MEMORY_RO)->prot_sect | PMD_SECT_nG;
	sect[nr++] = get_mem_type(MT_MEMORY_RW)->prot_sect & ~PMD_SECT_S;
	sect[nr++] = get_mem_type(MT_MEMORY_RO)->prot_sect | PMD_SECT_AP_READ;
	sect[nr++] = get_mem_type(MT_DEVICE)->prot_sect | PMD_SECT_APX;
	ASSERT(pmd_none(pmd[0]) && pmd_none(pmd[1]));
	for (unsigned int i = 0; i < nr; i++) {
		pmd[0] = __pmd(sect[i] | PERIPH_PHYS);
		pmd[1] = __pmd(sect[(i + 1) % nr] | MPCORE_PHYS);
		dsb(ishst);
		if (EXPECT_EQ(split_sections(EMPTY_16M + 0x123000), 0)) {
			EXPECT_EQ(split_sections(EMPTY_16M), 0);	/* has one */
			pages_are_as(EMPTY_16M, sect[i] | PERIPH_PHYS);
			pages_are_as(EMPTY_16M + SECTION_SIZE, sect[(i + 1) % nr] | MPCORE_PHYS);
			EXPECT(!merge_sections(EMPTY_16M));		/* its table is not lowmem's */
			EXPECT_EQ(set_memory_ro(EMPTY_16M, 1), 0);
			EXPECT_EQ(is_global(EMPTY_16M), !(sect[i] & PMD_SECT_nG));
		}
		unmap_elsewhere(EMPTY_16M, PMD_SIZE);
	}
}

TEST("a section in a domain of its own is not split")
{
	pmd_t *pmd = pmd_off_k(EMPTY_16M);

	ASSERT(pmd_none(pmd[0]) && pmd_none(pmd[1]));
	pmd[1] = __pmd(get_mem_type(MT_DEVICE)->prot_sect | PMD_DOMAIN(1) | PERIPH_PHYS);
	EXPECT_EQ(split_sections(EMPTY_16M), -EINVAL);
	unmap_elsewhere(EMPTY_16M, PMD_SIZE);
}

TEST("a page of a supersection: 15 MiB and more go on as sections, the 2 MiB as pages")
{
	pmdval_t prot = get_mem_type(MT_DEVICE)->prot_sect;
	pmd_t *pmd = pmd_off_k(EMPTY_16M);
	struct pt_walk w;

	for (unsigned int i = 0; i < 16; i++)
		pmd[i] = __pmd(prot | PMD_SECT_SUPER | PERIPH_PHYS);
	dsb(ishst);
	pt_walk(EMPTY_16M + 0x523000, &w);
	ASSERT(w.end == PT_SUPERSECTION && w.size == SUPERSECTION_SIZE);
	if (EXPECT_EQ(set_memory_ro(EMPTY_16M + 0x523000, 1), 0)) {
		pt_walk(EMPTY_16M + 0x523000, &w);
		EXPECT(w.end == PT_SMALL && w.phys == PERIPH_PHYS + 0x523000);
		EXPECT_EQ(w.prot, sect_to_hw_pte(prot | PMD_SECT_APX));
		for (unsigned long off = 0; off < SUPERSECTION_SIZE; off += SECTION_SIZE) {
			pt_walk(EMPTY_16M + off, &w);
			EXPECT_EQ(w.end, off / PMD_SIZE == 2 ? PT_SMALL : PT_SECTION);
			EXPECT_EQ(w.phys, PERIPH_PHYS + off);
			EXPECT_EQ(w.prot, sect_to_hw_pte(prot));
		}
	}
	unmap_elsewhere(EMPTY_16M, SUPERSECTION_SIZE);
}

/* ---- While others are at work ---- */

struct user {
	u32 *words;			/* a page of its own */
	u32 value;
	struct space space;		/* it works in this one */
	unsigned int rounds;
};

/* Write and read the page until told to stop. Return: what was wrong. */
static int use_page(void *data)
{
	struct user *u = data;
	int wrong = 0;

	use_mm(u->space.mm);
	while (!kthread_should_stop()) {
		u->value++;
		for (unsigned int i = 0; i < PAGE_SIZE / sizeof(u32); i += 16)
			WRITE_ONCE(u->words[i], PATTERN(u->value, i));
		for (unsigned int i = 0; i < PAGE_SIZE / sizeof(u32); i += 16)
			wrong += READ_ONCE(u->words[i]) != PATTERN(u->value, i);
		wrong += *SPACE_WORD != 0x5ace;
		WRITE_ONCE(u->rounds, u->rounds + 1);
		cpu_relax();
		yield();
	}
	unuse_mm(u->space.mm);
	return wrong;
}

/* Run @func with a thread on each CPU, in an mm of its own, at work in a page of its own of @page..@page+3. */
static void while_others_use(unsigned long page, void (*func)(unsigned long page))
{
	struct task_struct *tasks[NR_CPUS] = { NULL };
	struct user u[NR_CPUS] = { 0 };
	unsigned int cpu, nr = 0;

	for_each_online_cpu(cpu) {
		u[nr].words = (u32 *)(page + nr * PAGE_SIZE);
		if (!make_space(&u[nr].space, 0x5ace))
			break;
		tasks[nr] = make_thread(use_page, &u[nr], cpu);
		if (!tasks[nr]) {
			drop_space(&u[nr].space);
			break;
		}
		nr++;
	}
	start_threads(tasks, nr);
	for (unsigned int i = 0; i < nr; i++)
		EXPECT(eventually(READ_ONCE(u[i].rounds) > 2));
	broken_spins = 100000;
	func(page);
	broken_spins = 0;
	while (nr--) {
		EXPECT_EQ(stop_thread(tasks[nr]), 0);
		drop_space(&u[nr].space);
	}
}

/* Split and merge the 2 MiB of @page, again and again. */
static void split_and_merge(unsigned long page)
{
	for (unsigned int i = 0; i < test_repeats(NR_ROUNDS); i++) {
		if (!EXPECT_EQ(split_sections(page), 0))
			continue;
		EXPECT(!in_section(page));
		EXPECT_EQ(mm_check(), 0);
		yield();
		EXPECT(merge_sections(page));
		EXPECT(in_section(page));
		yield();
	}
}

TEST("all CPUs read and write the MiB that is split and merged, each in an mm of its own")
{
	unsigned long page = page_in_section();

	if (page)
		while_others_use(page, split_and_merge);
	EXPECT_EQ(mm_check() + pgtable_check(), 0);
	free_pages(page, 2);
}

/* All of lowmem that sections map, 2 MiB after 2 MiB: under page directories, per-CPU areas, objects. */
static void split_all_and_merge(unsigned long page)
{
	unsigned long end = ALIGN_DOWN((unsigned long)high_memory, PMD_SIZE);
	unsigned long step = max(PMD_SIZE, ALIGN((end - PAGE_OFFSET) / test_repeats(8), PMD_SIZE));

	(void)page;
	for (unsigned long addr = ALIGN((unsigned long)_end, PMD_SIZE); addr < end; addr += step) {
		bool had_table = !in_section(addr) && !in_section(addr + SECTION_SIZE);

		if (had_table)
			continue;
		if (EXPECT_EQ(split_sections(addr), 0))
			EXPECT(merge_sections(addr));
		if (!EXPECT(in_section(addr) || in_section(addr + SECTION_SIZE)))
			test_note("at 0x%08lx", addr);
	}
}

TEST("all of lowmem, too, with whatever lies in it")
{
	unsigned long page = page_in_section();

	if (page)
		while_others_use(page, split_all_and_merge);
	EXPECT_EQ(mm_check() + pgtable_check(), 0);
	free_pages(page, 2);
}

TEST("an mm that knew the section knows the table, and the section again")
{
	unsigned long page = page_in_section();
	struct space s;

	if (page && make_space(&s, 1)) {
		use_mm(s.mm);
		EXPECT(writes(page));
		if (EXPECT_EQ(set_memory_ro(page, 1), 0)) {
			EXPECT(!writes(page) && writes(page + PAGE_SIZE));
			EXPECT(pmd_table(*pmd_off(s.mm, page)));
			EXPECT_EQ(mm_check(), 0);
			EXPECT_EQ(set_memory_rw(page, 1), 0);
		}
		EXPECT(writes(page));
		EXPECT(!pmd_table(*pmd_off(s.mm, page)));
		unuse_mm(s.mm);
		drop_space(&s);
	}
	free_pages(page, 2);
}

/* Context: interrupt on another CPU, or here. Writes a 1 to @info if the page it points to can be written. */
static void try_to_write(void *info)
{
	unsigned long *page = info;

	*page = writes(*page);
}

TEST("every CPU follows: none writes what has become read-only, all write what is writable again")
{
	unsigned long page = page_in_section(), result;
	unsigned int cpu;

	/* The table is there and stays: nothing is split or merged, which would flush as well. */
	if (page && EXPECT_EQ(set_memory_ro(page + PAGE_SIZE, 1), 0)) {
		for (unsigned int ro = 0; ro < 2; ro++) {
			int error = ro ? set_memory_ro(page, 1) : 0;

			if (!EXPECT_EQ(error, 0))
				break;
			for_each_online_cpu(cpu) {
				result = page;
				smp_call_function_single(cpu, try_to_write, &result, true);
				EXPECT_EQ(result, !ro);
			}
		}
		EXPECT_EQ(set_memory_rw(page, 1), 0);
		for_each_online_cpu(cpu) {
			result = page;
			smp_call_function_single(cpu, try_to_write, &result, true);
			EXPECT_EQ(result, 1);
		}
		EXPECT_EQ(set_memory_rw(page + PAGE_SIZE, 1), 0);
	}
	free_pages(page, 2);
}

/* Change and change back pages of one section. */
static int change_own_page(void *data)
{
	unsigned long page = *(unsigned long *)data;
	int wrong = 0;

	for (unsigned int i = 0; i < test_repeats(NR_ROUNDS); i++) {
		if (set_memory_ro(page, 1))
			continue;
		wrong += writes(page);
		wrong += set_memory_rw(page, 1) != 0;
		wrong += !writes(page);
	}
	return wrong;
}

TEST("threads that change pages of the same MiB at once do not disturb each other")
{
	struct task_struct *tasks[4];
	unsigned long page = page_in_section(), pages[4];

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = page + i * PAGE_SIZE;
	if (page && make_threads(tasks, 4, change_own_page, pages, sizeof(pages[0]), ANY_CPU)) {
		start_threads(tasks, 4);
		for (unsigned int i = 0; i < 4; i++)
			EXPECT_EQ(join_thread(tasks[i]), 0);
		EXPECT(in_section(page));
	}
	free_pages(page, 2);
}
