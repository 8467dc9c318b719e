// SPDX-License-Identifier: MIT
/*
 * TLB maintenance on all CPUs; asm/tlbflush.h has the contracts and the reasons. After Linux's
 * arch/arm/kernel/smp_tlb.c.
 *
 *    flush_tlb_...()
 *      `tlb=broadcast'    TLBI..IS --> DSB waits until every CPU has done it       the default
 *      `tlb=ipi'          each CPU of a mask --> flush_here(), this one, too       to be seen and tested
 *
 * I1. With `tlb=ipi' nobody is asked by one whom interrupts do not reach: two that ask each other would
 *     wait for ever. He has the hardware tell the others, which it can all the same.
 */
#include <asm/irqflags.h>
#include <asm/mmu_context.h>
#include <asm/pgd.h>
#include <asm/tlbflush.h>
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/hardirq.h>
#include <kernel/init.h>
#include <kernel/params.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <lib/errno.h>
#include <lib/string.h>

/* What is to be forgotten. */
struct tlb_flush {
	enum { FLUSH_ALL, FLUSH_ASID, FLUSH_PAGES } what;
	unsigned long mva;		/* the first page's address, or 0, with the ASID in its low bits */
	unsigned long nr_pages;
};

static DEFINE_STATIC_KEY_FALSE(tlb_ipi_key);
static DEFINE_PER_CPU(unsigned long, tlb_ipis);

/* tlb=broadcast, tlb=ipi: how CPUs have each other forget. */
static int __init tlb_setup(char *value)
{
	if (!value || (strcmp(value, "broadcast") && strcmp(value, "ipi")))
		return -EINVAL;
	if (!strcmp(value, "ipi"))
		static_branch_enable(&tlb_ipi_key);
	return 0;
}
early_param("tlb", tlb_setup);

bool tlb_uses_ipi(void)
{
	return static_key_enabled(&tlb_ipi_key);
}

unsigned long nr_tlb_ipis(unsigned int cpu)
{
	return per_cpu(tlb_ipis, cpu);
}

/* ---- By interrupt ---- */

/* Context: interrupts masked. */
static void flush_here(void *info)
{
	const struct tlb_flush *flush = info;
	unsigned long mva = flush->mva;

	__this_cpu_inc(tlb_ipis);
	dsb(nshst);
	if (flush->what == FLUSH_ALL)
		tlbiall();
	else if (flush->what == FLUSH_ASID)
		tlbiasid(mva);
	else
		for (unsigned long i = 0; i < flush->nr_pages; i++, mva += PAGE_SIZE)
			tlbimva(mva);
	if (flush->what != FLUSH_PAGES)
		bpiall();
	dsb(nsh);
	isb();
}

/* I1. */
static inline bool asks_by_ipi(void)
{
	return static_branch_unlikely(&tlb_ipi_key) && !irqs_disabled() && !in_interrupt();
}

static noinline void flush_by_ipi(const struct cpumask *mask, struct tlb_flush flush)
{
	dsb(ishst);		/* the walkers of all see the changed entries, before any forgets the old */
	on_each_cpu_mask(mask, flush_here, &flush, true);
}

/* ---- The kernel's ---- */

void flush_tlb_all(void)
{
	if (asks_by_ipi()) {
		flush_by_ipi(cpu_online_mask, (struct tlb_flush){ .what = FLUSH_ALL });
		return;
	}
	dsb(ishst);
	tlbiallis();
	bpiallis();
	dsb(ish);
	isb();
}

/* Each page by itself. */
static void flush_pages(const struct cpumask *mask, unsigned long mva, unsigned long nr_pages)
{
	if (bug(TLB_NOT_TOLD))
		return;
	if (asks_by_ipi()) {
		flush_by_ipi(mask, (struct tlb_flush){ FLUSH_PAGES, mva, nr_pages });
		return;
	}
	dsb(ishst);
	for (; nr_pages; nr_pages--, mva += PAGE_SIZE)
		if (bug(TLB_ONLY_HERE))
			tlbimva(mva);
		else
			tlbimvais(mva);
	dsb(ish);
	isb();
}

void flush_tlb_kernel_page(unsigned long addr)
{
	flush_pages(cpu_online_mask, addr & PAGE_MASK, 1);
}

/* Pages from @start on, in a range that ends at @end; 0 is the top of the address space. */
static unsigned long pages_between(unsigned long start, unsigned long end)
{
	VM_BUG_ON(end != 0 && end < start, "%08lx-%08lx", start, end);
	return (PAGE_ALIGN(end) - (start & PAGE_MASK)) >> PAGE_SHIFT;
}

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	unsigned long nr_pages = pages_between(start, end);

	if (nr_pages >= TLB_FLUSH_ALL_PAGES)
		flush_tlb_all();
	else
		flush_pages(cpu_online_mask, start & PAGE_MASK, nr_pages);
}

/* ---- User space: only on CPUs that ran the mm, as far as somebody must ask them ---- */

/*
 * Under which ASID may TLBs know what has changed? Who gets one later, or runs on another CPU later, finds
 * the new entries: so these are there before it is asked for, and the CPUs are (the other half of it is in
 * check_and_switch_context()). Return: 0 if there is none.
 */
static unsigned int asid_to_flush(const struct mm_struct *mm)
{
	dsb(ishst);
	return mm_asid(mm);
}

void flush_tlb_mm(struct mm_struct *mm)
{
	unsigned int asid = asid_to_flush(mm);

	if (asid == 0)
		return;
	if (asks_by_ipi()) {
		flush_by_ipi(mm_cpumask(mm), (struct tlb_flush){ FLUSH_ASID, asid, 0 });
		return;
	}
	tlbiasidis(asid);
	bpiallis();
	dsb(ish);
	isb();
}

void flush_tlb_range(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	unsigned long nr_pages = pages_between(start, end);
	unsigned int asid;

	VM_BUG_ON(end > TASK_SIZE, "%08lx-%08lx is not user space", start, end);
	if (nr_pages >= TLB_FLUSH_ALL_PAGES) {
		flush_tlb_mm(mm);
		return;
	}
	asid = asid_to_flush(mm);
	if (asid != 0)
		flush_pages(mm_cpumask(mm), (start & PAGE_MASK) | asid, nr_pages);
}

void flush_tlb_page(struct mm_struct *mm, unsigned long addr)
{
	addr &= PAGE_MASK;
	flush_tlb_range(mm, addr, addr + PAGE_SIZE);
}

/* ---- Showing ---- */

void show_tlb(void)
{
	struct asid_stats asids;
	unsigned int cpu;

	get_asid_stats(&asids);
	pr_info("TLBs are told by %s; from %lu pages on, to forget everything; checked: %s\n",
		tlb_uses_ipi() ? "interrupts" : "broadcast", TLB_FLUSH_ALL_PAGES,
		static_key_enabled(&tlb_check_key) ? "yes" : "no");
	pr_info("ASIDs: %u of %u in use, generation %lu\n", asids.in_use, NUM_ASIDS - 1, asids.generation);
	pr_info("%12s %12s %12s\n", "CPU", "interrupts", "vmalloc faults");
	for_each_online_cpu(cpu)
		pr_info("%12u %12lu %12lu\n", cpu, nr_tlb_ipis(cpu), nr_vmalloc_faults(cpu));
}
