/* SPDX-License-Identifier: MIT */
/*
 * From one address space to another: ASIDs, and the registers that the walker starts from. Part of
 * the contract with mm/ and kernel/sched.c; the picture is in arch/arm/mm/context.c.
 */
#ifndef ASM_MMU_CONTEXT_H
#define ASM_MMU_CONTEXT_H

#include <asm/irqflags.h>
#include <kernel/bug.h>
#include <mm/mm_struct.h>

/* The ASID of an id (mm_context_t), and what is above it: the generation. */
#define ASID_BITS		8
#define ASID_MASK		((1u << ASID_BITS) - 1)
#define ASID_FIRST_VERSION	(1ull << ASID_BITS)
#define NUM_ASIDS		(1u << ASID_BITS)

/* The ASID an mm had last; it may have it no longer. init_mm's is 0, which no other has. */
static inline unsigned int mm_asid(const struct mm_struct *mm)
{
	return (unsigned int)atomic64_read(&mm->context.id) & ASID_MASK;
}

/* A new mm has no ASID until it first runs. Return: 0. As Linux's. */
static inline int init_new_context(struct mm_struct *mm)
{
	atomic64_set(&mm->context.id, 0);
	return 0;
}

/**
 * check_and_switch_context - have this CPU walk an mm's page directory
 * @mm: not init_mm
 *
 * Gives it an ASID if it has none of the present generation. Context: interrupts masked.
 */
void check_and_switch_context(struct mm_struct *mm);

/* Have this CPU walk init_mm's page directory, which maps nothing of user space. Context: as above. */
void cpu_switch_to_init_mm(void);

/**
 * switch_mm - leave one address space for another
 * @prev: the one in use
 * @next: the one to use; another
 *
 * On return user addresses are @next's, and no TLB answers for @prev. Context: interrupts masked.
 * Differs from Linux: nobody needs the thread.
 */
static inline void switch_mm(struct mm_struct *prev, struct mm_struct *next)
{
	VM_BUG_ON(!irqs_disabled() || prev == next, "from mm %p to %p", prev, next);
	if (next == &init_mm)
		cpu_switch_to_init_mm();
	else
		check_and_switch_context(next);
}

/* ---- For those who look at it ---- */

struct asid_stats {
	unsigned long generation;	/* how often ASIDs ran out, and 1 */
	unsigned int in_use;		/* ASIDs given out in this generation */
};

/* Context: any. */
void get_asid_stats(struct asid_stats *stats);

/* Walk the allocator's state (I1-I3 of context.c). Return: mistakes found. Context: any. */
int asid_check(void);

#endif
