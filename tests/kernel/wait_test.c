// SPDX-License-Identifier: MIT
/*
 * Waiting: wait queues, completions, mutexes, timers, timeouts.
 */
#include <kernel/mutex.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <kernel/wait.h>
#include "crew.h"

TEST_SUITE("wait");

#define NR_WAITERS	4

static DECLARE_WAIT_QUEUE_HEAD(queue);
static atomic_t nr_woken;
static bool open;

static unsigned int queue_length(wait_queue_head_t *q)
{
	unsigned long flags;
	unsigned int count = 0;
	struct list_head *pos;

	spin_lock_irqsave(&q->lock, flags);
	list_for_each(pos, &q->task_list)
		count++;
	spin_unlock_irqrestore(&q->lock, flags);
	return count;
}

/* ---- Wait queues ---- */

static int wait_until_open(void *unused)
{
	(void)unused;
	wait_event(queue, READ_ONCE(open));
	atomic_inc(&nr_woken);
	return 0;
}

/* Sleeps once, exclusively, until woken. */
static int wait_for_a_wake_up(void *unused)
{
	DEFINE_WAIT(wait);

	(void)unused;
	prepare_to_wait_exclusive(&queue, &wait, TASK_UNINTERRUPTIBLE);
	schedule();
	finish_wait(&queue, &wait);
	atomic_inc(&nr_woken);
	return 0;
}

/* Start @nr threads and wait until all are on the queue. Return: false if there are none. */
static bool start_waiters(struct task_struct **tasks, unsigned int nr, int (*threadfn)(void *))
{
	atomic_set(&nr_woken, 0);
	open = false;
	if (!make_threads(tasks, nr, threadfn, NULL, 0, ANY_CPU))
		return false;
	start_threads(tasks, nr);
	EXPECT(eventually(queue_length(&queue) == nr));
	return true;
}

static void end_waiters(struct task_struct **tasks, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		join_thread(tasks[i]);
	EXPECT(!waitqueue_active(&queue));
}

TEST("wait_event does not wait if the condition is true already")
{
	open = true;
	wait_event(queue, open);
	EXPECT_EQ(wait_event_timeout(queue, open, 7), 7);
	EXPECT(!waitqueue_active(&queue));
}

TEST("who waits for a condition sleeps on until it is true, however often woken")
{
	struct task_struct *tasks[NR_WAITERS];

	ASSERT(start_waiters(tasks, NR_WAITERS, wait_until_open));
	for (unsigned int i = 0; i < 3; i++) {
		wake_up(&queue);
		EXPECT(eventually(queue_length(&queue) == NR_WAITERS));
	}
	EXPECT_EQ(atomic_read(&nr_woken), 0);
	WRITE_ONCE(open, true);
	wake_up(&queue);
	end_waiters(tasks, NR_WAITERS);
	EXPECT_EQ(atomic_read(&nr_woken), NR_WAITERS);
}

TEST("a wake-up wakes one exclusive waiter, two wake two, and wake_up_all the rest")
{
	struct task_struct *tasks[NR_WAITERS];

	ASSERT(start_waiters(tasks, NR_WAITERS, wait_for_a_wake_up));
	wake_up(&queue);
	EXPECT(eventually(atomic_read(&nr_woken) == 1));
	EXPECT_EQ(queue_length(&queue), NR_WAITERS - 1);
	preempt_disable();		/* the first does not run in between, on this CPU at least */
	wake_up(&queue);
	wake_up_interruptible(&queue);	/* they are not */
	wake_up(&queue);
	preempt_enable();
	EXPECT(eventually(atomic_read(&nr_woken) == 3));
	EXPECT_EQ(queue_length(&queue), NR_WAITERS - 3);
	wake_up_all(&queue);
	end_waiters(tasks, NR_WAITERS);
	EXPECT_EQ(atomic_read(&nr_woken), NR_WAITERS);
}

TEST("wait_event_timeout gives up when the time has passed, not before")
{
	unsigned long start = jiffies;

	open = false;
	EXPECT_EQ(wait_event_timeout(queue, READ_ONCE(open), 3), 0);
	EXPECT(jiffies - start >= 3);
	EXPECT(!waitqueue_active(&queue));
	EXPECT_EQ(current->state, TASK_RUNNING);
}

static int open_later(void *unused)
{
	(void)unused;
	schedule_timeout_uninterruptible(2);
	WRITE_ONCE(open, true);
	wake_up(&queue);
	return 0;
}

