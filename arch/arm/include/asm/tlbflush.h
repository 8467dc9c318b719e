/* SPDX-License-Identifier: MIT */
/*
 * TLB maintenance (ARM DDI 0406C B3.10, B4.2.2). Part of the contract with mm/.
 *
 *    local_flush_tlb_all()		this CPU, everything
 *    flush_tlb_all()			all CPUs, everything
 *    flush_tlb_kernel_page(addr)	all CPUs, one page of the kernel's
 *    local_flush_tlb_kernel_page(addr)	this CPU, one page: for mappings of one CPU (kmap_atomic)
 *    flush_tlb_kernel_range(start, end)	all CPUs, a range
 *
 * Each is complete when it returns, in four steps (B3.10.1):
 *
 *    dsb ishst    the changed entries are seen by the walkers before the TLB forgets the old ones:
 *                 otherwise it might learn an old one again
 *    TLBI...      forget; the ..IS forms on all CPUs of the inner shareable domain
 *    dsb ish      it has happened, on all of them
 *    isb          and this CPU has fetched nothing since through what was forgotten
 *
 * An entry that was invalid needs none of this: faults are not kept in a TLB (B3.10.1). A barrier
 * is enough then, see flush_cache_vmap().
 *
 * Branch predictors hold virtual addresses of code (B2.2.7), so whoever makes code appear or
 * disappear at an address also calls flush_bp_all(). Changes of data need not: only flush_tlb_all()
 * does it by itself, since it cannot know.
 */
#ifndef ASM_TLBFLUSH_H
#define ASM_TLBFLUSH_H

#include <asm/barrier.h>
#include <asm/cp15.h>
#include <asm/page.h>

/*
 * From so many pages on one invalidation of everything costs less, refills included, than one for
 * each.
 */
#define TLB_FLUSH_ALL_PAGES	64UL

#define tlbiallis()		CP15_WRITE(0, c8, c3, 0, 0)
#define tlbimvais(mva)		CP15_WRITE(0, c8, c3, 1, mva)
#define tlbiasidis(asid)	CP15_WRITE(0, c8, c3, 2, asid)
#define tlbiall()		CP15_WRITE(0, c8, c7, 0, 0)
#define tlbimva(mva)		CP15_WRITE(0, c8, c7, 1, mva)
#define bpiallis()		CP15_WRITE(0, c7, c1, 6, 0)
#define bpiall()		CP15_WRITE(0, c7, c5, 6, 0)

/* Forget all branch predictions, on all CPUs. Complete on return. */
static inline void flush_bp_all(void)
{
	bpiallis();
	dsb(ish);
	isb();
}

static inline void local_flush_tlb_all(void)
{
	dsb(nshst);
	tlbiall();
	bpiall();
	dsb(nsh);
	isb();
}

static inline void flush_tlb_all(void)
{
	dsb(ishst);
	tlbiallis();
	bpiallis();
	dsb(ish);
	isb();
}

/*
 * The ASID in the low bits of the operand is ignored for global entries, and the kernel has no
 * others.
 */
static inline void flush_tlb_kernel_page(unsigned long addr)
{
	dsb(ishst);
	tlbimvais(addr & PAGE_MASK);
	dsb(ish);
	isb();
}

static inline void local_flush_tlb_kernel_page(unsigned long addr)
{
	dsb(nshst);
	tlbimva(addr & PAGE_MASK);
	dsb(nsh);
	isb();
}

/**
 * flush_tlb_kernel_range - forget the translations of a range of kernel addresses, on all CPUs
 * @start: first byte
 * @end: behind the last byte; 0 is the top of the address space
 *
 * Context: any. Works on whole pages. A range of TLB_FLUSH_ALL_PAGES or more takes everything with
 * it.
 */
void flush_tlb_kernel_range(unsigned long start, unsigned long end);

/* ---- User space: entries that are not global, with the ASID of an mm. Context: any. ---- */

struct mm_struct;

/* Forget all of @mm's user half, on all CPUs. An mm that never ran is in no TLB. */
void flush_tlb_mm(struct mm_struct *mm);

/* One page of it. Differs from Linux: takes the mm, not a mapping (there are none). */
void flush_tlb_page(struct mm_struct *mm, unsigned long addr);

/* A range; one of TLB_FLUSH_ALL_PAGES or more takes all of the mm with it. */
void flush_tlb_range(struct mm_struct *mm, unsigned long start, unsigned long end);

#endif
