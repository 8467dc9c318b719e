/* SPDX-License-Identifier: MIT */
/*
 * What a CPU that starts needs before it can run C: read by head-smp.S with the MMU off, so it is
 * written back to memory before the CPU is let go.
 */
#ifndef ASM_SMP_DATA_H
#define ASM_SMP_DATA_H

/* Offsets in struct secondary_data, for assembly. */
#define SECONDARY_PGDIR		0
#define SECONDARY_STACK		4

#ifndef __ASSEMBLER__
#include <lib/types.h>

struct secondary_data {
	phys_addr_t pgdir;	/* page table with the identity mapping */
	void *stack;		/* end of its idle thread's stack */
};

_Static_assert(offsetof(struct secondary_data, pgdir) == SECONDARY_PGDIR &&
	       offsetof(struct secondary_data, stack) == SECONDARY_STACK, "head-smp.S reads them");

extern struct secondary_data secondary_data;

/* The CPU that may leave the pen in head-smp.S; PEN_CLOSED if none may. */
#define PEN_CLOSED	(-1)
extern volatile int pen_release;

/* head-smp.S: where CPUs arrive, by its physical address. */
void secondary_startup(void);
#endif

#endif
