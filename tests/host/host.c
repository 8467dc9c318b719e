// SPDX-License-Identifier: MIT
/*
 * The stand-in for the board: RAM, the console, and what happens on a broken invariant.
 *
 *    virtual  HOST_RAM_BASE - 1 page    HOST_RAM_BASE            + size
 *             |  inaccessible  |  RAM, filled with junk ...  |  inaccessible  |
 *    physical                  PHYS_OFFSET
 *
 * The base is chosen so that physical addresses 0 and 4 GiB both meet virtual address 0x10000000,
 * which lies in the part of the process that neither the program nor AddressSanitizer's shadow
 * uses.
 *
 * I1. The process has memory behind RAM and behind what host_ram_also() was asked for, nowhere
 *     else.
 * I2. A BUG returns to HOST_EXPECT_BUG() if one waits for it; otherwise it ends the test's process.
 */
#include "host.h"
#include "input.h"
#include <asm/irqflags.h>
#include <asm/page.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/jiffies.h>
#include <kernel/mutex.h>
#include <kernel/panic.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/stacktrace.h>
#include <lib/vsprintf.h>

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define HOST_RAM_BASE	0x70000000ul
#define LOG_SIZE	0x10000

unsigned long host_page_offset = HOST_RAM_BASE;
unsigned long host_irqs_masked;
unsigned int host_cpu;
struct thread_info host_thread_info[NR_CPUS];
struct task_struct idle_tasks[NR_CPUS];
volatile unsigned long jiffies = INITIAL_JIFFIES;
unsigned long __per_cpu_offset[NR_CPUS];
struct cpumask __cpu_possible_mask = { BIT(NR_CPUS) - 1 };
struct cpumask __cpu_online_mask = { BIT(NR_CPUS) - 1 };
unsigned int nr_cpu_ids = NR_CPUS;
int console_loglevel = CONSOLE_LOGLEVEL_DEFAULT;
bool host_quiet;

bool host_bug_expected, host_bug_hit;
jmp_buf host_bug_return;

static unsigned long ram_bytes;
static unsigned int warnings;
static char log_text[LOG_SIZE];
static size_t log_used;

static void host_die(const char *why)
{
	host_print("the test machine is broken: %s", why);
	exit(1);
}

/* Memory at exactly @virt, and never over something that is there already. */
static void map_at(unsigned long virt, unsigned long bytes, int prot)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
	void *at = mmap((void *)virt, bytes, prot, flags, -1, 0);

	if (at != (void *)virt)
		host_die("an address range it needs is in use");
}

/* An area of its own for each CPU; what runs over its end is found by the sanitizer. */
void host_setup_cpus(void)
{
	size_t bytes = __per_cpu_end - __per_cpu_start;

	for (unsigned int cpu = 0; cpu < NR_CPUS; cpu++) {
		char *area = aligned_alloc(L1_CACHE_BYTES, bytes ? bytes : L1_CACHE_BYTES);

		if (!area)
			host_die("no memory for per-CPU variables");
		memcpy(area, __per_cpu_start, bytes);
		__per_cpu_offset[cpu] = (unsigned long)area - (unsigned long)__per_cpu_start;
		host_thread_info[cpu].cpu = cpu;
		host_thread_info[cpu].task = &idle_tasks[cpu];
		snprintf(idle_tasks[cpu].comm, TASK_COMM_LEN, "swapper/%u", cpu);
	}
}

/* The order of locks is the board's business. */
void lock_acquire(const void *lock, const char *site, bool trylock, const void *ip)
{
	(void)lock, (void)site, (void)trylock, (void)ip;
}

void lock_release(const void *lock)
{
	(void)lock;
}

/* There is one thread: who would have to wait for a mutex would wait for ever. */
void mutex_lock(struct mutex *lock)
{
	if (!mutex_trylock(lock))
		panic("mutex %p is taken", (void *)lock);
}

bool mutex_trylock(struct mutex *lock)
{
	if (lock->owner)
		return false;
	lock->owner = current;
	return true;
}

void mutex_unlock(struct mutex *lock)
{
	if (lock->owner != current)
		panic("mutex %p is not %s's", (void *)lock, current->comm);
	lock->owner = NULL;
}

void __might_sleep(const char *file, int line)
{
	WARN_ON(host_irqs_masked || preempt_count(), "sleeping function called from invalid context at %s:%d",
		file, line);
}

/* Nobody sets TIF_NEED_RESCHED here. */
void preempt_schedule(void)
{
	BUG();
}

void host_set_cpu(unsigned int cpu)
{
	if (cpu >= NR_CPUS || host_irqs_masked || current_thread_info()->preempt_count)
		host_die("a CPU was left that cannot be left");
	host_cpu = cpu;
}

