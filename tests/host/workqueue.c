// SPDX-License-Identifier: MIT
/*
 * Work on the host: there are no threads, so it is noted, and a test does it when it
 * wants to.
 */
#include "host.h"
#include "host_wait.h"
#include <kernel/bug.h>
#include <kernel/workqueue.h>

void INIT_DELAYED_WORK(struct delayed_work *dwork, work_func_t func)
{
	*dwork = (struct delayed_work){ .work = { .func = func } };
}

static struct work_struct *scheduled;	/* the last one */

bool schedule_work(struct work_struct *work)
{
	bool idle = !work->pending;

	scheduled = work;
	work->pending = 1;
	return idle;
}

void host_run_work(void)
{
	BUG_ON(!scheduled || !scheduled->pending, "there is nothing to do");
	scheduled->pending = 0;
	scheduled->func(scheduled);
}

bool schedule_delayed_work_on(unsigned int cpu, struct delayed_work *dwork, unsigned long delay)
{
	bool idle = !dwork->work.pending;

	(void)delay;
	dwork->work.pending = 1;
	dwork->work.cpu = cpu;
	return idle;
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	bool pending = dwork->work.pending;

	dwork->work.pending = 0;
	return pending;
}
