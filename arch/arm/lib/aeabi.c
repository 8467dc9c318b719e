// SPDX-License-Identifier: MIT
/*
 * What the Arm run-time ABI (IHI 0043) expects of its environment, beyond libgcc.
 */
#include <kernel/bug.h>

int __aeabi_idiv0(int result);
long long __aeabi_ldiv0(long long result);
void __aeabi_unwind_cpp_pr0(void);
void __aeabi_unwind_cpp_pr1(void);
void __aeabi_unwind_cpp_pr2(void);

/* Division by zero: libgcc's own version returns as if nothing had happened. */
int __aeabi_idiv0(int result)
{
	panic("division by zero (32 bits, would have returned %d)", result);
}

long long __aeabi_ldiv0(long long result)
{
	panic("division by zero (64 bits, would have returned %lld)", result);
}

/*
 * Personality routines: unwind tables name them, to say how they are encoded. The kernel's unwinder
 * reads the encoding itself and nobody throws exceptions, so they are never called.
 */
void __aeabi_unwind_cpp_pr0(void)
{
	BUG();
}

void __aeabi_unwind_cpp_pr1(void)
{
	BUG();
}

void __aeabi_unwind_cpp_pr2(void)
{
	BUG();
}
