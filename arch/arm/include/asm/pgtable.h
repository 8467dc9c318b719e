/* SPDX-License-Identifier: MIT */
/*
 * Page tables, as mm/ sees them: Linux's accessors for pgd, pud, pmd and pte. Part of the contract
 * with mm/. The shape, and the invariants I1-I5, are in asm/pgtable-2level.h.
 *
 *    pgd_t *pgd = pgd_offset_k(addr);		2 MiB an entry
 *    pud_t *pud = pud_offset(pgd, addr);	folded: the same entry by other names
 *    pmd_t *pmd = pmd_offset(pud, addr);
 *    pte_t *pte = pte_offset_kernel(pmd, addr);	4 KiB an entry
 *
 * Barriers. The walker reads the tables through the caches (TTB_FLAGS; Cortex-A9 TRM, DDI 0388,
 * chapter 6, "Memory access sequence": a walk marked write-back looks into the level-1 data cache),
 * so no entry has to be cleaned to memory. (ID_MMFR3[23:20] is where a CPU can say so; the r0p0
 * that QEMU presents leaves it 0.) What remains is a DSB between the write of an entry and the
 * first access that relies on it, and an ISB before instructions are fetched through it (ARM DDI
 * 0406C B3.10.1). set_pte_ext() leaves both to its caller, who does it once for a batch: by a
 * flush_tlb_*() after a change of something valid, by flush_cache_vmap() after filling in what was
 * empty.
 */
#ifndef ASM_PGTABLE_H
#define ASM_PGTABLE_H

#include <asm/barrier.h>
#include <asm/lowmem.h>
#include <asm/pgtable-2level.h>
#include <kernel/bug.h>

struct mm_struct;
struct page;

/* The kernel's page table. Defined by the linker: it lies between PAGE_OFFSET and the image. */
extern pgd_t swapper_pg_dir[PTRS_PER_PGD];

/* The level-1 entries of the topmost 2 MiB: the vectors. */
extern pmd_t *top_pmd;

/* One page of zeros, of the image's read-only data. ZERO_PAGE() is its struct page. */
extern const unsigned long empty_zero_page[PAGE_SIZE / sizeof(unsigned long)];
#define ZERO_PAGE(vaddr)	virt_to_page(empty_zero_page)

#define _PAGE_KERNEL	(L_PTE_PRESENT | L_PTE_YOUNG | L_PTE_DIRTY | L_PTE_XN | L_PTE_SHARED | \
			 L_PTE_MT_WRITEALLOC)
#define _PAGE_KERNEL_RO	(_PAGE_KERNEL | L_PTE_RDONLY)
#define _PAGE_KERNEL_RX	(_PAGE_KERNEL_RO & ~L_PTE_XN)
#define _PAGE_DEVICE	((_PAGE_KERNEL & ~L_PTE_MT_MASK) | L_PTE_MT_DEV_SHARED)
#define PAGE_KERNEL	__pgprot(_PAGE_KERNEL)
#define PAGE_KERNEL_RO	__pgprot(_PAGE_KERNEL_RO)
#define PAGE_KERNEL_RX	__pgprot(_PAGE_KERNEL_RX)

/*
 * The end of the piece of @addr..@end that one pgd entry maps; @end may be 0 for the top of the
 * space.
 */
static inline unsigned long pgd_addr_end(unsigned long addr, unsigned long end)
{
	unsigned long boundary = (addr + PGDIR_SIZE) & PGDIR_MASK;

	return boundary - 1 < end - 1 ? boundary : end;
}

#define pgd_index(addr)		((unsigned long)(addr) >> PGDIR_SHIFT)
#define pte_index(addr)		(((unsigned long)(addr) >> PAGE_SHIFT) & (PTRS_PER_PTE - 1))

/*
 * The entry of the kernel's page directory for @addr, and of the levels that are folded into it:
 * pgd_offset_k(), pud_offset(), pmd_offset().
 */
static inline pgd_t *pgd_offset_k(unsigned long addr)
{
	return swapper_pg_dir + pgd_index(addr);
}

static inline pud_t *pud_offset(pgd_t *pgd, unsigned long addr)
{
	(void)addr;
	return (pud_t *)pgd;
}

static inline pmd_t *pmd_offset(pud_t *pud, unsigned long addr)
{
	(void)addr;
	return (pmd_t *)pud;
}

