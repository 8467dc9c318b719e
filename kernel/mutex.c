// SPDX-License-Identifier: MIT
/*
 * Mutexes: <kernel/mutex.h>. After Linux's kernel/locking/mutex.c.
 */
#include <kernel/bug.h>
#include <kernel/hardirq.h>
#include <kernel/mutex.h>
#include <kernel/printk.h>
#include <kernel/sched.h>

/* On the stack of the thread that waits. */
struct mutex_waiter {
	struct list_head list;
	struct task_struct *task;
};

static void check_context(const struct mutex *lock)
{
	BUG_ON(in_interrupt(), "mutex %p in an interrupt", (const void *)lock);
	BUG_ON(is_idle_task(current), "mutex %p: %s may not sleep", (const void *)lock,
	       current->comm);
}

/* Sleep until unlock has made the running thread the owner. Context: ->wait_lock held; is released. */
static void wait_to_own(struct mutex *lock)
{
	struct mutex_waiter waiter = { .task = current };

	list_add_tail(&waiter.list, &lock->wait_list);
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (lock->owner == current)
			break;
		spin_unlock(&lock->wait_lock);
		schedule();
		spin_lock(&lock->wait_lock);
	}
	__set_current_state(TASK_RUNNING);
	spin_unlock(&lock->wait_lock);
}

void mutex_lock(struct mutex *lock)
{
	might_sleep();
	check_context(lock);
	lock_acquire(lock, lock->site, false, __builtin_return_address(0));
	spin_lock(&lock->wait_lock);
	BUG_ON(lock->owner == current, "%s (%d) owns mutex %p already (I3)", current->comm,
	       current->pid, (void *)lock);
	if (lock->owner) {
		const void *outer = begin_wait(_RET_IP_);

		wait_to_own(lock);
		end_wait(outer);
	} else {
		lock->owner = current;
		spin_unlock(&lock->wait_lock);
	}
}

bool mutex_trylock(struct mutex *lock)
{
	bool taken;

	check_context(lock);
	spin_lock(&lock->wait_lock);
	taken = !lock->owner;
	if (taken)
		lock->owner = current;
	spin_unlock(&lock->wait_lock);
	if (taken)
		lock_acquire(lock, lock->site, true, __builtin_return_address(0));
	return taken;
}

/* The waiter leaves only with ->wait_lock, so it exists as long as we hold that. */
void mutex_unlock(struct mutex *lock)
{
	struct mutex_waiter *first;

	lock_release(lock);
	spin_lock(&lock->wait_lock);
	BUG_ON(lock->owner != current, "%s (%d) unlocks mutex %p, owned by %s (I3)", current->comm,
	       current->pid, (void *)lock, lock->owner ? lock->owner->comm : "nobody");
	if (list_empty(&lock->wait_list)) {
		lock->owner = NULL;
	} else {
		first = list_first_entry(&lock->wait_list, struct mutex_waiter, list);
		list_del(&first->list);
		lock->owner = first->task;
		wake_up_process(first->task);
	}
	spin_unlock(&lock->wait_lock);
}

int mutex_check(struct mutex *lock)
{
	struct mutex_waiter *waiter;
	int bad = 0;

	spin_lock(&lock->wait_lock);
	if (!lock->owner && !list_empty(&lock->wait_list)) {
		pr_err("mutex_check: %p has waiters and no owner (I1)\n", (void *)lock);
		bad++;
	}
	list_for_each_entry(waiter, &lock->wait_list, list) {
		if (waiter->task != lock->owner)
			continue;
		pr_err("mutex_check: the owner of %p waits for it (I3)\n", (void *)lock);
		bad++;
	}
	spin_unlock(&lock->wait_lock);
	return bad;
}
