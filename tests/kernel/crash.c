// SPDX-License-Identifier: MIT
/*
 * Ways to die on purpose: `crash=KIND` on the command line, or `crash KIND` at the prompt. Each is
 * one line in a table and one short function; tests/boot/faults.t boots a kernel for each and reads
 * what it says. KIND@N does it on CPU N, in an interrupt.
 *
 * I1. A crash function that returns has found a fault that does not happen.
 */
#include <asm/gic.h>
#include <asm/io.h>
#include <asm/irqflags.h>
#include <asm/page.h>
#include <asm/ptrace.h>
#include <asm/stack.h>
#include <asm/vexpress.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/kthread.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <kernel/reboot.h>
#include <kernel/sections.h>
#include <kernel/shell.h>
#include <kernel/smp.h>
#include <lib/errno.h>
#include <lib/list.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm_struct.h>
#include <mm/vmalloc.h>
#include "crash.h"
#include "thumb_code.h"

#define KIND_MAX	32
#define EXIT_FAILURE	1

struct crash_kind {
	const char *name;
	const char *what;
	void (*run)(void);
};

/* The compiler must not know what an address is, or it would warn, or trap by itself. */
static unsigned long hide(unsigned long value)
{
	__asm__("" : "+r"(value));
	return value;
}

static u32 load(unsigned long addr)
{
	return *(volatile u32 *)hide(addr);
}

static void store(unsigned long addr, u32 value)
{
	*(volatile u32 *)hide(addr) = value;
}

static void call(unsigned long addr)
{
	((void (*)(void))hide(addr))();
	barrier();
}

/* ---- Data ---- */

struct example {
	u32 first, second, third;
};

static void data_null(void)
{
	load(offsetof(struct example, third));
}

static void data_memset(void)
{
	memset((void *)hide(0), 0, hide(100));
	barrier();
}

static void data_user(void)
{
	load(TASK_SIZE / 2);
}

static void data_unmapped(void)
{
	store(VMALLOC_END + PAGE_SIZE, 0);
}

/* In an address space of its own, which does not help. */
static void in_new_mm(unsigned long addr)
{
	struct mm_struct *mm = mm_alloc();

	BUG_ON(!mm);
	use_mm(mm);
	load(addr);
}

static void data_mm_user(void)
{
	in_new_mm(TASK_SIZE / 2);
}

static void data_mm_kernel(void)
{
	in_new_mm(VMALLOC_END - 2 * PMD_SIZE - PAGE_SIZE);
}

static int end_in_mm(void *mm)
{
	use_mm(mm);
	return 0;
}

static void mm_left(void)
{
	struct mm_struct *mm = mm_alloc();

	BUG_ON(!mm);
	kthread_run(end_in_mm, mm, "careless");
	msleep(100);
}

static void data_write_text(void)
{
	store((unsigned long)printk & ~THUMB_CODE, 0);
}

static void data_write_rodata(void)
{
	store((unsigned long)__start_rodata, 0);
}

static void data_write_vectors(void)
{
	store(CONFIG_VECTORS_BASE, 0);
}

static void vmalloc_overrun(void)
{
	char *p = vmalloc(5000);

	for (unsigned long i = 0; i < 3 * PAGE_SIZE; i++)
		*(volatile char *)hide((unsigned long)p + i) = 'x';
	vfree(p);
}

static void vmalloc_use_after_free(void)
{
	char *p = vmalloc(PAGE_SIZE);

	store((unsigned long)p, 1);
	vfree(p);
	load((unsigned long)p);
}

static void data_list_poison(void)
{
	struct list_head head = LIST_HEAD_INIT(head), entry;

	list_add(&entry, &head);
	list_del(&entry);
	list_del((struct list_head *)hide((unsigned long)&entry));
}

/* The console is ours while it is formatted, and the report wants it, too. */
static void data_printk(void)
{
	printk("%s\n", (const char *)hide(TASK_SIZE / 2));
}

static void data_unaligned(void)
{
	static u32 words[4];
	unsigned long addr = hide((unsigned long)words + 1);

	__asm__ volatile("ldmia %0, {r2, r3}" : : "r"(addr) : "r2", "r3", "memory");
}

/* ---- Instruction fetches ---- */

static void exec_null(void)
{
	call(0);
}

static void exec_unmapped(void)
{
	call(VMALLOC_END + PAGE_SIZE);
}

static void exec_data(void)
{
	static u32 bx_lr = 0xe12fff1e;	/* would return at once, if it could run */

	call((unsigned long)&bx_lr);
}

static void exec_rodata(void)
{
	call((unsigned long)__start_rodata);
}

static int __init noinline crash_init_function(void)
{
	return 1;
}

static void exec_init(void)
{
	call((unsigned long)crash_init_function);
}

/* ---- Instructions ---- */

