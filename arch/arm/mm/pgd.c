// SPDX-License-Identifier: MIT
/*
 * Page directories: one for each mm, all with the same kernel half, which is init_mm's.
 *
 *                     init_mm       mm A         mm B
 *    0                empty         its own      its own
 *    TASK_SIZE        ---------------------------------------------- kernel's half
 *    lowmem           sections ...  copied       copied              when the directory is made
 *    vmalloc area     table T  ---> table T      empty               B has not touched it yet
 *    stacks, fixmap,
 *    vectors          tables   ---> tables       tables              from the first on: P1
 *
 * The vmalloc fault: B touches what T maps. Its level-1 entry is empty, so the CPU takes a translation
 * fault of level 1; do_translation_fault() finds that init_mm's entry is not, and copy_kernel_pmd()
 * copies it. The access is made again, and succeeds. A 2 MiB faults once in each mm.
 *
 * P1. What a fault itself needs must not fault: stacks of threads and CPUs, the vectors, the fixmap.
 *     Their tables are made at boot and never leave; pgd_alloc() insists that they are there.
 * P2. An entry may only be copied under init_mm.page_table_lock: a table could be on its way out, and
 *     whoever takes it out empties its entry in all directories under that lock.
 * P3. Entries come two by two (I1 of asm/pgtable-2level.h), those of a supersection sixteen by sixteen:
 *     it must be there whole (ARM DDI 0406C B3.5.1).
 */
#include <asm/cp15.h>
#include <asm/lowmem.h>
#include <asm/mmu_context.h>
#include <asm/pgalloc.h>
#include <asm/pgd.h>
#include <asm/tlbflush.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <lib/container_of.h>
#include <mm/gfp.h>
#include <mm/mm_struct.h>

#define USER_PTRS_PER_PGD	(TASK_SIZE / PGDIR_SIZE)
#define PMDS_PER_SUPERSECTION	(SUPERSECTION_SIZE / SECTION_SIZE)

static DEFINE_PER_CPU(unsigned long, vmalloc_faults);

/* The first entry for @addr in a page directory. */
static pmd_t *pmd_in(pgd_t *pgd, unsigned long addr)
{
	return (pmd_t *)&pgd[pgd_index(addr)];
}

static bool pmd_maps(pmd_t pmd)
{
	return pmd_table(pmd) || pmd_sect(pmd);
}

/* ---- Making and freeing ---- */

/* P1. */
static void check_what_must_not_fault(const struct mm_struct *mm)
{
	static const struct {
		unsigned long start, end;
	} always[] = {
		{ THREAD_STACKS_START, THREAD_STACKS_END },
		{ FIXADDR_START, FIXADDR_END },
		{ CONFIG_VECTORS_BASE, CONFIG_VECTORS_BASE + PAGE_SIZE },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(always); i++)
		for (unsigned long addr = always[i].start; addr != always[i].end;
		     addr = pgd_addr_end(addr, always[i].end))
			BUG_ON(!pmd_table(*pmd_in(mm->pgd, addr)), "%08lx has no page table (P1)", addr);
}

pgd_t *pgd_alloc(struct mm_struct *mm)
{
	pgd_t *pgd = (pgd_t *)__get_free_pages(GFP_KERNEL, PGD_ORDER);
	unsigned long flags;

	if (!pgd)
		return NULL;
	BUG_ON(!IS_ALIGNED((unsigned long)pgd, SWAPPER_PG_DIR_SIZE), "TTBR0 cannot hold %p", pgd);
	memset(pgd, 0, USER_PTRS_PER_PGD * sizeof(*pgd));
	mm->pgd = pgd;
	spin_lock_irqsave(&init_mm.page_table_lock, flags);
	memcpy(pgd + USER_PTRS_PER_PGD, swapper_pg_dir + USER_PTRS_PER_PGD,
	       (PTRS_PER_PGD - USER_PTRS_PER_PGD) * sizeof(*pgd));
	list_add_tail(&mm->mmlist, &init_mm.mmlist);
	spin_unlock_irqrestore(&init_mm.page_table_lock, flags);
	check_what_must_not_fault(mm);
	dsb(ishst);		/* the walkers see it before a TTBR0 leads to it */
	return pgd;
}

void pgd_free(struct mm_struct *mm)
{
	unsigned long flags;

	spin_lock_irqsave(&init_mm.page_table_lock, flags);
	list_del(&mm->mmlist);
	spin_unlock_irqrestore(&init_mm.page_table_lock, flags);
	free_pages((unsigned long)mm->pgd, PGD_ORDER);
}

void free_user_tables(struct mm_struct *mm)
{
	BUG_ON(mm == &init_mm);
	flush_tlb_mm(mm);	/* nobody walks it: what is forgotten now is not learnt again */
	for (unsigned long addr = 0; addr < TASK_SIZE; addr += PMD_SIZE) {
		pmd_t *pmd = pmd_in(mm->pgd, addr);
		pte_t *table;

		if (pmd_none(*pmd))
			continue;
		table = pmd_page_vaddr(*pmd);
		pmd_clear(pmd);
		pte_free_kernel(mm, table);
	}
}

/* ---- The kernel's half ---- */

