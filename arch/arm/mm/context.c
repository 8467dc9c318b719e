// SPDX-License-Identifier: MIT
/*
 * ASIDs: whose translations are these in the TLB? After Linux 3.10's arch/arm/mm/context.c.
 *
 * An entry of user space is not global (PTE_EXT_NG): a TLB keeps it with the ASID of the time, 8 bits,
 * and finds it again only under the same. So a CPU that goes from one mm to another need not forget
 * anything. There are 255 of them and 0, which is init_mm's. When they are used up all are taken back
 * at once: a new generation begins.
 *
 *    mm->context.id     | generation, 56 bits | ASID, 8 |
 *    asid_generation    | generation          |    0    |      another than the mm's: it has no ASID
 *    asid_map           1101001...                             ASIDs given out in this generation
 *
 *    CPU                      0        1        2        3     at a rollover by CPU 0
 *    active_asids             0        0        0        0     was 5:17, 5:33, 0, 5:2
 *    reserved_asids           0     5:33     5:9      5:2      what the CPU runs on, until it switches
 *    tlb_flush_pending        x        x        x        x     it flushes when it does
 *
 * I1. An ASID is given to one mm in a generation, except that who ran on a CPU at a rollover keeps it:
 *     it is in reserved_asids until that CPU switches, and nobody else gets it.
 * I2. A CPU runs under an ASID of the present generation, or under its reserved one. Before it first
 *     runs under one that was given out in a generation it flushes its TLB, once in each.
 * I3. asid_generation, asid_map and reserved_asids change under cpu_asid_lock. active_asids is also
 *     written without it, by its own CPU: the exchange there fails, with 0, if a rollover came first.
 * I4. Before a CPU walks for an mm all others can see the mm's ASID, and the CPU in its mask: so who has
 *     changed an entry, and then asks which TLBs may know the old one, hears of each. A new ASID empties
 *     the mask, so a CPU that is in it has seen to that already.
 *
 * The switch itself (ARM DDI 0406C B3.10.4): TTBR0 and CONTEXTIDR cannot be written at once, and in
 * between the walker might fetch an entry of one mm and keep it under the ASID of the other. So for
 * that moment TTBR0 is that of swapper_pg_dir, whose entries are all global.
 */
#include <asm/barrier.h>
#include <asm/cp15.h>
#include <asm/mmu_context.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <kernel/bugs.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <lib/bitmap.h>

#define GENERATION_MASK		(~(u64)ASID_MASK)

static DEFINE_SPINLOCK(cpu_asid_lock);
static atomic64_t asid_generation = ATOMIC64_INIT(ASID_FIRST_VERSION);
static unsigned long asid_map[BITS_TO_LONGS(NUM_ASIDS)] = { 1 };	/* 0 is init_mm's */
static struct cpumask tlb_flush_pending;
static DEFINE_PER_CPU(atomic64_t, active_asids);
static DEFINE_PER_CPU(u64, reserved_asids);

/* ---- Registers ---- */

static u32 ttbr0_of(const pgd_t *pgd)
{
	return __pa(pgd) | TTB_FLAGS;
}

/* Walk swapper_pg_dir. Both sides of a switch map the kernel alike, so nothing moves under our feet. */
static void cpu_set_reserved_ttbr0(void)
{
	write_ttbr0(ttbr0_of(swapper_pg_dir));
	isb();
}

static void cpu_set_asid(unsigned int asid)
{
	write_contextidr(asid);
	isb();
}

void cpu_switch_to_init_mm(void)
{
	cpu_set_reserved_ttbr0();
	cpu_set_asid(0);
}

/* Context: TTBR0 is the reserved one. */
static void cpu_switch_mm(const pgd_t *pgd, unsigned int asid)
{
	cpu_set_asid(asid);
	write_ttbr0(ttbr0_of(pgd));
	isb();
}

/* ---- Generations. Context: cpu_asid_lock is held. ---- */

static bool is_current(u64 id)
{
	return ((id ^ atomic64_read(&asid_generation)) & GENERATION_MASK) == 0;
}

/* Take all ASIDs back, but those under which CPUs run (I1). */
static void flush_context(void)
{
	unsigned int cpu;

	bitmap_clear(asid_map, 0, NUM_ASIDS);
	__set_bit(0, asid_map);
	for_each_possible_cpu(cpu) {
		u64 id = atomic64_xchg(&per_cpu(active_asids, cpu), 0);

		/* It has not switched since the last rollover: then it still runs under the same. */
		if (id == 0)
			id = per_cpu(reserved_asids, cpu);
		__set_bit(id & ASID_MASK, asid_map);
		per_cpu(reserved_asids, cpu) = id;
		cpumask_set_cpu(cpu, &tlb_flush_pending);
	}
}