static void undef(void)
{
	__asm__ volatile("udf #0x1d1e");
}

static void undef_thumb(void)
{
	__asm__ volatile(
		"	blx	1f		\n"
		"	b	2f		\n"
		"	.thumb			\n"
		"1:	nop			\n"
		"	udf	#0x1d		\n"
		"	.arm			\n"
		"2:				\n"
		: : : "lr");
}

static void svc(void)
{
	__asm__ volatile("svc #0x90" : : : "lr", "r0");
}

/* Found out by libgcc, which is Thumb code. */
static void divide_by_zero(void)
{
	volatile u64 quotient __maybe_unused = 1ull << 40;

	quotient /= hide(0);
}

/* ---- The stack ---- */

static void recurse_again(unsigned int depth);

static noinline void recurse(unsigned int depth)
{
	volatile unsigned int mine = depth;

	recurse_again(mine + 1);
	mine = depth;
}

/* The way around keeps the compiler from seeing that there is no end. */
static noinline void recurse_again(unsigned int depth)
{
	((void (*)(unsigned int))hide((unsigned long)recurse))(depth);
	barrier();
}

static void stack_overflow(void)
{
	recurse(0);
}

static noinline void write_from(unsigned long addr, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		*(volatile char *)(addr + i) = 'x';
}

/* Over the array's end, and over what its caller must find again. */
static void stack_smash(void)
{
	char name[16];

	write_from(hide((unsigned long)name), sizeof(name) + 4 * sizeof(u32));
}

static void stack_lost(void)
{
	__asm__ volatile("mov sp, %0\n\tpush {r0}" : : "r"(VMALLOC_END + PAGE_SIZE) : "memory");
}

/* ---- Interrupts, sent to this CPU by this CPU ---- */

#define SGI_NR	13	/* no IPI has it */

static void send_sgi(u32 gicc_ctlr)
{
	volatile void *gicc = (volatile void *)(IO_MPCORE_BASE + GICC_OFFSET);
	volatile void *gicd = (volatile void *)(IO_MPCORE_BASE + GICD_OFFSET);

	local_irq_disable();		/* the tick must not come first */
	writel(gicc_ctlr, gicc + GICC_CTLR);
	writel(GICD_SGIR_SELF | SGI_NR, gicd + GICD_SGIR);
	__asm__ volatile("cpsie if" : : : "memory");
	isb();
}

static void irq(void)
{
	send_sgi(GICC_CTLR_ENABLE_GRP0);
}

static void fiq(void)
{
	send_sgi(GICC_CTLR_ENABLE_GRP0 | GICC_CTLR_FIQEN);
}

/* ---- Reports ---- */

static void bug(void)
{
	unsigned long order = hide(99);

	BUG_ON(order >= 11, "order %lu", order);
}

static void do_panic(void)
{
	panic("asked to, by crash=%s", "panic");
}

static void panic_here(void *info)
{
	(void)info;
	panic("asked to, on CPU %u", smp_processor_id());
}

/* All CPUs at once: one of them makes the report. */
static void panic_everywhere(void)
{
	smp_call_function(panic_here, NULL, false);
	panic_here(NULL);
}

static void hang(void *info)
{
	(void)info;
	for (;;)
		cpu_relax();
}

/* The others cannot be stopped: they do not take interrupts. */
static void panic_hung(void)
{
	smp_call_function(hang, NULL, false);
	panic("asked to, by crash=%s", "panic-hung");
}

static void lose_names(char *buf, size_t size, unsigned long addr, bool offset)
{
	(void)size;
	(void)addr;
	(void)offset;
	(void)buf;
	store(0, 0);
}

static void nested(void)
{
	sprint_symbol_hook = lose_names;
	load(0);
}

