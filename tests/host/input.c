// SPDX-License-Identifier: MIT
/*
 * The bytes that decide, who takes them, and the processes that wait for them.
 */
#include "host.h"
#include "input.h"
#include <lib/math.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define INPUT_MAX	0x10000		/* bytes; what is behind is not looked at */
#define MAX_TESTS	32

bool host_input;

/* ---- Bytes ---- */

static u8 bytes[INPUT_MAX];
static size_t nr_bytes, taken;

static void read_bytes(const char *path)
{
	int fd = path ? open(path, O_RDONLY) : STDIN_FILENO;
	ssize_t got;

	nr_bytes = taken = 0;
	if (fd < 0)
		return;
	lseek(fd, 0, SEEK_SET);
	while ((got = read(fd, bytes + nr_bytes, INPUT_MAX - nr_bytes)) > 0)
		nr_bytes += (size_t)got;
	if (path)
		close(fd);
}

u32 input_take(unsigned int nr)
{
	u32 value = 0;

	for (; nr; nr--)
		value = value << 8 | (taken < nr_bytes ? bytes[taken++] : 0);
	return value;
}

bool input_over(void)
{
	return taken == nr_bytes;
}

const u8 *input_rest(size_t *nr)
{
	const u8 *rest = bytes + taken;

	*nr = nr_bytes - taken;
	taken = nr_bytes;
	return rest;
}

/* ---- Processes ---- */

/* Of each test: the process that waits, and the two pipes to it. */
static struct waiting {
	pid_t pid;
	int ask, answer;
} waiting[MAX_TESTS];

/* In the waiting process, the other ends of its pipes. */
static int asked, answers;

/* A word that asks for a copy. The copy finds the bytes in memory that it shares with the runner. */
struct shared_bytes {
	size_t nr;
	u8 bytes[INPUT_MAX];
};

static struct shared_bytes *shared;

static bool put(int fd, int value)
{
	return write(fd, &value, sizeof(value)) == sizeof(value);
}

static bool get(int fd, int *value)
{
	return read(fd, value, sizeof(*value)) == sizeof(*value);
}

static void begin_copy(void)
{
	close(asked);
	close(answers);
	nr_bytes = shared->nr;
	memcpy(bytes, shared->bytes, nr_bytes);
	taken = 1;
	afl_look();
}

void input_wait(void)
{
	int word, status;
	pid_t child;

	while (get(asked, &word)) {
		child = fork();
		if (child == 0) {
			begin_copy();
			return;
		}
		if (!put(answers, child) || waitpid(child, &status, 0) != child ||
		    !put(answers, status))
			break;
	}
	_exit(0);
}

static void start_waiting(struct waiting *w, void (*run)(const struct test_case *test),
			  const struct test_case *test)
{
	int ask[2], answer[2];

	if (pipe(ask) || pipe(answer))
		exit(1);
	w->pid = fork();
	if (w->pid == 0) {
		asked = ask[0];
		answers = answer[1];
		close(ask[1]);
		close(answer[0]);
		host_input = true;
		run(test);
		_exit(1);
	}
	close(ask[0]);
	close(answer[1]);
	w->ask = ask[1];
	w->answer = answer[0];
}

int input_play(const char *path, void (*run)(const struct test_case *test),
	       const struct test_case *tests, unsigned int nr, void (*started)(int pid))
{
	unsigned int which;
	struct waiting *w;
	int pid, status;

	read_bytes(path);
	which = input_take(1) % min(nr, MAX_TESTS + 0u);
	w = &waiting[which];
	if (!shared) {
		shared = host_shared(sizeof(*shared));
		signal(SIGPIPE, SIG_IGN);
	}
	shared->nr = max_t(size_t, nr_bytes, 1);
	memcpy(shared->bytes, bytes, nr_bytes);
	if (!w->pid)
		start_waiting(w, run, &tests[which]);
	if (!put(w->ask, 0) || !get(w->answer, &pid)) {
		host_print("%s: the test \"%s\" takes no bytes", path ?: "-", tests[which].sentence);
		return -1;
	}
	if (started)
		started(pid);
	return get(w->answer, &status) ? status : -1;
}

void input_end(void)
{
	for (unsigned int i = 0; i < MAX_TESTS; i++)
		if (waiting[i].pid)
			close(waiting[i].ask);
	for (unsigned int i = 0; i < MAX_TESTS; i++)
		if (waiting[i].pid)
			waitpid(waiting[i].pid, NULL, 0);
}
