// SPDX-License-Identifier: MIT
/*
 * The engine behind fuzz.h. Everything that may go wrong goes wrong in a child:
 *
 *    test --fork--> round: generates operations; records each in the trace before applying it
 *         --fork--> attempt: a candidate sequence; its exit status is the verdict
 *
 *    trace (shared memory)   | nr | done |  op op op op ...            |
 *                              ^ operations of the present round, the last one possibly fatal
 *
 * Shrinking (Zeller and Hildebrandt's delta debugging, with one granularity after the other): leave
 * out chunks of half the sequence, of a quarter, ... of one operation, until no single one can be
 * left out; then make the arguments simpler; and again, until nothing changes.
 */
#include "host.h"
#include "fuzz.h"
#include "input.h"
#include <lib/math.h>
#include <lib/vsprintf.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ATTEMPTS	20000	/* a bound on shrinking; a sequence of 4096 takes some 500 */
#define HANG_SECONDS	10	/* of processor time, for a round or an attempt */
#define EXIT_DIFFERS	3

struct trace {
	unsigned long done;
	unsigned int nr;
	struct fuzz_op ops[];
};

static unsigned int attempts;

/* Nothing a child does on its way to a failure belongs into the report. */
static void be_silent(void)
{
	int null = open("/dev/null", O_WRONLY);

	host_quiet = true;
	if (null >= 0)
		dup2(null, STDERR_FILENO);
}

/* A hang detector: from now on, so much processor time and then a signal. */
static void limit_cpu(unsigned int seconds)
{
	struct rusage used;
	struct rlimit limit;

	getrusage(RUSAGE_SELF, &used);
	getrlimit(RLIMIT_CPU, &limit);
	limit.rlim_cur = used.ru_utime.tv_sec + used.ru_stime.tv_sec + seconds;
	setrlimit(RLIMIT_CPU, &limit);
}

static bool apply_one(const struct fuzz *fuzz, const struct fuzz_op *op)
{
	unsigned int before = host_failures();

	return fuzz->apply(op) && host_failures() == before && host_take_warnings() == 0;
}

static bool check_all(const struct fuzz *fuzz)
{
	return !fuzz->check || (fuzz->check() && host_take_warnings() == 0);
}

/* The child's part of a round. */
static void __noreturn play(const struct fuzz *fuzz, unsigned long ops, u32 seed,
			    struct trace *trace)
{
	be_silent();
	limit_cpu(HANG_SECONDS);
	host_random_seed(seed);
	fuzz->reset();
	for (; trace->nr < fuzz->round && trace->done < ops; trace->done++) {
		struct fuzz_op *op = &trace->ops[trace->nr];

		if (fuzz->over && fuzz->over())
			break;
		*op = (struct fuzz_op){ 0 };
		fuzz->generate(op);
		trace->nr++;
		if (!apply_one(fuzz, op))
			exit(EXIT_DIFFERS);
	}
	exit(check_all(fuzz) ? 0 : EXIT_DIFFERS);
}

/* The child's part of an attempt. */
static void __noreturn replay(const struct fuzz *fuzz, const struct fuzz_op *ops, unsigned int nr)
{
	unsigned int i;

	limit_cpu(HANG_SECONDS);
	fuzz->reset();
	for (i = 0; i < nr; i++)
		if (!apply_one(fuzz, &ops[i]))
			exit(EXIT_DIFFERS);
	exit(check_all(fuzz) ? 0 : EXIT_DIFFERS);
}

static bool child_failed(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && status != 0;
}

static bool fails(const struct fuzz *fuzz, const struct fuzz_op *ops, unsigned int nr)
{
	pid_t child;

	if (attempts++ >= MAX_ATTEMPTS)
		return false;
	child = fork();
	if (child == 0) {
		be_silent();
		replay(fuzz, ops, nr);
	}
	return child > 0 && child_failed(child);
}

