// SPDX-License-Identifier: MIT
/*
 * Exceptions that are not about memory (those are arch/arm/mm/fault.c's): undefined instructions,
 * supervisor calls, interrupts that nobody asked for (the others are arch/arm/vexpress/gic.c's). And
 * the vectors that lead to all of them.
 *
 *    head.S                 early_vectors_init()   VBAR -> __vectors_start, in kernel text
 *    devicemaps_init()      early_trap_init()      a copy in the page at 0xffff0000
 *    start_kernel()         trap_init()            SCTLR.V: that page from now on
 *
 * I1. From early_vectors_init() on every exception arrives at C code that explains it.
 */
#include <asm/break.h>
#include <asm/cacheflush.h>
#include <asm/cp15.h>
#include <asm/extable.h>
#include <asm/gic.h>
#include <asm/page.h>
#include <asm/semihosting.h>
#include <asm/show_regs.h>
#include <asm/stack.h>
#include <asm/traps.h>
#include <asm/vexpress.h>
#include <kernel/init.h>
#include <kernel/kallsyms.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/probe.h>

#define ARM_INSN_SIZE		4
#define THUMB_INSN_SIZE		2
#define ARM_SVC_IMM_MASK	0x00ffffff	/* ARM DDI 0406C A8.8.228 */
#define THUMB_SVC_IMM_MASK	0xff

#define UDF_INSN		0xe7f000f0	/* UDF #0, A8.8.247 */

void __init early_vectors_init(void)
{
	kallsyms_init();
	cpu_init(&boot_stack);
}

void __init early_trap_init(void *vectors_page)
{
	unsigned long start = (unsigned long)vectors_page;
	size_t bytes = __vectors_end - __vectors_start;
	u32 *page = vectors_page;

	BUG_ON(!IS_ALIGNED(start, PAGE_SIZE), "vectors page at %p", vectors_page);
	BUG_ON(bytes > PAGE_SIZE, "vectors take %zu bytes", bytes);

	for (unsigned int i = 0; i < PAGE_SIZE / sizeof(u32); i++)
		page[i] = UDF_INSN;
	memcpy(vectors_page, __vectors_start, bytes);
	flush_icache_range(start, start + PAGE_SIZE);
}

void __init trap_init(void)
{
	u32 first = 0;
	int err = probe_kernel_read(&first, (const void *)CONFIG_VECTORS_BASE, sizeof(first));

	BUG_ON(err || first != UDF_INSN, "no vectors at 0x%08lx: error %d, 0x%08x",
	       CONFIG_VECTORS_BASE, err, first);
	set_cr(get_cr() | CR_V);
}

void die(const char *what, struct pt_regs *regs, unsigned int err)
{
	pr_emerg("Internal error: %s: %x [#1] ARM\n", what, err);
	show_regs(regs);
	oops_exit("Fatal exception");
}

/*
 * The PC saved is behind the instruction, by 2 for any undefined Thumb instruction (ARM DDI 0406C
 * B1.8.3); reports and the exception table point at it.
 */
static __always_inline void point_at_insn(struct pt_regs *regs)
{
	regs->ARM_pc -= thumb_mode(regs) ? THUMB_INSN_SIZE : ARM_INSN_SIZE;
}

/* In .exception.text: there is no breakpoint on the way to who handles them. */
__section(".exception.text") void do_undefinstr(struct pt_regs *regs)
{
	point_at_insn(regs);
	if (break_exception(regs))
		return;
	if (fixup_exception(regs))
		return;
	oops_enter("undefined instruction", regs->ARM_pc);
	die("Oops - undefined instruction", regs, 0);
}

/* The number in the SVC instruction that @regs point at. */
static u32 svc_number(const struct pt_regs *regs)
{
	u32 insn = 0;

	if (probe_kernel_read(&insn, (const void *)regs->ARM_pc,
			      thumb_mode(regs) ? THUMB_INSN_SIZE : ARM_INSN_SIZE))
		return 0;
	return insn & (thumb_mode(regs) ? THUMB_SVC_IMM_MASK : ARM_SVC_IMM_MASK);
}

/* A host that listens takes a semihosting call before we see it, so here nobody listens. */
void do_svc(struct pt_regs *regs)
{
	u32 number;

	point_at_insn(regs);
	number = svc_number(regs);
	if (!thumb_mode(regs) && number == SEMIHOSTING_SVC) {
		regs->ARM_r0 = -1;
		regs->ARM_pc += ARM_INSN_SIZE;
		return;
	}
	if (fixup_exception(regs))
		return;
	oops_enter("SVC", regs->ARM_pc);
	pr_alert("No system calls: SVC #0x%x\n", number);
	die("Oops - supervisor call", regs, 0);
}

/* What the interrupt controller said: the value of GICC_IAR (Arm IHI 0048B 4.4.4). */
static void show_interrupt(u32 iar)
{
	if (GIC_ID(iar) == GIC_ID_SPURIOUS)
		pr_alert("The interrupt controller knows of no interrupt\n");
	else if (GIC_ID(iar) < GIC_FIRST_PPI)
		pr_alert("Interrupt ID %u, sent by CPU %u\n", GIC_ID(iar), GIC_SOURCE_CPU(iar));
	else
		pr_alert("Interrupt ID %u\n", GIC_ID(iar));
}

void do_unexpected_irq(u32 iar, struct pt_regs *regs)
{
	oops_enter("IRQ", regs->ARM_pc);
	show_interrupt(iar);
	die("Oops - unexpected IRQ", regs, 0);
}

/* Nobody asks for FIQs. The controller's registers may not be mapped yet. */
void do_unexpected_fiq(struct pt_regs *regs)
{
	u32 iar;

	oops_enter("FIQ", regs->ARM_pc);
	if (!probe_kernel_read(&iar, (const void *)(IO_MPCORE_BASE + GICC_OFFSET + GICC_IAR),
			       sizeof(iar)))
		show_interrupt(iar);
	die("Oops - unexpected FIQ", regs, 0);
}
