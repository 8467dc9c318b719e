/* SPDX-License-Identifier: MIT */
/*
 * Mutexes, with Linux's interface: locks whose waiters sleep.
 *
 *    static DEFINE_MUTEX(mutex);
 *
 *    mutex_lock(&mutex);
 *    ... may sleep ...
 *    mutex_unlock(&mutex);
 *
 *    owner ---> task A          wait_list --> [task B] --> [task C]
 *      unlock by A:  owner ---> task B, which wakes up as the owner
 *
 * I1. ->owner is the thread that holds it; NULL: nobody, and then nobody waits either.
 * I2. The one who waits longest becomes the owner when the mutex is unlocked. Nobody overtakes it.
 * I3. Only the owner unlocks, and an owner does not lock again.
 *
 * Differs from Linux: a mutex that is wanted is handed over to the next one (Linux lets who comes
 * by take it first); and there is no fast path without ->wait_lock.
 */
#ifndef KERNEL_MUTEX_H
#define KERNEL_MUTEX_H

#include <kernel/schedule.h>
#include <kernel/spinlock.h>
#include <lib/list.h>

struct mutex {
	struct task_struct *owner;	/* I1 */
	spinlock_t wait_lock;		/* protects all of this */
	struct list_head wait_list;	/* struct mutex_waiter, first come first */
	const char *site;		/* its class: <kernel/lockdep.h> */
};

#define __MUTEX_INITIALIZER(name)					\
	{ .wait_lock = __SPIN_LOCK_UNLOCKED,				\
	  .wait_list = LIST_HEAD_INIT((name).wait_list), .site = "mutex " LOCK_SITE }
#define DEFINE_MUTEX(name)	struct mutex name = __MUTEX_INITIALIZER(name)

#define mutex_init(lock) do {			\
	(lock)->owner = NULL;			\
	spin_lock_init(&(lock)->wait_lock);	\
	INIT_LIST_HEAD(&(lock)->wait_list);	\
	(lock)->site = "mutex " LOCK_SITE;	\
} while (0)

/* Context: thread that may sleep. */
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

/* Return: was it free, and is it ours now? Context: thread. */
bool mutex_trylock(struct mutex *lock);

/* Does anybody hold it? */
static inline bool mutex_is_locked(const struct mutex *lock)
{
	return READ_ONCE(lock->owner) != NULL;
}

/* I1, and the list. Return: mistakes found. Context: nobody waits meanwhile, or the caller is the owner. */
int mutex_check(struct mutex *lock);

#endif