TEST("wait_event_timeout returns what is left of the time when the condition came true")
{
	struct task_struct *task;
	long left;

	open = false;
	task = make_thread(open_later, NULL, ANY_CPU);
	ASSERT(task);
	wake_up_process(task);
	left = wait_event_timeout(queue, READ_ONCE(open), PATIENCE);
	EXPECT(left > 0 && left <= PATIENCE);
	join_thread(task);
}

/* ---- Completions ---- */

static struct completion ping, pong;
static bool enough;

static int answer_pings(void *unused)
{
	(void)unused;
	for (;;) {
		wait_for_completion(&ping);
		if (READ_ONCE(enough))
			return 0;
		complete(&pong);
	}
}

TEST("a completion lets as many pass as it was completed, before or after they came")
{
	DECLARE_COMPLETION_ONSTACK(done);

	EXPECT(!completion_done(&done));
	EXPECT(!try_wait_for_completion(&done));
	complete(&done);
	complete(&done);
	EXPECT(completion_done(&done));
	wait_for_completion(&done);
	EXPECT(try_wait_for_completion(&done));
	EXPECT(!try_wait_for_completion(&done));
	EXPECT_EQ(wait_for_completion_timeout(&done, 2), 0);
	complete_all(&done);
	wait_for_completion(&done);
	wait_for_completion(&done);
	reinit_completion(&done);
	EXPECT(!completion_done(&done));
}

TEST("two threads hand each other the ball, on each pair of CPUs")
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *task = make_thread(answer_pings, NULL, cpu);

		ASSERT(task);
		init_completion(&ping);
		init_completion(&pong);
		enough = false;
		wake_up_process(task);
		for (unsigned int i = 0; i < 200; i++) {
			complete(&ping);
			if (!EXPECT(wait_for_completion_timeout(&pong, PATIENCE) > 0))
				break;
		}
		WRITE_ONCE(enough, true);
		complete(&ping);
		join_thread(task);
	}
}

/* ---- Mutexes ---- */

static DEFINE_MUTEX(mutex);
static unsigned int shared_count, inside;

static int count_under_mutex(void *unused)
{
	int wrong = 0;

	(void)unused;
	for (unsigned int i = 0; i < 50; i++) {
		unsigned int seen;

		mutex_lock(&mutex);
		wrong += inside++ != 0;
		seen = READ_ONCE(shared_count);
		yield();
		WRITE_ONCE(shared_count, seen + 1);
		inside--;
		mutex_unlock(&mutex);
	}
	return wrong;
}

TEST("one thread at a time is inside a mutex, though it sleeps there")
{
	struct task_struct *tasks[NR_WAITERS];

	shared_count = 0;
	ASSERT(make_threads(tasks, NR_WAITERS, count_under_mutex, NULL, 0, ANY_CPU));
	start_threads(tasks, NR_WAITERS);
	for (unsigned int i = 0; i < NR_WAITERS; i++)
		EXPECT_EQ(join_thread(tasks[i]), 0);
	EXPECT_EQ(shared_count, 50 * NR_WAITERS);
	EXPECT(!mutex_is_locked(&mutex));
	EXPECT_EQ(mutex_check(&mutex), 0);
}

static int take_mutex(void *data)
{
	unsigned int *place = data;

	mutex_lock(&mutex);
	*place = ++shared_count;
	mutex_unlock(&mutex);
	return 0;
}

TEST("a mutex is handed over in the order of asking, and nobody takes it in between")
{
	struct task_struct *tasks[NR_WAITERS];
	unsigned int places[NR_WAITERS] = { 0 };

	shared_count = 0;
	ASSERT(make_threads(tasks, NR_WAITERS, take_mutex, places, sizeof(places[0]), ANY_CPU));
	mutex_lock(&mutex);
	EXPECT(mutex_is_locked(&mutex));
	EXPECT(!mutex_trylock(&mutex));
	for (unsigned int i = 0; i < NR_WAITERS; i++) {
		wake_up_process(tasks[i]);
		EXPECT(eventually(thread_sleeps(tasks[i])));
	}
	EXPECT_EQ(mutex_check(&mutex), 0);
	preempt_disable();
	mutex_unlock(&mutex);
	EXPECT(num_online_cpus() > 1 || !mutex_trylock(&mutex));
	preempt_enable();
	for (unsigned int i = 0; i < NR_WAITERS; i++) {
		join_thread(tasks[i]);
		EXPECT_EQ(places[i], i + 1);
	}
	EXPECT(mutex_trylock(&mutex));
	mutex_unlock(&mutex);
}

