// SPDX-License-Identifier: MIT
/*
 * Completions: <kernel/completion.h>. After Linux's kernel/sched/completion.c.
 */
#include <kernel/bug.h>
#include <kernel/completion.h>
#include <kernel/sched.h>

#define DONE_FOR_EVER	(~0u / 2)

void complete(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	if (x->done != DONE_FOR_EVER)
		x->done++;
	__wake_up_locked(&x->wait, TASK_NORMAL, 1, NULL);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

void complete_all(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	x->done = DONE_FOR_EVER;
	__wake_up_locked(&x->wait, TASK_NORMAL, 0, NULL);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

/* Return: is it done? One complete() is used up if so. Context: queue locked. */
static bool take_done(struct completion *x)
{
	if (!x->done)
		return false;
	if (x->done != DONE_FOR_EVER)
		x->done--;
	return true;
}

bool try_wait_for_completion(struct completion *x)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&x->wait.lock, flags);
	done = take_done(x);
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return done;
}

bool completion_done(struct completion *x)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&x->wait.lock, flags);	/* I2: the complete() is over, too */
	done = x->done != 0;
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return done;
}

static unsigned long wait_for_common(struct completion *x, unsigned long timeout)
{
	long left = timeout;
	DEFINE_WAIT(wait);
	bool done;

	might_sleep();
	BUG_ON(left < 0, "timeout %lu", timeout);
	for (;;) {
		prepare_to_wait_exclusive(&x->wait, &wait, TASK_UNINTERRUPTIBLE);
		done = try_wait_for_completion(x);
		if (done || !left)
			break;
		left = schedule_timeout(left);
	}
	finish_wait(&x->wait, &wait);
	return done ? (left ? left : 1) : 0;
}

unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout)
{
	const void *outer = begin_wait(_RET_IP_);
	unsigned long left = wait_for_common(x, timeout);

	end_wait(outer);
	return left;
}

void wait_for_completion(struct completion *x)
{
	const void *outer = begin_wait(_RET_IP_);

	wait_for_common(x, MAX_SCHEDULE_TIMEOUT);
	end_wait(outer);
}
