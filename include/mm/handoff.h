/* SPDX-License-Identifier: MIT */
/*
 * Who owns memory. It changes hands twice while booting, and never goes back:
 *
 *    MM_MEMBLOCK --arm_bootmem_init()--> MM_BOOTMEM --free_all_bootmem()--> MM_BUDDY
 *
 * An allocator that is asked for memory when it is not (or no longer) the owner refuses, and says so
 * through mm_refuse().
 */
#ifndef MM_HANDOFF_H
#define MM_HANDOFF_H

#include <lib/types.h>

enum mm_stage {
	MM_MEMBLOCK,
	MM_BOOTMEM,
	MM_BUDDY,
};

/* Tests set it back for the time of a sandbox; nobody else writes it but mm_hand_over(). */
extern enum mm_stage mm_stage;

/**
 * mm_hand_over - make the next allocator the owner of memory
 * @to: the stage after the present one
 *
 * Context: boot, one CPU. BUG if @to is not the next stage.
 */
void mm_hand_over(enum mm_stage to);

/**
 * mm_refuse - does memory belong to somebody else than the caller's allocator?
 * @mine: the allocator's stage
 * @func: the function that was called, for the message
 * @caller: its return address, for the message
 *
 * Return: false if @mine is the owner. Otherwise true, after a message that names @func, @caller
 * and what to call instead.
 */
bool mm_refuse(enum mm_stage mine, const char *func, const void *caller);

#endif
