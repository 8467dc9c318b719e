// SPDX-License-Identifier: MIT
/*
 * Threads: made, run in turns, preempted, stopped; on one CPU and on several.
 */
#include <asm/stack.h>
#include <asm/thread_stack.h>
#include <kernel/kallsyms.h>
#include <kernel/percpu.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/mm.h>
#include "crew.h"

TEST_SUITE("sched");

#define NR_THREADS	3
#define MORE_THREADS	100		/* than there is room for */

u32 registers_across_yield(u32 value);
bool registers_across_ticks(u32 value, u32 rounds);

static int return_argument(void *data)
{
	return (int)data;
}

static int count_until_stopped(void *data)
{
	unsigned long *count = data;

	while (!kthread_should_stop()) {
		WRITE_ONCE(*count, *count + 1);
		cpu_relax();
	}
	return 0;
}

TEST("a thread runs its function, and whoever stops it gets the result")
{
	struct task_struct *task = make_thread(return_argument, (void *)42, ANY_CPU);

	ASSERT(task);
	EXPECT_EQ(task->state, TASK_UNINTERRUPTIBLE);
	EXPECT(wake_up_process(task));
	EXPECT(eventually(completion_done(&task->exited)));
	EXPECT_EQ(task->state, TASK_DEAD);
	EXPECT(!wake_up_process(task));
	EXPECT_EQ(stop_thread(task), 42);
}

TEST("a thread that is stopped before it was started never runs, and leaves nothing behind")
{
	unsigned long count = 0;
	struct task_struct *task = make_thread(count_until_stopped, &count, ANY_CPU);

	ASSERT(task);
	EXPECT_EQ(stop_thread(task), -EINTR);
	EXPECT_EQ(count, 0);
	EXPECT_EQ(thread_stacks_check(), 0);
}

TEST("a thread has its own stack, name and number, and finds itself there")
{
	struct task_struct *first, *second;

	first = kthread_create(return_argument, NULL, "a-name-that-is-too-long");
	ASSERT(!IS_ERR(first));
	second = kthread_create(return_argument, NULL, "%s/%d", "second", 2);
	if (!EXPECT(!IS_ERR(second))) {
		kthread_stop(first);
		return;
	}
	EXPECT_EQ(strlen(first->comm), TASK_COMM_LEN - 1);
	EXPECT(strcmp(second->comm, "second/2") == 0);
	EXPECT(second->pid > first->pid && first->pid > current->pid);
	EXPECT(first->stack != second->stack);
	EXPECT(task_thread_info(first)->task == first);
	EXPECT(current->pid == 1 && task_thread_info(current) == current_thread_info());
	kthread_stop(first);
	kthread_stop(second);
}

#define NR_TURNS	4
#define TRIES		20		/* a tick in the wrong place spoils one */

static char order[NR_TURNS * NR_THREADS + 1];
static unsigned int nr_turns;

static void write_letter(char letter)
{
	preempt_disable();
	order[nr_turns++] = letter;
	preempt_enable();
}

static int write_own_letter(void *data)
{
	for (unsigned int i = 0; i < NR_TURNS; i++) {
		write_letter((char)(long)data);
		yield();
	}
	return 0;
}

/* Each of the letters is there as often as it was written. */
static bool all_letters_there(void)
{
	unsigned int count[NR_THREADS] = { 0 };

	for (const char *c = order; *c; c++)
		count[*c - 'a']++;
	for (unsigned int i = 0; i < NR_THREADS; i++)
		if (count[i] != NR_TURNS)
			return false;
	return true;
}

/* Have them take turns. Return: 1, or 0 if the tick took the CPU from one; -ENOMEM. */
static int take_turns(void)
{
	struct task_struct *tasks[NR_THREADS];
	unsigned long taken_away = 0;

	nr_turns = 0;
	memset(order, 0, sizeof(order));
	if (!make_threads(tasks, NR_THREADS, write_own_letter, (void *)'a', 1, 0))
		return -ENOMEM;
	preempt_disable();		/* all are there before the first one runs */
	start_threads(tasks, NR_THREADS);
	preempt_enable();
	for (unsigned int i = 0; i < NR_THREADS; i++) {
		EXPECT(eventually(completion_done(&tasks[i]->exited)));
		taken_away += tasks[i]->nivcsw;
		EXPECT_EQ(stop_thread(tasks[i]), 0);
	}
	EXPECT(all_letters_there());
	return taken_away == 0;
}

TEST("threads of one CPU that give way run in turns, first come first served")
{
	int undisturbed = 0;

	for (unsigned int i = 0; i < TRIES && undisturbed == 0; i++)
		undisturbed = take_turns();
	ASSERT(undisturbed >= 0);
	if (!undisturbed)
		SKIP("a tick came in between each time");
	EXPECT(strcmp(order, "abcabcabcabc") == 0);
}