/* The first of the two entries for @addr in the kernel's page table. */
static inline pmd_t *pmd_off_k(unsigned long addr)
{
	return pmd_offset(pud_offset(pgd_offset_k(addr), addr), addr);
}

/* A pgd or pud entry is its pmd entry: it is there, and only the pmd can be empty or bad. */
static inline bool pgd_none(pgd_t pgd)	{ (void)pgd; return false; }
static inline bool pgd_bad(pgd_t pgd)	{ (void)pgd; return false; }
static inline bool pud_none(pud_t pud)	{ (void)pud; return false; }
static inline bool pud_bad(pud_t pud)	{ (void)pud; return false; }

/*
 * What an entry of the first level holds: nothing, a page table, or a section? pmd_none(),
 * pmd_table(), pmd_sect().
 */
static inline bool pmd_none(pmd_t pmd)
{
	return pmd_val(pmd) == 0;
}

static inline bool pmd_table(pmd_t pmd)
{
	return (pmd_val(pmd) & PMD_TYPE_MASK) == PMD_TYPE_TABLE;
}

static inline bool pmd_sect(pmd_t pmd)
{
	return (pmd_val(pmd) & PMD_TYPE_MASK) == PMD_TYPE_SECT;
}

/* Is it nothing that pte_offset_kernel() could follow, though not empty? */
static inline bool pmd_bad(pmd_t pmd)
{
	return !pmd_none(pmd) && !pmd_table(pmd);
}

/* The page that holds the tables of @pmd: its Linux entries first. */
static inline pte_t *pmd_page_vaddr(pmd_t pmd)
{
	VM_BUG_ON(!pmd_table(pmd), "pmd %08x", pmd_val(pmd));
	return (pte_t *)__phys_to_virt(pmd_val(pmd) & PAGE_MASK);
}

/* The Linux entry for @addr, where @pmd is the first of its pair. */
static inline pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long addr)
{
	return pmd_page_vaddr(*pmd) + pte_index(addr);
}

/* The first of the pair of entries that point to the page-table page at @pte, with the bits @prot. */
static inline pmd_t pmd_of_table(phys_addr_t pte, pmdval_t prot)
{
	return __pmd((pte + PTE_HWTABLE_OFF) | prot);
}

/* The second, from the first. */
static inline pmd_t pmd_second_half(pmd_t first)
{
	return __pmd(pmd_val(first) + HW_PTRS_PER_PTE * sizeof(pteval_t));
}

/* What both forms of pmd_populate share. @pte is physical; @prot the entry without the address. */
static inline void __pmd_populate(pmd_t *pmdp, phys_addr_t pte, pmdval_t prot)
{
	VM_BUG_ON((unsigned long)pmdp % sizeof(pgd_t), "pmdp %p is no first of a pair", pmdp);
	VM_BUG_ON(!IS_ALIGNED(pte, PAGE_SIZE), "page table at %08x", pte);
	VM_BUG_ON(!pmd_none(pmdp[0]) || !pmd_none(pmdp[1]), "pmd %08x %08x", pmd_val(pmdp[0]),
		  pmd_val(pmdp[1]));
	dsb(ishst);		/* the page's contents before the pointer to it */
	pmdp[0] = pmd_of_table(pte, prot);
	pmdp[1] = pmd_second_half(pmdp[0]);
	dsb(ishst);
}

/**
 * pmd_populate_kernel - put a page-table page into the kernel's page table
 * @mm: not used; Linux's argument
 * @pmdp: first of the pair of entries, both empty
 * @ptep: the page, of lowmem; its hardware entries are those from PTE_HWTABLE_OFF on
 *
 * From here on the walker may follow the page: it is filled or clear before.
 */
static inline void pmd_populate_kernel(struct mm_struct *mm, pmd_t *pmdp, pte_t *ptep)
{
	(void)mm;
	__pmd_populate(pmdp, __pa(ptep), PMD_TYPE_TABLE | PMD_DOMAIN(DOMAIN_KERNEL));
}

/*
 * Empty a pair of entries. The caller invalidates the TLB before it gives the memory another use.
 */
static inline void pmd_clear(pmd_t *pmdp)
{
	VM_BUG_ON((unsigned long)pmdp % sizeof(pgd_t), "pmdp %p is no first of a pair", pmdp);
	pmdp[0] = __pmd(0);
	pmdp[1] = __pmd(0);
}

