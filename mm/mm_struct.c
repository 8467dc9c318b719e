// SPDX-License-Identifier: MIT
/*
 * Address spaces come and go, and threads work in them: <mm/mm_struct.h> has the picture. After Linux's
 * kernel/fork.c and mm/mmu_context.c.
 *
 *    mm_alloc()   mm_users 1, mm_count 1
 *    use_mm()     mm_users + 1, current->mm; the page directory is walked from here on
 *    unuse_mm()   init_mm's is walked; mmput()
 *    mmput()      the last user: the user half is emptied, mmdrop()
 *    mmdrop()     the last reference: the page directory is freed
 */
#include <asm/mmu_context.h>
#include <asm/pgd.h>
#include <kernel/sched.h>
#include <mm/mm_struct.h>
#include <mm/slab.h>

struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = kzalloc(sizeof(*mm), GFP_KERNEL);

	if (!mm)
		return NULL;
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	spin_lock_init(&mm->page_table_lock);
	init_new_context(mm);
	if (!pgd_alloc(mm)) {
		kfree(mm);
		return NULL;
	}
	return mm;
}

void mmdrop(struct mm_struct *mm)
{
	BUG_ON(mm == &init_mm || atomic_read(&mm->mm_count) <= 0, "mm %p, %d references", mm,
	       atomic_read(&mm->mm_count));
	if (!atomic_dec_and_test(&mm->mm_count))
		return;
	pgd_free(mm);
	kfree(mm);
}

void mmput(struct mm_struct *mm)
{
	might_sleep();
	BUG_ON(mm == &init_mm || atomic_read(&mm->mm_users) <= 0, "mm %p, %d users", mm,
	       atomic_read(&mm->mm_users));
	if (!atomic_dec_and_test(&mm->mm_users))
		return;
	free_user_tables(mm);
	mmdrop(mm);
}

/* current->mm and the page directory in use change together, as seen by the scheduler (I3). */
static void set_current_mm(struct mm_struct *from, struct mm_struct *to)
{
	unsigned long flags;

	local_irq_save(flags);
	current->mm = to == &init_mm ? NULL : to;
	switch_mm(from, to);
	local_irq_restore(flags);
}

void use_mm(struct mm_struct *mm)
{
	BUG_ON(current->mm, "%s (%d) has mm %p", current->comm, current->pid, current->mm);
	BUG_ON(mm == &init_mm || atomic_read(&mm->mm_users) <= 0, "mm %p has no user", mm);
	mmget(mm);
	set_current_mm(&init_mm, mm);
}

void unuse_mm(struct mm_struct *mm)
{
	BUG_ON(current->mm != mm, "%s (%d) has mm %p, not %p", current->comm, current->pid, current->mm,
	       mm);
	set_current_mm(mm, &init_mm);
	mmput(mm);
}
