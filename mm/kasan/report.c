// SPDX-License-Identifier: MIT
/*
 * What KASAN found, in the form of Linux's mm/kasan/report.c, so that what reads those can read these:
 *
 *    BUG: KASAN: slab-out-of-bounds in foo+0x1c/0x30
 *    Write of size 1 at addr c3a5e0cd by task init/1
 *    Call trace: ...
 *    Allocated by task 1: ...
 *    The buggy address belongs to the object at c3a5e080 which belongs to the cache kmalloc-80 of size 80
 *    Memory state around the buggy address: ...
 *
 * and then the kernel goes on, and does what it was about to do.
 *
 * R1. Each is counted, as a warning, so that no test passes in which it happened. After REPORTS_MAX of them the
 *     others are counted only.
 * R2. One CPU reports at a time, with interrupts off, and what it does meanwhile is not reported.
 * R3. No lock is taken, but by printk(): an access may be wrong wherever it is.
 */
#include <asm/irqflags.h>
#include <asm/stack.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/stacktrace.h>
#include <lib/atomic.h>
#include <lib/math.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include "../slab_internal.h"
#include "kasan.h"

#define REPORTS_MAX	100u
#define SHORTLY_BEFORE	16u	/* bytes in front of an object: who is there meant it */
#define NOBODY		(-1)
#define BORDER		"==================================================================\n"

/* Of the shadow: bytes a row, and rows above and below. */
#define ROW_BYTES	16ul
#define ROWS_AROUND	2
#define ROW_MEMORY	(ROW_BYTES << KASAN_SHADOW_SCALE_SHIFT)
#define ROW_TEXT	(ROW_BYTES * 3 + 1)

struct kasan_report_info kasan_last_report;

static bool ready;			/* memory has its shadow */
static atomic_t reporter = ATOMIC_INIT(NOBODY);	/* R2: the CPU */

/* --- What it is --- */

/* The byte that says why @addr may not be used: behind a granule that is used in part comes its red zone. */
static u8 reason_at(unsigned long addr)
{
	const s8 *shadow = kasan_mem_to_shadow(addr);

	return (u8)(*shadow > 0 ? shadow[1] : *shadow);
}

static const char *kind_of(u8 reason)
{
	switch (reason) {
	case KASAN_SLAB_REDZONE:
	case KASAN_PAGE_REDZONE:
		return "slab-out-of-bounds";
	case KASAN_SLAB_FREE:
	case KASAN_FREE_PAGE:
		return "use-after-free";
	case KASAN_GLOBAL_REDZONE:
		return "global-out-of-bounds";
	case KASAN_STACK_LEFT:
	case KASAN_STACK_MID:
	case KASAN_STACK_RIGHT:
	case KASAN_STACK_PARTIAL:
		return "stack-out-of-bounds";
	case KASAN_ALLOCA_LEFT:
	case KASAN_ALLOCA_RIGHT:
		return "alloca-out-of-bounds";
	case KASAN_VMALLOC_INVALID:
		return "vmalloc-out-of-bounds";
	default:
		return "out-of-bounds";
	}
}

/* --- Whose it is --- */

static void show_track(const struct kasan_track *track, const char *did)
{
	const unsigned long *entries = NULL;
	unsigned int i, nr = stack_depot_fetch(track->stack, &entries);

	pr_err("%s by task %d:\n", did, track->pid);
	for (i = 0; i < nr; i++)
		pr_err(" %pS\n", (void *)(entries[i] - 1));
	if (!nr)
		pr_err(" (call chain not stored)\n");
}

/* Where @addr lies as seen from the object: "3 bytes to the right of". */
static void show_place(const struct kmem_cache *cachep, unsigned long objp, unsigned long addr)
{
	unsigned long size = cachep->object_size, distance = addr - objp;
	const char *where = "inside";

	if (addr < objp) {
		where = "to the left";
		distance = objp - addr;
	} else if (distance >= size) {
		where = "to the right";
		distance -= size;
	}
	pr_err("The buggy address belongs to the object at %08lx\n", objp);
	pr_err(" which belongs to the cache %s of size %lu\n", cachep->name, size);
	pr_err("The buggy address is located %lu bytes %s of\n", distance, where);
	pr_err(" %lu-byte region [%08lx, %08lx)\n", size, objp, objp + size);
}

static void show_object(const struct kmem_cache *cachep, const void *objp, unsigned long addr)
{
	const struct kasan_meta *meta = kasan_meta_of(cachep, objp);

	if (meta && meta->alloc.pid | meta->alloc.stack)
		show_track(&meta->alloc, "Allocated");
	if (meta && meta->free.pid | meta->free.stack)
		show_track(&meta->free, "Freed");
	show_place(cachep, (unsigned long)objp, addr);
}

/* The object that @addr lies in, or shortly before; or else the last one before it. NULL: none. */
static const void *object_near(const struct kmem_cache *cachep, unsigned long addr)
{
	const char *objp = nearest_obj(cachep, (void *)addr), *next = (void *)(addr + SHORTLY_BEFORE);

	if (objp && addr - (unsigned long)objp < cachep->object_size)
		return objp;
	next = virt_addr_valid(next) ? nearest_obj(cachep, next) : NULL;
	return next ? next : objp;
}

