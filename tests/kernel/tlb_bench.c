// SPDX-License-Identifier: MIT
/*
 * What TLB maintenance costs the CPU that asks for it: by page, by range, all of it; and what a switch
 * between address spaces costs. What it costs other CPUs, and what is looked up again afterwards, no
 * instruction counter shows: QEMU models neither (docs/pagetables.md, "How many pages are too many").
 */
#include <asm/mmu_context.h>
#include <asm/set_memory.h>
#include <asm/pgalloc.h>
#include <asm/pgd.h>
#include <asm/tlbflush.h>
#include <asm/vexpress.h>
#include <mm/gfp.h>
#include "bench.h"

#define NR_OPS		100
#define ADDR		0xf8000000ul	/* any: nothing needs to be mapped there */

static void run_page(unsigned long ops)
{
	do
		flush_tlb_kernel_page(ADDR);
	while (--ops);
}
BENCH("tlb", "flush of a page", NR_OPS, NULL, run_page, NULL);

static void run_local_page(unsigned long ops)
{
	do
		local_flush_tlb_kernel_page(ADDR);
	while (--ops);
}
BENCH("tlb", "flush of a page, this CPU", NR_OPS, NULL, run_local_page, NULL);

#define RANGE_BENCH(nr)								\
	static void run_range_##nr(unsigned long ops)				\
	{									\
		do								\
			flush_tlb_kernel_range(ADDR, ADDR + (nr) * PAGE_SIZE);	\
		while (--ops);							\
	}									\
	BENCH("tlb", "flush of " #nr " pages", NR_OPS, NULL, run_range_##nr, NULL)

RANGE_BENCH(4);
RANGE_BENCH(16);
RANGE_BENCH(63);
RANGE_BENCH(64);

static void run_all(unsigned long ops)
{
	do
		flush_tlb_all();
	while (--ops);
}
BENCH("tlb", "flush of everything", NR_OPS, NULL, run_all, NULL);

/* ---- Address spaces ---- */

static struct mm_struct *mm_a, *mm_b;

static bool have_mms(void)
{
	mm_a = mm_alloc();
	mm_b = mm_alloc();
	return mm_a && mm_b;
}

static void put_mms(void)
{
	mmput(mm_a);
	mmput(mm_b);
}

/* Interrupts are masked, and the thread has no mm: nobody notices. */
static void run_switch(unsigned long ops)
{
	switch_mm(&init_mm, mm_a);
	do {
		switch_mm(mm_a, mm_b);
		switch_mm(mm_b, mm_a);
	} while (--ops);
	switch_mm(mm_a, &init_mm);
}
BENCH("tlb", "switch to another mm and back", NR_OPS, have_mms, run_switch, put_mms);

static void run_fault(unsigned long ops)
{
	pmd_t *pmd;

	switch_mm(&init_mm, mm_a);
	pmd = pmd_off(mm_a, IO_MPCORE_BASE);
	do {
		pmd_clear(pmd);
		flush_tlb_kernel_page(IO_MPCORE_BASE);
		(void)*(volatile u32 *)IO_MPCORE_BASE;
	} while (--ops);
	switch_mm(mm_a, &init_mm);
}
BENCH("tlb", "vmalloc fault, with a flush", NR_OPS, have_mms, run_fault, put_mms);
