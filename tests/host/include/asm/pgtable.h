/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: the kernel's page table. One level of directory entries, each with a
 * table of PTRS_PER_PTE entries in a page of the test's RAM, as mm/ has it on the board. Nobody but
 * mapped_ptr() walks it: what is "mapped" somewhere is not to be reached there by the test program.
 *
 *    swapper_pg_dir[addr / 2 MiB] --> table page: pte[512] --> page of RAM
 *
 * A TLB goes with it that remembers whatever was valid, as a real one may (tests/host/pgtable.c):
 *
 * I1. An entry that was valid is not made valid again, and a table that was left is not freed, before
 *     a flush of its addresses. Who does so fails the test.
 */
#ifndef ASM_PGTABLE_H
#define ASM_PGTABLE_H

#include <asm/lowmem.h>
#include <asm/page.h>
#include <kernel/bug.h>
#include <lib/types.h>

struct mm_struct;
struct page;

#define PTRS_PER_PGD	2048
#define PTRS_PER_PTE	512

#define PGDIR_SHIFT	21
#define PGDIR_SIZE	(1UL << PGDIR_SHIFT)
#define PGDIR_MASK	(~(PGDIR_SIZE - 1))
#define PMD_SHIFT	21
#define PMD_SIZE	(1UL << PMD_SHIFT)
#define PMD_MASK	(~(PMD_SIZE - 1))

typedef u32 pteval_t;
typedef u32 pmdval_t;
typedef struct { pteval_t pte; } pte_t;
typedef struct { pmdval_t pmd; } pmd_t;
typedef struct { pmd_t pmd; } pgd_t;
typedef struct { pgd_t pgd; } pud_t;
typedef struct { pteval_t pgprot; } pgprot_t;

#define pte_val(x)	((x).pte)
#define pmd_val(x)	((x).pmd)
#define pgprot_val(x)	((x).pgprot)
#define __pte(x)	((pte_t){ (x) })
#define __pmd(x)	((pmd_t){ (x) })
#define __pgprot(x)	((pgprot_t){ (x) })

#define L_PTE_PRESENT	((pteval_t)1 << 0)
#define L_PTE_YOUNG	((pteval_t)1 << 1)
#define L_PTE_DIRTY	((pteval_t)1 << 6)
#define L_PTE_RDONLY	((pteval_t)1 << 7)
#define L_PTE_XN	((pteval_t)1 << 9)

#define _PAGE_KERNEL	(L_PTE_PRESENT | L_PTE_YOUNG | L_PTE_DIRTY | L_PTE_XN)
#define PAGE_KERNEL	__pgprot(_PAGE_KERNEL)
#define PAGE_KERNEL_RO	__pgprot(_PAGE_KERNEL | L_PTE_RDONLY)
#define PAGE_KERNEL_RX	__pgprot((_PAGE_KERNEL | L_PTE_RDONLY) & ~L_PTE_XN)

extern pgd_t swapper_pg_dir[PTRS_PER_PGD];

static inline unsigned long pgd_addr_end(unsigned long addr, unsigned long end)
{
	unsigned long boundary = (addr + PGDIR_SIZE) & PGDIR_MASK;

	return boundary - 1 < end - 1 ? boundary : end;
}

#define pgd_index(addr)		((unsigned long)(addr) >> PGDIR_SHIFT)
#define pte_index(addr)		(((unsigned long)(addr) >> PAGE_SHIFT) & (PTRS_PER_PTE - 1))

static inline pmd_t *pmd_off_k(unsigned long addr)
{
	return &swapper_pg_dir[pgd_index(addr)].pmd;
}

static inline bool pmd_none(pmd_t pmd)	{ return pmd_val(pmd) == 0; }
static inline bool pmd_table(pmd_t pmd)	{ return pmd_val(pmd) & 1; }

static inline pte_t *pmd_page_vaddr(pmd_t pmd)
{
	VM_BUG_ON(!pmd_table(pmd), "pmd %08x", pmd_val(pmd));
	return (pte_t *)__phys_to_virt(pmd_val(pmd) & PAGE_MASK);
}

static inline pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long addr)
{
	return pmd_page_vaddr(*pmd) + pte_index(addr);
}

void pmd_populate_kernel(struct mm_struct *mm, pmd_t *pmd, pte_t *table);
void set_pte_ext(pte_t *ptep, pte_t pte, pteval_t ext);
void set_ptes_ext(pte_t *ptep, pte_t pte, unsigned int nr, pteval_t ext);
void set_ptes_pages(pte_t *ptep, struct page *const *pages, unsigned int nr, pgprot_t prot);
void clear_ptes(pte_t *ptep, unsigned int nr);
unsigned int take_ptes(pte_t *ptep, unsigned int nr, struct page **pages);

static inline void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte)
{
	(void)mm;
	(void)addr;
	set_pte_ext(ptep, pte, 0);
}

static inline void pte_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	(void)mm;
	(void)addr;
	clear_ptes(ptep, 1);
}

static inline bool pte_none(pte_t pte)		{ return pte_val(pte) == 0; }
static inline bool pte_present(pte_t pte)	{ return pte_val(pte) & L_PTE_PRESENT; }
static inline bool pte_write(pte_t pte)		{ return !(pte_val(pte) & L_PTE_RDONLY); }
static inline bool pte_exec(pte_t pte)		{ return !(pte_val(pte) & L_PTE_XN); }

static inline unsigned long pte_pfn(pte_t pte)
{
	return pte_val(pte) >> PAGE_SHIFT;
}

static inline pte_t pfn_pte(unsigned long pfn, pgprot_t prot)
{
	return __pte(__pfn_to_phys(pfn) | pgprot_val(prot));
}

#define pte_page(pte)		pfn_to_page(pte_pfn(pte))
#define mk_pte(page, prot)	pfn_pte(page_to_pfn(page), prot)

/* Where the test program finds the byte that is mapped at @addr; NULL if none is. */
void *mapped_ptr(unsigned long addr);

/* Every test begins with an empty page table; so does it again after this. */
void host_pgtable_reset(void);

/* Does an entry that was left behind wait to be flushed? For tests of who flushes when. */
bool host_tlb_is_stale(unsigned long addr);

/* Flushes of the TLB so far, whatever their range. */
extern unsigned long host_tlb_flushes;

/* Called at the beginning of each, where a test wants to look at what the TLB still knows; or NULL. */
extern void (*host_before_flush)(void);

#endif
