// SPDX-License-Identifier: MIT
/*
 * Boots a machine of slab_machine.h in the order of start_kernel().
 */
#include "slab_machine.h"
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/slab.h>
#include <mm/watermark.h>

bool slab_machine_merges;

void slab_machine_boot(const struct machine *machine)
{
#ifdef CONFIG_SLUB
	if (!slab_machine_merges)
		machine_param("slab_nomerge", NULL);
#endif
	machine_boot(machine);
	init_per_zone_wmark_min();
	kmem_cache_init();
	setup_per_cpu_pageset();
	kmem_cache_init_late();
	test_check(slab_machine_check(), __FILE__, __LINE__, "all is right after boot");
}

bool slab_machine_check(void)
{
	return kmem_caches_check() & machine_check();
}

unsigned long slab_machine_pages(void)
{
	return nr_free_pages() + nr_pcp_pages() + nr_slab_pages(true) + nr_slab_pages(false);
}
