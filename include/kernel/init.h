/* SPDX-License-Identifier: MIT */
/*
 * Code and data that only booting needs. They lie in sections of their own, and
 * free_initmem() gives those pages to the page allocator; a later call of an __init function faults.
 */
#ifndef KERNEL_INIT_H
#define KERNEL_INIT_H

#include <lib/compiler.h>

#define __init		__section(".init.text") __cold
#define __initdata	__section(".init.data")
#define __initconst	__section(".init.rodata")

#endif
