// SPDX-License-Identifier: MIT
/*
 * Address spaces: their halves, threads that work in them, and what they learn of the kernel's half
 * when they touch it. asid_test.c has the rest of it.
 *
 * "Elsewhere" is EMPTY_PAIR, 2 MiB of the vmalloc area below the board's windows, in which nothing is
 * mapped: a test maps there, in init_mm, while others run in an mm that does not know.
 */
#include <asm/cacheflush.h>
#include <asm/lowmem.h>
#include <asm/pgalloc.h>
#include <asm/pgd.h>
#include <asm/tlbflush.h>
#include <asm/vexpress.h>
#include <kernel/panic.h>
#include <kernel/probe.h>
#include <kernel/smp.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/apply_range.h>
#include <mm/gfp.h>
#include <mm/vmalloc.h>
#include "crew.h"
#include "spaces.h"

TEST_SUITE("mm");

#define EMPTY_PAIR	(IO_MPCORE_BASE - PMD_SIZE)
#define NR_SPACES	3U
#define NO_WORD		0xdeadbeef
#define NR_LOOKS	50

static unsigned long all_faults(void)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += nr_vmalloc_faults(cpu);
	return sum;
}

/* ---- Halves ---- */

/* Leave ones in the block that the next page directory is likely to be made of. */
static void leave_junk(void)
{
	unsigned long block = __get_free_pages(GFP_KERNEL, PGD_ORDER);

	if (block)
		memset((void *)block, 0xff, SWAPPER_PG_DIR_SIZE);
	free_pages(block, PGD_ORDER);
}

TEST("a new mm has an empty user half, and the kernel half of init_mm")
{
	struct mm_struct *mm;

	leave_junk();
	mm = mm_alloc();
	ASSERT(mm != NULL);
	for (unsigned long addr = 0; addr < TASK_SIZE; addr += PMD_SIZE)
		if (!EXPECT(pmd_none(pmd_off(mm, addr)[0]) && pmd_none(pmd_off(mm, addr)[1])))
			break;
	for (unsigned long addr = TASK_SIZE; addr != 0; addr += SECTION_SIZE)
		if (!EXPECT_EQ(pmd_val(((pmd_t *)mm->pgd)[addr >> SECTION_SHIFT]),
			       pmd_val(((pmd_t *)swapper_pg_dir)[addr >> SECTION_SHIFT])))
			break;
	EXPECT_EQ(mm_check(), 0);
	mmput(mm);
	EXPECT_EQ(mm_check(), 0);
}

TEST("an mm without users is there until its last reference is dropped")
{
	struct mm_struct *mm = mm_alloc();

	ASSERT(mm != NULL);
	mmgrab(mm);
	mmput(mm);
	EXPECT_EQ(atomic_read(&mm->mm_users), 0);
	EXPECT_EQ(atomic_read(&mm->mm_count), 1);
	EXPECT(pmd_none(pmd_off(mm, 0)[0]));
	EXPECT_EQ(mm_check(), 0);
	mmdrop(mm);
	EXPECT_EQ(mm_check(), 0);
}

TEST("one user address shows another page in each mm, and nothing without one")
{
	struct space s[NR_SPACES];
	unsigned int nr;

	for (nr = 0; nr < NR_SPACES; nr++)
		if (!make_space(&s[nr], 0x1000 + nr))
			break;
	for (unsigned int i = 0; i < NR_LOOKS; i++) {
		unsigned int which = test_random_below(NR_SPACES);

		if (which >= nr)
			continue;
		use_mm(s[which].mm);
		EXPECT_EQ(read_or(SPACE_ADDR, NO_WORD), 0x1000 + which);
		EXPECT_EQ(read_or(SPACE_ADDR + PAGE_SIZE, NO_WORD), NO_WORD);
		unuse_mm(s[which].mm);
		EXPECT_EQ(read_or(SPACE_ADDR, NO_WORD), NO_WORD);
	}
	while (nr)
		drop_space(&s[--nr]);
}

TEST("pages of user space are not global, and have no effect on init_mm's page directory")
{
	struct space s;
	pte_t *pte;

	ASSERT(make_space(&s, 1));
	pte = pte_offset_kernel(pmd_off(s.mm, SPACE_ADDR), SPACE_ADDR);
	EXPECT_EQ(pte_val(pte[PTE_HWTABLE_PTRS]) & PTE_EXT_NG, PTE_EXT_NG);
	EXPECT(pmd_none(*pmd_off_k(SPACE_ADDR)));
	drop_space(&s);
}

