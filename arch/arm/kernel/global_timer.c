// SPDX-License-Identifier: MIT
/*
 * sched_clock(), from the global timer; and what PERIPHCLK is.
 *
 *    board's clock   |....|....|....|....|....|....|....|   24 MHz
 *    global timer    ||||||||||||||||||||||||||||||||||||   ? = ticks in the same time
 *                    ^                                  ^
 *                    read_both()             2 ms later, read_both()
 *
 * I1. ns = cycles * sched_clock_mult >> SCHED_CLOCK_SHIFT, without overflow for all 64 bits.
 *
 * After Linux's drivers/clocksource/arm_global_timer.c.
 */
#include <asm/barrier.h>
#include <asm/global_timer.h>
#include <asm/io.h>
#include <asm/timex.h>
#include <asm/vexpress.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <kernel/time.h>

#define CALIBRATE_TICKS		(CLOCK_TICK_RATE / 500)	/* 2 ms */
#define CALIBRATE_TRIES		5
#define RATE_GRANULE		100000u		/* oscillators have round figures */
#define RATE_MIN		1000000u

#define SCHED_CLOCK_SHIFT	26		/* from 16 MHz on the factor has 32 bits */

unsigned int periphclk_rate;

static u32 sched_clock_mult;	/* 0: the counter does not run yet */

static void __iomem *global_timer(unsigned int reg)
{
	return (void __iomem *)(IO_MPCORE_BASE + GLOBAL_TIMER_OFFSET + reg);
}

/* Halves that belong together: between two reads of the upper one that agree (TRM 4.4.1). */
static u64 global_timer_read(void)
{
	u32 hi = readl_relaxed(global_timer(GT_COUNTER_HI)), lo, again;

	for (;;) {
		lo = readl_relaxed(global_timer(GT_COUNTER_LO));
		again = readl_relaxed(global_timer(GT_COUNTER_HI));
		if (likely(again == hi))
			return (u64)hi << 32 | lo;
		hi = again;
	}
}

u64 sched_clock(void)
{
	u64 cycles;

	if (unlikely(!sched_clock_mult))
		return 0;
	cycles = global_timer_read();
	return ((cycles >> 32) * sched_clock_mult << (32 - SCHED_CLOCK_SHIFT)) +
	       ((u64)(u32)cycles * sched_clock_mult >> SCHED_CLOCK_SHIFT);
}

/* ---- Calibration ---- */

struct clock_pair {
	cycles_t board;
	u64 timer;
};

/*
 * Both clocks at one moment: the timer between two looks at the board's clock. Of a few tries the
 * one counts in which those lie closest together, since nothing came in between.
 */
static struct clock_pair __init read_both(void)
{
	cycles_t narrowest = ~0UL;
	struct clock_pair best = { 0 };

	for (int i = 0; i < CALIBRATE_TRIES; i++) {
		cycles_t before = get_cycles();
		u64 timer = global_timer_read();
		cycles_t width = get_cycles() - before;

		if (width >= narrowest)
			continue;
		narrowest = width;
		best = (struct clock_pair){ before + width / 2, timer };
	}
	return best;
}

static unsigned int __init measure_rate(void)
{
	struct clock_pair start = read_both(), end;
	u64 rate;

	while (get_cycles() - start.board < CALIBRATE_TICKS)
		cpu_relax();
	end = read_both();
	rate = (end.timer - start.timer) * CLOCK_TICK_RATE / (end.board - start.board);
	return (unsigned int)(rate + RATE_GRANULE / 2) / RATE_GRANULE * RATE_GRANULE;
}

void __init global_timer_init(void)
{
	u64 mult;

	writel_relaxed(GT_CONTROL_ENABLE, global_timer(GT_CONTROL));
	periphclk_rate = measure_rate();
	BUG_ON(periphclk_rate < RATE_MIN, "PERIPHCLK %u Hz", periphclk_rate);
	mult = ((u64)NSEC_PER_SEC << SCHED_CLOCK_SHIFT) / periphclk_rate;
	BUG_ON(mult > ~0u, "PERIPHCLK %u Hz (I1)", periphclk_rate);
	sched_clock_mult = mult;
	pr_info("sched_clock: 64 bits at %u.%uMHz\n", periphclk_rate / 1000000,
		periphclk_rate % 1000000 / RATE_GRANULE);
}
