// SPDX-License-Identifier: MIT
/*
 * Workers: <kernel/workqueue.h> has the picture and the invariants. After Linux's
 * kernel/workqueue.c, with one worker for each CPU as before 2.6.36: a work that sleeps holds up
 * those behind it.
 *
 *    workers, CPU 1    lock, works --> [drain] --> [vmstat]
 *                      running: the work whose function is being called (its address only)
 *                      more:    kworker/1 waits here
 *                      done:    who flushes waits here, for ->nr_done to change
 *
 * W1. A worker's list, ->running and the counts are protected by its lock, which timers take.
 * W2. A delayed work's ->cpu does not change while it is pending; a timer that has fired, or one
 *     that was stopped, leads to the list of that CPU.
 */
#include <asm/barrier.h>
#include <asm/irqflags.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/init.h>
#include <kernel/kthread.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/wait.h>
#include <kernel/workqueue.h>

#define WORK_PENDING	0	/* bit of ->pending */

struct worker {
	spinlock_t lock;
	struct list_head works;
	struct work_struct *running;
	unsigned long nr_done;		/* functions that have returned */
	wait_queue_head_t more, done;
	struct task_struct *task;
};

static DEFINE_PER_CPU_SHARED_ALIGNED(struct worker, workers);

static struct worker *worker_of(unsigned int cpu)
{
	BUG_ON(cpu >= NR_CPUS || !per_cpu(workers, cpu).task, "CPU %u has no worker", cpu);
	return &per_cpu(workers, cpu);
}

void INIT_WORK(struct work_struct *work, work_func_t func)
{
	*work = (struct work_struct){ .func = func };
	INIT_LIST_HEAD(&work->entry);
}

void INIT_DELAYED_WORK(struct delayed_work *dwork, work_func_t func)
{
	INIT_WORK(&dwork->work, func);
	setup_timer(&dwork->timer, delayed_work_timer_fn, (unsigned long)dwork);
}

/* ---- Queueing ---- */

/* Make an idle work pending on @cpu. Return: false if it was not idle. */
static bool claim(struct work_struct *work, unsigned int cpu)
{
	BUG_ON(!work->func, "a work without a function");
	BUG_ON(!cpu_online(cpu), "CPU %u does not run", cpu);
	if (test_and_set_bit(WORK_PENDING, &work->pending))
		return false;
	WRITE_ONCE(work->cpu, cpu);
	return true;
}

/* Context: the caller has claimed the work (I1). */
static void insert_work(struct work_struct *work)
{
	struct worker *worker = worker_of(work->cpu);
	unsigned long flags;

	spin_lock_irqsave(&worker->lock, flags);
	list_add_tail(&work->entry, &worker->works);
	wake_up(&worker->more);
	spin_unlock_irqrestore(&worker->lock, flags);
}

/*
 * From claiming to inserting nothing interrupts this CPU: who cancels the work waits until it can
 * take it off a list, and would wait long for a thread that was preempted in between.
 */
bool schedule_work_on(unsigned int cpu, struct work_struct *work)
{
	unsigned long flags;
	bool claimed;

	local_irq_save(flags);
	claimed = claim(work, cpu);
	if (claimed)
		insert_work(work);
	local_irq_restore(flags);
	return claimed;
}

bool schedule_work(struct work_struct *work)
{
	return schedule_work_on(raw_smp_processor_id(), work);
}

void delayed_work_timer_fn(unsigned long data)
{
	struct delayed_work *dwork = (struct delayed_work *)data;

	insert_work(&dwork->work);
}

bool schedule_delayed_work_on(unsigned int cpu, struct delayed_work *dwork, unsigned long delay)
{
	unsigned long flags;
	bool claimed;

	if (!delay)
		return schedule_work_on(cpu, &dwork->work);
	local_irq_save(flags);		/* as in schedule_work_on() */
	claimed = claim(&dwork->work, cpu);
	if (claimed)
		mod_timer(&dwork->timer, jiffies + delay);
	local_irq_restore(flags);
	return claimed;
}

bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	return schedule_delayed_work_on(raw_smp_processor_id(), dwork, delay);
}

/* ---- Working ---- */

/* Take the first work off the list. Return: its function, to be called; NULL if there is none. */
static work_func_t take_work(struct worker *worker, struct work_struct **work)
{
	work_func_t func = NULL;
	unsigned long flags;

	spin_lock_irqsave(&worker->lock, flags);
	if (!list_empty(&worker->works)) {
		*work = list_first_entry(&worker->works, struct work_struct, entry);
		list_del_init(&(*work)->entry);
		worker->running = *work;
		func = (*work)->func;
		smp_mb__before_atomic();
		clear_bit(WORK_PENDING, &(*work)->pending);	/* I2 */
		smp_mb__after_atomic();		/* what the function looks at, it sees later */
	}
	spin_unlock_irqrestore(&worker->lock, flags);
	return func;
}