TEST("flush_tlb_page, flush_tlb_range and flush_tlb_mm make a change in an mm count, on every CPU")
{
	struct space s;
	u32 *other = (u32 *)get_zeroed_page(GFP_KERNEL);

	ASSERT(other != NULL);
	*other = 0x2222;
	if (make_space(&s, 0x1111)) {
		use_mm(s.mm);
		EXPECT_EQ(*SPACE_WORD, 0x1111);
		map_user_page(s.mm, SPACE_ADDR, other);
		flush_tlb_page(s.mm, SPACE_ADDR + 8);
		EXPECT_EQ(*SPACE_WORD, 0x2222);
		map_user_page(s.mm, SPACE_ADDR, s.page);
		flush_tlb_range(s.mm, SPACE_ADDR - PAGE_SIZE, SPACE_ADDR + 1);
		EXPECT_EQ(*SPACE_WORD, 0x1111);
		map_user_page(s.mm, SPACE_ADDR, other);
		flush_tlb_range(s.mm, SPACE_ADDR & PMD_MASK, (SPACE_ADDR & PMD_MASK) + PMD_SIZE);
		EXPECT_EQ(*SPACE_WORD, 0x2222);
		map_user_page(s.mm, SPACE_ADDR, s.page);
		flush_tlb_mm(s.mm);
		EXPECT_EQ(*SPACE_WORD, 0x1111);
		unuse_mm(s.mm);
		drop_space(&s);
	}
	free_page((unsigned long)other);
}

/* ---- Threads ---- */

struct worker {
	struct space space;
	u32 value;
	unsigned int looks;
};

/* Look at the own page again and again, with others' turns in between. Return: looks that were wrong. */
static int work_in_space(void *data)
{
	struct worker *w = data;
	int wrong = 0;

	use_mm(w->space.mm);
	for (unsigned int i = 0; i < w->looks; i++) {
		if (*SPACE_WORD != w->value)
			wrong++;
		*SPACE_WORD = ++w->value;
		if (i % 4 == 0)
			yield();
	}
	unuse_mm(w->space.mm);
	return wrong;
}

static void run_workers(unsigned int cpu)
{
	struct worker w[NR_SPACES];
	struct task_struct *tasks[NR_SPACES];
	unsigned int nr;

	for (nr = 0; nr < NR_SPACES; nr++) {
		w[nr].value = nr << 16;
		w[nr].looks = test_repeats(400);
		if (!make_space(&w[nr].space, w[nr].value))
			break;
	}
	if (nr == NR_SPACES && make_threads(tasks, NR_SPACES, work_in_space, w, sizeof(w[0]), cpu)) {
		start_threads(tasks, NR_SPACES);
		for (unsigned int i = 0; i < NR_SPACES; i++)
			EXPECT_EQ(join_thread(tasks[i]), 0);
	}
	EXPECT_EQ(mm_check(), 0);
	while (nr)
		drop_space(&w[--nr].space);
}

TEST("threads of several mms on one CPU each see their own, through every switch")
{
	run_workers(smp_processor_id());
}

TEST("so do threads that go from CPU to CPU")
{
	run_workers(ANY_CPU);
}

/* ---- The vmalloc fault ---- */

/* Map @page elsewhere, at @offset, in init_mm alone. Return: was there memory for a table? */
static bool map_elsewhere(unsigned long offset, void *page)
{
	unsigned long addr = EMPTY_PAIR + offset;
	pte_t *pte = pte_alloc_kernel(pmd_off_k(addr), addr);

	if (!EXPECT(pte != NULL))
		return false;
	set_pte_at(&init_mm, addr, pte, pfn_pte(PHYS_PFN(__pa(page)), PAGE_KERNEL));
	flush_cache_vmap(addr, addr + PAGE_SIZE);
	return true;
}

/* Unmap all that was mapped there, and free the table. */
static void unmap_elsewhere(void)
{
	pte_t *table = pmd_clear_kernel_all(EMPTY_PAIR);

	flush_tlb_all();
	if (table)
		pte_free_kernel(&init_mm, table);
}