TEST("threads that never give way share their CPU all the same: the tick takes it from them")
{
	unsigned long counts[NR_THREADS] = { 0 };
	struct task_struct *tasks[NR_THREADS];

	ASSERT(make_threads(tasks, NR_THREADS, count_until_stopped, counts, sizeof(counts[0]), 0));
	start_threads(tasks, NR_THREADS);
	for (unsigned int i = 0; i < NR_THREADS; i++)
		EXPECT(eventually(READ_ONCE(counts[i]) > 1000));
	EXPECT_EQ(sched_check(), 0);
	for (unsigned int i = 0; i < NR_THREADS; i++) {
		EXPECT_EQ(stop_thread(tasks[i]), 0);
		EXPECT(counts[i] > 1000);
	}
}

TEST("who has disabled preemption keeps the CPU until it enables it, and loses it then")
{
	unsigned long count = 0, lost, end = jiffies + PATIENCE;
	struct task_struct *task = make_thread(count_until_stopped, &count, ANY_CPU);

	ASSERT(task);
	preempt_disable();
	lost = current->nivcsw;
	kthread_bind(task, smp_processor_id());
	wake_up_process(task);
	while (!need_resched() && time_before(jiffies, end))
		cpu_relax();
	EXPECT(need_resched());
	EXPECT_EQ(READ_ONCE(count), 0);
	EXPECT_EQ(current->nivcsw, lost);
	preempt_enable();
	EXPECT(current->nivcsw > lost);
	EXPECT(eventually(READ_ONCE(count) > 0));
	stop_thread(task);
}

TEST("a wake-up that comes between announcing to sleep and sleeping is not lost")
{
	set_current_state(TASK_INTERRUPTIBLE);
	EXPECT(!try_to_wake_up(current, TASK_UNINTERRUPTIBLE));
	EXPECT_EQ(current->state, TASK_INTERRUPTIBLE);
	EXPECT(wake_up_process(current));
	EXPECT_EQ(current->state, TASK_RUNNING);
	schedule();
	EXPECT(!wake_up_process(current));
}

static atomic_t nr_preempted;

/* Goes on until the tick has taken the CPU from each of the threads. */
static int hold_registers(void *data)
{
	unsigned int wrong = 0;
	bool counted = false;

	for (u32 i = 0; i < 200; i++) {
		u32 value = (u32)data * 1000 + i;

		wrong += registers_across_yield(value) != 8 * value;
	}
	while (atomic_read(&nr_preempted) < NR_THREADS && !kthread_should_stop()) {
		wrong += !registers_across_ticks((u32)data, 100000);
		if (!counted && READ_ONCE(current->nivcsw) > 0) {
			atomic_inc(&nr_preempted);
			counted = true;
		}
	}
	return wrong;
}

TEST("a thread's registers are its own, across switches that it asks for and those by the tick")
{
	struct task_struct *tasks[NR_THREADS];

	atomic_set(&nr_preempted, 0);
	ASSERT(make_threads(tasks, NR_THREADS, hold_registers, (void *)0x1234, 0x1234, 0));
	start_threads(tasks, NR_THREADS);
	for (unsigned int i = 0; i < NR_THREADS; i++) {
		EXPECT(eventually(completion_done(&tasks[i]->exited)));
		EXPECT(tasks[i]->nivcsw > 0);
		EXPECT_EQ(stop_thread(tasks[i]), 0);
	}
}

TEST("when the table of tasks is full there is an error, and all is well afterwards")
{
	struct task_struct *tasks[MORE_THREADS];
	unsigned int nr = 0;

	while (nr < MORE_THREADS) {
		tasks[nr] = kthread_create(return_argument, NULL, "crowd/%u", nr);
		if (IS_ERR(tasks[nr]))
			break;
		nr++;
	}
	EXPECT(nr > NR_THREADS && nr < MORE_THREADS);
	if (nr < MORE_THREADS)
		EXPECT_EQ(PTR_ERR(tasks[nr]), -ENOMEM);
	while (nr)
		EXPECT_EQ(kthread_stop(tasks[--nr]), -EINTR);
	EXPECT_EQ(thread_stacks_check(), 0);
}

/* Goes down about @data bytes, then sleeps until it is stopped. */
static int use_stack_and_sleep(void *data)
{
	volatile u8 room[3000];

	for (unsigned int i = 0; i < (unsigned int)data; i++)
		room[sizeof(room) - 1 - i] = 0xff;
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1000 * HZ);
	return 0;
}

