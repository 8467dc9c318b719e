// SPDX-License-Identifier: MIT
/*
 * The milestones of booting. `make bench` runs this suite under QEMU's -icount and reads the notes.
 */
#include <asm/page.h>
#include <kernel/bootmark.h>
#include <mm/mm.h>
#include <test.h>

TEST_SUITE("bootmark");

static const char *const mark_names[NR_BOOT_MARKS] = {
	[BOOT_ENTRY] = "entry",
	[BOOT_MMU_ON] = "mmu_on",
	[BOOT_START_KERNEL] = "start_kernel",
	[BOOT_ARGUMENTS] = "arguments",
	[BOOT_MEMBLOCK] = "memblock",
	[BOOT_PAGING] = "paging",
	[BOOT_BOOTMEM] = "bootmem",
	[BOOT_ZONES] = "zones",
	[BOOT_MM_INIT] = "mm_init",
	[BOOT_BUDDY] = "buddy",
	[BOOT_SLAB_INIT] = "slab_init",
	[BOOT_SLAB] = "slab",
};

_Static_assert(NR_BOOT_MARKS == 12, "each milestone has a name");

TEST("every milestone of booting was passed, in order")
{
	unsigned int mark;

	for (mark = 0; mark < NR_BOOT_MARKS; mark++) {
		test_note("mark %s %u", mark_names[mark], boot_marks[mark]);
		EXPECT(mark == BOOT_ENTRY || boot_marks[mark] > boot_marks[mark - 1]);
	}
}

TEST("of each zone's present pages, all are free but those that are in use")
{
	unsigned long present = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		present += zone->present_pages;
	test_note("pages present %lu free %lu", present, free_pages_before_tests);
	test_note("bytes of struct page %zu, of struct zone %zu", sizeof(struct page), sizeof(struct zone));
	EXPECT(nr_free_pages() <= totalram_pages);
	EXPECT(totalram_pages <= present);
}
