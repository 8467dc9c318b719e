// SPDX-License-Identifier: MIT
/*
 * Runs the tests of one program and prints the report in TAP.
 *
 *    NAME_test [SEED=number] [OPS=number] [part of a sentence]
 *    NAME_fuzz_test INPUT=file ...
 *
 * SEED and OPS are also taken from the environment; the seed is always printed. With files, input.h
 * says what is done. Each test runs in a child:
 *
 *    runner ---fork---> test ---fork---> fuzz worker, shrinking attempts (fuzz.c)
 *       <---- exit status, and the reason of a skip in a page they share
 *
 * I1. A test's random sequence depends on the seed and its sentence only, so it is the same when
 *     the test runs alone.
 * I2. The exit status is 0 if and only if every test that ran passed and at least one ran.
 */
#include "host.h"
#include "input.h"
#include <asm/irqflags.h>
#include <kernel/bugs.h>
#include <kernel/preempt.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXIT_SKIPPED	77
#define SKIP_REASON_MAX	200

/* The test table, collected by tests.lds from the sections that TEST() fills. */
extern const struct test_case __test_cases_start[], __test_cases_end[];

u32 host_seed;
unsigned long host_ops;

static const char *program;
static const struct test_case *current_test;
static unsigned int failures;
static char *skip_reason;	/* shared with the children */
static u64 random_state;

/* AddressSanitizer asks for its defaults here. Leaks are not looked for: mm/ has no malloc(). */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:exitcode=99:allocator_may_return_null=1";
}

void host_print(const char *fmt, ...)
{
	char line[1024] = "# ";
	va_list args;

	if (host_quiet)
		return;
	va_start(args, fmt);
	vsnprintf(line + 2, sizeof(line) - 3, fmt, args);
	va_end(args);
	strcat(line, "\n");
	(void)!write(STDOUT_FILENO, line, strlen(line));
}

static void tap_line(const char *verdict, unsigned int number, const char *sentence,
		     const char *directive)
{
	char line[1024];

	snprintf(line, sizeof(line), "%s %u - %s%s%s\n", verdict, number, sentence,
		 directive[0] ? " # SKIP " : "", directive);
	(void)!write(STDOUT_FILENO, line, strlen(line));
}

/* " OPS=number" if it was asked for, so that a repetition does as many. */
static const char *ops_setting(void)
{
	static char text[32];

	if (host_ops)
		snprintf(text, sizeof(text), " OPS=%lu", host_ops);
	return text;
}

void host_print_repeat(void)
{
	if (host_input)
		return;		/* the report's line has the name of the file */
	host_print("repeat: %s SEED=0x%08x%s '%s'", program, host_seed, ops_setting(),
		   current_test ? current_test->sentence : "");
}

unsigned int host_failures(void)
{
	return failures;
}

bool test_check(bool ok, const char *file, int line, const char *what)
{
	if (ok)
		return true;
	failures++;
	host_print("%s:%d: not so: %s", file, line, what);
	return false;
}

bool test_check_eq(unsigned long a, unsigned long b, const char *file, int line, const char *what)
{
	if (a == b)
		return true;
	failures++;
	host_print("%s:%d: not so: %s: 0x%lx and 0x%lx", file, line, what, a, b);
	return false;
}

void test_skip(const char *why)
{
	strncpy(skip_reason, why, SKIP_REASON_MAX - 1);
	exit(EXIT_SKIPPED);
}

void test_note(const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	host_print("%s", text);
}

/* Steele, Lea and Flood's splitmix64: any seed is a good one. */
u32 test_random(void)
{
	u64 z;

	if (host_input)
		return input_take(sizeof(u32));
	z = (random_state += 0x9e3779b97f4a7c15ull);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return (u32)(z >> 32);
}

u32 test_random_below(u32 limit)
{
	unsigned int bytes = limit <= 0x100 ? 1 : limit <= 0x10000 ? 2 : 4;

	if (host_input)
		return (u32)(((u64)input_take(bytes) * limit) >> (8 * bytes));
	return (u32)(((u64)test_random() * limit) >> 32);
}

void host_random_seed(u32 seed)
{
	random_state = seed;
}

static u32 hash_text(const char *s)
{
	u32 hash = 2166136261u;		/* FNV-1a */

	for (; *s; s++)
		hash = (hash ^ (u8)*s) * 16777619u;
	return hash;
}

