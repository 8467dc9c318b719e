/* SPDX-License-Identifier: MIT */
/*
 * Random operations against a model, and shrinking of what fails.
 *
 *    round:   in a fresh child process: reset, then up to @round operations, each generated,
 *             recorded and applied
 *    failure: apply() returns false, an EXPECT fails, a WARN is not taken, a BUG, a sanitizer's
 *             report, a signal, or 10 seconds of processor time in one round (a hang)
 *
 * A test supplies the four functions below. Two rules make recorded operations worth shrinking:
 *
 * I1. apply() depends on nothing but the operations applied since reset().
 * I2. apply() accepts every operation in every state: one that makes no sense (a free with nothing
 *     allocated) does nothing to both sides. Arguments that choose among things are taken modulo
 *     their number.
 *
 * With INPUT= (input.h) generate() takes its decisions from bytes, and there is one round, which ends
 * with them.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <lib/types.h>

#define FUZZ_ARGS	5

struct fuzz_op {
	u32 kind;
	u32 arg[FUZZ_ARGS];
};

struct fuzz {
	unsigned long ops;	/* operations in all, unless OPS= says otherwise */
	unsigned int round;	/* operations between two resets */

	/*
	 * Bring both sides to their first state. It finds static variables as they were when
	 * fuzz_run() was called; counters that shall survive a round live in host_shared() memory.
	 */
	void (*reset)(void);
	/* Make a random operation with test_random(); may look at the present state to make a good one. */
	void (*generate)(struct fuzz_op *op);
	/* Apply to both sides and compare. Return: do they agree? */
	bool (*apply)(const struct fuzz_op *op);
	/* Optional: is there nothing left to do in this round? It ends early then. */
	bool (*over)(void);
	/* Optional: walk over everything, at the end of a round. Return: is all right? */
	bool (*check)(void);
	/* The operation as text, for the report. */
	void (*print)(const struct fuzz_op *op, char *text, size_t size);
	/*
	 * Optional: write the @nth simpler variant of @op to @simpler. Return: false if there are
	 * no more. Without it each argument is tried as 0 and halved.
	 */
	bool (*simplify)(const struct fuzz_op *op, unsigned int nth, struct fuzz_op *simpler);
};

struct fuzz_result {
	bool failed;
	unsigned long done;	/* operations applied without failure */
	unsigned int found;	/* length of the sequence that failed */
	unsigned int nr_ops;	/* length of the smallest one found */
	struct fuzz_op *ops;	/* that sequence; valid until the process ends */
};

/**
 * fuzz_search - look for a failing sequence and shrink it, without a word
 * @fuzz: the test
 * @ops: operations in all
 * @result: receives what was found
 *
 * Works in child processes, so the caller's state is untouched and a sanitizer's report ends only a
 * child. The sequence depends on test_random()'s state alone.
 */
void fuzz_search(const struct fuzz *fuzz, unsigned long ops, struct fuzz_result *result);

/**
 * fuzz_run - fuzz_search(), and fail the test with the smallest sequence if there is one
 * @fuzz: the test
 *
 * Prints the sequence one operation a line, the failure it ends in, and the command that
 * repeats it. Return: true if nothing failed.
 */
bool fuzz_run(const struct fuzz *fuzz);

/* What takes a text, whatever is in it: a command line, lines at the prompt, a format. */
struct fuzz_text {
	unsigned int texts;		/* as many, unless OPS= says otherwise */
	unsigned int most;		/* bytes of one, at most */
	const char *const *words;	/* what random texts are made of, beside random bytes; ends with NULL */
	/* Optional: what all texts find. */
	void (*reset)(void);
	/* Take the text, which is not terminated, and judge what became of it. Return: is it right? */
	bool (*take)(const char *text, size_t nr);
};

/**
 * fuzz_text_run - have random texts taken, each by a process of its own
 * @fuzz: the test
 *
 * Prints the first one that fails, and what it fails in. With INPUT= the text is the rest of the file.
 * Return: true if nothing failed.
 */
bool fuzz_text_run(const struct fuzz_text *fuzz);

#endif
