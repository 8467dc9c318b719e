// SPDX-License-Identifier: MIT
/* What steps.h says. */
#define _GNU_SOURCE
#include "steps.h"
#include <kernel/bug.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define TRAP_FLAG	0x100

static unsigned long left;
static void (*action)(void);

/* Between two instructions. The flag comes back with the registers of the process. */
static void on_trap(int number, siginfo_t *info, void *context)
{
	ucontext_t *process = context;

	(void)number;
	(void)info;
	if (--left)
		return;
	process->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
	action();
	action = NULL;
}

void steps_begin(unsigned long nr, void (*act)(void))
{
	struct sigaction trap;

	BUG_ON(!nr || !act || action, "%lu steps", nr);
	memset(&trap, 0, sizeof(trap));
	trap.sa_sigaction = on_trap;
	trap.sa_flags = SA_SIGINFO;
	if (sigaction(SIGTRAP, &trap, NULL))
		abort();
	left = nr;
	action = act;
	asm volatile("pushf; orl %0, (%%esp); popf" : : "i"(TRAP_FLAG) : "memory", "cc");
}

bool steps_end(void)
{
	bool done;

	asm volatile("pushf; andl %0, (%%esp); popf" : : "i"(~TRAP_FLAG) : "memory", "cc");
	done = !action;
	action = NULL;
	return done;
}
