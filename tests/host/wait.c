// SPDX-License-Identifier: MIT
/*
 * Sleeping on the host: there is one thread, so whatever it waits for must happen in host_sleeps,
 * which a test sets.
 */
#include "host.h"
#include "host_wait.h"
#include <kernel/wait.h>

void (*host_sleeps)(void);
unsigned int host_nr_sleeps, host_nr_wakeups;

int autoremove_wake_function(wait_queue_t *wait, unsigned int mode, void *key)
{
	(void)mode;
	(void)key;
	list_del_init(&wait->task_list);
	return 1;
}

void prepare_to_wait(wait_queue_head_t *q, wait_queue_t *wait, unsigned int state)
{
	(void)state;
	if (list_empty(&wait->task_list))
		list_add(&wait->task_list, &q->task_list);
}

void finish_wait(wait_queue_head_t *q, wait_queue_t *wait)
{
	(void)q;
	list_del_init(&wait->task_list);
}

void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, void *key)
{
	wait_queue_t *wait, *next;

	(void)nr_exclusive;
	list_for_each_entry_safe(wait, next, &q->task_list, task_list)
		host_nr_wakeups += (unsigned int)wait->func(wait, mode, key);
}

void schedule(void)
{
	schedule_timeout(MAX_SCHEDULE_TIMEOUT);
}

long schedule_timeout(long timeout)
{
	test_check(!host_irqs_masked, __FILE__, __LINE__, "nobody sleeps with interrupts off");
	host_nr_sleeps++;
	test_check(host_sleeps, __FILE__, __LINE__, "somebody will wake who sleeps");
	if (host_sleeps)
		host_sleeps();
	return timeout;
}
