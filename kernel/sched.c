// SPDX-License-Identifier: MIT
/*
 * The scheduler: one run queue for each CPU, served in turns. After Linux's kernel/sched/core.c,
 * with its simplest policy, SCHED_RR of one priority.
 *
 *    runqueues, CPU 0    lock, nr_running 3
 *                        curr  --> A                          runs
 *                        queue --> B --> C                    run next, in this order
 *                        idle  --> swapper/0                  runs if nobody else wants to
 *
 *    tick, queue not empty     TIF_NEED_RESCHED --> A goes behind C, B runs
 *    A sleeps                                       B runs; A is on no queue
 *    A is woken                                     behind the last of the queue of its CPU, or of
 *                                                   an idle CPU
 *
 * A turn is one tick, 10 ms. Who is woken waits for its turn; only an idle thread gives way at once.
 * There is no load balancer: threads move between CPUs when they wake up, which for threads that do
 * wake up is enough.
 *
 * I1. The queue holds threads with ->on_rq set, ->cpu this one, which they may run on. nr_running
 *     is their number, and one more unless curr is idle. One that was preempted may have announced
 *     to sleep; it has not gone to sleep yet.
 * I2. curr changes, and stacks are switched, under the lock, with interrupts masked. The lock is
 *     taken by one thread, and released by the next. So whoever has it sees each thread of this CPU
 *     either on the queue, or running, or with its registers saved.
 * I3. Nobody holds two of these locks. They are taken in interrupts, by the tick and by wake-ups, and
 *     innermost: under the lock of a wait queue, a timer, a mutex.
 *
 * What orders a switch on real CPUs: the unlock of the run queue in finish_task_switch() has a DMB
 * before it, and who takes the lock next, on whatever CPU, one behind it. So where a thread goes on,
 * it finds what it wrote where it ran before, its saved registers among it. __switch_to() does CLREX.
 * There is no VFP state: the kernel is compiled for soft floating point, and user programs, which
 * might have some, do not exist.
 */
#include <asm/irqflags.h>
#include <asm/mmu_context.h>
#include <asm/smp.h>
#include <asm/switch_to.h>
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/hardirq.h>
#include <kernel/init.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <mm/highmem.h>

struct rq {
	spinlock_t lock;
	unsigned int nr_running;	/* I1 */
	struct task_struct *curr, *idle;
	struct list_head queue;
	unsigned long nr_switches;
};

static DEFINE_PER_CPU_SHARED_ALIGNED(struct rq, runqueues);

static struct rq *cpu_rq(unsigned int cpu)
{
	return &per_cpu(runqueues, cpu);
}

static struct rq *this_rq(void)
{
	return this_cpu_ptr(&runqueues);
}

void __init sched_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		spin_lock_init(&rq->lock);
		INIT_LIST_HEAD(&rq->queue);
		rq->idle = &idle_tasks[cpu];
		rq->curr = rq->idle;
	}
}

unsigned int nr_running_on(unsigned int cpu)
{
	return READ_ONCE(cpu_rq(cpu)->nr_running);
}

unsigned long nr_context_switches(unsigned int cpu)
{
	return READ_ONCE(cpu_rq(cpu)->nr_switches);
}

/* ---- On and off the queue ---- */

/* Have the CPU look at its queue as soon as it may. Context: its lock is held. */
static void resched_task(struct task_struct *curr)
{
	unsigned int cpu = task_cpu(curr);

	assert_spin_locked(&cpu_rq(cpu)->lock);
	if (test_ti_need_resched(task_thread_info(curr)))
		return;
	set_bit(TIF_NEED_RESCHED, &task_thread_info(curr)->flags);
	if (cpu != smp_processor_id())
		smp_send_reschedule(cpu);
}

