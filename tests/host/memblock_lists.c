// SPDX-License-Identifier: MIT
#include "memblock_lists.h"

#include <asm/page.h>

void check_list(const struct memblock_type *type, const struct memblock_region *want,
		unsigned long nr, const char *file, int line)
{
	phys_addr_t total = 0;
	unsigned long i;

	memblock_check();
	if (!test_check_eq(type->cnt, nr, file, line, "number of regions"))
		return;
	for (i = 0; i < nr; i++) {
		test_check_eq(type->regions[i].base, want[i].base, file, line, "base");
		test_check_eq(type->regions[i].size, want[i].size, file, line, "size");
		test_check_eq(type->regions[i].flags, want[i].flags, file, line, "flags");
		test_check_eq(type->regions[i].nid, want[i].nid, file, line, "node");
		total += want[i].size;
	}
	test_check_eq(type->total_size, total, file, line, "total_size");
}
void add_pages(int (*add)(phys_addr_t, phys_addr_t), phys_addr_t base, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		EXPECT_EQ(add(base + 2 * i * PAGE_SIZE, PAGE_SIZE), 0);
}