/* Try without @chunk operations at each place. Return: was anything left out? */
static bool drop_chunks(const struct fuzz *fuzz, struct fuzz_result *r, unsigned int chunk)
{
	struct fuzz_op *rest = malloc(r->nr_ops * sizeof(*rest));
	unsigned int at = 0;
	bool shorter = false;

	while (rest && at < r->nr_ops) {
		unsigned int gone = min(chunk, r->nr_ops - at), left = r->nr_ops - gone;

		memcpy(rest, r->ops, at * sizeof(*rest));
		memcpy(rest + at, r->ops + at + gone, (left - at) * sizeof(*rest));
		if (fails(fuzz, rest, left)) {
			memcpy(r->ops, rest, left * sizeof(*rest));
			r->nr_ops = left;
			shorter = true;
		} else {
			at += gone;
		}
	}
	free(rest);
	return shorter;
}

static bool simplify_args(const struct fuzz_op *op, unsigned int nth, struct fuzz_op *simpler)
{
	unsigned int arg = nth / 2;

	if (arg >= FUZZ_ARGS)
		return false;
	*simpler = *op;
	simpler->arg[arg] = nth % 2 ? op->arg[arg] / 2 : 0;
	return true;
}

/* Try each simpler variant of one operation. Return: is it simpler now? */
static bool simplify_op(const struct fuzz *fuzz, struct fuzz_result *r, unsigned int at)
{
	bool (*simplify)(const struct fuzz_op *, unsigned int, struct fuzz_op *) =
		fuzz->simplify ? fuzz->simplify : simplify_args;
	struct fuzz_op old = r->ops[at], simpler;
	unsigned int nth;

	for (nth = 0; simplify(&old, nth, &simpler); nth++) {
		if (!memcmp(&simpler, &old, sizeof(old)))
			continue;
		r->ops[at] = simpler;
		if (fails(fuzz, r->ops, r->nr_ops))
			return true;
	}
	r->ops[at] = old;
	return false;
}

static void shrink(const struct fuzz *fuzz, struct fuzz_result *r)
{
	bool changed = true;
	unsigned int chunk, i;

	attempts = 0;
	while (changed && attempts < MAX_ATTEMPTS) {
		changed = false;
		for (chunk = max(r->nr_ops / 2, 1u); chunk; chunk /= 2)
			changed |= drop_chunks(fuzz, r, chunk);
		for (i = 0; i < r->nr_ops; i++)
			while (simplify_op(fuzz, r, i))
				changed = true;
	}
}

/* Return: did a round fail? Its operations are in @trace then. */
static bool play_rounds(const struct fuzz *fuzz, unsigned long ops, struct trace *trace)
{
	bool failed = false;

	while (!failed && trace->done < ops) {
		u32 seed = test_random();
		pid_t child;

		trace->nr = 0;
		child = fork();
		if (child == 0)
			play(fuzz, ops, seed, trace);
		failed = child < 0 || child_failed(child);
	}
	return failed;
}

void fuzz_search(const struct fuzz *fuzz, unsigned long ops, struct fuzz_result *result)
{
	struct trace *trace = host_shared(sizeof(*trace) + fuzz->round * sizeof(struct fuzz_op));

	*result = (struct fuzz_result){ 0 };
	result->failed = play_rounds(fuzz, ops, trace);
	result->done = trace->done;
	result->found = result->nr_ops = trace->nr;
	result->ops = trace->ops;
	if (result->failed)
		shrink(fuzz, result);
}

/* Once more, aloud: what the failure looks like. */
static void show_failure(const struct fuzz *fuzz, const struct fuzz_result *r)
{
	pid_t child = fork();

	if (child == 0)
		replay(fuzz, r->ops, r->nr_ops);
	if (child > 0 && !child_failed(child))
		host_print("the sequence no longer fails: apply() depends on more than the operations");
}

/* One operation of those that bytes decide; with V=1 in words, before it is applied. */
static bool play_next(const struct fuzz *fuzz, unsigned int number)
{
	struct fuzz_op op = { 0 };
	char text[256];

	fuzz->generate(&op);
	if (getenv("V")) {
		fuzz->print(&op, text, sizeof(text));
		host_print("  %u. %s", number, text);
	}
	return apply_one(fuzz, &op);
}