static void activate_task(struct rq *rq, struct task_struct *task)
{
	VM_BUG_ON(task->on_rq || task->state != TASK_RUNNING, "%s (%d), state %x (I1)", task->comm,
		  task->pid, task->state);
	task->on_rq = true;
	list_add_tail(&task->run_list, &rq->queue);
	rq->nr_running++;
	if (is_idle_task(rq->curr))
		resched_task(rq->curr);
}

/* The running thread will sleep, or is dead. It is on no list. */
static void deactivate_curr(struct rq *rq, struct task_struct *curr)
{
	VM_BUG_ON(is_idle_task(curr), "%s sleeps, state %x", curr->comm, curr->state);
	VM_BUG_ON(rq->nr_running == 0, "%s (%d) (I1)", curr->comm, curr->pid);
	curr->on_rq = false;
	rq->nr_running--;
}

/* Who runs next, taken off the queue. */
static struct task_struct *pick_next_task(struct rq *rq)
{
	struct task_struct *next;

	if (list_empty(&rq->queue))
		return rq->idle;
	next = list_first_entry(&rq->queue, struct task_struct, run_list);
	list_del(&next->run_list);
	return next;
}

/* ---- Switching ---- */

/* Behind __switch_to(), on the next thread's stack (I2): @prev can go its way. */
static void finish_task_switch(struct task_struct *prev)
{
	bool dead = prev->state == TASK_DEAD;

	if (unlikely(current_thread_info()->kmap.idx))
		__kmap_local_sched_in();
	spin_unlock_irq(&this_rq()->lock);
	if (dead)
		release_task(prev);
}

/* A thread without an mm runs on init_mm's page directory (<mm/mm_struct.h>, I3). */
static void switch_mms(struct mm_struct *from, struct mm_struct *to)
{
	if (from != to)
		switch_mm(from ?: &init_mm, to ?: &init_mm);
}

static void context_switch(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	rq->nr_switches++;
	rq->curr = next;
	switch_mms(prev->mm, next->mm);
	lock_hand_over(&rq->lock, prev, next);
	if (unlikely(current_thread_info()->kmap.idx))
		__kmap_local_sched_out();
	prev = __switch_to(prev, task_thread_info(prev), task_thread_info(next));
	barrier();			/* this may be another CPU */
	finish_task_switch(prev);
}

void schedule_tail(struct task_struct *prev)
{
	finish_task_switch(prev);
	preempt_enable();
}

static void schedule_debug(struct task_struct *prev)
{
	if (unlikely(preempt_count() != PREEMPT_OFFSET)) {
		lockdep_print_held_locks(prev);
		kmap_local_report();
	}
	BUG_ON(preempt_count() != PREEMPT_OFFSET, "%s (%d) schedules with preempt_count %x",
	       prev->comm, prev->pid, preempt_count());
	BUG_ON(!stack_end_intact(task_thread_info(prev)), "%s (%d) overran its stack", prev->comm,
	       prev->pid);
}

/*
 * Give the CPU to whose turn it is. @preempt: the thread did not ask for it, so it stays runnable
 * even if it is about to sleep: it may have been interrupted before it looked whether it must.
 * Context: preemption is off, once.
 */
static void __schedule(bool preempt)
{
	struct task_struct *prev = current, *next;
	struct rq *rq = this_rq();

	schedule_debug(prev);
	spin_lock_irq(&rq->lock);
	VM_BUG_ON(rq->curr != prev, "%s runs, the queue says %s", prev->comm, rq->curr->comm);
	clear_bit(TIF_NEED_RESCHED, &task_thread_info(prev)->flags);
	if (!preempt && prev->state != TASK_RUNNING)
		deactivate_curr(rq, prev);
	else if (!is_idle_task(prev))
		list_add_tail(&prev->run_list, &rq->queue);
	next = pick_next_task(rq);
	if (next == prev) {
		spin_unlock_irq(&rq->lock);
		return;
	}
	if (preempt)
		prev->nivcsw++;
	else
		prev->nvcsw++;
	context_switch(rq, prev, next);
}

