// SPDX-License-Identifier: MIT
/*
 * Timers, and sleeping for a time. After Linux's kernel/timer.c.
 *
 *    timers    lock, list --> [expires 100] --> [expires 100] --> [expires 130]
 *              running: the timer whose function is being called, or NULL
 *
 *    tick of CPU 0 --> run_local_timers(): those with expires <= jiffies, first to last
 *
 * Differs from Linux: one sorted list for all CPUs, not a wheel for each. What timers do here is
 * wake a thread, and there are few of them; setting one takes as many steps as there are others.
 *
 * I1. The list is sorted by expires; equal ones are in the order in which they were set.
 * I2. A timer is taken off the list before its function is called, so that this may set it again.
 * I3. All fields of a timer on the list are protected by the lock, which is taken in interrupts.
 */
#include <asm/barrier.h>
#include <kernel/bug.h>
#include <kernel/hardirq.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/timer.h>

static struct {
	spinlock_t lock;
	struct list_head list;
	struct timer_list *running;
} timers = { __SPIN_LOCK_UNLOCKED, LIST_HEAD_INIT(timers.list), NULL };

void setup_timer(struct timer_list *timer, void (*function)(unsigned long), unsigned long data)
{
	BUG_ON(!function, "a timer that does nothing");
	*timer = (struct timer_list){ .function = function, .data = data };
}

/* Context: the lock is held. */
static void detach_timer(struct timer_list *timer)
{
	list_del(&timer->entry);
	timer->entry.next = NULL;
}

/* Context: the lock is held. */
static void enqueue_timer(struct timer_list *timer)
{
	struct timer_list *later;

	list_for_each_entry(later, &timers.list, entry)
		if (time_after(later->expires, timer->expires))
			break;
	list_add_tail(&timer->entry, &later->entry);	/* I1; before the head: the end */
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	unsigned long flags;
	bool pending;

	BUG_ON(!timer->function, "timer %p was not set up", (void *)timer);
	spin_lock_irqsave(&timers.lock, flags);
	pending = timer_pending(timer);
	if (pending)
		detach_timer(timer);
	timer->expires = expires;
	enqueue_timer(timer);
	spin_unlock_irqrestore(&timers.lock, flags);
	return pending;
}

void add_timer(struct timer_list *timer)
{
	BUG_ON(timer_pending(timer), "timer of %pS is set already", timer->function);
	mod_timer(timer, timer->expires);
}

/* Return: 1 or 0 as del_timer(); -1 if the function is being called. */
static int try_to_del_timer_sync(struct timer_list *timer)
{
	unsigned long flags;
	int pending = -1;

	spin_lock_irqsave(&timers.lock, flags);
	if (timers.running != timer) {
		pending = timer_pending(timer);
		if (pending)
			detach_timer(timer);
	}
	spin_unlock_irqrestore(&timers.lock, flags);
	return pending;
}

int del_timer(struct timer_list *timer)
{
	unsigned long flags;
	bool pending;

	spin_lock_irqsave(&timers.lock, flags);
	pending = timer_pending(timer);
	if (pending)
		detach_timer(timer);
	spin_unlock_irqrestore(&timers.lock, flags);
	return pending;
}

int del_timer_sync(struct timer_list *timer)
{
	int pending;

	BUG_ON(in_irq(), "timer of %pS: its function may be what was interrupted", timer->function);
	while ((pending = try_to_del_timer_sync(timer)) < 0)
		cpu_relax();
	return pending;
}

/* Call the function of the first timer. Context: the lock is held; meanwhile it is not. */
static void expire_first(void)
{
	struct timer_list *timer = list_first_entry(&timers.list, struct timer_list, entry);
	void (*function)(unsigned long) = timer->function;
	unsigned long data = timer->data;
	int count = preempt_count();

	detach_timer(timer);		/* I2 */
	timers.running = timer;
	spin_unlock(&timers.lock);
	function(data);
	BUG_ON(preempt_count() != count - PREEMPT_OFFSET, "timer function %pS left preempt_count %x",
	       function, preempt_count());
	spin_lock(&timers.lock);
	timers.running = NULL;
}

void run_local_timers(void)
{
	VM_BUG_ON(!in_irq());
	spin_lock(&timers.lock);
	while (!list_empty(&timers.list) &&
	       time_after_eq(jiffies, list_first_entry(&timers.list, struct timer_list,
						       entry)->expires))
		expire_first();
	spin_unlock(&timers.lock);
}

unsigned int nr_timers(void)
{
	struct timer_list *timer;
	unsigned int nr = 0;
	unsigned long flags;

	spin_lock_irqsave(&timers.lock, flags);
	list_for_each_entry(timer, &timers.list, entry)
		nr++;
	spin_unlock_irqrestore(&timers.lock, flags);
	return nr;
}

int timers_check(void)
{
	struct timer_list *timer, *last = NULL;
	unsigned long flags;
	int bad = 0;

	spin_lock_irqsave(&timers.lock, flags);
	list_for_each_entry(timer, &timers.list, entry) {
		if (!timer->function || (last && time_after(last->expires, timer->expires))) {
			pr_err("timers_check: timer %p of %pS, expires %lu (I1)\n", (void *)timer,
			       timer->function, timer->expires);
			bad++;
		}
		last = timer;
	}
	spin_unlock_irqrestore(&timers.lock, flags);
	return bad;
}

/* ---- Sleeping ---- */

static void process_timeout(unsigned long data)
{
	wake_up_process((struct task_struct *)data);
}

/* Return: ticks left. */
static long schedule_until(unsigned long expires)
{
	struct timer_list timer;
	long left;

	setup_timer(&timer, process_timeout, (unsigned long)current);
	mod_timer(&timer, expires);
	schedule();
	del_timer_sync(&timer);
	left = expires - jiffies;
	return left < 0 ? 0 : left;
}

long schedule_timeout(long timeout)
{
	const void *outer = begin_wait(_RET_IP_);
	long left;

	BUG_ON(timeout < 0, "timeout %ld", timeout);
	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		left = timeout;
	} else {
		left = schedule_until(jiffies + timeout);
	}
	end_wait(outer);
	return left;
}

long schedule_timeout_interruptible(long timeout)
{
	const void *outer = begin_wait(_RET_IP_);

	__set_current_state(TASK_INTERRUPTIBLE);
	timeout = schedule_timeout(timeout);
	end_wait(outer);
	return timeout;
}

long schedule_timeout_uninterruptible(long timeout)
{
	const void *outer = begin_wait(_RET_IP_);

	__set_current_state(TASK_UNINTERRUPTIBLE);
	timeout = schedule_timeout(timeout);
	end_wait(outer);
	return timeout;
}

/* One tick more: the current one is partly over. */
void msleep(unsigned int msecs)
{
	long timeout = msecs_to_jiffies(msecs) + 1;
	const void *outer = begin_wait(_RET_IP_);

	might_sleep();
	while (timeout)
		timeout = schedule_timeout_uninterruptible(timeout);
	end_wait(outer);
}
