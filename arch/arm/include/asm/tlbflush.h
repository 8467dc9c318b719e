/* SPDX-License-Identifier: MIT */
/*
 * TLB maintenance (ARM DDI 0406C B3.10, B4.2.2). Part of the contract with mm/.
 *
 *    local_flush_tlb_all()		this CPU, everything
 *    flush_tlb_all()			all CPUs, everything
 *    flush_tlb_kernel_page(addr)	all CPUs, one page of the kernel's
 *    local_flush_tlb_kernel_page(addr)	this CPU, one page: for mappings of one CPU (kmap_atomic)
 *    flush_tlb_kernel_range(start, end)	all CPUs, a range
 *    flush_tlb_mm(mm), flush_tlb_range(mm, start, end), flush_tlb_page(mm, addr)
 *					all CPUs, of user space
 *    tlb_check_unmapped(start, end)	`tlb_check=1': has every CPU really forgotten?
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
 * "All CPUs" are told by broadcast, which the Cortex-A9 does in hardware, or with `tlb=ipi' by an
 * interrupt to each, as Linux does it where a CPU cannot. Then whoever flushes waits for the others: he
 * must not hold a lock that one of them could be waiting for with interrupts masked. With interrupts
 * masked himself he may still be asked by another that waits for him, so he does use the broadcast then
 * (arch/arm/mm/tlb.c).
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
#include <kernel/bug.h>
#include <kernel/jump_label.h>

/*
 * From so many pages on one invalidation of everything costs less, refills included, than one for
 * each: half of the main TLB's 128 entries (Cortex-A9 TRM, DDI 0388, chapter 6). A range of n pages
 * is n broadcasts, each of which every CPU answers. Everything is one, and afterwards each CPU walks
 * again for what it still uses: 128 times at most, two loads each that mostly hit its cache. If half
 * of the entries are still used that is 64 walks, about what 64 broadcasts are. docs/pagetables.md
 * has what was measured.
 */
#define TLB_FLUSH_ALL_PAGES	64UL

#define tlbiallis()		CP15_WRITE(0, c8, c3, 0, 0)
#define tlbimvais(mva)		CP15_WRITE(0, c8, c3, 1, mva)
#define tlbiasidis(asid)	CP15_WRITE(0, c8, c3, 2, asid)
#define tlbiall()		CP15_WRITE(0, c8, c7, 0, 0)
#define tlbimva(mva)		CP15_WRITE(0, c8, c7, 1, mva)
#define tlbiasid(asid)		CP15_WRITE(0, c8, c7, 2, asid)
#define bpiallis()		CP15_WRITE(0, c7, c1, 6, 0)
#define bpiall()		CP15_WRITE(0, c7, c5, 6, 0)

/* Forget all branch predictions, on all CPUs. Complete on return. */
static inline void flush_bp_all(void)
{
	bpiallis();
	dsb(ish);
	isb();
}

/*
 * Empty the TLB and forget all branch predictions: of this CPU, local_flush_tlb_all(); of all, flush_tlb_all().
 * Complete on return.
 */
static inline void local_flush_tlb_all(void)
{
	dsb(nshst);
	tlbiall();
	bpiall();
	dsb(nsh);
	isb();
}

void flush_tlb_all(void);

/* One page of the kernel's, the one of @addr, on all CPUs. */
void flush_tlb_kernel_page(unsigned long addr);

/*
 * The same on this CPU. The ASID in the low bits of the operand is ignored for global entries, and the kernel has no
 * others.
 */
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

/* The page of @addr of it. Differs from Linux: takes the mm, not a mapping (there are none). */
void flush_tlb_page(struct mm_struct *mm, unsigned long addr);

/* From @start to before @end; TLB_FLUSH_ALL_PAGES or more take all of the mm with them. */
void flush_tlb_range(struct mm_struct *mm, unsigned long start, unsigned long end);

/* ---- `tlb=' ---- */

/* Are CPUs told by interrupts? */
bool tlb_uses_ipi(void);

/* How often CPU @cpu was interrupted to flush. */
unsigned long nr_tlb_ipis(unsigned int cpu);

/* Print that, the ASIDs and the vmalloc faults: the shell's `mm tlb'. Context: any. */
void show_tlb(void);

/* ---- `tlb_check=1': arch/arm/mm/tlb_check.c ---- */

DECLARE_STATIC_KEY_FALSE(tlb_check_key);

/**
 * __tlb_check_unmapped - look for translations that were left in TLBs
 * @start: first byte, of a page
 * @end: behind the last byte; the kernel's, and nothing is mapped there
 *
 * Has every CPU read each page: it must fault. So not for what were device registers, which a read could
 * change. What is found is named, and then flushed. Context: any; with interrupts masked, or in an
 * interrupt, only this CPU looks. Return: how many pages of how many CPUs were found.
 */
unsigned int __tlb_check_unmapped(unsigned long start, unsigned long end);

/*
 * The same with `tlb_check=1', and with a warning that shows the caller; else nothing. For whoever has
 * unmapped pages and flushed, and before addresses are used again.
 */
static inline void tlb_check_unmapped(unsigned long start, unsigned long end)
{
	if (static_branch_unlikely(&tlb_check_key))
		WARN_ON(__tlb_check_unmapped(start, end), "a flush of %08lx-%08lx is missing", start,
			end);
}

#endif
