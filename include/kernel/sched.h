/* SPDX-License-Identifier: MIT */
/*
 * Threads, with Linux's names as far as they go. All of them run kernel code; there are
 *
 *    swapper/0 ..     each CPU's idle thread, pid 0; the first also booted the kernel
 *    kernel_init      pid 1: self-tests and prompt
 *    ...              whatever kthread_create() made
 *
 *    kthread_create()            wake_up_process()            its turn
 *    ----------------> sleeping ------------------> runnable ----------> running
 *                         ^                            ^  preempted, yield() |
 *                         |                            +---------------------+
 *                         +--- set_current_state(), schedule() --------------+--> dead
 *
 * I1. ->state is written by the thread itself while it runs, and by others only in try_to_wake_up(),
 *     under the lock of the thread's run queue.
 * I2. A thread that is on a run queue, or runs, has ->on_rq set; ->cpu says which CPU's, and so does
 *     its thread_info. They change only while ->on_rq is clear.
 * I3. A task_struct exists as long as somebody holds a reference (->usage): the thread itself until
 *     its last schedule(), and whoever will stop it.
 */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H

#include <asm/barrier.h>
#include <asm/current.h>
#include <asm/thread_info.h>
#include <kernel/completion.h>
#include <kernel/cpumask.h>
#include <kernel/lockdep.h>
#include <kernel/schedule.h>
#include <kernel/threads.h>
#include <lib/atomic.h>
#include <lib/list.h>

#define TASK_COMM_LEN	16

/* ->flags, Linux's values: each bit is the thread's own business, so no atomics are needed. */
#define PF_IDLE		0x00000002
#define PF_MEMALLOC	0x00000800	/* frees memory: may use the reserves */
#define PF_KSWAPD	0x00040000
#define PF_KTHREAD	0x00200000

struct mm_struct;
struct reclaim_state;

struct task_struct {
	unsigned int state;		/* TASK_... (I1) */
	void *stack;			/* lowest address, a thread_info lies there; NULL when dead */
	atomic_t usage;			/* I3; 0: the slot in the table of tasks is free */
	unsigned int flags;		/* PF_... */
	bool on_rq;			/* I2 */
	unsigned int cpu;		/* I2 */
	struct cpumask cpus_allowed;	/* where it may run */
	struct list_head run_list;	/* its place on the run queue, unless it runs */
	const void *wchan;		/* code address that it sleeps at, for reports; see begin_wait() */
	unsigned long nvcsw, nivcsw;	/* how often it gave up the CPU, and lost it */
	int pid;
	char comm[TASK_COMM_LEN];	/* its name */
	struct mm_struct *mm;		/* <mm/mm_struct.h>; NULL: the kernel's alone, init_mm */
	struct reclaim_state *reclaim_state; /* <mm/vmscan.h>; NULL unless it frees memory */

	int (*threadfn)(void *data);	/* kernel/kthread.c's */
	void *data;
	unsigned long kthread_flags;
	int exit_code;
	struct completion exited;	/* its stack is freed, exit_code is final */
#if CONFIG_DEBUG_VM
	struct held_locks held;		/* kernel/lockdep.c's */
#endif
};

/* The idle threads by CPU: "swapper/0", ... All have pid 0, as in Linux. */
extern struct task_struct idle_tasks[NR_CPUS];
#define init_task	(idle_tasks[0])

/* The thread_info at the lower end of a thread's stack. */
static inline struct thread_info *task_thread_info(const struct task_struct *task)
{
	return (struct thread_info *)task->stack;
}

/* The CPU that a thread runs on, or last ran on. */
static inline unsigned int task_cpu(const struct task_struct *task)
{
	return READ_ONCE(task->cpu);
}

/* Is it a CPU's idle thread? */
static inline bool is_idle_task(const struct task_struct *task)
{
	return task->flags & PF_IDLE;
}

/* With the barrier of <kernel/schedule.h> I1 behind @state, and without, for a thread that will not sleep. */
static inline void set_current_state(unsigned int state)
{
	WRITE_ONCE(current->state, state);
	smp_mb();
}

/* The same without the barrier. */
static inline void __set_current_state(unsigned int state)
{
	WRITE_ONCE(current->state, state);
}