void schedule(void)
{
	const void *outer;

	VM_BUG_ON(irqs_disabled(), "%s (%d) schedules with interrupts masked", current->comm,
		  current->pid);
	outer = begin_wait(_RET_IP_);
	do {
		preempt_disable();
		__schedule(false);
		preempt_enable_no_resched();
	} while (need_resched());
	end_wait(outer);
}

void yield(void)
{
	__set_current_state(TASK_RUNNING);
	schedule();
}

bool cond_resched(void)
{
	might_sleep();
	if (!need_resched())
		return false;
	preempt_schedule();
	return true;
}

void preempt_schedule(void)
{
	if (preempt_count() != 0 || irqs_disabled())
		return;
	do {
		add_preempt_count(PREEMPT_OFFSET);
		__schedule(true);
		sub_preempt_count(PREEMPT_OFFSET);
	} while (need_resched());
}

void preempt_schedule_irq(void)
{
	VM_BUG_ON(!irqs_disabled() || preempt_count() != 0, "preempt_count %x", preempt_count());
	do {
		add_preempt_count(PREEMPT_OFFSET);
		__schedule(true);
		local_irq_disable();
		sub_preempt_count(PREEMPT_OFFSET);
	} while (need_resched());
}

/* Preemption is off, so that nobody comes between the last state and the last schedule. */
void do_task_dead(void)
{
	kmap_local_exit();
	preempt_disable();
	BUG_ON(is_idle_task(current), "%s ends", current->comm);
	BUG_ON(current->mm, "%s (%d) ends, and still uses mm %p", current->comm, current->pid, current->mm);
	__set_current_state(TASK_DEAD);
	__schedule(false);
	BUG();
}

void scheduler_tick(void)
{
	struct rq *rq = this_rq();

	VM_BUG_ON(!irqs_disabled());
	spin_lock(&rq->lock);
	if (!list_empty(&rq->queue))
		resched_task(rq->curr);
	spin_unlock(&rq->lock);
}

/* ---- Waking ---- */

/* Lock the run queue that the thread belongs to. Context: interrupts masked. */
static struct rq *task_rq_lock(struct task_struct *task)
{
	for (;;) {
		struct rq *rq = cpu_rq(task_cpu(task));

		spin_lock(&rq->lock);
		if (likely(rq == cpu_rq(task_cpu(task))))
			return rq;
		spin_unlock(&rq->lock);
	}
}

/* A thread with temporary mappings (<mm/highmem.h>) stays where it is: its addresses are that CPU's. */
static bool cpu_allowed(const struct task_struct *task, unsigned int cpu)
{
	return cpu_online(cpu) && cpumask_test_cpu(cpu, &task->cpus_allowed) &&
	       (!task_thread_info(task)->kmap.idx || cpu == task_cpu(task));
}

/* Where a thread that wakes up runs soonest: where it last ran, if others are not idler. */
static unsigned int select_task_rq(const struct task_struct *task)
{
	unsigned int best = task_cpu(task), cpu;

	for_each_online_cpu(cpu) {
		if (!cpu_allowed(task, cpu))
			continue;
		if (!cpu_allowed(task, best) || nr_running_on(cpu) < nr_running_on(best))
			best = cpu;
	}
	BUG_ON(!cpu_allowed(task, best), "%s (%d) may run on no CPU", task->comm, task->pid);
	return best;
}

/*
 * The thread sleeps, its registers are saved (I2), and TASK_WAKING keeps all others from it.
 * Context: the lock of @rq is held; it is released.
 */
static void wake_up_sleeper(struct rq *rq, struct task_struct *task)
{
	unsigned int cpu;

	WRITE_ONCE(task->state, TASK_WAKING);
	cpu = select_task_rq(task);
	if (rq != cpu_rq(cpu)) {
		WRITE_ONCE(task->cpu, cpu);
		task_thread_info(task)->cpu = cpu;
		spin_unlock(&rq->lock);
		rq = cpu_rq(cpu);
		spin_lock(&rq->lock);
	}
	WRITE_ONCE(task->state, TASK_RUNNING);
	activate_task(rq, task);
	spin_unlock(&rq->lock);
}

