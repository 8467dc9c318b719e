/* SPDX-License-Identifier: MIT */
/*
 * Decisions out of bytes: a fuzzer's side of fuzz.h.
 *
 *    NAME_fuzz_test INPUT=file ...       plays each file once
 *    afl-fuzz ... NAME_fuzz_test         plays what afl-fuzz writes to its standard input (afl.c)
 *
 *    file   | t | d d d d d d d d ...|   t: which of the program's tests
 *                 ^ test_random() takes 4 bytes from here, test_random_below() 1, 2 or 4
 *
 * Bringing a machine up takes a hundred times longer than a hundred operations. So each test does it
 * once, in a process that waits where bytes begin to decide, and that makes a copy of itself for each
 * file:
 *
 *    runner --fork--> test 0: boots, reset(), input_wait() --fork--> plays a file, ends
 *                                                          --fork--> plays another
 *           --fork--> test 1: ...
 *
 * I1. What a copy does is decided by the bytes alone: they stand for a seed.
 * I2. Few bytes make small changes: a decision among 256 takes one byte, so that a byte that a fuzzer
 *     changes changes one decision.
 */
#ifndef INPUT_H
#define INPUT_H

#include <test.h>

/* Does this process play bytes? */
extern bool host_input;

/* The next @nr bytes, 1..4, as a number; 0 stands for those that are missing. */
u32 input_take(unsigned int nr);

/* Have all bytes been taken? */
bool input_over(void);

/* All that is left; *@nr receives how much. It counts as taken. */
const u8 *input_rest(size_t *nr);

/* Returns in copies of this process, once for each file that its test is to play. */
void input_wait(void);

/* ---- For the runner ---- */

/**
 * input_play - have a file played
 * @path: of the file; NULL for standard input
 * @run: runs a test and ends its process; called in a process of its own, with the test that the first
 *       byte chooses of @tests[0] .. @tests[@nr - 1]
 * @started: NULL, or called with the number of the process that plays
 *
 * Return: its status, as waitpid() gives it; -1 after a message if there was none.
 */
int input_play(const char *path, void (*run)(const struct test_case *test),
	       const struct test_case *tests, unsigned int nr, void (*started)(int pid));

/* End the processes that wait; what they cost is this process's then. */
void input_end(void);

/* ---- AFL++ ---- */

/* Has afl-fuzz, or one of its companions, started this process? */
bool afl_runs_us(void);

/* Calls @play for each input, and tells its caller of what becomes of it. Returns when there are no more. */
void afl_serve(int (*play)(void (*started)(int pid)));

/* From here on, what the process does counts. */
void afl_look(void);

#endif
