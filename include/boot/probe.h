/* SPDX-License-Identifier: MIT */
/*
 * What the boot stub leaves for the kernel to read.
 */
#ifndef BOOT_PROBE_H
#define BOOT_PROBE_H

#include <lib/types.h>

/**
 * probe_ram_end - find the end of RAM by writing and reading back
 * @start: physical address known to be RAM, the end of the image
 * @limit: physical address where to stop at the latest, MiB-aligned
 *
 * Looks at single words from @start on and gives each its old value back. RAM is taken to be in one
 * piece: a hole of less than 16 MiB may go unnoticed, and so does RAM behind a larger one.
 *
 * Context: boot stub, MMU and caches off. Return: the first MiB border where nothing answers.
 */
phys_addr_t probe_ram_end(phys_addr_t start, phys_addr_t limit);

/* What the boot stub found and was given; physical addresses, 0 for no ATAGs. */
extern phys_addr_t probed_ram_end;
extern phys_addr_t __atags_pointer;
extern u32 __machine_arch_type;

#endif