/**
 * begin_wait, end_wait - note where the running thread is about to sleep; it sleeps no more
 * @ip: code address, in the caller of a function that sleeps
 * @outer: what begin_wait() returned
 *
 * The outermost of nested functions counts: not the inside of a mutex, but who wants it. Differs from Linux, whose
 * get_wchan() finds it by unwinding. Return: for end_wait().
 */
static inline const void *begin_wait(const void *ip)
{
	const void *outer = current->wchan;

	if (!outer)
		WRITE_ONCE(current->wchan, ip);
	return outer;
}

static inline void end_wait(const void *outer)
{
	WRITE_ONCE(current->wchan, outer);
}

/**
 * init_idle - make the idle thread of a CPU
 * @cpu: whose
 * @stack: THREAD_SIZE bytes, aligned to that
 *
 * Writes idle_tasks[@cpu] and the thread_info at the bottom of the stack. Context: the thread does
 * not run yet; for CPU 0, it has not called a function that asks who runs.
 */
void init_idle(unsigned int cpu, void *stack);

/* What a CPU does when there is nothing to do: sleep until an interrupt, handle it, sleep again. */
void cpu_idle(void) __noreturn;

/* Make the run queues. Context: start_kernel(), before the first interrupt and the first thread. */
void sched_init(void);

/* ---- The table of tasks: kernel/task.c ---- */

/**
 * create_task - make a thread that does not run yet
 * @threadfn: what it will do
 * @data: its argument
 * @comm: its name; cut off at TASK_COMM_LEN - 1
 *
 * It sleeps (TASK_UNINTERRUPTIBLE) at its beginning and has two references: its own, and the
 * caller's. Return: the thread; NULL if there is no room in the table, or no memory for a stack.
 * Context: thread.
 */
struct task_struct *create_task(int (*threadfn)(void *), void *data, const char *comm);

/* One more reference: the task_struct stays until put_task_struct(). */
static inline void get_task_struct(struct task_struct *task)
{
	atomic_inc(&task->usage);
}

/* Give a reference back; the last one frees the task_struct. Context: any. */
void put_task_struct(struct task_struct *task);

/* A dead thread has been switched away from: free its stack, tell who waits. Context: any thread. */
void release_task(struct task_struct *task);

/*
 * How many bytes of a thread's stack, thread_info included, were never used. As Linux's. Context:
 * the stack exists: for_each_task().
 */
unsigned long stack_not_used(const struct task_struct *task);

/**
 * for_each_task - call a function for each thread, idle ones of online CPUs first, then by age
 * @func: gets @data; must not sleep
 * @data: for @func
 *
 * Context: any; the table is locked meanwhile.
 */
void for_each_task(void (*func)(struct task_struct *task, void *data), void *data);

/*
 * Whose stack is @sp in, or did it run over? NULL if nobody's. Context: any, for reports: takes no
 * lock, so a thread that ends meanwhile may be missed.
 */
const struct task_struct *task_of_stack(unsigned long sp);

/* Threads that have not ended, without the idle ones. */
unsigned int nr_threads(void);

/* ---- The run queues: kernel/sched.c ---- */

/* How many threads run or want to on CPU @cpu, its idle thread not counted. A guess, unlocked. */
unsigned int nr_running_on(unsigned int cpu);

/* How often CPU @cpu has gone from one thread to another. */
unsigned long nr_context_switches(unsigned int cpu);

/* A tick has come. Context: timer interrupt of each CPU. */
void scheduler_tick(void);

/* The second half of a switch, for a thread that runs for the first time. */
void schedule_tail(struct task_struct *prev);

/* Leave the CPU for good. Context: thread; its last words are said. */
void do_task_dead(void) __noreturn;

/**
 * set_cpus_allowed - say where a thread may run
 * @task: sleeps and is not being woken: a thread that kthread_create() just made
 * @mask: at least one of it is online
 */
void set_cpus_allowed(struct task_struct *task, const struct cpumask *mask);

/* Print a line for each thread: the text of gdb's `mm threads`. Context: any. */
void show_threads(void);

/* Walk the run queues (I1, I2) and the table of tasks. Return: mistakes found. Context: thread. */
int sched_check(void);

#endif
