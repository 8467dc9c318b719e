/* SPDX-License-Identifier: MIT */
/*
 * Memory nodes: parts of RAM that are nearer to some CPUs than others are. The board has one;
 * `numa=fake=N' makes up to four of its RAM, for the rules of real ones to be seen and tested:
 *
 *    node 0            node 1            node 2            node 3
 *    |<-- RAM / N ---->|<-- RAM / N ---->|<-- RAM / N ---->|<-- RAM / N ---->|
 *    CPU 0, ...        CPU 1, ...        CPU 2, ...        CPU 3, ...
 *    distance from 0: 10   20                30                40
 *
 * Names are those of Linux 3.10 (include/linux/topology.h, nodemask.h; arch/x86/mm/numa.c).
 */
#ifndef MM_NUMA_H
#define MM_NUMA_H

#include <kernel/init.h>
#include <kernel/smp.h>
#include <lib/compiler.h>
#include <lib/types.h>

#define MAX_NUMNODES	4
#define NUMA_NO_NODE	(-1)	/* "whichever": any node will do */

/* Distances, as ACPI counts them: a node is 10 away from itself. */
#define LOCAL_DISTANCE	10
#define REMOTE_DISTANCE	20

/* Nodes are numbered without gaps, 0 to nr_online_nodes - 1, from low addresses to high ones. */
extern int nr_online_nodes;

#define for_each_online_node(nid) \
	for ((nid) = 0; (nid) < nr_online_nodes; (nid)++)

/* Is there a node @nid? */
static inline bool node_online(int nid)
{
	return nid >= 0 && nid < nr_online_nodes;
}

/* The node that @cpu is nearest to: they are dealt out in turns. */
static inline int cpu_to_node(unsigned int cpu)
{
	return (int)(cpu % (unsigned int)nr_online_nodes);
}

/* The node of the CPU that asks. */
static inline int numa_node_id(void)
{
	return likely(nr_online_nodes == 1) ? 0 : cpu_to_node(raw_smp_processor_id());
}

/**
 * node_distance - how much slower is memory of another node?
 * @from: an online node
 * @to: an online node
 *
 * Return: LOCAL_DISTANCE if they are the same, more otherwise.
 */
int node_distance(int from, int to);

/**
 * numa_set_distance - say how far one node is from another
 * @from: a node
 * @to: a node
 * @distance: LOCAL_DISTANCE and no other for @from == @to, more for others; at most 255
 *
 * Takes effect with the next build_all_zonelists(). Return: 0; -EINVAL, after a message, if it
 * cannot be. Differs from Linux, where it returns nothing.
 */
int numa_set_distance(int from, int to, int distance);

/**
 * numa_init - divide RAM into as many nodes as `numa=' asks for
 * @start_pfn: the first page of RAM
 * @low_end_pfn: one behind the last page of lowmem
 * @end_pfn: one behind the last page of RAM
 *
 * The nodes touch, and a border between two is a multiple of MAX_ORDER_NR_PAGES, so that no block
 * lies across it. Each has RAM, and room for its bootmem bitmap where it has lowmem; if there
 * cannot be so many, there are fewer, after a message. With more than one, memblock's regions get
 * their nodes' numbers, and the pg_data_t of each comes from memblock.
 *
 * Context: boot, while memblock owns memory.
 */
void __init numa_init(unsigned long start_pfn, unsigned long low_end_pfn, unsigned long end_pfn);

/**
 * get_pfn_range_for_nid - where a node lies
 * @nid: an online node
 * @start_pfn: receives its first page
 * @end_pfn: receives one behind its last page
 *
 * Differs from Linux, where these are the first and the last page with RAM behind it: here nodes
 * touch, and a hole between two belongs to the lower one. Context: after numa_init().
 */
void get_pfn_range_for_nid(int nid, unsigned long *start_pfn, unsigned long *end_pfn);

/**
 * numa_check - do nodes, distances and pg_data_t fit each other?
 *
 * Checks the invariants of mm/numa.c. Return: true, or false after a message. Context: after
 * free_area_init_nodes().
 */
bool numa_check(void);

#endif
