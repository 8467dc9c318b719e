// SPDX-License-Identifier: MIT
/*
 * What it costs to copy and to fill memory: from one place of a cache line to the same of another,
 * and "shifted", from a byte further on. No instruction loads or stores more than a line of 32 bytes
 * here; that, and two to put together each word that is shifted, is how low it can go.
 */
#include <asm/page.h>
#include <mm/gfp.h>
#include "bench.h"

#define NR_CALLS	100
#define NR_PAGES	3

/* The pages to copy from and to; whatever is in them. */
static u8 *from, *to;

static bool have_pages(void)
{
	if (!from) {
		from = alloc_pages_exact(NR_PAGES * PAGE_SIZE, GFP_KERNEL);
		to = from + PAGE_SIZE;
	}
	return from;
}

/* The compiler must not know how much it is, or it would do it itself. */
static size_t hide(size_t bytes)
{
	__asm__("" : "+r"(bytes));
	return bytes;
}

#define STRING_BENCH(id, name, call)					\
	static void run_##id(unsigned long ops)				\
	{								\
		do							\
			call;						\
		while (--ops);						\
	}								\
	BENCH("string", name, NR_CALLS, have_pages, run_##id, NULL)

STRING_BENCH(copy_16, "memcpy of 16", memcpy(to, from, hide(16)));
STRING_BENCH(copy_64, "memcpy of 64", memcpy(to, from, hide(64)));
STRING_BENCH(copy_300, "memcpy of 300", memcpy(to, from, hide(300)));
STRING_BENCH(copy_4096, "memcpy of 4096", memcpy(to, from, hide(4096)));
STRING_BENCH(shift_300, "memcpy of 300, shifted", memcpy(to, from + 1, hide(300)));
STRING_BENCH(shift_4096, "memcpy of 4096, shifted", memcpy(to, from + 1, hide(4096)));
STRING_BENCH(move_4096, "memmove of 4096", memmove(from + 32, from, hide(4096)));
STRING_BENCH(move_shift, "memmove of 4096, shifted", memmove(from + 1, from, hide(4096)));
STRING_BENCH(set_16, "memset of 16", memset(to, 1, hide(16)));
STRING_BENCH(set_64, "memset of 64", memset(to, 1, hide(64)));
STRING_BENCH(set_300, "memset of 300", memset(to, 1, hide(300)));
STRING_BENCH(set_4096, "memset of 4096", memset(to, 1, hide(4096)));
