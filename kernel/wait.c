// SPDX-License-Identifier: MIT
/*
 * Wait queues: <kernel/wait.h> has the picture and the invariants. After Linux's kernel/wait.c.
 */
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <kernel/wait.h>

/* ---- The queue ---- */

static void __add_wait_queue(wait_queue_head_t *q, wait_queue_t *wait)
{
	if (wait->flags & WQ_FLAG_EXCLUSIVE)
		list_add_tail(&wait->task_list, &q->task_list);		/* I2 */
	else
		list_add(&wait->task_list, &q->task_list);
}

static void join_queue(wait_queue_head_t *q, wait_queue_t *wait, unsigned int set, unsigned int clear)
{
	unsigned long flags;

	VM_BUG_ON(!wait->func, "an entry that wakes nobody");
	wait->flags = (wait->flags & ~clear) | set;
	spin_lock_irqsave(&q->lock, flags);
	__add_wait_queue(q, wait);
	spin_unlock_irqrestore(&q->lock, flags);
}

void add_wait_queue(wait_queue_head_t *q, wait_queue_t *wait)
{
	join_queue(q, wait, 0, WQ_FLAG_EXCLUSIVE);
}

void add_wait_queue_exclusive(wait_queue_head_t *q, wait_queue_t *wait)
{
	join_queue(q, wait, WQ_FLAG_EXCLUSIVE, 0);
}

void remove_wait_queue(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	list_del_init(&wait->task_list);
	spin_unlock_irqrestore(&q->lock, flags);
}

/* ---- Waiting ---- */

static void __prepare_to_wait(wait_queue_head_t *q, wait_queue_t *wait, unsigned int state)
{
	unsigned long flags;

	VM_BUG_ON(wait->private != current, "another thread's entry");
	VM_BUG_ON(!(state & TASK_NORMAL), "state %x is not sleeping", state);
	spin_lock_irqsave(&q->lock, flags);
	if (list_empty(&wait->task_list))
		__add_wait_queue(q, wait);
	set_current_state(state);
	spin_unlock_irqrestore(&q->lock, flags);
}

void prepare_to_wait(wait_queue_head_t *q, wait_queue_t *wait, unsigned int state)
{
	wait->flags &= ~WQ_FLAG_EXCLUSIVE;
	__prepare_to_wait(q, wait, state);
}

void prepare_to_wait_exclusive(wait_queue_head_t *q, wait_queue_t *wait, unsigned int state)
{
	wait->flags |= WQ_FLAG_EXCLUSIVE;
	__prepare_to_wait(q, wait, state);
}

/* The lock is taken also if the entry is off the queue: the waker may not be done with it yet (I1). */
void finish_wait(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	spin_lock_irqsave(&q->lock, flags);
	list_del_init(&wait->task_list);
	spin_unlock_irqrestore(&q->lock, flags);
}

/* ---- Waking ---- */

int default_wake_function(wait_queue_t *wait, unsigned int mode, void *key)
{
	(void)key;
	return try_to_wake_up(wait->private, mode);
}

int autoremove_wake_function(wait_queue_t *wait, unsigned int mode, void *key)
{
	int woken = default_wake_function(wait, mode, key);

	if (woken)
		list_del_init(&wait->task_list);
	return woken;
}

void __wake_up_locked(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, void *key)
{
	wait_queue_t *wait, *next;

	assert_spin_locked(&q->lock);
	list_for_each_entry_safe(wait, next, &q->task_list, task_list) {
		unsigned int flags = wait->flags;

		if (wait->func(wait, mode, key) && (flags & WQ_FLAG_EXCLUSIVE) && --nr_exclusive == 0)
			break;
	}
}

void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, void *key)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	__wake_up_locked(q, mode, nr_exclusive, key);
	spin_unlock_irqrestore(&q->lock, flags);
}