TEST("what the kernel maps later, an mm learns at the first touch: one fault for 2 MiB")
{
	unsigned long odd = PMD_SIZE - PAGE_SIZE, faults;
	struct space s;

	ASSERT(make_space(&s, 0x5555));
	if (map_elsewhere(0, s.page) && map_elsewhere(odd, s.page)) {
		EXPECT(pmd_none(*pmd_off(s.mm, EMPTY_PAIR)));
		faults = all_faults();
		EXPECT_EQ(read_or(EMPTY_PAIR, NO_WORD), 0x5555);
		EXPECT_EQ(all_faults(), faults);
		use_mm(s.mm);
		EXPECT_EQ(*(volatile u32 *)(EMPTY_PAIR + odd), 0x5555);
		EXPECT_EQ(all_faults(), faults + 1);
		*(volatile u32 *)EMPTY_PAIR = 0x6666;
		EXPECT_EQ(*SPACE_WORD, 0x6666);
		EXPECT_EQ(all_faults(), faults + 1);
		unuse_mm(s.mm);
		EXPECT_EQ(pmd_val(*pmd_off(s.mm, EMPTY_PAIR)), pmd_val(*pmd_off_k(EMPTY_PAIR)));
		EXPECT_EQ(mm_check(), 0);
	}
	unmap_elsewhere();
	drop_space(&s);
}

TEST("an mm that is made afterwards knows from the beginning")
{
	unsigned long faults = all_faults();
	struct space a, b;

	ASSERT(make_space(&a, 0x5555));
	if (map_elsewhere(0, a.page) && make_space(&b, 0)) {
		use_mm(b.mm);
		EXPECT_EQ(read_or(EMPTY_PAIR, NO_WORD), 0x5555);
		unuse_mm(b.mm);
		EXPECT_EQ(all_faults(), faults);
		drop_space(&b);
	}
	unmap_elsewhere();
	drop_space(&a);
}

TEST("a table that is freed is gone from every page directory, and a touch faults for good")
{
	unsigned long faults;
	struct space s;

	ASSERT(make_space(&s, 0x5555));
	use_mm(s.mm);
	if (map_elsewhere(0, s.page)) {
		EXPECT_EQ(read_or(EMPTY_PAIR, NO_WORD), 0x5555);
		faults = all_faults();
		unmap_elsewhere();
		EXPECT(pmd_none(pmd_off(s.mm, EMPTY_PAIR)[0]) && pmd_none(pmd_off(s.mm, EMPTY_PAIR)[1]));
		EXPECT_EQ(read_or(EMPTY_PAIR, NO_WORD), NO_WORD);
		EXPECT_EQ(all_faults(), faults);
	}
	unuse_mm(s.mm);
	EXPECT_EQ(mm_check(), 0);
	drop_space(&s);
}

TEST("an address that the kernel does not map either is a bad address in an mm, too")
{
	unsigned long faults = all_faults();
	struct space s;

	ASSERT(make_space(&s, 0));
	use_mm(s.mm);
	EXPECT_EQ(read_or(EMPTY_PAIR, NO_WORD), NO_WORD);
	EXPECT_EQ(read_or(0, NO_WORD), NO_WORD);
	EXPECT_EQ(probe_kernel_exec((void *)EMPTY_PAIR), -EFAULT);
	unuse_mm(s.mm);
	EXPECT_EQ(all_faults(), faults);
	drop_space(&s);
}

TEST("code that is first jumped to from an mm runs")
{
	static const u32 return_insn = 0xe12fff1e;	/* bx lr */
	unsigned long faults;
	struct space s;
	pte_t *pte;

	ASSERT(make_space(&s, return_insn));
	flush_icache_range((unsigned long)s.page, (unsigned long)s.page + sizeof(return_insn));
	pte = pte_alloc_kernel(pmd_off_k(EMPTY_PAIR), EMPTY_PAIR);
	if (EXPECT(pte != NULL)) {
		set_pte_at(&init_mm, EMPTY_PAIR, pte, pfn_pte(PHYS_PFN(__pa(s.page)), PAGE_KERNEL_RX));
		flush_cache_vmap(EMPTY_PAIR, EMPTY_PAIR + PAGE_SIZE);
		faults = all_faults();
		use_mm(s.mm);
		EXPECT_EQ(probe_kernel_exec((void *)EMPTY_PAIR), 0);
		unuse_mm(s.mm);
		EXPECT_EQ(all_faults(), faults + 1);
	}
	unmap_elsewhere();
	drop_space(&s);
}

struct toucher {
	struct mm_struct *mm;
	atomic_t *go;
	u32 seen;
};