/**
 * set_pte_ext - write an entry: the Linux one and the hardware one
 * @ptep: Linux entry, in one of the Linux tables of a page-table page
 * @pte: its new value
 * @ext: hardware bits beside it: PTE_EXT_NG for an address space's own page, else 0
 *
 * For the barrier, and the TLB if the entry was valid, see the head of this file. As Linux's.
 */
void set_pte_ext(pte_t *ptep, pte_t pte, pteval_t ext);

/**
 * set_ptes_ext - write a run of entries that map a run of page frames
 * @ptep: first Linux entry
 * @pte: its value; each further entry maps the next page frame with the same attributes
 * @nr: number of entries, all in the same page-table page
 * @ext: as for set_pte_ext()
 *
 * Linux has set_ptes() since 6.6; this one translates the attributes only once.
 */
void set_ptes_ext(pte_t *ptep, pte_t pte, unsigned int nr, pteval_t ext);

/**
 * set_ptes_pages - write a run of entries that map pages from anywhere
 * @ptep: first Linux entry
 * @pages: the pages
 * @nr: how many; all entries in the same page-table page
 * @prot: attributes of each
 *
 * Translates the attributes only once. As set_pte_ext() otherwise.
 */
void set_ptes_pages(pte_t *ptep, struct page *const *pages, unsigned int nr, pgprot_t prot);

/* Empty a run of @nr entries, all in the same page-table page. The TLB is the caller's business. */
void clear_ptes(pte_t *ptep, unsigned int nr);

/* The same. Return: how many of them were present; their pages are in @pages. */
unsigned int take_ptes(pte_t *ptep, unsigned int nr, struct page **pages);

/* An entry of address @addr: those of user space belong to one address space. As Linux's. */
static inline void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte)
{
	(void)mm;
	set_pte_ext(ptep, pte, addr < TASK_SIZE ? PTE_EXT_NG : 0);
}

/* Nothing is mapped by the entry, which is that of @addr, any more. The TLB is for the caller to flush. */
static inline void pte_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	(void)mm;
	(void)addr;
	set_pte_ext(ptep, __pte(0), 0);
}

/* Is the entry empty, or present; may it be written; is it dirty, young; may it be executed? */
static inline bool pte_none(pte_t pte)		{ return pte_val(pte) == 0; }
static inline bool pte_present(pte_t pte)	{ return pte_val(pte) & L_PTE_PRESENT; }
static inline bool pte_write(pte_t pte)		{ return !(pte_val(pte) & L_PTE_RDONLY); }
static inline bool pte_dirty(pte_t pte)		{ return pte_val(pte) & L_PTE_DIRTY; }
static inline bool pte_young(pte_t pte)		{ return pte_val(pte) & L_PTE_YOUNG; }
static inline bool pte_exec(pte_t pte)		{ return !(pte_val(pte) & L_PTE_XN); }

#define PTE_BIT_FUNC(name, op) \
	static inline pte_t pte_##name(pte_t pte) { return __pte(pte_val(pte) op); }
PTE_BIT_FUNC(wrprotect, | L_PTE_RDONLY)
PTE_BIT_FUNC(mkwrite, & ~L_PTE_RDONLY)
PTE_BIT_FUNC(mkclean, & ~L_PTE_DIRTY)
PTE_BIT_FUNC(mkdirty, | L_PTE_DIRTY)
PTE_BIT_FUNC(mkold, & ~L_PTE_YOUNG)
PTE_BIT_FUNC(mkyoung, | L_PTE_YOUNG)
PTE_BIT_FUNC(mkexec, & ~L_PTE_XN)
PTE_BIT_FUNC(mknexec, | L_PTE_XN)
#undef PTE_BIT_FUNC

/* The page frame number of an entry, and the entry for @pfn: pte_pfn(), pfn_pte(). */
static inline unsigned long pte_pfn(pte_t pte)
{
	return pte_val(pte) >> PAGE_SHIFT;
}

static inline pte_t pfn_pte(unsigned long pfn, pgprot_t prot)
{
	return __pte(__pfn_to_phys(pfn) | pgprot_val(prot));
}

/*
 * How mm/ reaches a page by @addr of the kernel's page table, where it is mapped: just so. Return: its address. The
 * host's test program has to look it up.
 */
static inline void *mapped_ptr(unsigned long addr)
{
	return (void *)addr;
}

/* For callers that know struct page. */
#define pte_page(pte)		pfn_to_page(pte_pfn(pte))
#define mk_pte(page, prot)	pfn_pte(page_to_pfn(page), prot)

#endif
