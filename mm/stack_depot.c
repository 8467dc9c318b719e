// SPDX-License-Identifier: MIT
/*
 * The stack depot: a hash table of call chains that only grows.
 *
 *    buckets[hash]                     stacks[]
 *    +---+                             0: next 0   c001a2c4 c00212e0 c0010098
 *    | 2 | -------------------.        1: next 1   c001a2c4 c0021348 c0010098
 *    | 0 |                     `-----> (handle 2 is stacks[1]; its next, handle 1, is stacks[0])
 *    +---+
 *
 * D1. Chains 1 to nr_stacks are stored; a stored chain never changes or moves.
 * D2. Each is on the list of its hash's bucket, once, and no two are equal.
 *
 * D1 is why readers need no lock: a number reaches them after its chain is complete.
 */
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/spinlock.h>
#include <kernel/stacktrace.h>
#include <lib/math.h>
#include <lib/string.h>
#include <mm/bootmem.h>
#include <mm/gfp.h>
#include <mm/handoff.h>
#include <mm/stack_depot.h>

#define NR_BUCKETS	(NR_STACKS_MAX / 4)

/* The allocators' own functions, innermost in every chain: so many at most. */
#define OWN_DEPTH	8
#define FNV_OFFSET	2166136261u	/* Fowler, Noll and Vo's FNV-1a, by words */
#define FNV_PRIME	16777619u

struct stack_record {
	u32 hash;
	depot_stack_handle_t next;	/* on the bucket's list */
	u16 nr_entries;
	unsigned long entries[STACK_DEPTH];
};

static DEFINE_SPINLOCK(depot_lock);	/* buckets, and the growth of stacks */
static depot_stack_handle_t buckets[NR_BUCKETS];
static struct stack_record *stacks;	/* handle h is stacks[h - 1] */
static unsigned int nr_stacks;

void __init stack_depot_init(void)
{
	if (stacks)
		return;
	if (mm_stage == MM_BUDDY)
		stacks = alloc_pages_exact(NR_STACKS_MAX * sizeof(*stacks), GFP_NOWAIT);
	else
		stacks = alloc_bootmem(NR_STACKS_MAX * sizeof(*stacks));
	if (!stacks)
		pr_warn("stack_depot: no memory for call chains\n");
}

static u32 hash_stack(const unsigned long *entries, unsigned int nr_entries)
{
	u32 hash = FNV_OFFSET;
	unsigned int i;

	for (i = 0; i < nr_entries; i++)
		hash = (hash ^ entries[i]) * FNV_PRIME;
	return hash ^ hash >> 16;
}

static depot_stack_handle_t find_stack(u32 hash, const unsigned long *entries,
				       unsigned int nr_entries)
{
	depot_stack_handle_t handle;

	for (handle = buckets[hash % NR_BUCKETS]; handle; handle = stacks[handle - 1].next) {
		const struct stack_record *stack = &stacks[handle - 1];

		if (stack->hash == hash && stack->nr_entries == nr_entries &&
		    !memcmp(stack->entries, entries, nr_entries * sizeof(*entries)))
			return handle;
	}
	return 0;
}

static depot_stack_handle_t add_stack(u32 hash, const unsigned long *entries,
				      unsigned int nr_entries)
{
	struct stack_record *stack = &stacks[nr_stacks];

	if (nr_stacks == NR_STACKS_MAX)
		return 0;
	stack->hash = hash;
	stack->nr_entries = nr_entries;
	stack->next = buckets[hash % NR_BUCKETS];
	memcpy(stack->entries, entries, nr_entries * sizeof(*entries));
	buckets[hash % NR_BUCKETS] = ++nr_stacks;
	return nr_stacks;
}

depot_stack_handle_t stack_depot_save(const unsigned long *entries, unsigned int nr_entries)
{
	depot_stack_handle_t handle;
	unsigned long flags;
	u32 hash;

	BUG_ON(!stacks, "no depot");
	if (nr_entries > STACK_DEPTH)
		nr_entries = STACK_DEPTH;
	if (!nr_entries)
		return 0;
	hash = hash_stack(entries, nr_entries);
	spin_lock_irqsave(&depot_lock, flags);
	handle = find_stack(hash, entries, nr_entries);
	if (!handle)
		handle = add_stack(hash, entries, nr_entries);
	spin_unlock_irqrestore(&depot_lock, flags);
	return handle;
}

depot_stack_handle_t stack_depot_save_from(const void *caller, unsigned int depth)
{
	unsigned long entries[STACK_DEPTH + OWN_DEPTH];
	unsigned long from = stack_trace_address(caller);
	unsigned int nr, first = 0;

	BUG_ON(depth > STACK_DEPTH, "%u entries", depth);
	if (!stacks)
		return 0;
	nr = stack_trace_save(entries, depth + OWN_DEPTH, 0);
	while (first < nr && entries[first] != from)
		first++;
	if (first == nr)
		first = 0;
	return stack_depot_save(entries + first, min(nr - first, depth));
}

unsigned int stack_depot_fetch(depot_stack_handle_t handle, const unsigned long **entries)
{
	BUG_ON(handle > nr_stacks, "chain %u of %u", handle, nr_stacks);
	if (!handle)
		return 0;
	*entries = stacks[handle - 1].entries;
	return stacks[handle - 1].nr_entries;
}

unsigned int stack_depot_count(void)
{
	return nr_stacks;
}

void stack_depot_print(depot_stack_handle_t handle)
{
	const unsigned long *entries = NULL;
	unsigned int i, nr_entries = stack_depot_fetch(handle, &entries);

	if (!nr_entries)
		printk(KERN_INFO " (unknown: more than %u call chains)\n", NR_STACKS_MAX);
	/* Return addresses: the call is before them, and may be the last instruction of its function. */
	for (i = 0; i < nr_entries; i++)
		printk(KERN_INFO " %pS\n", (void *)(entries[i] - 1));
}

void stack_depot_check(void)
{
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&depot_lock, flags);
	BUG_ON(nr_stacks > NR_STACKS_MAX, "%u chains", nr_stacks);
	for (i = 0; i < nr_stacks; i++) {
		const struct stack_record *stack = &stacks[i];

		BUG_ON(stack->hash != hash_stack(stack->entries, stack->nr_entries),
		       "chain %u was changed", i + 1);
		BUG_ON(stack->next > i, "chain %u leads to the later chain %u", i + 1, stack->next);
		BUG_ON(find_stack(stack->hash, stack->entries, stack->nr_entries) != i + 1,
		       "chain %u is not found, or twice", i + 1);
	}
	spin_unlock_irqrestore(&depot_lock, flags);
}
