/* SPDX-License-Identifier: MIT */
/*
 * Wait queues, with Linux's interface: threads that wait until something is true.
 *
 *    static DECLARE_WAIT_QUEUE_HEAD(queue);
 *
 *    wait_event(queue, ready);                 ready = true;
 *                                              wake_up(&queue);
 *
 *    queue  lock, task_list --> [everybody] --> [everybody] --> [exclusive] --> [exclusive]
 *                                woken by each wake_up()         one by each wake_up(), in order
 *
 * An entry lies on the stack of the thread that waits, and holds a function that wakes it. Usually
 * that takes the entry out of the queue as well (autoremove_wake_function), so that two wake_up()
 * wake two exclusive waiters, though the first has not run in between.
 *
 * I1. Entries are added and removed under the queue's lock, and nobody returns from waiting while
 *     its entry is on the queue.
 * I2. Exclusive entries stand behind the others.
 *
 * Threads receive no signals here: TASK_INTERRUPTIBLE differs from TASK_UNINTERRUPTIBLE by its name
 * in reports, and in that wake_up_interruptible() wakes the former only.
 */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include <asm/current.h>
#include <kernel/schedule.h>
#include <kernel/spinlock.h>
#include <lib/list.h>

typedef struct __wait_queue wait_queue_t;

/* Return: was a thread woken that slept? @mode: states to wake from. Context: queue locked. */
typedef int (*wait_queue_func_t)(wait_queue_t *wait, unsigned int mode, void *key);

#define WQ_FLAG_EXCLUSIVE	0x01

struct __wait_queue {
	unsigned int flags;
	void *private;			/* the thread */
	wait_queue_func_t func;
	struct list_head task_list;
};

typedef struct __wait_queue_head {
	spinlock_t lock;
	struct list_head task_list;
} wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
	{ .lock = __SPIN_LOCK_UNLOCKED, .task_list = LIST_HEAD_INIT((name).task_list) }
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	wait_queue_head_t name = __WAIT_QUEUE_HEAD_INITIALIZER(name)

#define init_waitqueue_head(q) do {		\
	spin_lock_init(&(q)->lock);		\
	INIT_LIST_HEAD(&(q)->task_list);	\
} while (0)

/*
 * Wakes the thread if it is in a state of @mode, and does not look at @key; leaves the entry on the queue, or takes
 * it off if it woke the thread. Return: was it woken?
 */
int default_wake_function(wait_queue_t *wait, unsigned int mode, void *key);
int autoremove_wake_function(wait_queue_t *wait, unsigned int mode, void *key);

#define DEFINE_WAIT_FUNC(name, function)			\
	wait_queue_t name = {					\
		.private = current,				\
		.func = function,				\
		.task_list = LIST_HEAD_INIT((name).task_list),	\
	}
#define DEFINE_WAIT(name)	DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define DECLARE_WAITQUEUE(name, task)				\
	wait_queue_t name = {					\
		.private = task,				\
		.func = default_wake_function,			\
		.task_list = LIST_HEAD_INIT((name).task_list),	\
	}

/* Does anybody wait? Right only with the queue locked, or with a barrier as Linux describes. */
static inline bool waitqueue_active(const wait_queue_head_t *q)
{
	return !list_empty(&q->task_list);
}

/* Context: any, as for all that follow except what says that it sleeps. */
void add_wait_queue(wait_queue_head_t *q, wait_queue_t *wait);
void add_wait_queue_exclusive(wait_queue_head_t *q, wait_queue_t *wait);
void remove_wait_queue(wait_queue_head_t *q, wait_queue_t *wait);

/**
 * prepare_to_wait, prepare_to_wait_exclusive - join a queue, unless already on it, and announce to sleep
 * @q: the queue
 * @wait: the thread's entry, from DEFINE_WAIT()
 * @state: TASK_INTERRUPTIBLE or TASK_UNINTERRUPTIBLE
 *
 * The caller then looks whether it must wait, and calls schedule() if so.
 */
void prepare_to_wait(wait_queue_head_t *q, wait_queue_t *wait, unsigned int state);
void prepare_to_wait_exclusive(wait_queue_head_t *q, wait_queue_t *wait, unsigned int state);

/* Leave the queue, runnable, whatever happened since. */
void finish_wait(wait_queue_head_t *q, wait_queue_t *wait);

/**
 * __wake_up, __wake_up_locked - wake who waits
 * @q: the queue
 * @mode: states to wake from
 * @nr_exclusive: how many exclusive waiters; 0 for all
 * @key: for the entries' functions
 *
 * All that are not exclusive are woken. What the caller wrote before, they see. The latter: with the lock of @q held.
 */
void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, void *key);
void __wake_up_locked(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, void *key);

#define wake_up(q)		__wake_up(q, TASK_NORMAL, 1, NULL)
#define wake_up_nr(q, nr)	__wake_up(q, TASK_NORMAL, nr, NULL)
#define wake_up_all(q)		__wake_up(q, TASK_NORMAL, 0, NULL)
#define wake_up_interruptible(q)	__wake_up(q, TASK_INTERRUPTIBLE, 1, NULL)

/* Sleeps in @state until @condition, which is evaluated again after each wake-up, is true. */
#define __wait_event(q, condition, state) do {			\
	DEFINE_WAIT(__wait);					\
	for (;;) {						\
		prepare_to_wait(&(q), &__wait, state);		\
		if (condition)					\
			break;					\
		schedule();					\
	}							\
	finish_wait(&(q), &__wait);				\
} while (0)

#define wait_event(q, condition) do {				\
	might_sleep();						\
	if (!(condition))					\
		__wait_event(q, condition, TASK_UNINTERRUPTIBLE);	\
} while (0)

/* Evaluates to 0: no signal ends it. */
#define wait_event_interruptible(q, condition) ({		\
	might_sleep();						\
	if (!(condition))					\
		__wait_event(q, condition, TASK_INTERRUPTIBLE);	\
	0; })

/* Waits @timeout ticks at most. Evaluates to the ticks left, at least 1 if the condition came true. */
#define wait_event_timeout(q, condition, timeout) ({			\
	long __left = timeout;						\
	might_sleep();							\
	if (!(condition)) {						\
		DEFINE_WAIT(__wait);					\
		for (;;) {						\
			prepare_to_wait(&(q), &__wait, TASK_UNINTERRUPTIBLE);	\
			if (condition) {				\
				__left = __left ? __left : 1;		\
				break;					\
			}						\
			if (!__left)					\
				break;					\
			__left = schedule_timeout(__left);		\
		}							\
		finish_wait(&(q), &__wait);				\
	}								\
	__left; })

#endif
