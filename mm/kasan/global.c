// SPDX-License-Identifier: MIT
/*
 * Variables: the compiler leaves room behind each, and describes those of a file in a table, which a constructor
 * hands over.
 *
 *    .init_array --> _sub_I_00099_0() of a file --> __asan_register_globals(its table)
 *
 *    | variable, 5 bytes | red zone up to a multiple of 32, at least 32 |
 *    | 05                | f9 f9 f9 ...                                 |
 *
 * Not those in sections of their own: per-CPU variables, tables that the linker collects, init data.
 */
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <lib/math.h>
#include "kasan.h"

#define NR_FILES_MAX	1024u

/* GCC's: one for each variable. */
struct asan_global {
	unsigned long beg;
	unsigned long size, size_with_redzone;
	const char *name, *module_name;
	unsigned long has_dynamic_init;
	const void *location;
	unsigned long odr_indicator;
};

static struct {
	const struct asan_global *globals;
	unsigned long nr;
} files[NR_FILES_MAX];
static unsigned int nr_files;

void __asan_register_globals(const struct asan_global *globals, unsigned long nr);
void __asan_unregister_globals(const struct asan_global *globals, unsigned long nr);

void __asan_register_globals(const struct asan_global *globals, unsigned long nr)
{
	BUG_ON(nr_files == NR_FILES_MAX, "more files than there is room for");
	files[nr_files].globals = globals;
	files[nr_files++].nr = nr;
	for (unsigned long i = 0; i < nr; i++) {
		unsigned long used = ALIGN(globals[i].size, KASAN_GRANULE_SIZE);

		kasan_unpoison(globals[i].beg, globals[i].size);
		kasan_poison(globals[i].beg + used, globals[i].size_with_redzone - used, KASAN_GLOBAL_REDZONE);
	}
}

/* Of destructors, which nobody calls. */
void __asan_unregister_globals(const struct asan_global *globals, unsigned long nr)
{
	(void)globals, (void)nr;
}

bool kasan_show_global(unsigned long addr)
{
	for (unsigned int file = 0; file < nr_files; file++) {
		const struct asan_global *global = files[file].globals, *end = global + files[file].nr;

		for (; global < end; global++) {
			if (addr - global->beg >= global->size_with_redzone)
				continue;
			pr_err("The buggy address belongs to the variable:\n");
			pr_err(" %s+0x%lx/0x%lx, of %s\n", global->name, addr - global->beg, global->size,
			       global->module_name);
			return true;
		}
	}
	return false;
}

/* The constructors of all files: linker/kernel.lds.S. */
void __init kasan_register_globals(void)
{
	extern void (*const __ctors_start[])(void), (*const __ctors_end[])(void);

	for (void (*const *ctor)(void) = __ctors_start; ctor < __ctors_end; ctor++)
		(*ctor)();
}
