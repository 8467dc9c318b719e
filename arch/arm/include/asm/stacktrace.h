/* SPDX-License-Identifier: MIT */
/*
 * Walking up the stack; kernel/stacktrace.h has what everybody else needs.
 */
#ifndef ASM_STACKTRACE_H
#define ASM_STACKTRACE_H

#include <asm/ptrace.h>
#include <asm/unwind.h>

/* A visitor of call chains; true ends the walk. */
typedef bool (*stackframe_fn)(const struct stackframe *frame, void *data);

/**
 * walk_stackframe - visit the functions of a call chain
 * @frame: the innermost; is used up
 * @fn: called for each, innermost first
 * @data: handed to @fn
 *
 * As Linux's walk_stackframe(). Ends in any case after as many frames as a stack can hold. Context:
 * any.
 */
void walk_stackframe(struct stackframe *frame, stackframe_fn fn, void *data);

/**
 * unwind_backtrace - print the call chain
 * @regs: of interrupted code
 *
 * One line for each call, in Linux's format: "[<c0012345>] (callee+0x10/0x40) from [<c0023456>]
 * (caller+0x20/0x80)". Of a chain of more than 24 calls the 16 innermost and the 8 outermost.
 * Context: any.
 */
void unwind_backtrace(const struct pt_regs *regs);

#endif