/* The round that bytes decide, and the end of its process. */
static void __noreturn play_input(const struct fuzz *fuzz)
{
	unsigned int nr = 0;
	bool same = true;

	fuzz->reset();
	input_wait();
	while (same && nr < fuzz->round && !input_over() && !(fuzz->over && fuzz->over()))
		same = play_next(fuzz, ++nr);
	test_check(same, __FILE__, __LINE__, "the real thing and its model agree");
	test_check(!same || check_all(fuzz), __FILE__, __LINE__, "all is right in the end");
	host_end_test();
}

bool fuzz_run(const struct fuzz *fuzz)
{
	unsigned long ops = host_ops ? host_ops : fuzz->ops;
	struct fuzz_result r;
	char text[256];
	unsigned int i;

	if (host_input)
		play_input(fuzz);
	fuzz_search(fuzz, ops, &r);
	if (!r.failed) {
		host_print("%lu random operations agree with the model", r.done);
		return true;
	}
	host_print("operation %lu failed; the sequence of %u shrank to %u:", r.done + 1, r.found,
		   r.nr_ops);
	for (i = 0; i < r.nr_ops; i++) {
		fuzz->print(&r.ops[i], text, sizeof(text));
		host_print("  %u. %s", i + 1, text);
	}
	show_failure(fuzz, &r);
	return test_check(false, __FILE__, __LINE__, "the real thing and its model agree");
}

/* --- Texts --- */

/* Words and bytes, in any order. Return: how long it is. */
static size_t random_text(const struct fuzz_text *fuzz, char *text)
{
	size_t nr = 0, wanted = test_random_below(fuzz->most + 1);
	unsigned int nr_words = 0;

	while (fuzz->words[nr_words])
		nr_words++;
	while (nr < wanted) {
		const char *word = fuzz->words[test_random_below(nr_words)];

		if (test_random_below(16) == 0)
			text[nr++] = (char)test_random();
		else
			while (*word && nr < wanted)
				text[nr++] = *word++;
	}
	return nr;
}

/* Take @text, in memory that ends where it ends, and end the process. */
static void __noreturn take_text(const struct fuzz_text *fuzz, const char *text, size_t nr)
{
	char *copy = malloc(nr ? nr : 1);

	limit_cpu(HANG_SECONDS);
	memcpy(copy, text, nr);
	test_check(fuzz->take(copy, nr), __FILE__, __LINE__, "the text is taken as it should be");
	host_end_test();
}

static bool text_fails(const struct fuzz_text *fuzz, const char *text, size_t nr, bool aloud)
{
	pid_t child = fork();

	if (child == 0) {
		if (!aloud)
			be_silent();
		take_text(fuzz, text, nr);
	}
	return child < 0 || child_failed(child);
}

/* The text as C has it. */
static void print_text(const char *text, size_t nr)
{
	char line[512];
	size_t used = 0;

	for (size_t i = 0; i < nr && used + 8 < sizeof(line); i++)
		used += scnprintf(line + used, sizeof(line) - used,
				  text[i] >= ' ' && text[i] <= '~' ? "%c" : "\\x%02x", (u8)text[i]);
	host_print("the text of %zu bytes: \"%s\"", nr, line);
}

bool fuzz_text_run(const struct fuzz_text *fuzz)
{
	unsigned long texts = host_ops ? host_ops : fuzz->texts;
	char text[fuzz->most + 1];
	size_t nr;

	if (fuzz->reset)
		fuzz->reset();
	if (host_input) {
		input_wait();
		const char *rest = (const char *)input_rest(&nr);

		take_text(fuzz, rest, nr);
	}
	for (unsigned long i = 0; i < texts; i++) {
		nr = random_text(fuzz, text);
		if (!text_fails(fuzz, text, nr, false))
			continue;
		print_text(text, nr);
		text_fails(fuzz, text, nr, true);
		return test_check(false, __FILE__, __LINE__, "every text is taken as it should be");
	}
	host_print("%lu random texts", texts);
	return true;
}
