/* SPDX-License-Identifier: MIT */
/*
 * Who runs? The stack pointer leads to the thread_info, and that to the task.
 */
#ifndef ASM_CURRENT_H
#define ASM_CURRENT_H

#include <asm/thread_info.h>

/* Return: the thread that runs, for current. */
static inline struct task_struct *get_current(void)
{
	return current_thread_info()->task;
}

#define current	get_current()

#endif
