/* SPDX-License-Identifier: MIT */
/*
 * Names for what GNU C can be told about code and data. Nothing here depends on the machine.
 */
#ifndef LIB_COMPILER_H
#define LIB_COMPILER_H

#define __packed		__attribute__((packed))
#define __aligned(x)		__attribute__((aligned(x)))
#define __noreturn		__attribute__((noreturn))
#define __printf(fmt, args)	__attribute__((format(printf, fmt, args)))
#define __section(name)		__attribute__((section(name)))
#define __used			__attribute__((used))
#if __has_attribute(no_reorder)		/* clang reorders nothing */
#define __no_reorder		__attribute__((no_reorder))	/* keeps its place in the file */
#else
#define __no_reorder
#endif
#define __maybe_unused		__attribute__((unused))
#define __must_check		__attribute__((warn_unused_result))
#define __pure			__attribute__((pure))
#define __cold			__attribute__((cold))
#define __weak			__attribute__((weak))
#define noinline		__attribute__((noinline))
#define __always_inline		inline __attribute__((always_inline))
#define fallthrough		__attribute__((fallthrough))

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

/* Keeps the compiler, and only the compiler, from moving memory accesses across it. */
#define barrier()		__asm__ volatile("" : : : "memory")

/* One access, of the object's own width: neither torn, repeated nor left out. */
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile __typeof__(x) *)&(x) = (value))

/* Where the function that this stands in returns to, and an address of its own code. */
#define _RET_IP_		((const void *)__builtin_return_address(0))
#ifdef __arm__				/* a label that nobody jumps to may end up anywhere */
#define _THIS_IP_ \
	({ const void *__here; __asm__ volatile("adr %0, ." : "=r"(__here)); __here; })
#else
#define _THIS_IP_		({ __label__ here; here: (const void *)&&here; })
#endif

#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)
#define __concat_1(a, b)	a##b
#define __concat(a, b)		__concat_1(a, b)
#define __UNIQUE_ID(prefix)	__concat(prefix, __COUNTER__)

#endif