/* Touch it at the moment when all others do. */
static int touch_elsewhere(void *data)
{
	struct toucher *t = data;

	use_mm(t->mm);
	atomic_dec(t->go);
	sev();
	while (atomic_read(t->go) > 0)
		cpu_relax();
	t->seen = read_or(EMPTY_PAIR, NO_WORD);
	unuse_mm(t->mm);
	return 0;
}

TEST("all CPUs touch it for the first time at once, in one mm: each sees it, each faults at most once")
{
	unsigned long faults = all_faults();
	struct toucher t[NR_CPUS];
	struct task_struct *tasks[NR_CPUS] = { NULL };
	unsigned int cpu, nr = 0, made = 0;
	atomic_t go = ATOMIC_INIT((int)num_online_cpus());
	struct space s;

	ASSERT(make_space(&s, 0x7777));
	if (map_elsewhere(0, s.page)) {
		for_each_online_cpu(cpu) {
			t[nr] = (struct toucher){ .mm = s.mm, .go = &go };
			tasks[nr] = make_thread(touch_elsewhere, &t[nr], cpu);
			made += tasks[nr++] != NULL;
		}
		for (unsigned int i = 0; i < nr; i++)
			if (tasks[i] && made == nr)
				wake_up_process(tasks[i]);
		for (unsigned int i = 0; i < nr; i++) {
			if (tasks[i] && made < nr)
				stop_thread(tasks[i]);
			if (made < nr)
				continue;
			EXPECT_EQ(join_thread(tasks[i]), 0);
			EXPECT_EQ(t[i].seen, 0x7777);
		}
		if (made == nr)
			EXPECT(all_faults() > faults && all_faults() <= faults + nr);
	}
	unmap_elsewhere();
	drop_space(&s);
}

/* Context: interrupt, or this CPU with interrupts masked. */
static void read_elsewhere(void *info)
{
	*(u32 *)info = read_or(EMPTY_PAIR, NO_WORD);
}

TEST("the first touch may be that of an interrupt, on top of a thread that has an mm")
{
	unsigned long faults, flags;
	struct space s;
	u32 seen = 0;

	ASSERT(make_space(&s, 0x8888));
	use_mm(s.mm);
	if (map_elsewhere(0, s.page)) {
		faults = all_faults();
		local_irq_save(flags);
		read_elsewhere(&seen);
		local_irq_restore(flags);
		EXPECT_EQ(seen, 0x8888);
		EXPECT_EQ(all_faults(), faults + 1);
		EXPECT(!irqs_disabled());
	}
	unuse_mm(s.mm);
	unmap_elsewhere();
	drop_space(&s);
}

/* ---- vmalloc() ---- */

struct visitor {
	struct mm_struct *mm;
	const u32 *words;
	unsigned long nr_pages, wrong;
};

/* Look at the first word of each page, in an mm. */
static int visit_pages(void *data)
{
	struct visitor *v = data;

	use_mm(v->mm);
	for (unsigned long i = 0; i < v->nr_pages; i++)
		v->wrong += v->words[i * (PAGE_SIZE / sizeof(u32))] != i;
	unuse_mm(v->mm);
	return 0;
}

TEST("vmalloc()'s memory is seen by mms that are older, on every CPU, and its tables leave them with it")
{
	const unsigned long nr_pages = 2 * PMD_SIZE / PAGE_SIZE;
	struct visitor v = { .nr_pages = nr_pages };
	unsigned long faults;
	struct space s;
	unsigned int cpu;
	u32 *words;

	vm_unmap_aliases();
	ASSERT(make_space(&s, 0));
	words = __vmalloc(nr_pages * PAGE_SIZE, GFP_KERNEL | __GFP_HIGHMEM | __GFP_NOWARN, PAGE_KERNEL);
	if (words) {
		unsigned long amid = ALIGN((unsigned long)words, PMD_SIZE);

		for (unsigned long i = 0; i < nr_pages; i++)
			words[i * (PAGE_SIZE / sizeof(u32))] = i;
		v.mm = s.mm;
		v.words = words;
		faults = all_faults();
		EXPECT(pmd_none(*pmd_off(s.mm, amid)));
		for_each_online_cpu(cpu) {
			struct task_struct *task = make_thread(visit_pages, &v, cpu);

			if (!task)
				continue;
			wake_up_process(task);
			EXPECT_EQ(join_thread(task), 0);
			EXPECT(!pmd_none(*pmd_off(s.mm, amid)));
		}
		EXPECT_EQ(v.wrong, 0);
		EXPECT(all_faults() > faults && all_faults() <= faults + 3);	/* 2 MiB each, one mm */
		EXPECT_EQ(mm_check(), 0);
		vfree(words);
		vm_unmap_aliases();
		EXPECT(pmd_none(*pmd_off(s.mm, amid)) && pmd_none(*pmd_off_k(amid)));
		EXPECT_EQ(mm_check(), 0);
	}
	drop_space(&s);
	if (!words)
		SKIP("no memory for 4 MiB");
}

