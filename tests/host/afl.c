// SPDX-License-Identifier: MIT
/*
 * What a program needs to be driven by AFL++, for the compiler that builds 32-bit programs here: the
 * packages of AFL++ bring this for the host's own word size only. Two parts:
 *
 *    coverage     the compiler puts a call of __sanitizer_cov_trace_pc() into each basic block of the
 *                 kernel's files (-fsanitize-coverage=trace-pc, see Makefile); it counts the edge from
 *                 the block before, in memory that afl-fuzz gave us:
 *
 *                     map[hash(block before) / 2 ^ hash(this block)]++
 *
 *    fork server  afl-fuzz --- a word ------> fd 198     play an input
 *                 afl-fuzz <-- pid, status -- fd 199     the process that plays it, and how it ended
 *
 * The name of the variable and the file descriptors are AFL's (its include/config.h).
 */
#include "host.h"
#include "input.h"

#include <stdlib.h>
#include <sys/shm.h>
#include <unistd.h>

#define SHM_VARIABLE	"__AFL_SHM_ID"	/* afl-fuzz looks for this word in the program */
#define CONTROL_FD	198
#define STATUS_FD	(CONTROL_FD + 1)
#define MAP_BITS	16

static u8 nobody_looks[1 << MAP_BITS];
static u8 *map = nobody_looks, *map_of_afl = nobody_looks;
static u32 before;

/* Called at the beginning of each basic block; its own file must have none of these calls. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	u32 block = (u32)__builtin_return_address(0) - (u32)__sanitizer_cov_trace_pc;

	block = (block * 0x9e3779b1u) >> (32 - MAP_BITS);
	map[block ^ before]++;
	before = block >> 1;
}

bool afl_runs_us(void)
{
	const char *id = getenv(SHM_VARIABLE);

	if (!id)
		return false;
	map_of_afl = shmat(atoi(id), NULL, 0);
	if (map_of_afl == (void *)-1)
		_exit(1);
	return true;
}

void afl_look(void)
{
	map = map_of_afl;
	map[0] = 1;		/* an empty map would be taken for a program without these calls */
	before = 0;
}

static void tell(int value)
{
	if (write(STATUS_FD, &value, sizeof(value)) != sizeof(value))
		_exit(0);
}

void afl_serve(int (*play)(void (*started)(int pid)))
{
	int word = 0;

	if (write(STATUS_FD, &word, sizeof(word)) != sizeof(word)) {
		if (play(NULL) != 0)	/* afl-showmap runs us for one input, and has no such files */
			abort();
		return;
	}
	while (read(CONTROL_FD, &word, sizeof(word)) == sizeof(word))
		tell(play(tell));
}
