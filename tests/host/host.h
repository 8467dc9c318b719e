/* SPDX-License-Identifier: MIT */
/*
 * The machine that the host tests run on: a 32-bit process that stands in for the board.
 *
 *    test program = NAME_test.c + the unchanged mm/ and lib/ files it needs
 *                 + host.c    RAM, printk, BUG and WARN
 *                 + runner.c  runs each TEST() in a child process, prints TAP
 *                 + fuzz.c    random operations against a model, shrinking
 *
 * Tests are written with the macros of the board's suites (tests/kernel/test.h: TEST, EXPECT,
 * ASSERT, SKIP, test_random). Every test begins in a fresh child process: static state is as the
 * compiler left it, and what a sanitizer kills is one test. A test fails by a failed check, by a
 * BUG or WARN it did not expect, by a sanitizer's report, or by leaving interrupts masked.
 *
 * A file that also needs the C library's headers includes them after this one.
 */
#ifndef HOST_H
#define HOST_H

#include <lib/types.h>
#include <test.h>
#include <setjmp.h>

#define HOST_RAM_MAX	(256ul << 20)	/* bytes: what the process has room for beside the sanitizer */

/**
 * host_ram_setup - give the machine RAM
 * @bytes: a multiple of the page size, 1 page..HOST_RAM_MAX
 *
 * RAM begins at PHYS_OFFSET, is filled with junk, and lies between two inaccessible pages: a
 * pointer that runs off either end faults. Calling it again gives fresh RAM of another size.
 */
void host_ram_setup(unsigned long bytes);

/**
 * host_ram_also - put memory behind another piece of the physical address space
 * @phys: where; page-aligned, outside of what host_ram_setup() made
 * @bytes: a multiple of the page size; @phys + @bytes may be 4 GiB
 *
 * Only the first and the last 128 MiB of the physical address space have room in the process.
 */
void host_ram_also(phys_addr_t phys, unsigned long bytes);

/* Zeroed memory that child processes share with the caller, until the end of the process. */
void *host_shared(size_t bytes);

/**
 * host_set_cpu - go on as another CPU
 * @cpu: 0 .. NR_CPUS - 1; a test begins on CPU 0
 *
 * One CPU at a time runs: this is the moment at which the other one does. Preemption and interrupts
 * must be enabled, since no CPU can be left in the middle of a critical section.
 */
void host_set_cpu(unsigned int cpu);

/* Fill with junk that depends on the seed. */
void host_junk(void *virt, size_t bytes);

/* What printk() got since the test began or host_log_clear() was called, without levels. */
const char *host_log(void);
void host_log_clear(void);
/* Was a message printed that contains @part? */
bool host_log_has(const char *part);

/* How many WARNs there were, and forget them: a test that expects them says how many. */
unsigned int host_take_warnings(void);

/*
 * Run an expression that must end in BUG() or panic(); it does not return to the caller then. What
 * it did to the interrupt mask and to preempt_count is undone.
 */
#define HOST_EXPECT_BUG(expr) ({						\
	host_bug_hit = false;							\
	host_bug_expected = true;						\
	host_bug_prepare();							\
	if (setjmp(host_bug_return) == 0)					\
		(void)(expr);							\
	host_bug_expected = false;						\
	test_check(host_bug_hit, __FILE__, __LINE__, "a BUG from " #expr); })

extern bool host_bug_expected, host_bug_hit;
void host_bug_prepare(void);
extern jmp_buf host_bug_return;

/* From the environment or the command line: SEED=number (a new one every time), OPS=number. */
extern u32 host_seed;
extern unsigned long host_ops;		/* random operations in all; 0: the test's own default */

/* Begin the pseudo-random sequence of test_random() that belongs to @seed. */
void host_random_seed(u32 seed);

/* A line "# ..." of the report; says nothing while host_quiet. */
void host_print(const char *fmt, ...) __printf(1, 2);
extern bool host_quiet;

/* For the runner and the fuzz engine. */
void host_setup_cpus(void);
unsigned int host_failures(void);
void host_end_test(void) __noreturn;
void host_print_repeat(void);

#endif
