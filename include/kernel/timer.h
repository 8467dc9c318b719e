/* SPDX-License-Identifier: MIT */
/*
 * Timers, with Linux's interface: a function is called at a tick.
 *
 *    setup_timer(&timer, function, data);
 *    mod_timer(&timer, jiffies + HZ);		in a second; begins anew if it was running
 *    del_timer_sync(&timer);			it will not be called any more, and is not right now
 *
 * I1. A timer that is pending stays where it is in memory until it has fired or was deleted.
 * I2. A function is called once for each time that its timer was set, not before its tick.
 */
#ifndef KERNEL_TIMER_H
#define KERNEL_TIMER_H

#include <kernel/jiffies.h>
#include <lib/list.h>
#include <lib/types.h>

struct timer_list {
	struct list_head entry;		/* entry.next is NULL while it is not pending */
	unsigned long expires;		/* the tick */
	void (*function)(unsigned long data);	/* context: interrupt */
	unsigned long data;
};

/* Write a timer that is not pending: it will call @function with @data. */
void setup_timer(struct timer_list *timer, void (*function)(unsigned long), unsigned long data);

/* Is it set, and has not begun to run? */
static inline bool timer_pending(const struct timer_list *timer)
{
	return timer->entry.next != NULL;
}

/* Set a timer that is not pending, for ->expires. Context: any, as for all but del_timer_sync(). */
void add_timer(struct timer_list *timer);

/* Set a timer for @expires, whether it was pending or not. Return: 1 if it was, else 0. */
int mod_timer(struct timer_list *timer, unsigned long expires);

/* Stop a timer. Return: 1 if it was pending. Its function may be running on another CPU. */
int del_timer(struct timer_list *timer);

/**
 * del_timer_sync - stop a timer, and wait until its function does not run
 * @timer: nobody sets it again meanwhile
 *
 * Return: 1 if it was pending. Context: not in the timer's function, and the caller holds no lock that
 * it takes.
 */
int del_timer_sync(struct timer_list *timer);

/* Call what is due. Context: timer interrupt of the CPU that counts jiffies, after it has. */
void run_local_timers(void);

/* How many are pending. Context: any. */
unsigned int nr_timers(void);

/* Walk the list: order, links. Return: mistakes found. Context: any. */
int timers_check(void);

#endif
