// SPDX-License-Identifier: MIT
/*
 * kswapd: one thread for each node, which frees memory in the background so that requests need not.
 *
 *    request finds a zone below low            kswapd0 ... of its node
 *
 *    wakeup_kswapd()                           kswapd()
 *      ask_kswapd(): order, zone   -------->     sleeps until it is asked for something
 *      wake_kswapd()               -------->     kswapd_take_request()
 *                                                balance_pgdat(): shrinkers, until above high,
 *                                                  or until they give nothing more
 *
 * Q1. No request is lost: it is noted before kswapd is woken, and kswapd looks for one after it has
 *     announced to sleep (<kernel/schedule.h> I1). What is asked for while it works, it finds when it
 *     is done.
 * Q2. One request is one attempt: who asks again, because it was in vain, wakes kswapd again.
 * Q3. kswapd may use all reserves (PF_MEMALLOC), and does not reclaim for its own requests.
 *
 * The two hooks of vmscan.h lead here: this is the only file of the page allocator that knows
 * threads. After kswapd() and kswapd_run() of Linux 3.10 (mm/vmscan.c). There kswapd first naps a
 * tenth of a second, to see whether the zones stay balanced, and goes on if they do not; here any
 * request that finds a zone below low wakes it, and the others are served.
 */
#define pr_fmt(fmt) "kswapd: " fmt
#include <kernel/bug.h>
#include <kernel/hardirq.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/printk.h>
#include <kernel/wait.h>
#include <lib/errno.h>
#include <mm/vmscan.h>

/* How long a request waits before it looks again whether others have freed memory. */
#define MEMORY_WAIT	(HZ / 50)

/* --- The thread --- */

static bool kswapd_is_asked(const pg_data_t *pgdat)
{
	return READ_ONCE(pgdat->classzone_idx) != MAX_NR_ZONES;
}

static int kswapd(void *data)
{
	pg_data_t *pgdat = data;
	enum zone_type classzone_idx;
	unsigned int order;

	current->flags |= PF_MEMALLOC | PF_KSWAPD;	/* Q3 */
	for (;;) {
		wait_event_interruptible(pgdat->kswapd_wait,
					 kswapd_is_asked(pgdat) || kthread_should_stop());
		if (kthread_should_stop())
			break;
		order = kswapd_take_request(pgdat, &classzone_idx);
		balance_pgdat(pgdat, order, &classzone_idx);
	}
	current->flags &= ~(PF_MEMALLOC | PF_KSWAPD);
	return 0;
}

/* --- The hooks --- */

static void wake_kswapd(pg_data_t *pgdat)
{
	wake_up_interruptible(&pgdat->kswapd_wait);
}

static bool sleep_until_memory_may_be_free(void)
{
	schedule_timeout_uninterruptible(MEMORY_WAIT);
	return true;
}

/* --- Start and end --- */

int kswapd_run(int nid)
{
	pg_data_t *pgdat = NODE_DATA(nid);
	struct task_struct *task;

	if (pgdat->kswapd)
		return 0;
	task = kthread_create(kswapd, pgdat, "kswapd%d", nid);
	if (IS_ERR(task)) {
		pr_err("cannot be started on node %d: error %ld\n", nid, PTR_ERR(task));
		return PTR_ERR(task);
	}
	pgdat->kswapd = task;
	wake_up_process(task);
	return 0;
}

void kswapd_stop(int nid)
{
	pg_data_t *pgdat = NODE_DATA(nid);

	if (!pgdat->kswapd)
		return;
	kthread_stop(pgdat->kswapd);
	pgdat->kswapd = NULL;
}

void __init kswapd_init(void)
{
	int nid;

	BUG_ON(kswapd_waker || wait_for_memory, "kswapd_init() was called before");
	for_each_online_node(nid)
		kswapd_run(nid);
	wait_for_memory = sleep_until_memory_may_be_free;
	kswapd_waker = wake_kswapd;
}

bool kswapd_is_idle(const pg_data_t *pgdat)
{
	return !kswapd_waker || !pgdat->kswapd ||
	       (waitqueue_active(&pgdat->kswapd_wait) && !kswapd_is_asked(pgdat));
}