/*
 * Is @id some CPU's reserved one? Then its mm keeps the ASID, with @new_id as its id: each CPU on which
 * it is reserved must know, or a second rollover would look for the old one.
 */
static bool keep_reserved(u64 id, u64 new_id)
{
	bool found = false;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		if (per_cpu(reserved_asids, cpu) != id)
			continue;
		per_cpu(reserved_asids, cpu) = new_id;
		found = true;
	}
	return found;
}

/* An id of the present generation for @mm. */
static u64 new_context(struct mm_struct *mm)
{
	u64 id = atomic64_read(&mm->context.id), generation = atomic64_read(&asid_generation);
	unsigned long asid;

	if (id != 0 && keep_reserved(id, generation | (id & ASID_MASK)))
		return generation | (id & ASID_MASK);
	asid = find_next_zero_bit(asid_map, NUM_ASIDS, 0);
	if (asid == NUM_ASIDS) {
		generation += ASID_FIRST_VERSION;
		atomic64_set(&asid_generation, generation);
		flush_context();
		asid = find_next_zero_bit(asid_map, NUM_ASIDS, 0);
	}
	if (!bug(ASID_TWICE))
		__set_bit(asid, asid_map);
	cpumask_clear(mm_cpumask(mm));
	return generation | asid;
}

/* The slow way to an ASID, which may flush this CPU's TLB. Return: the id. */
static u64 get_context(struct mm_struct *mm)
{
	unsigned int cpu = smp_processor_id();
	u64 id;

	spin_lock(&cpu_asid_lock);
	id = atomic64_read(&mm->context.id);
	if (!is_current(id)) {
		id = new_context(mm);
		atomic64_set(&mm->context.id, id);
	}
	if (cpumask_test_cpu(cpu, &tlb_flush_pending)) {
		cpumask_clear_cpu(cpu, &tlb_flush_pending);
		local_flush_tlb_all();
	}
	atomic64_set(this_cpu_ptr(&active_asids), id);
	spin_unlock(&cpu_asid_lock);
	return id;
}

void check_and_switch_context(struct mm_struct *mm)
{
	u64 id = atomic64_read(&mm->context.id);

	cpu_set_reserved_ttbr0();
	if (!is_current(id) || atomic64_xchg(this_cpu_ptr(&active_asids), id) == 0)
		id = get_context(mm);
	if (!cpumask_test_cpu(smp_processor_id(), mm_cpumask(mm))) {
		cpumask_set_cpu(smp_processor_id(), mm_cpumask(mm));
		dsb(ish);		/* I4 */
	}
	cpu_switch_mm(mm->pgd, id & ASID_MASK);
}

/* ---- Looking at it ---- */

void get_asid_stats(struct asid_stats *stats)
{
	unsigned long flags;

	spin_lock_irqsave(&cpu_asid_lock, flags);
	stats->generation = (unsigned long)(atomic64_read(&asid_generation) >> ASID_BITS);
	stats->in_use = bitmap_weight(asid_map, NUM_ASIDS) - 1;
	spin_unlock_irqrestore(&cpu_asid_lock, flags);
}

/* I1 and I2 for what one CPU runs on, or ran on last. */
static int check_cpu(unsigned int cpu)
{
	u64 active = atomic64_read(&per_cpu(active_asids, cpu));
	u64 id = active ? active : per_cpu(reserved_asids, cpu);
	int bad = 0;

	if (!test_bit(id & ASID_MASK, asid_map)) {
		pr_err("asid_check: CPU %u: ASID %u is free (I1)\n", cpu, (unsigned int)(id & ASID_MASK));
		bad++;
	}
	if (active && !is_current(active)) {
		pr_err("asid_check: CPU %u: active id %llx, generation %llx (I2)\n", cpu, active,
		       atomic64_read(&asid_generation));
		bad++;
	}
	return bad;
}

int asid_check(void)
{
	unsigned long flags;
	unsigned int cpu;
	int bad = 0;

	spin_lock_irqsave(&cpu_asid_lock, flags);
	for_each_possible_cpu(cpu)
		bad += check_cpu(cpu);
	spin_unlock_irqrestore(&cpu_asid_lock, flags);
	return bad;
}
