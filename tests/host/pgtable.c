// SPDX-License-Identifier: MIT
/*
 * The host's page table, and its TLB: <asm/pgtable.h>.
 *
 *    entry becomes      of the page, the TLB knows
 *    valid              it may have been looked at: FRESH       (it must not be STALE: I1)
 *    invalid            what it has is wrong: STALE
 *    flushed            nothing, unless the entry is valid
 *
 * Entries are told by their place in RAM: a table knows the 2 MiB that it maps by table_base[].
 */
#include "host.h"
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include <lib/errno.h>
#include <mm/gfp.h>
#include <mm/mm.h>

#include <string.h>

enum { TLB_NOTHING, TLB_FRESH, TLB_STALE };

#define NR_PAGES	(1ul << (32 - PAGE_SHIFT))

unsigned long host_vmalloc_start = 0xf0000000, host_vmalloc_end = 0xff000000;
pgd_t swapper_pg_dir[PTRS_PER_PGD];
unsigned long host_tlb_flushes;
void (*host_before_flush)(void);

static u8 tlb[NR_PAGES];		/* of each page of the address space */
static pmd_t left_tables[PTRS_PER_PGD];	/* cleared, and not flushed since */
static unsigned long stale_first = NR_PAGES, stale_last;

static void fail(const char *what)
{
	test_check(false, __FILE__, __LINE__, what);
}

/* The page that an entry maps, by the directory entry that points to its table; NR_PAGES: none. */
static unsigned long page_of(const pte_t *ptep)
{
	phys_addr_t table = __pa(ptep) & PAGE_MASK;

	for (unsigned long i = 0; i < PTRS_PER_PGD; i++)
		if (pmd_table(swapper_pg_dir[i].pmd) &&
		    (pmd_val(swapper_pg_dir[i].pmd) & PAGE_MASK) == table)
			return i * PTRS_PER_PTE + ((unsigned long)ptep & ~PAGE_MASK) / sizeof(pte_t);
	fail("an entry is written that belongs to no table");
	return NR_PAGES;
}

static void note_stale(unsigned long page)
{
	tlb[page] = TLB_STALE;
	stale_first = min(stale_first, page);
	stale_last = max(stale_last, page);
}

static void write_entry(pte_t *ptep, pte_t pte, unsigned long page)
{
	if (page < NR_PAGES && pte_present(*ptep) && pte_val(*ptep) != pte_val(pte))
		note_stale(page);
	*ptep = pte;
	if (page == NR_PAGES || !pte_present(pte))
		return;
	if (tlb[page] == TLB_STALE)
		fail("an address is mapped again before it was flushed (I1)");
	tlb[page] = TLB_FRESH;
}

void set_ptes_ext(pte_t *ptep, pte_t pte, unsigned int nr, pteval_t ext)
{
	unsigned long page = page_of(ptep);

	(void)ext;
	VM_BUG_ON(nr == 0 || page % PTRS_PER_PTE + nr > PTRS_PER_PTE, "%u entries", nr);
	for (; nr--; ptep++, page++, pte_val(pte) += PAGE_SIZE)
		write_entry(ptep, pte, page);
}

void set_pte_ext(pte_t *ptep, pte_t pte, pteval_t ext)
{
	set_ptes_ext(ptep, pte, 1, ext);
}

void set_ptes_pages(pte_t *ptep, struct page *const *pages, unsigned int nr, pgprot_t prot)
{
	unsigned long page = page_of(ptep);

	VM_BUG_ON(nr == 0 || page % PTRS_PER_PTE + nr > PTRS_PER_PTE, "%u entries", nr);
	for (; nr--; ptep++, page++)
		write_entry(ptep, mk_pte(*pages++, prot), page);
}

void clear_ptes(pte_t *ptep, unsigned int nr)
{
	unsigned long page = page_of(ptep);

	VM_BUG_ON(nr == 0 || page % PTRS_PER_PTE + nr > PTRS_PER_PTE, "%u entries", nr);
	for (; nr--; ptep++, page++)
		write_entry(ptep, __pte(0), page);
}