static void work_done(struct worker *worker)
{
	unsigned long flags;

	spin_lock_irqsave(&worker->lock, flags);
	worker->running = NULL;
	worker->nr_done++;
	spin_unlock_irqrestore(&worker->lock, flags);
	wake_up_all(&worker->done);
}

static int worker_thread(void *data)
{
	struct worker *worker = data;

	for (;;) {
		struct work_struct *work;
		work_func_t func = take_work(worker, &work);

		if (!func) {
			wait_event_interruptible(worker->more, !list_empty(&worker->works));
			continue;
		}
		func(work);
		BUG_ON(preempt_count() != 0 || irqs_disabled(), "%pS left preempt_count %x",
		       func, preempt_count());
		work_done(worker);
	}
}

/* Linux's workqueue_init(). */
void __init init_workqueues(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct worker *worker = &per_cpu(workers, cpu);
		struct task_struct *task;

		spin_lock_init(&worker->lock);
		INIT_LIST_HEAD(&worker->works);
		init_waitqueue_head(&worker->more);
		init_waitqueue_head(&worker->done);
		task = kthread_create_on_cpu(worker_thread, worker, cpu, "kworker/%u");
		BUG_ON(IS_ERR(task), "no memory for a worker");
		worker->task = task;
		wake_up_process(task);
	}
}

/* ---- Waiting and cancelling ---- */

/* Return: is the work on the worker's list, or running there? *@nr_done: functions called before. */
static bool work_busy(struct worker *worker, const struct work_struct *work, unsigned long *nr_done)
{
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&worker->lock, flags);
	busy = worker->running == work ||
	       (work_pending(work) && !list_empty(&work->entry) &&
		worker == &per_cpu(workers, work->cpu));
	*nr_done = worker->nr_done;
	spin_unlock_irqrestore(&worker->lock, flags);
	return busy;
}

bool flush_work(struct work_struct *work)
{
	unsigned long nr_done;
	bool waited = false;
	unsigned int cpu;

	might_sleep();
	for_each_online_cpu(cpu) {
		struct worker *worker = worker_of(cpu);

		BUG_ON(current == worker->task, "%pS flushes on its own worker", work->func);
		while (work_busy(worker, work, &nr_done)) {
			wait_event(worker->done, READ_ONCE(worker->nr_done) != nr_done);
			waited = true;
		}
	}
	return waited;
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	if (del_timer_sync(&dwork->timer))
		insert_work(&dwork->work);
	return flush_work(&dwork->work);
}

/* Take a queued work off its list. Return: was it on one? */
static bool dequeue_work(struct work_struct *work)
{
	struct worker *worker = worker_of(READ_ONCE(work->cpu));
	unsigned long flags;
	bool queued;

	spin_lock_irqsave(&worker->lock, flags);
	queued = work_pending(work) && !list_empty(&work->entry);
	if (queued) {
		list_del_init(&work->entry);
		clear_bit(WORK_PENDING, &work->pending);
	}
	spin_unlock_irqrestore(&worker->lock, flags);
	return queued;
}

/* A function that schedules its work again does so before it returns; so look again behind it. */
bool cancel_work_sync(struct work_struct *work)
{
	bool pending = false;

	do
		pending |= dequeue_work(work);
	while (flush_work(work) || work_pending(work));
	return pending;
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	bool pending = false;

	do {
		if (del_timer_sync(&dwork->timer)) {
			clear_bit(WORK_PENDING, &dwork->work.pending);
			pending = true;
		}
		pending |= dequeue_work(&dwork->work);
	} while (flush_work(&dwork->work) || work_pending(&dwork->work));
	return pending;
}

/* Done when it runs: what was in front of it has run. On the flusher's stack. */
struct work_barrier {
	struct work_struct work;
	struct completion done;
};

static void barrier_func(struct work_struct *work)
{
	complete(&container_of(work, struct work_barrier, work)->done);
}

void flush_scheduled_work(void)
{
	unsigned int cpu;

	might_sleep();
	for_each_online_cpu(cpu) {
		struct work_barrier mark;

		BUG_ON(current == worker_of(cpu)->task, "a worker waits for itself");
		INIT_WORK(&mark.work, barrier_func);
		init_completion(&mark.done);
		schedule_work_on(cpu, &mark.work);
		wait_for_completion(&mark.done);
	}
}

/* ---- Checking ---- */

int workqueues_check(void)
{
	unsigned int cpu;
	int bad = 0;

	for_each_online_cpu(cpu) {
		struct worker *worker = worker_of(cpu);
		struct work_struct *work;
		unsigned long flags;

		spin_lock_irqsave(&worker->lock, flags);
		list_for_each_entry(work, &worker->works, entry) {
			if (work_pending(work) && work->cpu == cpu)
				continue;
			pr_err("workqueues_check: %pS on CPU %u's list: pending %lx, CPU %u (I1)\n",
			       work->func, cpu, work->pending, work->cpu);
			bad++;
		}
		spin_unlock_irqrestore(&worker->lock, flags);
	}
	return bad;
}
