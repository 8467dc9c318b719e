/* SPDX-License-Identifier: MIT */
/*
 * The shape of the page tables, and the software view of an entry: Linux's for ARM with two levels
 * (arch/arm/include/asm/pgtable-2level.h there).
 *
 * The hardware has 4096 level-1 entries and level-2 tables of 1 KiB, and its entries have no room
 * for "accessed" and "dirty". So two level-1 entries make one pgd_t of 2 MiB, and two level-2
 * tables share a page with two tables of the same length that hold the kernel's own view, the Linux
 * entries:
 *
 *      pgd_t              page-table page
 *    +---------+ 0      +----------------------+ +0      pte_t: Linux entries of the even MiB
 *    | pgd[0]  |---+    |  Linux table 0       |
 *    +---------+   |    +----------------------+ +1024   pte_t: Linux entries of the odd MiB
 *    | pgd[1]  |-+ |    |  Linux table 1       |
 *    +---------+ | |    +----------------------+ +2048   = PTE_HWTABLE_OFF
 *                | +--->|  hardware table 0    |
 *                |      +----------------------+ +3072
 *                +----->|  hardware table 1    |
 *                       +----------------------+ 4096
 *
 * I1. The two halves of a pgd_t are tables of one and the same page, or neither of them is a table.
 * I2. Each hardware entry is pte_to_hw() of the Linux entry PTE_HWTABLE_OFF bytes below it. Only
 *     the functions of arch/arm/mm/pte.c write either, and kmap_set_pte() of asm/highmem.h.
 * I3. Page-table pages lie in lowmem, so that pmd_page_vaddr() finds them.
 * I4. No mapping of the kernel's is both writable and executable.
 * I5. Physical memory is not mapped twice with different memory types (ARM DDI 0406C A3.5,
 *     "Mismatched memory attributes"), nor writable by one mapping and executable by another: but for
 *     moments in which the machine stands still, see patch_text() (arch/arm/kernel/patch.c).
 * I6. Page 0 is mapped nowhere: whoever follows NULL faults.
 * I7. User mode can touch nothing from TASK_SIZE on.
 * I8. Every mapping has one of the memory types of asm/map.h.
 *
 * pgtable_check() (arch/arm/mm/pgtable_check.c) walks everything and checks I1-I8.
 */
#ifndef ASM_PGTABLE_2LEVEL_H
#define ASM_PGTABLE_2LEVEL_H

#include <asm/page.h>
#include <asm/pgtable-hwdef.h>
#include <lib/types.h>

#define PTRS_PER_PGD		2048
#define PTRS_PER_PMD		1
#define PTRS_PER_PTE		512

#define PGDIR_SHIFT		21
#define PGDIR_SIZE		(1UL << PGDIR_SHIFT)
#define PGDIR_MASK		(~(PGDIR_SIZE - 1))
#define PMD_SHIFT		21
#define PMD_SIZE		(1UL << PMD_SHIFT)
#define PMD_MASK		(~(PMD_SIZE - 1))

#define PTE_HWTABLE_PTRS	PTRS_PER_PTE
#define PTE_HWTABLE_OFF		(PTE_HWTABLE_PTRS * sizeof(pte_t))
#define PTE_HWTABLE_SIZE	(PTRS_PER_PTE * sizeof(u32))

typedef u32 pteval_t;
typedef u32 pmdval_t;

/* Structures, so that an entry of one level is not taken for another's. */
typedef struct { pteval_t pte; } pte_t;
typedef struct { pmdval_t pmd; } pmd_t;
typedef struct { pmdval_t pgd[2]; } pgd_t;
typedef struct { pgd_t pgd; } pud_t;
typedef struct { pteval_t pgprot; } pgprot_t;

