/* SPDX-License-Identifier: MIT */
/*
 * A lock knows its class, in debug builds: mistakes in locking are reported when they are made, not
 * only in the rare case in which they stop the machine. kernel/lockdep.c has the picture.
 *
 * A class is all locks that were initialised by the same line of source: what is right for one of
 * them is right for all. Differs from Linux: that line, as text, is also the class's name.
 */
#ifndef KERNEL_LOCKDEP_H
#define KERNEL_LOCKDEP_H

#include <kernel/bug.h>
#include <lib/compiler.h>
#include <lib/types.h>

/* The class of the lock that this initialises: "kernel/sched.c:66". */
#define LOCK_SITE	__FILE__ ":" __stringify(__LINE__)

#define MAX_LOCK_DEPTH	12	/* locks that a thread, and interrupts on top of it, hold at a time */

/* A lock that is held. */
struct held_lock {
	const void *lock;
	unsigned long ip;		/* where it was taken */
	unsigned int class;
};

/* What a thread holds, in the order of taking. */
struct held_locks {
	unsigned int depth;
	struct held_lock lock[MAX_LOCK_DEPTH];
};

struct task_struct;

#if CONFIG_DEBUG_VM
/**
 * lock_acquire - a lock is about to be taken
 * @lock: its address
 * @site: its class; NULL for a lock of zeroes, which has none and is not watched
 * @trylock: it has been taken, without waiting
 * @ip: code address, for reports
 *
 * Reports, with a call chain, if waiting here may be waiting for ever. Context: any.
 */
void lock_acquire(const void *lock, const char *site, bool trylock, const void *ip);

/* @lock is about to be released. Locks may be released in any order. */
void lock_release(const void *lock);

/* The lock of a run queue is taken by one thread and released by the next. */
void lock_hand_over(const void *lock, struct task_struct *from, struct task_struct *to);
#else
static inline void lock_acquire(const void *lock, const char *site, bool trylock, const void *ip)
{
	(void)lock, (void)site, (void)trylock, (void)ip;
}

static inline void lock_release(const void *lock)
{
	(void)lock;
}

static inline void lock_hand_over(const void *lock, struct task_struct *from,
				  struct task_struct *to)
{
	(void)lock, (void)from, (void)to;
}
#endif

/* Print the locks that @task holds, and where it took them. Context: any. */
void lockdep_print_held_locks(const struct task_struct *task);

/* Reports so far. Each is a warning, too. */
extern unsigned int lockdep_reports;

/* Print the classes, and which was taken while which was held. */
void show_locks(void);

/**
 * lockdep_forget - forget all that was seen of the locks of a source file
 * @file: its name as __FILE__ has it
 *
 * For tests that make mistakes on purpose, more than once. Differs from Linux's lockdep_reset(),
 * which forgets all locks. Context: none of them is held or being taken.
 */
void lockdep_forget(const char *file);

/* Walk the graph: no cycle but those that were reported. Return: mistakes found. */
int lockdep_check(void);

#endif
