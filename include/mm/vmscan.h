/* SPDX-License-Identifier: MIT */
/*
 * Reclaim: getting pages back when few are free. Today it knows shrinkers only. What is here is
 * mm/vmscan.c's, and at the end mm/kswapd.c's.
 *
 *    __alloc_pages_slowpath()
 *      wakeup_kswapd()          says what is lacking, and wakes kswapd       zone below low
 *      try_to_free_pages()      direct reclaim: who lacks memory frees some  zone below min
 *    kswapd(), one for each node
 *      balance_pgdat()          frees until the node's zones are above high
 *
 * Both work in rounds of growing priority: 12, then 11, ... 0; at priority p a share of 2^-p of all
 * there is is due in each round. Names as in Linux 3.10 (mm/vmscan.c).
 */
#ifndef MM_VMSCAN_H
#define MM_VMSCAN_H

#include <asm/current.h>
#include <kernel/sched.h>
#include <mm/gfp.h>
#include <mm/mmzone.h>

/* Pages that one turn of reclaim tries to free. */
#define SWAP_CLUSTER_MAX	32ul

/* The priority of the first round. */
#define DEF_PRIORITY		12

/* What a thread has got back while it frees memory; task_struct.reclaim_state leads to it. */
struct reclaim_state {
	unsigned long reclaimed_slab;	/* pages that shrinkers have freed */
};

/* Is this thread a kswapd? */
static inline bool current_is_kswapd(void)
{
	return current->flags & PF_KSWAPD;
}

/* A shrinker has freed @nr_pages pages. Counts for the running thread, if that frees memory. */
void mm_account_reclaimed_pages(unsigned long nr_pages);

/**
 * try_to_free_pages - direct reclaim
 * @zonelist: the zones that the request may be served from
 * @order: its order
 * @gfp_mask: its flags
 *
 * Runs with PF_MEMALLOC set, so that whatever it calls may allocate from the reserves, and does not
 * come here again. Context: the request may wait. Return: how many pages were freed; at least
 * SWAP_CLUSTER_MAX if that could be had.
 */
unsigned long try_to_free_pages(const struct zonelist *zonelist, unsigned int order,
				gfp_t gfp_mask);

/* Is any thread freeing memory right now? The answer may be old when it comes. Context: any. */
bool reclaim_is_running(void);

/* Pages that were freed by reclaim since boot, by whomever. Wraps. Context: any. */
unsigned long nr_reclaimed_ever(void);

/**
 * wakeup_kswapd - a request has found a zone below its low watermark
 * @zone: the zone
 * @order: the request's order
 * @classzone_idx: the zone that it means first
 *
 * Unless the zone is above low for that order, notes the largest order and the lowest zone asked for
 * in the node, and calls kswapd_waker. Context: any, interrupts included.
 */
void wakeup_kswapd(struct zone *zone, unsigned int order, enum zone_type classzone_idx);

/*
 * What wakes the kswapd of a node. The one place where the allocator reaches up to threads: NULL
 * until there are some.
 */
extern void (*kswapd_waker)(pg_data_t *pgdat);

/*
 * How a request with __GFP_NOFAIL waits when nothing is left to free: sleeps until memory may have
 * become free, and says whether it has slept. NULL until there are threads to wait for; then such a
 * request ends in a panic.
 */
extern bool (*wait_for_memory)(void);

/**
 * kswapd_take_request - what kswapd has been woken for
 * @pgdat: its node
 * @classzone_idx: receives the lowest zone that was asked for; the highest if none was
 *
 * The note is empty afterwards. Context: kswapd. Return: the largest order.
 */
unsigned int kswapd_take_request(pg_data_t *pgdat, enum zone_type *classzone_idx);

/*
 * Are the zones of a node up to @classzone_idx above their high watermarks? For an @order above 0 it
 * will do if those that are have a quarter of the pages. Context: any.
 */
bool pgdat_balanced(pg_data_t *pgdat, unsigned int order, enum zone_type classzone_idx);

/**
 * balance_pgdat - what kswapd does when it is woken
 * @pgdat: its node
 * @order: of the request that woke it
 * @classzone_idx: the zone that was asked for; receives the highest that was out of balance
 *
 * Frees until pgdat_balanced(); after a turn that did not free SWAP_CLUSTER_MAX pages, for
 * order 0 only. Ends too when nothing more can be freed. Context: thread that may sleep.
 *
 * Return: the order that is balanced, or that was last tried for. Differs from Linux, which goes on
 * for ever where nothing is freed unless the zones are marked as unreclaimable.
 */
unsigned int balance_pgdat(pg_data_t *pgdat, unsigned int order, enum zone_type *classzone_idx);

/* --- The threads: mm/kswapd.c --- */

/* Start kswapd on all nodes, and set the hooks above. Context: first thread, once, interrupts on. */
void kswapd_init(void);

/**
 * kswapd_run - start a node's kswapd, unless it runs
 * @nid: the node, online
 *
 * It is called kswapd0 and so on, and may run on any CPU. Context: thread that may sleep.
 *
 * Return: 0; -errno, after a message, if there is no memory for it: then nobody frees memory in the
 * background.
 */
int kswapd_run(int nid);

/* Stop the kswapd of node @nid, if it runs, and wait until it has ended. Context: thread that may sleep. */
void kswapd_stop(int nid);

/* Does a node's kswapd sleep, with nothing left to do? True where there is none. Context: any. */
bool kswapd_is_idle(const pg_data_t *pgdat);

#endif