static const struct crash_kind kinds[] = {
	{ "data-null", "read a member through a NULL pointer", data_null },
	{ "data-memset", "memset() of a NULL pointer", data_memset },
	{ "data-user", "read a user address", data_user },
	{ "data-unmapped", "write where nothing is mapped", data_unmapped },
	{ "data-mm-user", "the same, with an mm that maps nothing", data_mm_user },
	{ "data-mm-kernel", "read what neither an mm nor the kernel maps", data_mm_kernel },
	{ "data-write-text", "write to the kernel's code", data_write_text },
	{ "data-write-rodata", "write to the kernel's constants", data_write_rodata },
	{ "data-write-vectors", "write to the exception vectors", data_write_vectors },
	{ "data-list-poison", "delete a list entry twice", data_list_poison },
	{ "vmalloc-overrun", "write over the end of a vmalloc area", vmalloc_overrun },
	{ "vmalloc-freed", "read what vfree() was given", vmalloc_use_after_free },
	{ "data-printk", "print a string that is not there", data_printk },
	{ "data-unaligned", "LDM from an odd address", data_unaligned },
	{ "exec-null", "call through a NULL pointer", exec_null },
	{ "exec-unmapped", "call where nothing is mapped", exec_unmapped },
	{ "exec-data", "call into the kernel's data", exec_data },
	{ "exec-rodata", "call into the kernel's constants", exec_rodata },
	{ "exec-init", "call an __init function after boot", exec_init },
	{ "undef", "an undefined instruction", undef },
	{ "undef-thumb", "an undefined instruction in Thumb code", undef_thumb },
	{ "thumb-null", "read a member through a NULL pointer in Thumb code", thumb_null },
	{ "thumb-bug", "BUG_ON() in Thumb code", thumb_bug },
	{ "svc", "a supervisor call that nobody knows", svc },
	{ "div-zero", "a 64-bit division by zero", divide_by_zero },
	{ "stack-overflow", "recursion without end", stack_overflow },
	{ "stack-smash", "write over the end of an array on the stack", stack_smash },
	{ "stack-lost", "a stack pointer to nowhere", stack_lost },
	{ "irq", "an interrupt that nobody handles", irq },
	{ "fiq", "a fast interrupt", fiq },
	{ "deadlock-order", "two CPUs take two locks crosswise", deadlock_order },
	{ "deadlock-irq", "an interrupt wants the lock that it interrupted", deadlock_irq },
	{ "deadlock-self", "a CPU takes a lock twice", deadlock_self },
	{ "deadlock-cross", "an interrupt waits for who waits for what it interrupted", deadlock_cross },
	{ "kmap-after", "read a page that kunmap_local() has unmapped", kmap_used_after },
	{ "kmap-overrun", "write over the end of a page that is mapped for a moment", kmap_overrun },
	{ "kmap-overflow", "map more pages for a moment than there is room for", kmap_overflow_stack },
	{ "kmap-asleep", "sleep between kmap_atomic() and kunmap_atomic()", kmap_asleep },
	{ "fixmap-range", "set a slot of the fixmap that does not exist", fixmap_no_slot },
	{ "fixmap-twice", "set a slot of the fixmap that is set", fixmap_set_twice },
	{ "bug", "BUG_ON() with a value", bug },
	{ "mm-left", "end a thread that uses an mm", mm_left },
	{ "panic", "panic()", do_panic },
	{ "panic-all", "panic() on all CPUs at once", panic_everywhere },
	{ "panic-hung", "panic() while all other CPUs hang", panic_hung },
	{ "nested", "a fault while a fault is reported", nested },
};

static void list_kinds(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(kinds); i++)
		pr_info("crash=%-20s %s\n", kinds[i].name, kinds[i].what);
}

static const struct crash_kind *find_kind(const char *name, size_t len)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strlen(kinds[i].name) == len && strncmp(kinds[i].name, name, len) == 0)
			return &kinds[i];
	return NULL;
}

static void run_kind(void *info)
{
	((const struct crash_kind *)info)->run();
}

/* @at: "" for here, "@1" for CPU 1. Return: 0 if it ran and nothing happened, or -errno. */
static int run_kind_at(const struct crash_kind *kind, const char *at)
{
	unsigned long cpu;
	int error;

	if (*at == '\0') {
		kind->run();
		return 0;
	}
	error = kstrtoul(at + 1, 0, &cpu);
	return error ? error : smp_call_function_single(cpu, run_kind, (void *)kind, true);
}

int crash(const char *name)
{
	const char *at = strchr(name, '@') ?: name + strlen(name);
	const struct crash_kind *kind = find_kind(name, at - name);

	if (strcmp(name, "list") == 0) {
		list_kinds();
		return 0;
	}
	if (!kind) {
		pr_err("crash: no kind \"%.*s\"; these exist:\n", (int)(at - name), name);
		list_kinds();
		return -ENOENT;
	}
	pr_info("crash: %s\n", kind->what);
	if (run_kind_at(kind, at)) {
		pr_err("crash: no CPU \"%s\" runs\n", at + 1);
		return -ENXIO;
	}
	pr_err("crash: %s: nothing faulted\n", name);
	return -EFAULT;
}

/* ---- Asking for it ---- */

static char asked_for[KIND_MAX];

static int __init crash_setup(char *value)
{
	if (!value || strlen(value) >= sizeof(asked_for))
		return -EINVAL;
	strscpy(asked_for, value, sizeof(asked_for));
	return 0;
}
__setup("crash=", crash_setup);

void crash_if_asked(void)
{
	if (asked_for[0])
		kernel_exit(crash(asked_for) == 0 ? 0 : EXIT_FAILURE);
}

static int crash_command(int argc, char **argv)
{
	return argc == 2 ? crash(argv[1]) : -EINVAL;
}
SHELL_COMMAND("crash", "KIND[@CPU]|list", "make the kernel fault in a given way", crash_command);