bool try_to_wake_up(struct task_struct *task, unsigned int state)
{
	unsigned long flags;
	struct rq *rq;

	if (!bug(BARRIER))
		smp_mb();		/* <kernel/schedule.h>, I1 */
	if (!(READ_ONCE(task->state) & state))
		return false;
	preempt_disable();
	local_irq_save(flags);
	rq = task_rq_lock(task);
	if (!(task->state & state)) {
		spin_unlock(&rq->lock);
		state = 0;
	} else if (task->on_rq) {	/* announced to sleep, and still runs */
		WRITE_ONCE(task->state, TASK_RUNNING);
		spin_unlock(&rq->lock);
	} else {
		wake_up_sleeper(rq, task);
	}
	local_irq_restore(flags);
	preempt_enable();
	return state != 0;
}

bool wake_up_process(struct task_struct *task)
{
	return try_to_wake_up(task, TASK_NORMAL);
}

void set_cpus_allowed(struct task_struct *task, const struct cpumask *mask)
{
	struct cpumask online;

	cpumask_and(&online, mask, cpu_online_mask);
	BUG_ON(cpumask_empty(&online), "no CPU of %lx runs", mask->bits);
	BUG_ON(task->on_rq || task->state == TASK_DEAD, "%s (%d) has begun", task->comm, task->pid);
	cpumask_copy(&task->cpus_allowed, mask);
}

/* ---- Sleeping where it is not allowed ---- */

void __might_sleep(const char *file, int line)
{
	static bool reported;

	if (likely(preempt_count() == 0 && !irqs_disabled()))
		return;
	if (reported)
		return;
	reported = true;
	WARN_ON(true, "sleeping function called from invalid context at %s:%d: preempt_count %x, "
		"interrupts %s, %s (%d)", file, line, preempt_count(),
		irqs_disabled() ? "masked" : "enabled", current->comm, current->pid);
	lockdep_print_held_locks(current);
	kmap_local_report();
	reported = false;
}

/* ---- Checking ---- */

static int check_task_on_queue(const struct task_struct *task, const struct rq *rq, unsigned int cpu)
{
	if (task->on_rq && !(task->state & ~TASK_NORMAL) && task != rq->curr &&
	    task_cpu(task) == cpu && task_thread_info(task)->cpu == cpu &&
	    cpumask_test_cpu(cpu, &task->cpus_allowed) && stack_end_intact(task_thread_info(task)))
		return 0;
	pr_err("sched_check: %s (%d) on the queue of CPU %u: on_rq %d, state %x, CPU %u (I1)\n",
	       task->comm, task->pid, cpu, task->on_rq, task->state, task_cpu(task));
	return 1;
}

static int check_rq(struct rq *rq, unsigned int cpu)
{
	unsigned int found = !is_idle_task(rq->curr);
	struct task_struct *task;
	int bad = 0;

	list_for_each_entry(task, &rq->queue, run_list) {
		bad += check_task_on_queue(task, rq, cpu);
		found++;
	}
	if (found != rq->nr_running) {
		pr_err("sched_check: CPU %u has %u threads, counts %u (I1)\n", cpu, found,
		       rq->nr_running);
		bad++;
	}
	return bad;
}

int sched_check(void)
{
	unsigned long flags;
	unsigned int cpu;
	int bad = 0;

	for_each_online_cpu(cpu) {
		spin_lock_irqsave(&cpu_rq(cpu)->lock, flags);
		bad += check_rq(cpu_rq(cpu), cpu);
		spin_unlock_irqrestore(&cpu_rq(cpu)->lock, flags);
	}
	return bad;
}