unsigned int take_ptes(pte_t *ptep, unsigned int nr, struct page **pages)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < nr; i++)
		if (pte_present(ptep[i]))
			pages[found++] = pte_page(ptep[i]);
	clear_ptes(ptep, nr);
	return found;
}

void *mapped_ptr(unsigned long addr)
{
	pmd_t *pmd = pmd_off_k(addr);
	pte_t pte = pmd_table(*pmd) ? *pte_offset_kernel(pmd, addr) : __pte(0);

	if (!pte_present(pte))
		return NULL;
	return (char *)__va(__pfn_to_phys(pte_pfn(pte))) + (addr & ~PAGE_MASK);
}

/* ---- Tables ---- */

void pmd_populate_kernel(struct mm_struct *mm, pmd_t *pmd, pte_t *table)
{
	unsigned long index = (unsigned long)((pgd_t *)pmd - swapper_pg_dir);

	(void)mm;
	VM_BUG_ON(!pmd_none(*pmd), "pmd %08x", pmd_val(*pmd));
	if (!pmd_none(left_tables[index]))
		fail("a table is put where another was left before a flush (I1)");
	*pmd = __pmd(__pa(table) | 1);
}

pte_t *pte_alloc_one_kernel(struct mm_struct *mm)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	(void)mm;
	if (!page)
		return NULL;
	mod_node_page_state(page_zone(page)->zone_pgdat, NR_PAGETABLE, 1);
	return page_address(page);
}

void pte_free_kernel(struct mm_struct *mm, pte_t *pte)
{
	(void)mm;
	for (unsigned long i = 0; i < PTRS_PER_PGD; i++)
		if ((pmd_val(left_tables[i]) & PAGE_MASK) == __pa(pte) && !pmd_none(left_tables[i]))
			fail("a table is freed before it was flushed (I1)");
	mod_node_page_state(page_zone(virt_to_page(pte))->zone_pgdat, NR_PAGETABLE, -1);
	free_page((unsigned long)pte);
}

int __pte_alloc_kernel(pmd_t *pmd)
{
	pte_t *table = pte_alloc_one_kernel(NULL);

	if (!table)
		return -ENOMEM;
	pmd_populate_kernel(NULL, pmd, table);
	return 0;
}

pte_t *pmd_clear_kernel_all(unsigned long addr)
{
	pmd_t *pmd = pmd_off_k(addr);
	pte_t *table;

	VM_BUG_ON(addr % PMD_SIZE, "%08lx", addr);
	if (pmd_none(*pmd))
		return NULL;
	table = pmd_page_vaddr(*pmd);
	for (unsigned int i = 0; i < PTRS_PER_PTE; i++)
		if (!pte_none(table[i]))
			fail("a table is left that is not empty");
	left_tables[pgd_index(addr)] = *pmd;
	note_stale(addr >> PAGE_SHIFT);
	*pmd = __pmd(0);
	return table;
}

/* ---- The TLB ---- */

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	unsigned long first = start >> PAGE_SHIFT, last = ((end - 1) >> PAGE_SHIFT);

	if (host_before_flush)
		host_before_flush();
	host_tlb_flushes++;
	for (unsigned long page = max(first, stale_first); page <= min(last, stale_last); page++) {
		if (tlb[page] == TLB_STALE)
			tlb[page] = TLB_NOTHING;
		left_tables[page / PTRS_PER_PTE] = __pmd(0);
	}
	if (first <= stale_first && last >= stale_last) {
		stale_first = NR_PAGES;
		stale_last = 0;
	}
}

bool host_tlb_is_stale(unsigned long addr)
{
	return tlb[addr >> PAGE_SHIFT] == TLB_STALE;
}

void host_pgtable_reset(void)
{
	memset(swapper_pg_dir, 0, sizeof(swapper_pg_dir));
	memset(left_tables, 0, sizeof(left_tables));
	memset(tlb, 0, sizeof(tlb));
	stale_first = NR_PAGES;
	stale_last = 0;
}
