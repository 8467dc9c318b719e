/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: a page directory, and who uses it. Names from Linux.
 *
 *    init_mm                    mm_alloc()
 *    +---------+                +---------+
 *    | pgd ----|--> kernel half | pgd ----|--> user half: the mm's own
 *    +---------+        |       +---------+    kernel half: copied from init_mm's
 *                       +------ copied when it is made, and later on demand ---^
 *
 * The kernel's page table is init_mm's. What changes there afterwards, in a 2 MiB of which the others
 * know nothing, they learn when they first touch it: a fault of theirs is answered with a copy of the
 * entry (arch/arm/mm/pgd.c). So mapping is as cheap as if there were one page directory.
 *
 * I1. An entry of the kernel's half in any page directory is empty, or that of init_mm. So what is
 *     taken from init_mm's, or changed there, is taken or changed everywhere, under I2's lock.
 * I2. init_mm.page_table_lock protects the kernel's half of all page directories and the list of the
 *     mms. It is taken in faults, so always with interrupts masked. Each mm's own page_table_lock
 *     protects its user half, and is taken outside of init_mm's.
 * I3. A thread that has ->mm set holds one of its ->mm_users, and runs on its page directory; one that
 *     has none runs on init_mm's.
 * I4. ->mm_users holds one ->mm_count. When the last user is gone the user half is emptied; when the
 *     last reference is gone the page directory and the struct are freed.
 *
 * mm_check() walks the mms. Differs from Linux: a thread without an mm does not go on using that of
 * the thread before it (active_mm): that saves a switch or two, and costs another reference count.
 */
#ifndef MM_MM_STRUCT_H
#define MM_MM_STRUCT_H

#include <asm/mmu.h>
#include <asm/pgtable.h>
#include <kernel/cpumask.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include <lib/list.h>

struct mm_struct {
	pgd_t *pgd;
	atomic_t mm_users;		/* I4 */
	atomic_t mm_count;		/* I4 */
	spinlock_t page_table_lock;	/* I2 */
	struct list_head mmlist;	/* all mms, init_mm first (I2) */
	struct cpumask cpu_vm_mask;	/* CPUs whose TLBs may know its user half */
	mm_context_t context;
};

/* The kernel's: its page directory is swapper_pg_dir. It is never freed. */
extern struct mm_struct init_mm;

/* The mms besides init_mm. Context: init_mm.page_table_lock is held, or nobody else runs. */
#define for_each_mm(mm)		list_for_each_entry(mm, &init_mm.mmlist, mmlist)

/* The CPUs that use it, or did and may have something of it in their TLB. */
static inline struct cpumask *mm_cpumask(struct mm_struct *mm)
{
	return &mm->cpu_vm_mask;
}

/**
 * mm_alloc - make an address space
 *
 * Its user half is empty. Return: the mm, with one user, the caller: mmput() gives it back; NULL if
 * memory is short. Context: thread that may sleep.
 */
struct mm_struct *mm_alloc(void);

/* One user more, of an mm that has one. */
static inline void mmget(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_users);
}

/* One reference more to the struct and its page directory. As Linux's since 4.11. */
static inline void mmgrab(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_count);
}

/**
 * mmput - a user of an address space is done with it
 * @mm: not init_mm
 *
 * The last one empties the user half: its page tables are freed, not what they map, which belongs to
 * whoever mapped it. Context: thread that may sleep.
 */
void mmput(struct mm_struct *mm);

/* Give a reference back; the last one frees. Context: as mmput(). */
void mmdrop(struct mm_struct *mm);

/**
 * use_mm - have the running thread work in an address space
 * @mm: not init_mm; the caller knows that it has a user
 *
 * From here on user addresses are @mm's, for this thread, on whatever CPU it runs. It is a user of
 * its own. Context: a thread that has no mm. BUG if it has one. As Linux's (kthread_use_mm() since
 * 5.8), which leaves the counting to the caller.
 */
void use_mm(struct mm_struct *mm);

/* The end of it: BUG if the thread does not use @mm. May be the last user. */
void unuse_mm(struct mm_struct *mm);

/**
 * mm_check - walk all mms: I1, I2's list, and that what must not fault is there
 *
 * Return: how many violations were found, each after a message. Context: any.
 */
int mm_check(void);

#endif