void set_pmds_if_known(struct mm_struct *mm, unsigned long addr, const pmd_t *pmds, unsigned int nr)
{
	pmd_t *pmd = pmd_in(mm->pgd, addr);

	VM_BUG_ON(!IS_ALIGNED(addr, PMD_SIZE) || addr < TASK_SIZE || nr % 2, "%08lx, %u", addr, nr);
	for (unsigned int i = 0; i < nr; i += 2) {
		if (pmd_none(pmd[i]) && pmd_none(pmd[i + 1]))
			continue;
		WRITE_ONCE(pmd[i].pmd, pmds[i].pmd);
		WRITE_ONCE(pmd[i + 1].pmd, pmds[i + 1].pmd);
	}
}

void set_kernel_pmds(unsigned long addr, const pmd_t *pmds, unsigned int nr)
{
	struct mm_struct *mm;

	for_each_mm(mm)
		set_pmds_if_known(mm, addr, pmds, nr);
	set_pmds_if_known(&init_mm, addr, pmds, nr);
	dsb(ishst);
}

void pmd_clear_kernel_sections(unsigned long addr)
{
	static const pmd_t empty[PMDS_PER_SUPERSECTION];
	pmd_t pmd = *pmd_off_k(addr);
	unsigned long flags;

	BUG_ON(!IS_ALIGNED(addr, PMD_SIZE) || pmd_table(pmd), "%08lx: pmd %08x", addr, pmd_val(pmd));
	if (!pmd_sect(pmd))
		return;
	spin_lock_irqsave(&init_mm.page_table_lock, flags);
	set_kernel_pmds(addr, empty, pmd_val(pmd) & PMD_SECT_SUPER ? PMDS_PER_SUPERSECTION : 2);
	spin_unlock_irqrestore(&init_mm.page_table_lock, flags);
}

/* The page directory that this CPU walks. NULL if it is not where one can be. */
static pgd_t *pgd_in_use(void)
{
	phys_addr_t phys = read_ttbr0() & ~(SWAPPER_PG_DIR_SIZE - 1);

	return is_lowmem_phys(phys) ? phys_to_virt(phys) : NULL;
}

/* Copy the entries of the 2 MiB, or of the supersection, at @addr (P3). */
static void copy_pmds(pgd_t *pgd, unsigned long addr)
{
	unsigned int nr = pmd_val(*pmd_off_k(addr)) & PMD_SECT_SUPER && pmd_sect(*pmd_off_k(addr)) ?
			  PMDS_PER_SUPERSECTION : 2;

	addr &= ~(nr * SECTION_SIZE - 1);
	for (unsigned int i = 0; i < nr; i++)
		pmd_in(pgd, addr)[i] = pmd_off_k(addr)[i];
	dsb(ishst);		/* the return, before the access is made again, is as good as an ISB */
}

bool copy_kernel_pmd(unsigned long addr)
{
	pgd_t *pgd = pgd_in_use();
	unsigned long flags;
	bool found = false;

	if (addr < TASK_SIZE || !pgd || pgd == swapper_pg_dir)
		return false;
	spin_lock_irqsave(&init_mm.page_table_lock, flags);
	if (pmd_maps(pmd_off_k(addr)[(addr >> SECTION_SHIFT) & 1])) {
		copy_pmds(pgd, addr);
		__this_cpu_inc(vmalloc_faults);
		found = true;
	}
	spin_unlock_irqrestore(&init_mm.page_table_lock, flags);
	return found;
}

unsigned long nr_vmalloc_faults(unsigned int cpu)
{
	return per_cpu(vmalloc_faults, cpu);
}

/* ---- Checking ---- */

/* I1 of <mm/mm_struct.h>, and P1. */
static int check_mm(const struct mm_struct *mm)
{
	int bad = 0;

	for (unsigned long addr = TASK_SIZE; addr != 0; addr += PMD_SIZE) {
		const pmd_t *pmd = pmd_in(mm->pgd, addr), *pmd_k = pmd_off_k(addr);
		bool empty = pmd_none(pmd[0]) && pmd_none(pmd[1]);

		if (empty || (pmd_val(pmd[0]) == pmd_val(pmd_k[0]) && pmd_val(pmd[1]) == pmd_val(pmd_k[1])))
			continue;
		pr_err("mm_check: mm %p, 0x%08lx: pmd %08x %08x, init_mm has %08x %08x (I1)\n", mm, addr,
		       pmd_val(pmd[0]), pmd_val(pmd[1]), pmd_val(pmd_k[0]), pmd_val(pmd_k[1]));
		bad++;
	}
	check_what_must_not_fault(mm);
	return bad;
}

int mm_check(void)
{
	struct mm_struct *mm;
	unsigned long flags;
	int bad = 0;

	spin_lock_irqsave(&init_mm.page_table_lock, flags);
	for_each_mm(mm) {
		if (atomic_read(&mm->mm_count) <= 0 || atomic_read(&mm->mm_users) < 0) {
			pr_err("mm_check: mm %p: %d users, %d references (I4)\n", mm,
			       atomic_read(&mm->mm_users), atomic_read(&mm->mm_count));
			bad++;
		}
		bad += check_mm(mm);
	}
	spin_unlock_irqrestore(&init_mm.page_table_lock, flags);
	return bad + asid_check();
}