static void show_owner(unsigned long addr)
{
	const struct task_struct *task = task_of_stack(addr);
	const struct page *page;
	const void *objp;

	if (task) {
		pr_err("The buggy address belongs to the stack of task %s/%d\n", task->comm, task->pid);
		return;
	}
	if (kasan_show_global(addr) || !virt_addr_valid((void *)addr))
		return;
	page = virt_to_page((void *)addr);
	objp = PageSlab(page) ? object_near(page->slab_cache, addr) : NULL;
	if (objp)
		show_object(page->slab_cache, objp, addr);
	else
		pr_err("The buggy address belongs to page pfn:%lx, flags 0x%lx, count %d\n", page_to_pfn(page),
		       page->flags, page_count(page));
}

/* --- The shadow --- */

static void show_row(unsigned long row, unsigned long addr)
{
	unsigned long at = (addr - row) >> KASAN_SHADOW_SCALE_SHIFT, i;
	bool here = addr - row < ROW_MEMORY;
	char text[ROW_TEXT];

	for (i = 0; i < ROW_BYTES; i++)
		snprintf(text + i * 3, 4, " %02x", (u8)kasan_mem_to_shadow(row)[i]);
	pr_err("%c%08lx:%s\n", here ? '>' : ' ', row, text);
	if (here)
		pr_err("%*s\n", (int)(sizeof(">12345678: 0") - 1 + at * 3), "^");
}

static void show_shadow(unsigned long addr)
{
	unsigned long row = addr & ~(ROW_MEMORY - 1);
	int i;

	pr_err("Memory state around the buggy address:\n");
	for (i = -ROWS_AROUND; i <= ROWS_AROUND; i++) {
		unsigned long this = row + (unsigned long)i * ROW_MEMORY;

		if (this >= KASAN_SHADOW_END)
			show_row(this, addr);
	}
}

/* --- Reports --- */

static void release_reporter(unsigned long flags)
{
	smp_mb__before_atomic();
	atomic_set(&reporter, NOBODY);
	arch_local_irq_restore(flags);
}

/* Return: is it to be reported? Then interrupts are off until end_report(@flags). */
static bool begin_report(unsigned long *flags)
{
	int cpu, who;

	if (!ready)
		return false;
	*flags = arch_local_irq_save();
	cpu = (int)raw_smp_processor_id();
	while ((who = atomic_cmpxchg(&reporter, NOBODY, cpu)) != NOBODY) {
		if (who == cpu) {
			arch_local_irq_restore(*flags);
			return false;
		}
		cpu_relax();
	}
	warn_count++;
	if (kasan_last_report.nr++ >= REPORTS_MAX) {
		release_reporter(*flags);
		return false;
	}
	pr_err(BORDER);
	return true;
}

static void end_report(unsigned long flags)
{
	pr_err(BORDER);
	if (kasan_last_report.nr == REPORTS_MAX)
		pr_err("KASAN: no further reports; they are counted\n");
	release_reporter(flags);
}

static void show_memory(unsigned long addr)
{
	dump_stack();
	pr_err("\n");
	show_owner(addr);
	pr_err("\n");
	show_shadow(addr);
}

void kasan_report(unsigned long addr, size_t size, bool write, unsigned long ip)
{
	unsigned long bad = kasan_first_bad(addr, size), flags;
	const char *kind = kind_of(reason_at(bad));

	if (!begin_report(&flags))
		return;
	kasan_last_report.kind = kind;
	kasan_last_report.addr = bad;
	kasan_last_report.size = size;
	kasan_last_report.write = write;
	pr_err("BUG: KASAN: %s in %pS\n", kind, (void *)(ip - 1));
	pr_err("%s of size %zu at addr %08lx by task %s/%d\n", write ? "Write" : "Read", size, addr, current->comm,
	       current->pid);
	show_memory(bad);
	end_report(flags);
}

void kasan_report_double_free(struct kmem_cache *cachep, void *objp, const void *caller)
{
	unsigned long flags;

	(void)cachep;
	nr_slab_errors++;
	if (!begin_report(&flags))
		return;
	kasan_last_report.kind = "double-free";
	kasan_last_report.addr = (unsigned long)objp;
	kasan_last_report.size = 0;
	kasan_last_report.write = false;
	pr_err("BUG: KASAN: double-free in %pS\n", (const char *)caller - 1);
	pr_err("Free of addr %08lx by task %s/%d\n", (unsigned long)objp, current->comm, current->pid);
	show_memory((unsigned long)objp);
	end_report(flags);
}

void __init kasan_begin(void)
{
	kasan_register_globals();
	ready = true;
}

/* --- For a person --- */

void kasan_describe(unsigned long addr)
{
	unsigned long bad;

	if (addr < KASAN_SHADOW_END) {
		pr_info("%08lx has no shadow: memory from %08lx on has\n", addr, KASAN_SHADOW_END);
		return;
	}
	bad = kasan_first_bad(addr, 1);
	pr_info("%08lx: shadow %02x at %08lx%s, %s\n", addr, (u8)*kasan_mem_to_shadow(addr),
		(unsigned long)kasan_mem_to_shadow(addr), kasan_has_own_shadow(addr) ? "" : " (the page of zeros)",
		bad ? kind_of(reason_at(addr)) : "may be used");
	show_shadow(addr);
}
