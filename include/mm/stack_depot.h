/* SPDX-License-Identifier: MIT */
/*
 * The stack depot: call chains, each stored once, known by a number. Names from Linux's
 * lib/stackdepot.c.
 */
#ifndef MM_STACK_DEPOT_H
#define MM_STACK_DEPOT_H

#include <kernel/init.h>
#include <lib/types.h>

#define STACK_DEPTH	12	/* entries that are kept of a chain */
#ifdef CONFIG_KASAN
#define NR_STACKS_MAX	8192	/* objects, too, and each allocation and release */
#else
#define NR_STACKS_MAX	1024	/* different chains; page allocation has some dozens */
#endif

/* A stored chain: 1 .. NR_STACKS_MAX; 0 is none, also for a chain that found no room. */
typedef u16 depot_stack_handle_t;

/*
 * Make room for the chains, unless there is. Context: boot, bootmem or the page allocator is the
 * owner of memory.
 */
void __init stack_depot_init(void);

/**
 * stack_depot_save - store a call chain, unless it is stored already
 * @entries: code addresses, innermost first
 * @nr_entries: how many; those behind the STACK_DEPTH first are left out
 *
 * Context: any. Return: its number; 0 if @nr_entries is 0 or the depot is full.
 */
depot_stack_handle_t stack_depot_save(const unsigned long *entries, unsigned int nr_entries);

/**
 * stack_depot_save_from - store the call chain that leads here, from somewhere on
 * @caller: a code address in it, where it begins; if it is not in the chain, all of it is stored
 * @depth: entries to store at most, up to STACK_DEPTH: to find them is what takes time
 *
 * Context: any. Return: its number; 0 if there is no depot, or no room.
 */
depot_stack_handle_t stack_depot_save_from(const void *caller, unsigned int depth);

/**
 * stack_depot_fetch - a stored call chain
 * @handle: its number, or 0
 * @entries: receives where the addresses are; they stay there
 *
 * Return: how many there are; 0 for @handle 0.
 */
unsigned int stack_depot_fetch(depot_stack_handle_t handle, const unsigned long **entries);

/* How many chains are stored: numbers 1 to this one are in use. */
unsigned int stack_depot_count(void);

/* Print the chain of @handle, an address a line, as " name+0xoffset/0xsize". */
void stack_depot_print(depot_stack_handle_t handle);

/* Walk the depot; BUG if a chain is not found under its own number. Context: any. */
void stack_depot_check(void);

#endif
