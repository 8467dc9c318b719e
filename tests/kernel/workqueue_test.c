// SPDX-License-Identifier: MIT
/*
 * Work done later: order, delays, CPUs; flushing and cancelling.
 */
#include <asm/barrier.h>
#include <kernel/completion.h>
#include <kernel/sched.h>
#include <kernel/workqueue.h>
#include <test.h>

TEST_SUITE("workqueue");

#define NR_WORKS	4

struct counted_work {
	struct delayed_work dwork;
	unsigned int calls;
	unsigned int cpu;		/* of the last call */
	unsigned long when;		/* of the last call */
	unsigned int place;		/* of the last call among all */
};

static unsigned int nr_calls;

static void count_call(struct work_struct *work)
{
	struct counted_work *counted = container_of(work, struct counted_work, dwork.work);

	counted->cpu = smp_processor_id();
	counted->when = jiffies;
	counted->place = ++nr_calls;
	WRITE_ONCE(counted->calls, counted->calls + 1);
}

static void init_counted(struct counted_work *counted, work_func_t func)
{
	*counted = (struct counted_work){ .calls = 0 };
	INIT_DELAYED_WORK(&counted->dwork, func);
}

TEST("work is done by the worker of the CPU that it was scheduled for, once each time")
{
	struct counted_work counted;
	unsigned int cpu, rounds = 0;

	init_counted(&counted, count_call);
	for_each_online_cpu(cpu) {
		EXPECT(schedule_work_on(cpu, &counted.dwork.work));
		flush_work(&counted.dwork.work);
		EXPECT(!work_pending(&counted.dwork.work));
		EXPECT_EQ(counted.cpu, cpu);
		EXPECT_EQ(counted.calls, ++rounds);
	}
	EXPECT(!flush_work(&counted.dwork.work));
	EXPECT_EQ(workqueues_check(), 0);
}

TEST("works of one CPU are done in order; scheduling one that is pending changes nothing")
{
	struct counted_work counted[NR_WORKS];

	nr_calls = 0;
	preempt_disable();		/* the worker of this CPU comes later */
	for (unsigned int i = 0; i < NR_WORKS; i++) {
		init_counted(&counted[i], count_call);
		EXPECT(schedule_work(&counted[i].dwork.work));
	}
	EXPECT(!schedule_work(&counted[0].dwork.work));
	EXPECT(work_pending(&counted[0].dwork.work));
	EXPECT_EQ(workqueues_check(), 0);
	preempt_enable();
	flush_scheduled_work();
	for (unsigned int i = 0; i < NR_WORKS; i++) {
		EXPECT_EQ(counted[i].calls, 1);
		EXPECT_EQ(counted[i].place, i + 1);
	}
}

TEST("delayed work is done after its delay, not before")
{
	struct counted_work counted;
	unsigned long start = jiffies;

	init_counted(&counted, count_call);
	EXPECT(schedule_delayed_work(&counted.dwork, 3));
	while (delayed_work_pending(&counted.dwork))
		schedule_timeout_uninterruptible(1);
	flush_work(&counted.dwork.work);
	EXPECT_EQ(counted.calls, 1);
	EXPECT(counted.when - start >= 3);
}

TEST("delayed work that waits for its time is pending, and is not scheduled a second time")
{
	struct counted_work counted;

	init_counted(&counted, count_call);
	EXPECT(schedule_delayed_work(&counted.dwork, 1000 * HZ));
	EXPECT(!schedule_delayed_work(&counted.dwork, 1));
	EXPECT(delayed_work_pending(&counted.dwork));
	EXPECT_EQ(counted.calls, 0);
	EXPECT(cancel_delayed_work_sync(&counted.dwork));
	EXPECT(!delayed_work_pending(&counted.dwork));
	EXPECT_EQ(counted.calls, 0);
}

TEST("flush_delayed_work does not wait for the rest of the delay")
{
	struct counted_work counted;
	unsigned long start = jiffies;

	init_counted(&counted, count_call);
	schedule_delayed_work(&counted.dwork, 1000 * HZ);
	flush_delayed_work(&counted.dwork);
	EXPECT_EQ(counted.calls, 1);
	EXPECT(jiffies - start < 900 * HZ);
	EXPECT(!delayed_work_pending(&counted.dwork));
}

TEST("work that is cancelled before its time is never done")
{
	struct counted_work counted;

	unsigned int calls;
	bool cancelled;

	init_counted(&counted, count_call);
	schedule_delayed_work(&counted.dwork, 2);
	cancelled = cancel_delayed_work_sync(&counted.dwork);
	EXPECT(!cancel_delayed_work_sync(&counted.dwork));
	calls = counted.calls;
	EXPECT_EQ(calls, !cancelled);	/* the host may have been away for longer than its delay */
	msleep(40);
	EXPECT_EQ(counted.calls, calls);
}

TEST("work that was cancelled can be scheduled again")
{
	struct counted_work counted;

	init_counted(&counted, count_call);
	schedule_work(&counted.dwork.work);
	EXPECT_EQ(cancel_work_sync(&counted.dwork.work) + counted.calls, 1);
	EXPECT(!work_pending(&counted.dwork.work));
	counted.calls = 0;
	EXPECT(schedule_work(&counted.dwork.work));
	flush_work(&counted.dwork.work);
	EXPECT_EQ(counted.calls, 1);
}

static void count_and_repeat(struct work_struct *work)
{
	count_call(work);
	schedule_delayed_work(to_delayed_work(work), 1);
}

TEST("work that schedules itself again goes on until it is cancelled")
{
	struct counted_work counted;
	unsigned int calls;

	init_counted(&counted, count_and_repeat);
	schedule_delayed_work(&counted.dwork, 0);
	while (READ_ONCE(counted.calls) < 4)
		schedule_timeout_uninterruptible(1);
	cancel_delayed_work_sync(&counted.dwork);
	calls = counted.calls;
	EXPECT(!delayed_work_pending(&counted.dwork));
	msleep(30);
	EXPECT_EQ(counted.calls, calls);
}

static struct completion begun;
static bool ended;

static void take_long(struct work_struct *work)
{
	(void)work;
	complete(&begun);
	msleep(20);
	WRITE_ONCE(ended, true);
}

TEST("cancelling waits for the function if that runs already")
{
	struct counted_work counted;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		init_completion(&begun);
		ended = false;
		init_counted(&counted, take_long);
		schedule_work_on(cpu, &counted.dwork.work);
		wait_for_completion(&begun);
		EXPECT(!cancel_delayed_work_sync(&counted.dwork));
		EXPECT(READ_ONCE(ended));
	}
}
