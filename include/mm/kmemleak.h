/* SPDX-License-Identifier: MIT */
/*
 * A scan for objects that nobody points to any more: leaks.
 *
 *    kmemleak_scan(&result);                 pagewalk> kmemleak scan
 *
 * Looked at are data, bss, the per-CPU areas, the stacks and registers of all threads, the map of
 * pages, and every object that is reached from there, from its first word to its last. An object is
 * reached by a word with the address of any byte of it. What vmalloc() gave is an object, too. What
 * alloc_pages() returned is not looked into, nor counted as an object, as in Linux; what kmalloc() took
 * from there is.
 *
 * It costs nothing while it does not run: what is allocated, the caches know. Linux's kmemleak keeps
 * a record of each object, since it must not stop the machine for as long as a scan takes on a large
 * one; and so there is kmemleak_not_leak() and so on, to tell it of what it cannot see. Here an object
 * that is reached in another way (by a physical address, say) is reported.
 */
#ifndef MM_KMEMLEAK_H
#define MM_KMEMLEAK_H

#include <lib/types.h>

/* Leaks that are named in a report. */
#define KMEMLEAK_NR_SHOWN	8

struct kmemleak_result {
	unsigned long nr_objects;	/* in use */
	unsigned long nr_leaks;		/* of these, nobody points to */
	unsigned long nr_leaked_bytes;
	unsigned long nr_scanned_bytes;
	bool all_known;			/* false: the allocator does not know its objects (SLAB=slob) */
};

/**
 * kmemleak_scan - look for leaks, and report them
 * @result: receives what was found; or NULL
 *
 * The machine stands still for the time of the scan. Memory for a table of all objects is taken from
 * the page allocator, and given back. Context: thread that may sleep, interrupts enabled. Return: 0,
 * whether there are leaks or not; -ENOMEM; -EAGAIN if objects came faster than the table allowed for.
 */
int kmemleak_scan(struct kmemleak_result *result);

#endif
