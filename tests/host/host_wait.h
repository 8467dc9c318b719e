/* SPDX-License-Identifier: MIT */
/*
 * Sleeping on the host, and what is done a little later: wait.c, workqueue.c.
 */
#ifndef HOST_WAIT_H
#define HOST_WAIT_H

/* What happens while the only thread sleeps. */
extern void (*host_sleeps)(void);

/* How often it slept, and how many that slept were woken. */
extern unsigned int host_nr_sleeps, host_nr_wakeups;

/* Do what schedule_work() was last asked for: workqueue.c. */
void host_run_work(void);

#endif
