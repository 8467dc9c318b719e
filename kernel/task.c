// SPDX-License-Identifier: MIT
/*
 * The threads that exist: a table of task_structs, and how they come and go. After Linux's
 * kernel/fork.c and kernel/exit.c.
 *
 *    create_task()    a slot, a stack             usage 2: the thread's own, the creator's
 *    do_task_dead()   the last schedule()
 *    release_task()   the stack is freed          usage 1
 *    put_task_struct()                            usage 0: the slot is free
 *
 * A table, since no slab allocator stands below: it has room for NR_TASKS threads.
 *
 * I1. A slot is in use if and only if ->usage is not 0. tasks_lock protects the way from 0.
 * I2. A thread's stack is freed by another one, on whose stack the CPU runs by then.
 * I3. pids are given in order, and not again.
 * I4. Who holds tasks_lock, and finds ->stack set, may look into the stack: it is not freed before
 *     the lock is released. The lock is innermost, and no interrupt takes it.
 */
#include <asm/barrier.h>
#include <asm/stack.h>
#include <asm/switch_to.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/kallsyms.h>
#include <kernel/preempt.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/string.h>
#include <mm/kasan.h>

#define NR_TASKS	64

static struct task_struct tasks[NR_TASKS];
static DEFINE_SPINLOCK(tasks_lock);
static int last_pid;

/* Return: a slot, cleared, with a pid and two references; NULL if there is none (I1, I3). */
static struct task_struct *take_task_struct(void)
{
	struct task_struct *task = NULL;
	unsigned long flags;

	spin_lock_irqsave(&tasks_lock, flags);
	for (unsigned int i = 0; i < NR_TASKS && !task; i++) {
		if (atomic_read(&tasks[i].usage) != 0)
			continue;
		task = &tasks[i];
		memset(task, 0, sizeof(*task));
		task->pid = ++last_pid;
		task->state = TASK_UNINTERRUPTIBLE;
		atomic_set(&task->usage, 2);
	}
	spin_unlock_irqrestore(&tasks_lock, flags);
	return task;
}

/* With zeroes, so that stack_not_used() can tell how far it was used. */
static void clear_stack(void *stack)
{
	memset(stack, 0, THREAD_SIZE);
}

__no_kasan unsigned long stack_not_used(const struct task_struct *task)
{
	struct thread_info *ti = task_thread_info(task);
	const u32 *word = end_of_stack(ti) + 1, *end = (const u32 *)((const u8 *)ti + THREAD_SIZE);

	while (word < end && READ_ONCE(*word) == 0)
		word++;
	return (const u8 *)word - (const u8 *)ti;
}

struct task_struct *create_task(int (*threadfn)(void *), void *data, const char *comm)
{
	struct task_struct *task;
	void *stack;

	BUG_ON(!threadfn, "a thread without a function");
	stack = alloc_thread_stack();
	if (!stack)
		return NULL;
	task = take_task_struct();
	if (!task) {
		free_thread_stack(stack);
		return NULL;
	}
	clear_stack(stack);
	task->flags = PF_KTHREAD;
	task->cpus_allowed = *cpu_possible_mask;
	task->threadfn = threadfn;
	task->data = data;
	strscpy(task->comm, comm, sizeof(task->comm));
	init_completion(&task->exited);
	task->cpu = raw_smp_processor_id();
	init_thread_info(stack, task, task->cpu);
	copy_thread(stack);
	/* As schedule() leaves a thread: preemption is off until schedule_tail(). */
	((struct thread_info *)stack)->preempt_count = PREEMPT_OFFSET;
	WRITE_ONCE(task->stack, stack);
	return task;
}

void put_task_struct(struct task_struct *task)
{
	BUG_ON(atomic_read(&task->usage) <= 0, "%s (%d) is gone already", task->comm, task->pid);
	if (atomic_read(&task->usage) == 1)
		BUG_ON(task->stack, "the last reference to %s (%d), which lives", task->comm,
		       task->pid);
	smp_mb__before_atomic();	/* the next owner of the slot comes behind our last look at it */
	atomic_dec(&task->usage);
}

void release_task(struct task_struct *task)
{
	void *stack = task->stack;
	unsigned long flags;

	BUG_ON(task == current || task->state != TASK_DEAD, "%s (%d) in state %x (I2)", task->comm,
	       task->pid, task->state);
	BUG_ON(task->on_rq, "%s (%d) is on a run queue", task->comm, task->pid);
	spin_lock_irqsave(&tasks_lock, flags);	/* I4 */
	WRITE_ONCE(task->stack, NULL);
	spin_unlock_irqrestore(&tasks_lock, flags);
	free_thread_stack(stack);
	complete_all(&task->exited);
	put_task_struct(task);
}

void for_each_task(void (*func)(struct task_struct *task, void *data), void *data)
{
	unsigned long flags;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		func(&idle_tasks[cpu], data);
	spin_lock_irqsave(&tasks_lock, flags);
	for (unsigned int i = 0; i < NR_TASKS; i++)
		if (atomic_read(&tasks[i].usage) != 0 && READ_ONCE(tasks[i].stack))
			func(&tasks[i], data);
	spin_unlock_irqrestore(&tasks_lock, flags);
}

const struct task_struct *task_of_stack(unsigned long sp)
{
	unsigned long low, high;

	if (!stack_bounds(sp, &low, &high))
		return NULL;
	for (unsigned int cpu = 0; cpu < NR_CPUS; cpu++)
		if ((unsigned long)READ_ONCE(idle_tasks[cpu].stack) == low)
			return &idle_tasks[cpu];
	for (unsigned int i = 0; i < NR_TASKS; i++)
		if ((unsigned long)READ_ONCE(tasks[i].stack) == low)
			return &tasks[i];
	return NULL;
}

unsigned int nr_threads(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < NR_TASKS; i++)
		if (atomic_read(&tasks[i].usage) != 0 && READ_ONCE(tasks[i].stack))
			count++;
	return count;
}

/* ---- Showing ---- */

static char state_letter(unsigned int state)
{
	switch (state) {
	case TASK_RUNNING:
	case TASK_WAKING:
		return 'R';
	case TASK_INTERRUPTIBLE:
		return 'S';
	case TASK_UNINTERRUPTIBLE:
		return 'D';
	default:
		return 'X';
	}
}

/* Where it sleeps: the name of the function, "-" for a thread that is runnable or has not run yet. */
static const char *wchan_name(const struct task_struct *task, char namebuf[KSYM_NAME_LEN])
{
	unsigned long wchan = (unsigned long)READ_ONCE(task->wchan), size, offset;

	if (!wchan || !(READ_ONCE(task->state) & TASK_NORMAL))
		return "-";
	return kallsyms_lookup(wchan, &size, &offset, namebuf) ?: "?";
}

/* Context: tasks_lock is held, or the thread is an idle one (I4). */
static void show_task(struct task_struct *task, void *unused)
{
	char wchan[KSYM_NAME_LEN];

	(void)unused;
	console_printf("%5d %-15s %c %3u %08lx %4lu %8lu %8lu %s\n", task->pid, task->comm,
		       state_letter(READ_ONCE(task->state)), task_cpu(task),
		       (unsigned long)task->stack, THREAD_SIZE - stack_not_used(task), task->nvcsw,
		       task->nivcsw, wchan_name(task, wchan));
}

void show_threads(void)
{
	console_write("  PID COMM            S CPU STACK    USED    NVCSW   NIVCSW WCHAN\n");
	for_each_task(show_task, NULL);
}
