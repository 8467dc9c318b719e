// SPDX-License-Identifier: MIT
/*
 * ASIDs: that each mm has its own, and that none is taken for another's when they run out.
 *
 * QEMU forgets all of a TLB when CONTEXTIDR changes, so a flush that a new generation lacks goes
 * unnoticed here; that two mms run under one ASID does not.
 */
#include <asm/mmu_context.h>
#include <asm/cp15.h>
#include <kernel/smp.h>
#include <lib/container_of.h>
#include <mm/fail_page_alloc.h>
#include "crew.h"
#include "spaces.h"

TEST_SUITE("asid");

#define NO_WORD		0xdeadbeef

static unsigned long generation(void)
{
	struct asid_stats stats;

	get_asid_stats(&stats);
	return stats.generation;
}

/* Run in @mm for a moment. Return: the ASID it ran under. */
static unsigned int asid_in_use(struct mm_struct *mm)
{
	unsigned long flags;
	u32 asid;

	use_mm(mm);
	local_irq_save(flags);
	asid = read_contextidr();
	local_irq_restore(flags);
	EXPECT_EQ(asid, mm_asid(mm));
	unuse_mm(mm);
	return asid;
}

/* Have mms run, one after the other, until ASIDs have run out: one that is made new again and again. */
static void force_rollover(void)
{
	unsigned long before = generation();
	struct mm_struct *mm = mm_alloc();
	unsigned int nr = 0;

	if (!EXPECT(mm != NULL))
		return;
	while (generation() == before && nr++ < NUM_ASIDS) {
		init_new_context(mm);
		EXPECT(asid_in_use(mm) != 0);
	}
	EXPECT_EQ(generation(), before + 1);
	mmput(mm);
}

TEST("an mm gets an ASID when it first runs, none other has it, and it keeps it")
{
	struct space a, b;

	force_rollover();	/* so that none happens below */
	ASSERT(make_space(&a, 0));
	if (make_space(&b, 0)) {
		unsigned int asid = asid_in_use(a.mm);

		EXPECT(asid != 0 && asid < NUM_ASIDS);
		EXPECT(asid_in_use(b.mm) != asid);
		EXPECT_EQ(asid_in_use(a.mm), asid);
		drop_space(&b);
	}
	EXPECT_EQ(read_contextidr(), 0);
	EXPECT_EQ(asid_check(), 0);
	drop_space(&a);
}

TEST("when 255 have run a new generation begins, and old mms see their own pages")
{
	unsigned long before = generation();
	struct space a, b;

	ASSERT(make_space(&a, 0xaaaa));
	if (make_space(&b, 0xbbbb)) {
		for (unsigned int round = 0; round < 3; round++) {
			use_mm(a.mm);
			EXPECT_EQ(read_or(SPACE_ADDR, NO_WORD), 0xaaaa);
			unuse_mm(a.mm);
			force_rollover();
			use_mm(b.mm);
			EXPECT_EQ(read_or(SPACE_ADDR, NO_WORD), 0xbbbb);
			unuse_mm(b.mm);
			EXPECT(asid_in_use(a.mm) != asid_in_use(b.mm));
			EXPECT_EQ(asid_check(), 0);
		}
		EXPECT_EQ(generation(), before + 3);
		drop_space(&b);
	}
	drop_space(&a);
}

struct sitter {
	struct space space;
	atomic_t sits;
	unsigned int asid;		/* that it ran under all the time; 0 if that changed */
	u32 value;
};

/* Stay in the mm, without leaving the CPU more than one must, until told to stop. */
static int sit_in_space(void *data)
{
	struct sitter *s = data;
	int wrong = 0;

	use_mm(s->space.mm);
	preempt_disable();
	s->asid = mm_asid(s->space.mm);
	atomic_set(&s->sits, 1);
	while (!kthread_should_stop()) {
		wrong += *SPACE_WORD != s->value;
		if (read_contextidr() != s->asid)
			wrong++;
		cpu_relax();
	}
	preempt_enable();
	unuse_mm(s->space.mm);
	return wrong;
}

TEST("who runs at a rollover, on another CPU, keeps its ASID, through two of them")
{
	unsigned int other = cpumask_next(smp_processor_id(), cpu_online_mask);
	struct sitter s = { .value = 0xcccc };
	struct task_struct *task;

	if (other >= NR_CPUS)
		SKIP("one CPU");
	ASSERT(make_space(&s.space, s.value));
	task = make_thread(sit_in_space, &s, other);
	if (task) {
		wake_up_process(task);
		if (EXPECT(eventually(atomic_read(&s.sits)))) {
			force_rollover();
			force_rollover();
			EXPECT_EQ(mm_asid(s.space.mm), s.asid);
			EXPECT_EQ(asid_in_use(s.space.mm), s.asid);	/* here, too */
			force_rollover();
			EXPECT_EQ(asid_check(), 0);
		}
		EXPECT_EQ(stop_thread(task), 0);
	}
	drop_space(&s.space);
}

struct maker {
	u32 value;
	unsigned int nr_spaces;
};

/* Make address spaces and look at them, one after the other. Return: looks that were wrong. */
static int make_and_look(void *data)
{
	struct maker *m = data;
	int wrong = 0;

	for (unsigned int i = 0; i < m->nr_spaces; i++) {
		struct space s;

		if (!make_space(&s, ++m->value))
			return -1;
		use_mm(s.mm);
		wrong += read_or(SPACE_ADDR, NO_WORD) != m->value;
		yield();
		wrong += read_or(SPACE_ADDR, NO_WORD) != m->value;
		unuse_mm(s.mm);
		drop_space(&s);
	}
	return wrong;
}

TEST("all CPUs make and leave 500 address spaces and more, and none sees another's page")
{
	struct task_struct *tasks[NR_CPUS + 1];
	struct maker m[ARRAY_SIZE(tasks)];
	unsigned long before = generation();

	for (unsigned int i = 0; i < ARRAY_SIZE(m); i++)
		m[i] = (struct maker){ i << 16, test_repeats(110) };
	ASSERT(make_threads(tasks, ARRAY_SIZE(tasks), make_and_look, m, sizeof(m[0]), ANY_CPU));
	start_threads(tasks, ARRAY_SIZE(tasks));
	for (unsigned int i = 0; i < ARRAY_SIZE(tasks); i++)
		EXPECT_EQ(join_thread(tasks[i]), 0);
	EXPECT(fail_nth || generation() >= before + 2);
	EXPECT_EQ(asid_check() + mm_check(), 0);
}