/* ---- apply_to_page_range() ---- */

struct fill {
	struct mm_struct *mm;
	void *page;
	unsigned long nr;
};

static int fill_entry(pte_t *pte, unsigned long addr, void *data)
{
	struct fill *fill = data;

	EXPECT(spin_is_locked(&fill->mm->page_table_lock));
	set_pte_at(fill->mm, addr, pte, pfn_pte(PHYS_PFN(__pa(fill->page)), __pgprot(_PAGE_KERNEL | L_PTE_USER)));
	fill->nr++;
	return 0;
}

static int count_entry(pte_t *pte, unsigned long addr, void *data)
{
	(void)addr;
	EXPECT(!pte_none(*pte));
	++*(unsigned long *)data;
	return 0;
}

TEST("apply_to_page_range makes what tables an mm lacks, and fills them, on both sides of 2 MiB")
{
	unsigned long start = 2 * PMD_SIZE - 3 * PAGE_SIZE, size = 8 * PAGE_SIZE, nr = 0;
	struct space s;

	ASSERT(make_space(&s, 0x7070));
	if (EXPECT_EQ(apply_to_page_range(s.mm, start, size, fill_entry, &(struct fill){ s.mm, s.page, 0 }), 0)) {
		flush_cache_vmap(start, start + size);
		EXPECT_EQ(apply_to_existing_page_range(s.mm, 0, TASK_SIZE, count_entry, &nr), 0);
		EXPECT_EQ(nr, 9);	/* and its own page */
		use_mm(s.mm);
		for (unsigned long addr = start; addr < start + size; addr += PAGE_SIZE)
			EXPECT_EQ(read_or(addr, NO_WORD), 0x7070);
		EXPECT_EQ(read_or(start - PAGE_SIZE, NO_WORD), NO_WORD);
		EXPECT_EQ(read_or(start + size, NO_WORD), NO_WORD);
		unuse_mm(s.mm);
	}
	drop_space(&s);
}

TEST("apply_to_page_range refuses a section, and a range that is none, with a warning")
{
	unsigned long section = (unsigned long)high_memory - SECTION_SIZE, nr = 0;
	unsigned int before = warn_count;

	if (pmd_table(*pmd_off_k(section)))
		SKIP("lowmem ends amid a MiB");
	EXPECT_EQ(apply_to_page_range(&init_mm, section, PAGE_SIZE, count_entry, &nr), -EINVAL);
	EXPECT_EQ(apply_to_page_range(&init_mm, EMPTY_PAIR, 0, count_entry, &nr), -EINVAL);
	EXPECT_EQ(apply_to_existing_page_range(&init_mm, 0xffffe000, 3 * PAGE_SIZE, count_entry, &nr), -EINVAL);
	EXPECT_EQ(nr, 0);
	EXPECT_EQ(warn_count, before + 3);
	warn_count = before;
}

TEST("apply_to_page_range makes no table for an mm in the kernel's half, and none for the kernel in the other")
{
	struct mm_struct *mm = mm_alloc();
	unsigned int before = warn_count;
	unsigned long nr = 0;

	ASSERT(mm);
	EXPECT_EQ(apply_to_page_range(mm, EMPTY_PAIR, PAGE_SIZE, count_entry, &nr), -EINVAL);
	EXPECT_EQ(apply_to_page_range(mm, TASK_SIZE - PAGE_SIZE, 2 * PAGE_SIZE, count_entry, &nr), -EINVAL);
	EXPECT_EQ(apply_to_page_range(&init_mm, SPACE_ADDR, PAGE_SIZE, count_entry, &nr), -EINVAL);
	EXPECT_EQ(nr, 0);
	EXPECT_EQ(warn_count, before + 3);
	warn_count = before;
	EXPECT_EQ(mm_check(), 0);
	mmput(mm);
}
