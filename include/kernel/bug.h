/* SPDX-License-Identifier: MIT */
/*
 * What to do about a broken invariant: stop, and show the values.
 *
 *   BUG_ON(cond, ...)	   always compiled in
 *   VM_BUG_ON(cond, ...)  in debug builds only (make DEBUG=1, the default): checks on hot paths
 *   WARN_ON(cond, ...)	   reports with a backtrace and goes on; evaluates to the condition
 *
 * Differs from Linux: after the condition may follow a format and values, and they should:
 * BUG_ON(order >= MAX_ORDER, "order %u", order).
 */
#ifndef KERNEL_BUG_H
#define KERNEL_BUG_H

#include <lib/compiler.h>
#include <lib/types.h>

#ifndef CONFIG_DEBUG_VM
#define CONFIG_DEBUG_VM 0
#endif

/**
 * panic - stop the system
 * @fmt: why
 *
 * Prints the reason and a backtrace, and leaves with a failing exit status where a host listens
 * for one. Context: any.
 */
void panic(const char *fmt, ...) __noreturn __printf(1, 2);

/* What a report says that is known when compiling: so a check takes few instructions where it is. */
struct bug_entry {
	const char *file, *func, *cond;
	const char *fmt;		/* of the values, after a blank */
	int line;
};

/* For BUG_ON() and WARN_ON(): report what @entry says, with its values; the former halts the machine. */
void __bug(const struct bug_entry *entry, ...) __noreturn __cold;
void __warn(const struct bug_entry *entry, ...) __cold;

/* Do the values fit @fmt? */
static inline __printf(1, 2) void __bug_check_format(const char *fmt, ...)
{
	(void)fmt;
}

#define __BUG_REPORT(report, condition, format, ...) do {				\
		static const struct bug_entry __entry = {				\
			__FILE__, __func__, condition, format, __LINE__			\
		};									\
		if (0)									\
			__bug_check_format(format, ##__VA_ARGS__);			\
		report(&__entry, ##__VA_ARGS__);					\
	} while (0)

#define BUG() \
	__BUG_REPORT(__bug, "reached", " ")

#define BUG_ON(cond, ...)								\
	do {										\
		if (unlikely(cond))							\
			__BUG_REPORT(__bug, #cond, " " __VA_ARGS__);			\
	} while (0)

/* With debugging off the condition is still compiled, so that it cannot rot, but never evaluated. */
#define VM_BUG_ON(cond, ...)				\
	do {						\
		if (CONFIG_DEBUG_VM)			\
			BUG_ON(cond, __VA_ARGS__);	\
	} while (0)

#define WARN_ON(cond, ...) ({								\
	bool __warned = !!(cond);							\
	if (unlikely(__warned))								\
		__BUG_REPORT(__warn, #cond, " " __VA_ARGS__);				\
	unlikely(__warned); })

#endif
