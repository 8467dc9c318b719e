/* SPDX-License-Identifier: MIT */
/*
 * Work that is done later, by a thread, which may sleep; with Linux's interface.
 *
 *    static void drain(struct work_struct *work) { ... schedule_delayed_work(&vmstat, HZ); }
 *    static DECLARE_DELAYED_WORK(vmstat, drain);
 *
 *    schedule_delayed_work(&vmstat, HZ);		in a second, once
 *    cancel_delayed_work_sync(&vmstat);	it is not pending, and does not run
 *
 *    idle --> delayed: its timer runs --> queued on a CPU's list --> runs in kworker/N --> idle
 *             +-------------- pending -----------------------+     may be queued again
 *
 * I1. ->pending is set from when it was scheduled until just before its function is called; who
 *     sets it owns the rest of the work_struct until it is queued. So it is at one place at most.
 * I2. A work_struct is free to be reused when its function begins: this may schedule it again, or
 *     free it.
 * I3. The functions of one CPU's list run one after the other, in the order of queueing.
 */
#ifndef KERNEL_WORKQUEUE_H
#define KERNEL_WORKQUEUE_H

#include <kernel/timer.h>
#include <lib/list.h>
#include <lib/types.h>

struct work_struct;

/* Context: thread that may sleep, on the CPU that the work was scheduled for. */
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	unsigned long pending;		/* bit 0: I1 */
	unsigned int cpu;		/* whose list it is on, or will be */
	struct list_head entry;
	work_func_t func;
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
};

/* For a delayed work's timer: @data is the work, which is queued now. */
void delayed_work_timer_fn(unsigned long data);

#define __WORK_INITIALIZER(name, function) \
	{ .entry = LIST_HEAD_INIT((name).entry), .func = function }
#define DECLARE_WORK(name, function) \
	struct work_struct name = __WORK_INITIALIZER(name, function)
#define DECLARE_DELAYED_WORK(name, function)					\
	struct delayed_work name = {						\
		.work = __WORK_INITIALIZER((name).work, function),		\
		.timer = { .function = delayed_work_timer_fn,			\
			   .data = (unsigned long)&(name) },			\
	}

/* Write a work that is idle: it will call @func. */
void INIT_WORK(struct work_struct *work, work_func_t func);
void INIT_DELAYED_WORK(struct delayed_work *dwork, work_func_t func);

/* The delayed work that a work function was called with the work of. */
static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

/* Is it queued, and has not begun to run? */
static inline bool work_pending(const struct work_struct *work)
{
	return READ_ONCE(work->pending) != 0;
}

#define delayed_work_pending(dwork)	work_pending(&(dwork)->work)

/**
 * schedule_work_on, schedule_work - have a CPU's worker call the work's function
 * @cpu: is online; schedule_work() takes this one
 * @work: idle, pending or running
 *
 * Return: false if it was pending already; then nothing is changed. Context: any, after
 * init_workqueues().
 */
bool schedule_work_on(unsigned int cpu, struct work_struct *work);
bool schedule_work(struct work_struct *work);

/* The same, on @cpu, in @delay ticks. */
bool schedule_delayed_work_on(unsigned int cpu, struct delayed_work *dwork, unsigned long delay);
bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay);

/* Wait until the last call of the function that was scheduled before this is over. Return: did it? */
bool flush_work(struct work_struct *work);

/* The same, without waiting for the rest of the delay. */
bool flush_delayed_work(struct delayed_work *dwork);

/**
 * cancel_work_sync, cancel_delayed_work_sync - end a work: it is not pending, and its function does not run
 * @work: nobody but its own function schedules it meanwhile
 * @dwork: the same
 *
 * Context: thread that may sleep; not in the function itself. Return: was it pending?
 */
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work_sync(struct delayed_work *dwork);

/* Wait until everything that is queued now has run, on all CPUs. Context: as above. */
void flush_scheduled_work(void);

/* Start a worker for each CPU that runs. Context: kernel_init(), after smp_init(). */
void init_workqueues(void);

/* Walk the lists (I1). Return: mistakes found. Context: any. */
int workqueues_check(void);

#endif
