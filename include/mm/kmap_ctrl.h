/* SPDX-License-Identifier: MIT */
/*
 * The temporary mappings of a thread, a stack of them; mm/kmap_local.c explains. Part of every
 * thread_info.
 *
 * Differs from Linux, which has it in task_struct: a thread's stack is there only as long as the
 * thread is, and the table of tasks always.
 */
#ifndef MM_KMAP_CTRL_H
#define MM_KMAP_CTRL_H

#include <asm/kmap_local.h>
#include <lib/types.h>

struct kmap_ctrl {
	unsigned int idx;		/* mappings on the stack */
	u32 pteval[KM_MAX_NESTING];	/* their page table entries; 0 above idx */
#if CONFIG_DEBUG_VM
	const void *mapped_by[KM_MAX_NESTING];
#endif
};

#endif
