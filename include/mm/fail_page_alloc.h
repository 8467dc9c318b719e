/* SPDX-License-Identifier: MIT */
/*
 * Failure on demand: one allocation of pages fails, the N-th from a certain moment. `fail_nth=' makes
 * the runner of the self-tests use it (tests/kernel/fail_nth.c). With `slab_debug=A' every object
 * counts, too. Named after Linux's mm/fail_page_alloc.c and mm/failslab.c; that it counts is as with
 * Linux's /proc/self/fail-nth.
 */
#ifndef MM_FAIL_PAGE_ALLOC_H
#define MM_FAIL_PAGE_ALLOC_H

#include <lib/types.h>
#include <mm/gfp.h>

struct kmem_cache;

/* What `fail_nth=' asks for: nothing, a number, or FAIL_NTH_EACH. Written by the parameter only. */
extern unsigned int fail_nth;
#define FAIL_NTH_MAX	0x7fffffffu
#define FAIL_NTH_EACH	~0u

/**
 * fail_nth_arm - have an allocation fail
 * @nth: which, counted from now: 1 is the next one, by whatever CPU
 * @nofail_too: count and fail requests with __GFP_NOFAIL as well, whose callers do not expect it
 *
 * Only that one fails. Context: any. BUG unless `fail_nth=' was given, and as long as another one is
 * to fail.
 */
void fail_nth_arm(unsigned int nth, bool nofail_too);

/* Nothing is to fail any more. Return: has it? */
bool fail_nth_disarm(void);

/*
 * Is asked about each allocation that is counted, unless it is NULL: who allocates, an object or pages, and
 * whether it is the N-th. Return: is it the one that fails? Says so at most once for each arming, and of the
 * N-th unless it has said so before. For the runner of the self-tests, which keeps a list.
 */
extern bool (*fail_nth_choose)(const void *caller, bool object, bool nth);

/* Does this allocation of @order, for @caller, fail? For mm/page_alloc.c. */
bool should_fail_alloc_page(gfp_t gfp_mask, unsigned int order, const void *caller);

/* Does this object of @cachep, for @caller, fail? For the implementations of caches; not, without SLAB_FAILSLAB. */
bool should_failslab(const struct kmem_cache *cachep, gfp_t gfp_mask, const void *caller);

#endif
