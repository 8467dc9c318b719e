// SPDX-License-Identifier: MIT
/*
 * Threads for tests: crew.h.
 */
#include "crew.h"

struct task_struct *make_thread(int (*threadfn)(void *), void *data, unsigned int cpu)
{
	struct task_struct *task = kthread_create(threadfn, data, "test");

	if (!EXPECT(!IS_ERR(task)))
		return NULL;
	get_task_struct(task);
	if (cpu != ANY_CPU)
		kthread_bind(task, cpu);
	return task;
}

bool make_threads(struct task_struct **tasks, unsigned int nr, int (*threadfn)(void *), void *data,
		  size_t step, unsigned int cpu)
{
	for (unsigned int i = 0; i < nr; i++) {
		tasks[i] = make_thread(threadfn, (void *)((unsigned long)data + i * step), cpu);
		if (tasks[i])
			continue;
		while (i)
			stop_thread(tasks[--i]);
		return false;
	}
	return true;
}

void start_threads(struct task_struct **tasks, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		wake_up_process(tasks[i]);
}

int stop_thread(struct task_struct *task)
{
	int result = kthread_stop(task);

	put_task_struct(task);
	return result;
}

int join_thread(struct task_struct *task)
{
	EXPECT(eventually(completion_done(&task->exited)));
	return stop_thread(task);
}

bool thread_sleeps(const struct task_struct *task)
{
	return READ_ONCE(task->state) & TASK_NORMAL && !READ_ONCE(task->on_rq);
}
