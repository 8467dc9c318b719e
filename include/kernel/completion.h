/* SPDX-License-Identifier: MIT */
/*
 * Completions, with Linux's interface: "it is done", said once for each who waits.
 *
 *    DECLARE_COMPLETION_ONSTACK(done);
 *    start(&done);                             ... complete(&done);
 *    wait_for_completion(&done);
 *
 * I1. ->done counts complete() that nobody has waited for yet. complete_all() makes it
 *     UINT_MAX / 2, which stands for ever.
 * I2. complete() touches nothing of the completion once the waiter may return: both hold the queue's
 *     lock for it, so the completion may lie on the waiter's stack.
 */
#ifndef KERNEL_COMPLETION_H
#define KERNEL_COMPLETION_H

#include <kernel/wait.h>

struct completion {
	unsigned int done;
	wait_queue_head_t wait;
};

#define COMPLETION_INITIALIZER(name) \
	{ .done = 0, .wait = __WAIT_QUEUE_HEAD_INITIALIZER((name).wait) }
#define DECLARE_COMPLETION(name) \
	struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name)	DECLARE_COMPLETION(name)

#define init_completion(x) do {			\
	(x)->done = 0;				\
	init_waitqueue_head(&(x)->wait);	\
} while (0)

/* Begin again. Context: nobody waits. */
static inline void reinit_completion(struct completion *x)
{
	x->done = 0;
}

/* Let one waiter go, who waits or will wait; or all, for ever. Context: any. */
void complete(struct completion *x);
void complete_all(struct completion *x);

/* Context: thread that may sleep. */
void wait_for_completion(struct completion *x);

/* Waits @timeout ticks at most. Return: ticks left, at least 1; 0 if the time has passed. */
unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout);

/* Return: would wait_for_completion() return at once? If so, this has taken its place. */
bool try_wait_for_completion(struct completion *x);

/* Return: is there a complete() that nobody has waited for? */
bool completion_done(struct completion *x);

#endif
