// SPDX-License-Identifier: MIT
/*
 * All CPUs at once.
 *
 *    CPU 0   IPI to the others, come ---+              +--- func() --- done ---+
 *    CPU 1             interrupted, come +-- all here? +--- func() --- done ---+-- return
 *    CPU 2             interrupted, come +              +--- func() --- done ---+
 */
#include <asm/barrier.h>
#include <asm/irqflags.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include "together.h"

struct rendezvous {
	void (*func)(void *info);
	void *info;
	int cpus;
	atomic_t come, done;
};

static void count_and_wait(atomic_t *counter, int cpus)
{
	atomic_inc_return(counter);
	sev();
	while (atomic_read(counter) < cpus)
		wfe();
	smp_mb();
}

/* Whoever is done does not look at @info again, since its owner may be gone: only CPU 0 waits. */
static void take_part(void *info)
{
	struct rendezvous *r = info;

	count_and_wait(&r->come, r->cpus);
	r->func(r->info);
	atomic_inc_return(&r->done);
	sev();
}

void run_together(void (*func)(void *info), void *info)
{
	struct rendezvous r = { .func = func, .info = info, .cpus = num_online_cpus() };
	unsigned long flags;

	smp_call_function(take_part, &r, false);
	local_irq_save(flags);
	take_part(&r);
	local_irq_restore(flags);
	while (atomic_read(&r.done) < r.cpus)
		wfe();
	smp_mb();
}
