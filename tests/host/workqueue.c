// SPDX-License-Identifier: MIT
/*
 * Work on the host: there are no threads, so it is noted, and a test does it when it
 * wants to.
 */
#include "host.h"
#include <kernel/workqueue.h>

void INIT_DELAYED_WORK(struct delayed_work *dwork, work_func_t func)
{
	*dwork = (struct delayed_work){ .work = { .func = func } };
}

bool schedule_work(struct work_struct *work)
{
	bool idle = !work->pending;

	work->pending = 1;
	return idle;
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
