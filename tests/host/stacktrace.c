// SPDX-License-Identifier: MIT
/*
 * Call chains on the host: the C library's, by its own unwinder.
 */
#include "host.h"
#include <kernel/stacktrace.h>
#include <lib/math.h>

#include <execinfo.h>
#include <string.h>

#define DEPTH_MAX	64

unsigned int stack_trace_save(unsigned long *store, unsigned int size, unsigned int skipnr)
{
	void *chain[DEPTH_MAX];
	unsigned int nr = backtrace(chain, DEPTH_MAX), skip = min(skipnr + 1, nr);

	nr = min(nr - skip, size);
	memcpy(store, chain + skip, nr * sizeof(*store));
	return nr;
}

unsigned long stack_trace_address(const void *return_address)
{
	return (unsigned long)return_address;
}