#define pte_val(x)	((x).pte)
#define pmd_val(x)	((x).pmd)
#define pgd_val(x)	((x).pgd[0])
#define pgprot_val(x)	((x).pgprot)
#define __pte(x)	((pte_t){ (x) })
#define __pmd(x)	((pmd_t){ (x) })
#define __pgprot(x)	((pgprot_t){ (x) })

_Static_assert(sizeof(pgd_t) * PTRS_PER_PGD == SWAPPER_PG_DIR_SIZE, "the level-1 table has 16 KiB");
_Static_assert(2 * sizeof(pmd_t) == sizeof(pgd_t), "a pgd_t is a pair of hardware entries");
_Static_assert(PTE_HWTABLE_OFF + PTE_HWTABLE_SIZE == PAGE_SIZE, "four tables fill a page");
_Static_assert(HW_PTRS_PER_PTE * 2 == PTRS_PER_PTE, "two hardware tables make one of Linux's");

/*
 * The Linux entry. PRESENT and YOUNG: without either the hardware entry is 0, and the access
 * faults. A page is written only if it is DIRTY and not RDONLY: the first write to a clean page
 * faults.
 */
#define L_PTE_VALID		((pteval_t)1 << 0)
#define L_PTE_PRESENT		((pteval_t)1 << 0)
#define L_PTE_YOUNG		((pteval_t)1 << 1)
#define L_PTE_DIRTY		((pteval_t)1 << 6)
#define L_PTE_RDONLY		((pteval_t)1 << 7)
#define L_PTE_USER		((pteval_t)1 << 8)
#define L_PTE_XN		((pteval_t)1 << 9)
#define L_PTE_SHARED		((pteval_t)1 << 10)

/*
 * Memory types, bits 2-5. With TEX remap bits 2, 3 and 4 are B, C and TEX[0], the index into PRRR
 * and NMRR; bit 5 tells apart what only other CPUs tell apart.
 */
#define L_PTE_MT_SHIFT		2
#define L_PTE_MT_B		((pteval_t)1 << 2)
#define L_PTE_MT_C		((pteval_t)1 << 3)
#define L_PTE_MT_TEX0		((pteval_t)1 << 4)
#define L_PTE_MT_UNCACHED	((pteval_t)0x00 << L_PTE_MT_SHIFT)	/* strongly ordered */
#define L_PTE_MT_BUFFERABLE	((pteval_t)0x01 << L_PTE_MT_SHIFT)	/* normal, uncached */
#define L_PTE_MT_WRITETHROUGH	((pteval_t)0x02 << L_PTE_MT_SHIFT)
#define L_PTE_MT_WRITEBACK	((pteval_t)0x03 << L_PTE_MT_SHIFT)
#define L_PTE_MT_DEV_SHARED	((pteval_t)0x04 << L_PTE_MT_SHIFT)	/* device */
#define L_PTE_MT_WRITEALLOC	((pteval_t)0x07 << L_PTE_MT_SHIFT)	/* normal, cached */
#define L_PTE_MT_DEV_WC		((pteval_t)0x09 << L_PTE_MT_SHIFT)	/* as BUFFERABLE */
#define L_PTE_MT_DEV_CACHED	((pteval_t)0x0b << L_PTE_MT_SHIFT)	/* as WRITEBACK */
#define L_PTE_MT_DEV_NONSHARED	((pteval_t)0x0c << L_PTE_MT_SHIFT)	/* as DEV_SHARED */
#define L_PTE_MT_VECTORS	((pteval_t)0x0f << L_PTE_MT_SHIFT)	/* as WRITEALLOC */
#define L_PTE_MT_MASK		((pteval_t)0x0f << L_PTE_MT_SHIFT)

/* C, B and S lie where the hardware has them, so that pte_to_hw() carries them over as they are. */
_Static_assert(L_PTE_MT_B == PTE_BUFFERABLE && L_PTE_MT_C == PTE_CACHEABLE &&
	       L_PTE_SHARED == PTE_EXT_SHARED, "pte_to_hw() copies these bits");

