/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: the TLB of asm/pgtable.h forgets.
 */
#ifndef ASM_TLBFLUSH_H
#define ASM_TLBFLUSH_H

#include <asm/page.h>

#define TLB_FLUSH_ALL_PAGES	64UL

void flush_tlb_kernel_range(unsigned long start, unsigned long end);

static inline void flush_tlb_all(void)
{
	flush_tlb_kernel_range(0, 0);
}

static inline void flush_tlb_kernel_page(unsigned long addr)
{
	flush_tlb_kernel_range(addr & PAGE_MASK, (addr & PAGE_MASK) + PAGE_SIZE);
}

/* `tlb_check=1' is the board's; here every flush that is missing fails the test. */
static inline void tlb_check_unmapped(unsigned long start, unsigned long end)
{
	(void)start;
	(void)end;
}

static inline void local_flush_tlb_all(void)
{
	flush_tlb_all();
}

static inline void local_flush_tlb_kernel_page(unsigned long addr)
{
	flush_tlb_kernel_page(addr);
}

/* For the prompt. */
void show_tlb(void);

#endif