/* ---- Timers ---- */

static unsigned long fired[NR_WAITERS];
static unsigned int nr_fired;
static unsigned int fired_order[2 * NR_WAITERS];

static void note_firing(unsigned long which)
{
	fired[which] = jiffies;
	fired_order[nr_fired] = which;
	WRITE_ONCE(nr_fired, nr_fired + 1);
}

/*
 * What CPU 0 does with its interrupts masked happens within one tick, however busy the host is:
 * it is CPU 0 that counts them.
 */
static void within_one_tick(void (*func)(void *data), void *data)
{
	EXPECT_EQ(smp_call_function_single(0, func, data, true), 0);
}

struct timer_test {
	struct timer_list timers[NR_WAITERS];
	unsigned long start;
};

static void set_backwards(void *data)
{
	struct timer_test *t = data;

	t->start = jiffies;
	for (unsigned int i = 0; i < NR_WAITERS; i++) {
		setup_timer(&t->timers[i], note_firing, i);
		EXPECT(!timer_pending(&t->timers[i]));
		EXPECT_EQ(mod_timer(&t->timers[i], t->start + 3 + 2 * (NR_WAITERS - i)), 0);
		EXPECT(timer_pending(&t->timers[i]));
	}
	EXPECT_EQ(timers_check(), 0);
}

TEST("timers fire in the order of their ticks, each once, not early")
{
	struct timer_test t;

	nr_fired = 0;
	within_one_tick(set_backwards, &t);
	EXPECT(eventually(READ_ONCE(nr_fired) == NR_WAITERS));
	for (unsigned int i = 0; i < NR_WAITERS; i++) {
		EXPECT(fired[i] - t.start >= 3 + 2 * (NR_WAITERS - i));
		EXPECT_EQ(fired_order[i], NR_WAITERS - 1 - i);
		EXPECT_EQ(del_timer_sync(&t.timers[i]), 0);
	}
	msleep(50);
	EXPECT_EQ(nr_fired, NR_WAITERS);
}

static void move_and_delete(void *data)
{
	struct timer_test *t = data;
	struct timer_list *moved = &t->timers[0], *deleted = &t->timers[1];

	t->start = jiffies;
	setup_timer(moved, note_firing, 0);
	setup_timer(deleted, note_firing, 1);
	mod_timer(moved, t->start + 2);
	deleted->expires = t->start + 4;
	add_timer(deleted);
	EXPECT_EQ(mod_timer(moved, t->start + 8), 1);
	EXPECT_EQ(del_timer(deleted), 1);
	EXPECT_EQ(del_timer(deleted), 0);
}

TEST("a timer that is moved fires at its new tick only, and one that is deleted never")
{
	struct timer_test t;

	nr_fired = 0;
	within_one_tick(move_and_delete, &t);
	EXPECT(eventually(READ_ONCE(nr_fired) == 1));
	EXPECT(fired[0] - t.start >= 8);
	msleep(20);
	EXPECT_EQ(nr_fired, 1);
	EXPECT_EQ(del_timer_sync(&t.timers[0]), 0);
}

static struct timer_list again;

static void fire_again(unsigned long data)
{
	WRITE_ONCE(nr_fired, nr_fired + 1);
	mod_timer((struct timer_list *)data, jiffies + 1);
}

TEST("a timer may set itself again; del_timer_sync ends that")
{
	unsigned int count;

	nr_fired = 0;
	setup_timer(&again, fire_again, (unsigned long)&again);
	mod_timer(&again, jiffies);
	EXPECT(eventually(READ_ONCE(nr_fired) >= 3));
	EXPECT_EQ(del_timer_sync(&again), 1);
	count = nr_fired;
	msleep(30);
	EXPECT_EQ(nr_fired, count);
}

TEST("msleep sleeps as long as it says, and others run meanwhile")
{
	unsigned long start = jiffies, switches = nr_context_switches(0);

	msleep(30);
	EXPECT(jiffies - start >= 3);
	EXPECT(nr_context_switches(0) > switches);
}

TEST("schedule_timeout says how much is left when it was woken early")
{
	long left;

	set_current_state(TASK_UNINTERRUPTIBLE);
	wake_up_process(current);
	left = schedule_timeout(1000 * HZ);
	EXPECT(left > 0 && left <= 1000 * HZ);
}