#define PTE_PFN_MASK		((pteval_t)PAGE_MASK)

/**
 * pte_to_hw - the hardware entry that belongs to a Linux entry
 * @pte: Linux entry
 * @ext: hardware bits that the Linux entry has no place for: PTE_EXT_NG, or 0
 *
 *    Linux              small page (ARM DDI 0406C B3.5.1; AP as B3.7.1 with SCTLR.AFE = 0)
 *    not PRESENT, or
 *    not YOUNG          0: a translation fault
 *    MT bits 2,3,4      B, C, TEX[0]
 *    RDONLY or clean    AP[2]: read-only
 *    USER               AP[1]
 *    any                AP[0]
 *    XN, SHARED         XN, S
 *
 * As Linux's cpu_v7_set_pte_ext(). Return: the entry; 0 for one that faults.
 */
static inline pteval_t pte_to_hw(pte_t pte, pteval_t ext)
{
	pteval_t val = pte_val(pte);
	pteval_t hw = val & (PTE_PFN_MASK | L_PTE_MT_B | L_PTE_MT_C | L_PTE_SHARED);

	if ((val & (L_PTE_PRESENT | L_PTE_YOUNG)) != (L_PTE_PRESENT | L_PTE_YOUNG))
		return 0;
	hw |= PTE_TYPE_SMALL | PTE_EXT_AP0 | ext;
	if (val & L_PTE_MT_TEX0)
		hw |= PTE_EXT_TEX(1);
	if ((val & (L_PTE_RDONLY | L_PTE_DIRTY)) != L_PTE_DIRTY)
		hw |= PTE_EXT_APX;
	if (val & L_PTE_USER)
		hw |= PTE_EXT_AP1;
	if (val & L_PTE_XN)
		hw |= PTE_EXT_XN;
	return hw;
}

/*
 * A section keeps the same attributes in other places. The pair of functions below is the only
 * knowledge of that; both leave the base address and the domain out.
 */
#define PTE_SECT_LOW_SHIFT	6	/* AP[1:0], TEX, AP[2], S, nG: from bit 4 to bit 10 */
#define PTE_SECT_LOW_MASK	((pteval_t)0xff << 4)

_Static_assert(PTE_EXT_AP0 << PTE_SECT_LOW_SHIFT == PMD_SECT_AP_WRITE &&
	       PTE_EXT_AP1 << PTE_SECT_LOW_SHIFT == PMD_SECT_AP_READ &&
	       PTE_EXT_TEX(1) << PTE_SECT_LOW_SHIFT == PMD_SECT_TEX(1) &&
	       PTE_EXT_APX << PTE_SECT_LOW_SHIFT == PMD_SECT_APX &&
	       PTE_EXT_SHARED << PTE_SECT_LOW_SHIFT == PMD_SECT_S &&
	       PTE_EXT_NG << PTE_SECT_LOW_SHIFT == PMD_SECT_nG, "one shift moves them all");

/* The attributes of a small page, @hw, as a section has them. */
static inline pmdval_t hw_pte_to_sect(pteval_t hw)
{
	return PMD_TYPE_SECT | (hw & (PTE_CACHEABLE | PTE_BUFFERABLE)) |
	       (hw & PTE_EXT_XN ? PMD_SECT_XN : 0) | (hw & PTE_SECT_LOW_MASK) << PTE_SECT_LOW_SHIFT;
}

/* The attributes of a section, @sect, as a small page has them. */
static inline pteval_t sect_to_hw_pte(pmdval_t sect)
{
	return PTE_TYPE_SMALL | (sect & (PMD_SECT_CACHEABLE | PMD_SECT_BUFFERABLE)) |
	       (sect & PMD_SECT_XN ? PTE_EXT_XN : 0) |
	       ((sect >> PTE_SECT_LOW_SHIFT) & PTE_SECT_LOW_MASK);
}

#endif
