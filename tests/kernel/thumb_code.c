// SPDX-License-Identifier: MIT
/*
 * Built as most of mm/ is: as Thumb instructions, where the compiler has them. What it is for says
 * thumb_code.h.
 */
#include <kernel/bug.h>
#include <lib/compiler.h>
#include <mm/gfp.h>
#include <mm/page_debug.h>
#include "thumb_code.h"

static noinline unsigned int thumb_middle(unsigned int (*innermost)(void *data), void *data)
{
	volatile char locals[700] = { 0 };	/* a large frame, which the tables must undo */
	unsigned int result = innermost(data);

	return result + locals[0];
}

unsigned int thumb_outermost(unsigned int (*innermost)(void *data), void *data)
{
	unsigned int result = thumb_middle(innermost, data);

	barrier();		/* no tail call: this function stays in the chain */
	return result;
}

bool thumb_asks_key(void)
{
	return page_debugging();
}

struct page *thumb_driver(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	barrier();
	return page;
}

/* The compiler must not know what it is. */
static unsigned long hide(unsigned long value)
{
	__asm__("" : "+r"(value));
	return value;
}

void thumb_null(void)
{
	(void)*(volatile u32 *)hide(8);
}

void thumb_bug(void)
{
	unsigned long order = hide(99);

	BUG_ON(order >= 11, "order %lu", order);
}
