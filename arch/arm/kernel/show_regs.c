// SPDX-License-Identifier: MIT
/*
 * The interrupted code, printed in Linux's formats: what parses Linux's oopses parses ours.
 *
 *    PC is at crash_data_null+0x4/0x10          __show_regs()
 *    pc : [<c0012344>]    lr : ...
 *    Flags: nZCv  IRQs off  FIQs off  Mode SVC_32  ISA ARM
 *    Stack: (0xc0043f80 to 0xc0044000)          dump_mem()
 *    Call trace: ...                            unwind_backtrace()
 *    Code: e3a03000 e1a00003 (e5933000) ...     dump_instr()
 *
 * I1. Nothing here trusts a register: memory is read through probe_kernel_read().
 */
#include <asm/cp15.h>
#include <asm/show_regs.h>
#include <asm/stack.h>
#include <asm/stacktrace.h>
#include <kernel/kallsyms.h>
#include <kernel/printk.h>
#include <kernel/probe.h>
#include <kernel/sched.h>
#include <lib/bitops.h>
#include <lib/math.h>
#include <lib/vsprintf.h>

#define PSR_N_BIT	BIT(31)
#define PSR_Z_BIT	BIT(30)
#define PSR_C_BIT	BIT(29)
#define PSR_V_BIT	BIT(28)

#define MPIDR_CPU(mpidr)	((mpidr) & 3)

#define SYMBOL_MAX	64
#define WORDS_PER_LINE	8
#define LINE_BYTES	(WORDS_PER_LINE * sizeof(u32))
#define STACK_LINES_MAX	16
#define CODE_BEFORE	4	/* instructions shown before the one at pc */
#define CODE_AFTER	1

static const char *const processor_modes[] = {
	[USR_MODE] = "USER_32", [FIQ_MODE] = "FIQ_32", [IRQ_MODE] = "IRQ_32", [SVC_MODE] = "SVC_32",
	[MON_MODE] = "MON_32", [ABT_MODE] = "ABT_32", [HYP_MODE] = "HYP_32", [UND_MODE] = "UND_32",
	[SYS_MODE] = "SYS_32",
};

static const char *mode_name(const struct pt_regs *regs)
{
	const char *name = processor_modes[processor_mode(regs)];

	return name ? name : "???";
}

static void show_flags(const struct pt_regs *regs)
{
	unsigned long psr = regs->ARM_cpsr;

	pr_alert("Flags: %c%c%c%c  IRQs o%s  FIQs o%s  Mode %s  ISA %s\n",
		 psr & PSR_N_BIT ? 'N' : 'n', psr & PSR_Z_BIT ? 'Z' : 'z',
		 psr & PSR_C_BIT ? 'C' : 'c', psr & PSR_V_BIT ? 'V' : 'v',
		 psr & PSR_I_BIT ? "ff" : "n", psr & PSR_F_BIT ? "ff" : "n",
		 mode_name(regs), thumb_mode(regs) ? "Thumb" : "ARM");
}

/* By the stack, since a thread_info that the stack ran over would not know any more. */
static void show_thread(const struct pt_regs *regs)
{
	const struct task_struct *task = task_of_stack(regs->ARM_sp);

	pr_alert("CPU: %u PID: %d Comm: %s  Hardware name: ARM-Versatile Express\n",
		 MPIDR_CPU(read_mpidr()), task ? task->pid : -1, task ? task->comm : "?");
}

void __show_regs(const struct pt_regs *regs)
{
	const unsigned long *r = regs->uregs;
	char lr[SYMBOL_MAX];

	show_thread(regs);
	pr_alert("PC is at %pS\n", (void *)regs->ARM_pc);
	sprint_backtrace(lr, sizeof(lr), regs->ARM_lr);
	pr_alert("LR is at %s\n", lr);
	pr_alert("pc : [<%08lx>]    lr : [<%08lx>]    psr: %08lx\n", regs->ARM_pc, regs->ARM_lr,
		 regs->ARM_cpsr);
	pr_alert("sp : %08lx  ip : %08lx  fp : %08lx\n", regs->ARM_sp, regs->ARM_ip, regs->ARM_fp);
	pr_alert("r10: %08lx  r9 : %08lx  r8 : %08lx\n", r[10], r[9], r[8]);
	pr_alert("r7 : %08lx  r6 : %08lx  r5 : %08lx  r4 : %08lx\n", r[7], r[6], r[5], r[4]);
	pr_alert("r3 : %08lx  r2 : %08lx  r1 : %08lx  r0 : %08lx\n", r[3], r[2], r[1], r[0]);
	show_flags(regs);
	pr_alert("Control: %08x  Table: %08x  DAC: %08x\n", read_sctlr(), read_ttbr0(),
		 read_dacr());
}

/* One line of memory: blanks outside of @bottom to @top, question marks where it faults. */
static void dump_line(unsigned long line, unsigned long bottom, unsigned long top)
{
	char text[WORDS_PER_LINE * sizeof(" 12345678") + 1];
	size_t len = 0;

	for (unsigned long p = line; p < line + LINE_BYTES; p += sizeof(u32)) {
		u32 word;

		if (p < bottom || p >= top)
			len += scnprintf(text + len, sizeof(text) - len, "         ");
		else if (probe_kernel_read(&word, (const void *)p, sizeof(word)))
			len += scnprintf(text + len, sizeof(text) - len, " ????????");
		else
			len += scnprintf(text + len, sizeof(text) - len, " %08x", word);
	}
	pr_alert("%04lx:%s\n", line & 0xffff, text);
}

void dump_mem(const char *what, unsigned long bottom, unsigned long top)
{
	unsigned long line = bottom & ~(LINE_BYTES - 1);

	pr_alert("%s(0x%08lx to 0x%08lx)\n", what, bottom, top);
	for (int n = 0; line < top && n < STACK_LINES_MAX; n++, line += LINE_BYTES)
		dump_line(line, bottom, top);
}

/* From sp to the end of its stack; all of it if sp ran over. */
static void dump_stack_words(const struct pt_regs *regs)
{
	unsigned long sp = regs->ARM_sp & ~(sizeof(u32) - 1), low, high;

	if (stack_bounds(sp, &low, &high))
		dump_mem("Stack: ", max(sp, low), high);
	else
		pr_alert("Stack: sp is in no stack\n");
}

/* Instructions that cannot be read are left out; a bad pc has none. */
static void dump_instr(const struct pt_regs *regs)
{
	unsigned long bytes = thumb_mode(regs) ? sizeof(u16) : sizeof(u32);
	char text[(CODE_BEFORE + 1 + CODE_AFTER) * sizeof(" (12345678)") + 1] = " bad PC value";
	size_t len = 0;

	for (int i = -CODE_BEFORE; i <= CODE_AFTER; i++) {
		const void *at = (const void *)(regs->ARM_pc + i * bytes);
		u32 insn = 0;

		if (probe_kernel_read(&insn, at, bytes))
			continue;
		len += scnprintf(text + len, sizeof(text) - len, i == 0 ? " (%0*x)" : " %0*x",
				 2 * (int)bytes, insn);
	}
	pr_alert("Code:%s\n", text);
}

void show_regs(const struct pt_regs *regs)
{
	__show_regs(regs);
	dump_stack_words(regs);
	unwind_backtrace(regs);
	dump_instr(regs);
}
