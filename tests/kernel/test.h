/* SPDX-License-Identifier: MIT */
/*
 * Self-tests that run on the board. A suite is a file NAME_test.c in this folder:
 *
 *    #include <test.h>
 *    TEST_SUITE("buddy");
 *
 *    TEST("freeing the buddy of a free block merges to order + 1")
 *    {
 *            ...
 *            EXPECT_EQ(page_order(page), 1);
 *    }
 *
 * TEST() puts the case into a linker section; nothing else is to be registered. test.c runs the
 * cases, prints TAP, and after each one checks that as much memory is free as before it.
 *
 * EXPECT_* report and go on; ASSERT_* report and return from the test. Both print file and line, the
 * expressions and both values, and the command that repeats the run with its seed.
 */
#ifndef TEST_H
#define TEST_H

#include <lib/types.h>

struct test_case {
	const char *suite;
	const char *sentence;
	const char *file;
	void (*run)(void);
};

#define TEST_SUITE(name) static const char test_suite_name[] = name

#define TEST(sentence)		__TEST(sentence, __LINE__)
#define __TEST(sentence, line)	___TEST(sentence, line)
#define ___TEST(sentence_, line)						\
	static void test_##line(void);						\
	static const struct test_case test_case_##line				\
		__used __no_reorder __section(".test_cases") __aligned(4) = {	\
		.suite = test_suite_name, .sentence = sentence_,		\
		.file = __FILE__, .run = test_##line,				\
	};									\
	static void test_##line(void)

/* Not for use in tests: what the macros below call. They return whether the check held. */
bool test_check(bool ok, const char *file, int line, const char *what);
bool test_check_eq(unsigned long a, unsigned long b, const char *file, int line, const char *what);

#define EXPECT(cond) \
	test_check(!!(cond), __FILE__, __LINE__, "EXPECT(" #cond ")")
#define EXPECT_EQ(a, b) \
	test_check_eq((unsigned long)(a), (unsigned long)(b), __FILE__, __LINE__, #a " == " #b)

#define ASSERT(cond) \
	do { if (!EXPECT(cond)) return; } while (0)
#define ASSERT_EQ(a, b) \
	do { if (!EXPECT_EQ(a, b)) return; } while (0)

/* End this test as skipped, because of a machine that lacks what it needs: SKIP("no high memory"). */
void test_skip(const char *why);
#define SKIP(why) do { test_skip(why); return; } while (0)

/* A line of information in the report. */
void test_note(const char *fmt, ...) __printf(1, 2);

/* Pseudo-random numbers; `seed=N` on the command line repeats a run. */
u32 test_random(void);
/* Uniform in 0 .. @limit - 1. */
u32 test_random_below(u32 limit);

/*
 * How often to do what a test does @nr times over: less often while its allocations fail in turn
 * (`fail_nth='), since the test is run again for each of them. At least once. (Board only.)
 */
unsigned int test_repeats(unsigned int nr);

/*
 * Free pages, those on per-CPU lists and those of caches of objects included: what a test finds changed
 * if it keeps a page. (Board only.)
 */
unsigned long test_free_pages(void);

/*
 * Every walker of the page allocator, over every zone and node. Return: true, or false after a message.
 * Context: nobody allocates or frees meanwhile. (Board only.)
 */
bool page_allocator_ok(void);

/* Free pages when run_tests() was called: the tests' own are not among those in use. (Board only.) */
extern unsigned long free_pages_before_tests;

/**
 * run_tests - run suites and print the report in TAP
 * @suites: names separated by commas; "all"; "none"
 *
 * Context: after boot. Return: 0 if all passed; the number of failures; -ENOENT for an unknown name,
 * after a message that lists those that exist.
 */
int run_tests(const char *suites);

#endif