TEST("a thread's stack knows how far it was used, and the thread where it sleeps")
{
	struct task_struct *task = make_thread(use_stack_and_sleep, (void *)2900, ANY_CPU);
	unsigned long size, offset, used;
	char namebuf[KSYM_NAME_LEN];
	const char *name;

	ASSERT(task);
	EXPECT(THREAD_SIZE - stack_not_used(task) <= sizeof(struct thread_info) + sizeof(u32));
	EXPECT(!task->wchan);
	wake_up_process(task);
	EXPECT(eventually(thread_sleeps(task)));
	used = THREAD_SIZE - stack_not_used(task);
	EXPECT(used >= 2900 && used < THREAD_SIZE / 2);
	name = kallsyms_lookup((unsigned long)READ_ONCE(task->wchan), &size, &offset, namebuf);
	EXPECT(name && strcmp(name, "use_stack_and_sleep") == 0);
	EXPECT_EQ(stop_thread(task), 0);
	EXPECT(!current->wchan);
}

/* ---- Several CPUs ---- */

static int cpu_of_thread(void *data)
{
	int wrong = 0;

	for (unsigned int i = 0; i < 20; i++) {
		wrong += raw_smp_processor_id() != (unsigned int)data;
		yield();
	}
	return wrong;
}

TEST("a thread that is bound to a CPU runs there, and nowhere else")
{
	struct task_struct *task;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		task = make_thread(cpu_of_thread, (void *)cpu, cpu);
		ASSERT(task);
		wake_up_process(task);
		EXPECT_EQ(join_thread(task), 0);
	}
}

/* Start one thread fewer than CPUs run. Return: on how many CPUs they are; -ENOMEM. */
static int spread_threads(unsigned int nr)
{
	struct task_struct *tasks[NR_CPUS];
	unsigned long counts[NR_CPUS] = { 0 }, seen = 0;

	if (!make_threads(tasks, nr, count_until_stopped, counts, sizeof(counts[0]), ANY_CPU))
		return -ENOMEM;
	start_threads(tasks, nr);
	for (unsigned int i = 0; i < nr; i++) {
		EXPECT(eventually(READ_ONCE(counts[i]) > 0));
		seen |= BIT(task_cpu(tasks[i]));
	}
	for (unsigned int i = 0; i < nr; i++)
		stop_thread(tasks[i]);
	return hweight_long(seen);
}

/* A worker may be busy on one of the CPUs for a moment: not at each try. */
TEST("threads that may run anywhere spread over the CPUs that are idle")
{
	int nr = num_online_cpus() - 1, seen = 0;

	if (nr == 0)
		SKIP("one CPU");
	for (unsigned int i = 0; i < TRIES && seen >= 0 && seen < nr; i++)
		seen = spread_threads(nr);
	EXPECT_EQ(seen, nr);
}

static unsigned long wakeups;
static bool ready;

static int sleep_until_ready(void *unused)
{
	(void)unused;
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(ready)) {
			WRITE_ONCE(ready, false);
			WRITE_ONCE(wakeups, wakeups + 1);
		} else if (!kthread_should_stop()) {
			schedule();
		}
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

TEST("a thread that sleeps on another CPU is woken there, again and again, and no wake-up is lost")
{
	unsigned int cpu, rounds = 500;

	for_each_online_cpu(cpu) {
		struct task_struct *task;

		wakeups = 0;
		ready = false;
		task = make_thread(sleep_until_ready, NULL, cpu);
		ASSERT(task);
		for (unsigned int i = 1; i <= rounds; i++) {
			WRITE_ONCE(ready, true);
			wake_up_process(task);
			if (!EXPECT(eventually(READ_ONCE(wakeups) == i)))
				break;
		}
		stop_thread(task);
	}
}

/* Of a group, each wakes any other and sleeps until woken: who is awake goes around. */
#define GROUP	6

static struct task_struct *group[GROUP];
static atomic_t group_running;

static int wake_somebody(void *data)
{
	u32 random = (u32)data;

	atomic_inc(&group_running);
	while (!kthread_should_stop()) {
		random = random * 1664525 + 1013904223;
		wake_up_process(group[(random >> 16) % GROUP]);
		wake_up_process(group[(random >> 8) % GROUP]);
		schedule_timeout_interruptible(1);
	}
	return atomic_read(&group_running);
}

TEST("threads that wake each other across CPUs at random keep the run queues in order")
{
	unsigned long end;

	atomic_set(&group_running, 0);
	ASSERT(make_threads(group, GROUP, wake_somebody, (void *)test_random(), 1, ANY_CPU));
	start_threads(group, GROUP);
	EXPECT(eventually(atomic_read(&group_running) == GROUP));
	for (end = jiffies + 20; time_before(jiffies, end);) {
		EXPECT_EQ(sched_check(), 0);
		schedule_timeout_uninterruptible(1);
	}
	for (unsigned int i = 0; i < GROUP; i++)
		EXPECT_EQ(kthread_stop(group[i]), GROUP);
	for (unsigned int i = 0; i < GROUP; i++)
		put_task_struct(group[i]);
}
