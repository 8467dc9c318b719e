// SPDX-License-Identifier: MIT
/*
 * All CPUs at once: each CPU does the same number of operations, all begin together, and the time
 * until the last is done is measured.
 *
 *    CPU 0   before: call the others     run: come, work, wait for the others
 *    CPU 1   called, waits ............. work, done
 *    CPU 2   called, waits ............. work, done
 *
 * The emulator runs the CPUs one after the other, so the time is the sum of all instructions, those
 * included that a CPU spends waiting for a lock. Turns are a few instructions long (short_turns.h),
 * and so everything meets that would meet if the CPUs ran in parallel. scripts/bench.pl makes a
 * table of it, and docs/pcp.md explains what that tells, and what not.
 */
#include <asm/barrier.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include "race.h"
#include "short_turns.h"

#define TURN_US		1	/* with QEMU's -icount shift=6, 15 or 16 instructions */

static struct {
	void (*work)(unsigned long ops);
	unsigned long ops;
	int cpus;
	atomic_t come, done;
} race;

static void count_and_wait(atomic_t *counter)
{
	atomic_inc_return(counter);
	sev();
	while (atomic_read(counter) < race.cpus)
		wfe();
	smp_mb();
}

static void take_part(void *unused)
{
	(void)unused;
	count_and_wait(&race.come);
	race.work(race.ops);
	atomic_inc_return(&race.done);
	sev();
}

void run_race(unsigned long ops)
{
	BUG_ON(ops != race.ops, "%lu operations, the others do %lu", ops, race.ops);
	take_part(NULL);
	while (atomic_read(&race.done) < race.cpus)
		wfe();
}

void prepare_race(void (*work)(unsigned long ops), unsigned long ops)
{
	BUG_ON(!work || !ops, "nothing to do");
	race.work = work;
	race.ops = ops;
	race.cpus = (int)num_online_cpus();
	atomic_set(&race.come, 0);
	atomic_set(&race.done, 0);
	work(1);
	smp_call_function(take_part, NULL, false);
	short_turns(TURN_US);
}

void end_race(void)
{
	short_turns(0);
}
