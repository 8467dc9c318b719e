// SPDX-License-Identifier: MIT
/*
 * Kernel threads: made, started, told to stop. After Linux's kernel/kthread.c.
 *
 *    kthread_create()   wake_up_process()           kthread_stop()
 *    sleeps at its  --> ret_from_fork:          --> KTHREAD_SHOULD_STOP, woken,
 *    beginning          schedule_tail()             its function returns,
 *                       kthread_entry()             do_task_dead(), release_task()
 *                         threadfn(data)            exit_code is handed over
 *
 * Differs from Linux: the caller of kthread_create() makes the thread itself, not kthreadd: all
 * threads have the same address space, the kernel's, so there is nothing to be rid of.
 */
#include <stdarg.h>
#include <kernel/bug.h>
#include <kernel/kthread.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>

#define KTHREAD_SHOULD_STOP	0	/* bits of ->kthread_flags */

void kthread_entry(void) __noreturn;

/* The first C function of a thread. */
void kthread_entry(void)
{
	struct task_struct *self = current;

	self->exit_code = -EINTR;
	if (!kthread_should_stop())
		self->exit_code = self->threadfn(self->data);
	do_task_dead();
}

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt, ...)
{
	char comm[TASK_COMM_LEN];
	struct task_struct *task;
	va_list args;

	might_sleep();
	va_start(args, namefmt);
	vsnprintf(comm, sizeof(comm), namefmt, args);
	va_end(args);
	task = create_task(threadfn, data, comm);
	if (!task)
		return ERR_PTR(-ENOMEM);
	put_task_struct(task);		/* its own is left */
	return task;
}

void kthread_bind(struct task_struct *task, unsigned int cpu)
{
	struct cpumask mask = cpumask_of(cpu);

	set_cpus_allowed(task, &mask);
}

struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data,
					  unsigned int cpu, const char *namefmt)
{
	struct task_struct *task = kthread_create(threadfn, data, namefmt, cpu);

	if (!IS_ERR(task))
		kthread_bind(task, cpu);
	return task;
}

bool kthread_should_stop(void)
{
	return test_bit(KTHREAD_SHOULD_STOP, &current->kthread_flags);
}

int kthread_stop(struct task_struct *task)
{
	int exit_code;

	might_sleep();
	BUG_ON(task == current, "%s (%d) stops itself", task->comm, task->pid);
	BUG_ON(is_idle_task(task), "%s is an idle thread", task->comm);
	BUG_ON(atomic_read(&task->usage) <= 0, "a thread that is gone, once %s (%d)", task->comm,
	       task->pid);
	get_task_struct(task);
	set_bit(KTHREAD_SHOULD_STOP, &task->kthread_flags);
	wake_up_process(task);
	wait_for_completion(&task->exited);
	exit_code = task->exit_code;
	put_task_struct(task);
	return exit_code;
}
