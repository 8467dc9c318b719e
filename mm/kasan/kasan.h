/* SPDX-License-Identifier: MIT */
/*
 * What the files of KASAN share: the language of the shadow.
 *
 *    memory   | 8 bytes | 8 bytes | 5 used | red zone     | freed ...         |
 *    shadow   |   00    |   00    |   05   |  fc  |  fc   |  fb  |  fb  | ...
 *
 *    00         all 8 bytes may be used
 *    01 .. 07   so many of them, the first ones
 *    80 .. ff   none, and why not: below
 *
 * So an access of 1, 2, 4 or 8 bytes costs the look at one byte, and the name of what is wrong is there if it is
 * needed. Values are Linux's; those of stacks are the compiler's.
 *
 * K1. Nothing in mm/kasan/ is checked itself; what it calls is. So what this CPU does while it reports is not
 *     reported.
 * K2. Only memory with a shadow of its own is ever poisoned: lowmem, stacks, and the beginning of the vmalloc area.
 *     The shadow of all else is one page of zeros, read-only.
 * K3. An object that was freed is poisoned until it is given out again, be it in the quarantine or in its cache.
 */
#ifndef MM_KASAN_KASAN_H
#define MM_KASAN_KASAN_H

#include <asm/kasan.h>
#include <lib/types.h>
#include <mm/kasan.h>
#include <mm/slab.h>
#include <mm/stack_depot.h>

#define KASAN_FREE_PAGE		0xff
#define KASAN_PAGE_REDZONE	0xfe	/* behind what a large kmalloc() was asked for */
#define KASAN_SLAB_REDZONE	0xfc	/* between objects; an object that was never given out */
#define KASAN_SLAB_FREE		0xfb
#define KASAN_GLOBAL_REDZONE	0xf9
#define KASAN_VMALLOC_INVALID	0xf8
#define KASAN_STACK_LEFT	0xf1
#define KASAN_STACK_MID		0xf2
#define KASAN_STACK_RIGHT	0xf3
#define KASAN_STACK_PARTIAL	0xf4
#define KASAN_ALLOCA_LEFT	0xca
#define KASAN_ALLOCA_RIGHT	0xcb

/* --- The shadow: shadow.c --- */

/* @addr to @addr + @bytes, multiples of KASAN_GRANULE_SIZE, may not be used: @value says why. Context: K2. */
void kasan_poison(unsigned long addr, size_t bytes, u8 value);

/* The @size bytes from @addr on, a multiple of KASAN_GRANULE_SIZE, may be used; not what is left of the last 8. */
void kasan_unpoison(unsigned long addr, size_t size);

/* Return: the first of @size bytes from @addr on that may not be used; 0 if all may. */
unsigned long kasan_first_bad(unsigned long addr, size_t size);

/* Have the red zones of variables poisoned: global.c. Context: their shadow is there. */
void kasan_register_globals(void);

/* Say whose red zone @addr is, if it lies behind a variable. Return: does it? */
bool kasan_show_global(unsigned long addr);

/* --- Reports: report.c --- */

/*
 * Say what is wrong with an access of @size bytes at @addr, be it a @write, by the code at @ip; and count it.
 * Context: any.
 */
void kasan_report(unsigned long addr, size_t size, bool write, unsigned long ip);

/* @objp is given back by @caller, but nobody has it. */
void kasan_report_double_free(struct kmem_cache *cachep, void *objp, const void *caller);

/* --- Objects: object.c --- */

/* Who did something to an object. */
struct kasan_track {
	int pid;
	depot_stack_handle_t stack;
};

/* Behind an object, in its red zone. */
struct kasan_meta {
	struct kasan_meta *next;	/* in the quarantine */
	struct kmem_cache *cachep;
	struct kasan_track alloc, free;
};

/* Of @objp, and back. Return: where it is; NULL for a cache whose objects KASAN knows nothing of. */
struct kasan_meta *kasan_meta_of(const struct kmem_cache *cachep, const void *objp);
void *kasan_object_of(const struct kasan_meta *meta);

/* --- Objects that wait: quarantine.c --- */

/* Take an object that was freed, and poisoned. What waits longest goes back to its cache if there are too many. */
void kasan_quarantine_put(struct kasan_meta *meta);

#endif
