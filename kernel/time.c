// SPDX-License-Identifier: MIT
/*
 * jiffies, and waiting for short.
 *
 *    tick of CPU 0 -> tick_periodic() -> jiffies += periods of 10 ms that have passed by the clock
 *                                        run_local_timers(), scheduler_tick()
 *    tick of the others               -> scheduler_tick()
 *
 * I1. jiffies goes by sched_clock(), not by how often the tick comes. A tick that is late, or lost
 *     while interrupts were masked for long, leaves nothing to catch up on. (QEMU 7.2 with
 *     -icount sleep=off lets every second tick be lost while the CPUs sleep.)
 * I2. CPU 0 alone writes jiffies_64; readers of all 64 bits check the sequence count.
 */
#include <asm/barrier.h>
#include <asm/global_timer.h>
#include <asm/irqflags.h>
#include <asm/smp_twd.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/seqlock.h>
#include <kernel/smp.h>
#include <kernel/time.h>
#include <kernel/timer.h>

#define TICK_DO_TIMER_CPU	0

u64 jiffies_64 = INITIAL_JIFFIES;

static seqcount_t jiffies_seq = SEQCNT_ZERO;
static u64 last_period;		/* when the last period of 10 ms that is counted ended */

u64 get_jiffies_64(void)
{
	unsigned int start;
	u64 value;

	do {
		start = read_seqcount_begin(&jiffies_seq);
		value = jiffies_64;
	} while (read_seqcount_retry(&jiffies_seq, start));
	return value;
}

/* Linux's do_timer(): count the periods that have passed. */
static void do_timer(u64 now)
{
	write_seqcount_begin(&jiffies_seq);
	for (; now - last_period >= TICK_NSEC; last_period += TICK_NSEC)
		jiffies_64++;
	write_seqcount_end(&jiffies_seq);
}

void tick_periodic(void)
{
	VM_BUG_ON(!irqs_disabled());
	if (smp_processor_id() == TICK_DO_TIMER_CPU) {
		do_timer(sched_clock());
		run_local_timers();
	}
	scheduler_tick();
}

void udelay(unsigned long usecs)
{
	u64 start = sched_clock();

	BUG_ON(start == 0, "the clock does not run yet");
	while (sched_clock() - start < (u64)usecs * NSEC_PER_USEC)
		cpu_relax();
}

void __init time_init(void)
{
	BUG_ON(!irqs_disabled());
	global_timer_init();
	last_period = sched_clock();
	twd_init();
	twd_start();
}
