/* SPDX-License-Identifier: MIT */
/*
 * Exceptions: setting up the vectors, and dying of one.
 */
#ifndef ASM_TRAPS_H
#define ASM_TRAPS_H

#include <asm/ptrace.h>
#include <lib/types.h>

/**
 * early_vectors_init - exceptions work from here on
 *
 * Gives the exception modes their stacks, points VBAR to the table in kernel text, and lets
 * messages name functions. Context: boot stub, MMU and caches on, once.
 */
void early_vectors_init(void);

/**
 * early_trap_init - fill the vectors page
 * @vectors_page: lowmem address of the page that is, or will be, mapped at 0xffff0000
 *
 * Copies the vector table and its stubs there, makes the rest of the page undefined instructions,
 * and makes the instruction side see it. Called by devicemaps_init(), as in Linux. The CPU does not
 * use the page until trap_init().
 */
void early_trap_init(void *vectors_page);

/* Take exceptions at 0xffff0000 from here on (SCTLR.V). Context: boot, that page is mapped. */
void trap_init(void);

/**
 * die - report a fatal exception, and stop
 * @what: a few words
 * @regs: the interrupted code's registers
 * @err: fault status, or 0
 *
 * Prints "Internal error: @what", registers, stack, call chain and code; the status is 1. Context:
 * exception handlers, after oops_enter() and what the caller had to say first.
 */
void die(const char *what, struct pt_regs *regs, unsigned int err) __noreturn;

/*
 * entry.S's handlers, in C. What they change in @regs the interrupted code finds changed. @addr and the status, @ifsr
 * or @fsr, are those of the fault address and fault status registers.
 */
void do_undefinstr(struct pt_regs *regs);
void do_svc(struct pt_regs *regs);
void do_unexpected_fiq(struct pt_regs *regs);
void do_PrefetchAbort(unsigned long addr, unsigned int ifsr, struct pt_regs *regs);
void do_DataAbort(unsigned long addr, unsigned int fsr, struct pt_regs *regs);

/* An interrupt that nobody handles; @iar is what GICC_IAR said of it. Does not return. */
void do_unexpected_irq(u32 iar, struct pt_regs *regs);

struct cpu_stack;

/* entry.S: mode stacks, in @stack, and VBAR for this CPU. */
void cpu_init(struct cpu_stack *stack);
extern const char __vectors_start[], __vectors_end[];

#endif
