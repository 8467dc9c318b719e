// SPDX-License-Identifier: MIT
/*
 * Stack canaries: a function that has an array puts a word behind it, and looks at the word before it returns.
 * A write over the array's end goes over the word before it reaches the return address.
 *
 *    low   | array ---------->| canary | r4 r5 ... | return address |   high
 *                              = __stack_chk_guard, or __stack_chk_fail()
 *
 * The compiler does it (-fstack-protector-strong, GCC's and clang's), in debug builds: for each function with an
 * array or a variable whose address is taken. The word is the same for all threads, and another one at each boot.
 *
 * How hard is it to guess? This board has no source of random numbers. What differs from boot to boot is when, in
 * 24ths of a microsecond, we come here: a few thousand possible values on a busy host, always the same where QEMU
 * counts instructions (-icount). It is a fence against mistakes, not against attackers.
 *
 * S1. The lowest byte, the first that a write upwards meets, is 0: no string goes on behind it unseen.
 */
#include <asm/timex.h>
#include <kernel/bootmark.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/sched.h>
#include <kernel/stackprotector.h>

#ifdef __SSP_STRONG__

#define CANARY_MASK	0xffffff00u	/* S1 */

/* What the compiler reads; until boot_init_stack_canary() the same in every kernel. */
extern unsigned long __stack_chk_guard;
unsigned long __stack_chk_guard = 0x57ac6e00;

void __stack_chk_fail(void) __noreturn;

/* The finalizer of splitmix64 (Steele, Lea and Flood): each bit of the clock changes half of the result's. */
void __init boot_init_stack_canary(void)
{
	u64 z = (u64)get_cycles() << 32 | boot_marks[BOOT_ENTRY];

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	__stack_chk_guard = (z ^ z >> 31) & CANARY_MASK;
}

/* The caller's canary is gone, and what lies above it cannot be believed: its call chain may end early. */
void __stack_chk_fail(void)
{
	const char *return_address = __builtin_return_address(0);

	panic("stack-protector: %ps() wrote over the end of an array on its stack, thread %s (%d)",
	      return_address - 1, current->comm, current->pid);
}

#endif