/* What is checked after every test; then the end of its process. */
void host_end_test(void)
{
	unsigned int warned = host_take_warnings();

	test_check(!irqs_disabled(), current_test->file, 0, "interrupts are enabled at the end");
	test_check(preempt_count() == 0, current_test->file, 0, "preemption is enabled at the end");
	if (warned) {
		failures++;
		host_print("%u unexpected warnings; the log:", warned);
		host_print("%s", host_log());
	}
	if (failures)
		host_print_repeat();
	exit(failures ? 1 : 0);
}

static void __noreturn run_in_child(const struct test_case *test)
{
	current_test = test;
	host_random_seed(host_seed ^ hash_text(test->sentence));
	test->run();
	host_end_test();
}

/* Return: true if the test passed or was skipped. */
static bool run_one(const struct test_case *test, unsigned int number)
{
	int status = 0;
	pid_t child;

	skip_reason[0] = '\0';
	child = fork();
	if (child == 0)
		run_in_child(test);
	if (child < 0 || waitpid(child, &status, 0) != child) {
		host_print("no process for the test");
		status = -1;
	}
	if (status != -1 && WIFSIGNALED(status))
		host_print("the test died of signal %d", WTERMSIG(status));
	if (status == 0 || (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIPPED)) {
		tap_line("ok", number, test->sentence, skip_reason);
		return true;
	}
	tap_line("not ok", number, test->sentence, "");
	return false;
}

/* The last line of a report. Return: what run_tests() returns. */
static int end_report(unsigned int number, unsigned int failed)
{
	char plan[32];

	snprintf(plan, sizeof(plan), "1..%u\n", number);
	(void)!write(STDOUT_FILENO, plan, strlen(plan));
	return number ? (int)failed : -ENOENT;
}

/* @suites is a part of a sentence here, or NULL for all. */
int run_tests(const char *suites)
{
	const struct test_case *test;
	unsigned int number = 0, failed = 0;

	for (test = __test_cases_start; test < __test_cases_end; test++) {
		if (suites && !strstr(test->sentence, suites))
			continue;
		failed += !run_one(test, ++number);
	}
	return end_report(number, failed);
}

/* ---- What bytes decide: input.h ---- */

static int play(const char *path, void (*started)(int pid))
{
	return input_play(path, run_in_child, __test_cases_start,
			  (unsigned int)(__test_cases_end - __test_cases_start), started);
}

/* Each of @paths is a line of the report. */
static int run_inputs(char **paths)
{
	unsigned int number = 0, failed = 0;

	for (; *paths; paths++) {
		bool ok = play(*paths, NULL) == 0;

		tap_line(ok ? "ok" : "not ok", ++number, *paths, "");
		failed += !ok;
	}
	input_end();
	return end_report(number, failed);
}

static int play_for_afl(void (*started)(int pid))
{
	return play(NULL, started);
}

/* afl-fuzz takes nothing but a signal for a crash. */
static void abort_if_failed(int status, void *unused)
{
	(void)unused;
	if (status != 0)
		abort();
}

static unsigned long setting(const char *text, unsigned long otherwise)
{
	return text && *text ? strtoul(text, NULL, 0) : otherwise;
}

int main(int argc, char **argv)
{
	const char *filter = NULL;
	char **inputs = NULL;
	int i;

	program = argv[0];
	host_seed = setting(getenv("SEED"), (unsigned long)time(NULL) * 2654435761u ^ getpid());
	host_ops = setting(getenv("OPS"), 0);
	for (i = 1; i < argc && !inputs; i++) {
		if (!strncmp(argv[i], "INPUT=", 6)) {
			argv[i] += 6;
			inputs = &argv[i];
		} else if (!strncmp(argv[i], "SEED=", 5))
			host_seed = setting(argv[i] + 5, host_seed);
		else if (!strncmp(argv[i], "OPS=", 4))
			host_ops = setting(argv[i] + 4, host_ops);
		else
			filter = argv[i];
	}
	if (CONFIG_BUGS && getenv("BUG") && plant_bug(getenv("BUG"))) {
		host_print("%s", host_log());
		return 1;
	}
	skip_reason = host_shared(SKIP_REASON_MAX);
	host_setup_cpus();
	if (afl_runs_us()) {
		on_exit(abort_if_failed, NULL);
		afl_serve(play_for_afl);
		return 0;
	}
	if (inputs)
		return run_inputs(inputs) ? 1 : 0;
	host_print("%s SEED=0x%08x%s", program, host_seed, ops_setting());
	return run_tests(filter) ? 1 : 0;
}