/* As the interrupts of other CPUs would: each is turned to for the call. */
void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	unsigned int caller = host_cpu, cpu;

	(void)wait;
	test_check(!host_irqs_masked, __FILE__, __LINE__, "nobody waits with interrupts off");
	for_each_cpu(cpu, mask) {
		host_set_cpu(cpu);
		host_irqs_masked = 1;
		func(info);
		host_irqs_masked = 0;
	}
	host_set_cpu(caller);
}

void *host_shared(size_t bytes)
{
	int flags = MAP_SHARED | MAP_ANONYMOUS;
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);

	if (at == MAP_FAILED)
		host_die("no memory to share");
	return at;
}

void host_junk(void *virt, size_t bytes)
{
	u32 *word = virt, value = host_seed | 1;
	size_t i;

	for (i = 0; i < bytes / sizeof(*word); i++) {
		value = value * 1664525u + 1013904223u;
		word[i] = value;
	}
}

void host_ram_setup(unsigned long bytes)
{
	if (bytes == 0 || bytes > HOST_RAM_MAX || bytes % PAGE_SIZE)
		host_die("RAM of a size that it cannot have");
	if (ram_bytes)
		munmap((void *)(HOST_RAM_BASE - PAGE_SIZE), ram_bytes + 2 * PAGE_SIZE);

	map_at(HOST_RAM_BASE - PAGE_SIZE, bytes + 2 * PAGE_SIZE, PROT_NONE);
	if (mprotect((void *)HOST_RAM_BASE, bytes, PROT_READ | PROT_WRITE))
		host_die("RAM cannot be made writable");
	ram_bytes = bytes;
	if (!host_input)	/* pages that nothing was written to need not be copied by every fork() */
		host_junk((void *)HOST_RAM_BASE, bytes);
}

void host_ram_also(phys_addr_t phys, unsigned long bytes)
{
	unsigned long virt = __phys_to_virt(phys);

	map_at(virt, bytes, PROT_READ | PROT_WRITE);
	host_junk((void *)virt, bytes);
}

/* A full log loses its older half. */
static void log_append(const char *text, size_t length)
{
	if (length >= LOG_SIZE / 2)
		length = LOG_SIZE / 2 - 1;
	if (log_used + length >= LOG_SIZE) {
		memmove(log_text, log_text + LOG_SIZE / 2, LOG_SIZE / 2);
		log_used -= LOG_SIZE / 2;
	}
	memcpy(log_text + log_used, text, length);
	log_used += length;
	log_text[log_used] = '\0';
}

const char *host_log(void)
{
	return log_text;
}

void host_log_clear(void)
{
	log_used = 0;
	log_text[0] = '\0';
}

bool host_log_has(const char *part)
{
	return strstr(log_text, part);
}

unsigned int host_take_warnings(void)
{
	unsigned int count = warnings;

	warnings = 0;
	return count;
}

int vprintk(const char *fmt, va_list args)
{
	char line[512];
	const char *text = line;
	int length = vsnprintf(line, sizeof(line), fmt, args);

	if (text[0] == KERN_SOH[0] && text[1])
		text += 2;
	log_append(text, strlen(text));
	if (getenv("V") && !host_quiet)
		(void)!write(STDOUT_FILENO, text, strlen(text));
	return length;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vprintk(fmt, args);
	va_end(args);
	return length;
}

void dump_stack(void)
{
	printk(KERN_INFO "Call trace:\n");
}

/* As it was before an expression that is to end in a BUG. */
static unsigned long masked_before;
static int preempt_count_before;

void host_bug_prepare(void)
{
	masked_before = host_irqs_masked;
	preempt_count_before = preempt_count();
}

/* The end of a BUG or a panic, whose text is the last line of the log. */
static void __noreturn stop(const char *text)
{
	if (host_bug_expected) {
		host_bug_hit = true;
		host_irqs_masked = masked_before;
		current_thread_info()->preempt_count = preempt_count_before;
		longjmp(host_bug_return, 1);
	}
	host_print("%s", text);
	host_print_repeat();
	exit(1);
}

void panic(const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	printk(KERN_EMERG "Kernel panic: %s\n", text);
	stop(text);
}

void __bug(const struct bug_entry *entry, ...)
{
	char values[256], text[512];
	va_list args;

	va_start(args, entry);
	vsnprintf(values, sizeof(values), entry->fmt, args);
	va_end(args);
	snprintf(text, sizeof(text), "BUG at %s:%d: %s: %s:%s", entry->file, entry->line, entry->func,
		 entry->cond, values);
	printk(KERN_CRIT "%s\n", text);
	stop(text);
}

void __warn(const struct bug_entry *entry, ...)
{
	char values[256];
	va_list args;

	va_start(args, entry);
	vsnprintf(values, sizeof(values), entry->fmt, args);
	va_end(args);
	warnings++;
	printk(KERN_WARNING "WARNING at %s:%d: %s: %s:%s\n", entry->file, entry->line, entry->func,
	       entry->cond, values);
}
