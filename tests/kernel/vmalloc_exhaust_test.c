// SPDX-License-Identifier: MIT
/*
 * The vmalloc area without room, in pieces, and whole again.
 */
#include <mm/mm.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <test.h>

TEST_SUITE("vmallocexhaust");

#define MAX_AREAS	600u
#define NR_SMALL	500u

static struct vm_struct *areas[MAX_AREAS];

static unsigned long largest_chunk(void)
{
	struct vmalloc_usage usage;

	vm_unmap_aliases();
	vmalloc_usage(&usage);
	return usage.largest_chunk;
}

static struct vm_struct *take(unsigned long size)
{
	return __get_vm_area_node(size - PAGE_SIZE, PAGE_SIZE, VM_MAP, VMALLOC_START, VMALLOC_END,
				  NUMA_NO_NODE, GFP_KERNEL, NULL);
}

static void give(unsigned int i)
{
	if (areas[i])
		free_vm_area(areas[i]);
	areas[i] = NULL;
}

static void give_all(unsigned int nr)
{
	while (nr--)
		give(nr);
}

/* Take all address space there is, in areas as large as will do. Return: how many. */
static unsigned int take_everything(void)
{
	unsigned int nr = 0;

	for (unsigned long chunk = largest_chunk(); chunk >= 2 * PAGE_SIZE && nr < MAX_AREAS;
	     chunk = largest_chunk()) {
		areas[nr] = take(chunk > 64 * SZ_1M ? 16 * SZ_1M : chunk);
		if (!areas[nr++])
			break;
	}
	return nr;
}

TEST("when all addresses are taken the next request fails, and all is as before when they are back")
{
	unsigned long before = largest_chunk();
	unsigned int nr = take_everything();
	void *p;

	EXPECT(nr < MAX_AREAS && areas[nr - 1]);
	EXPECT(largest_chunk() < 2 * PAGE_SIZE);
	p = __vmalloc(PAGE_SIZE, GFP_KERNEL | __GFP_NOWARN, PAGE_KERNEL);
	EXPECT(!p);
	vfree(p);
	EXPECT(vmalloc_check());
	give_all(nr);
	EXPECT_EQ(largest_chunk(), before);
	EXPECT(vmalloc_check());
}

TEST("what was unmapped lazily is found again when there is no other room")
{
	unsigned long before = largest_chunk();
	unsigned int nr = take_everything();
	void *p;

	EXPECT(nr < MAX_AREAS);
	give(0);
	p = vmalloc(PAGE_SIZE);			/* purges, or there would be none */
	EXPECT(p);
	vfree(p);
	give_all(nr);
	EXPECT_EQ(largest_chunk(), before);
}

TEST("gaps that are too small are passed by, those that fit are used, and all merge in the end")
{
	unsigned long before = largest_chunk();
	struct vm_struct *fits, *larger;

	for (unsigned int i = 0; i < NR_SMALL; i++)
		areas[i] = take(3 * PAGE_SIZE);
	for (unsigned int i = 0; i < NR_SMALL; i += 2)
		give(i);
	vm_unmap_aliases();
	larger = take(4 * PAGE_SIZE);
	fits = take(3 * PAGE_SIZE);
	if (EXPECT(larger && fits && areas[1] && areas[NR_SMALL - 1])) {
		EXPECT(larger->addr > areas[NR_SMALL - 1]->addr);
		EXPECT(fits->addr < areas[1]->addr);
	}
	EXPECT(vmalloc_check());
	if (larger)
		free_vm_area(larger);
	if (fits)
		free_vm_area(fits);
	give_all(NR_SMALL);
	EXPECT_EQ(largest_chunk(), before);
	EXPECT(vmalloc_check());
}

TEST("an aligned request finds the only gap that fits it, however tight")
{
	unsigned long before = largest_chunk();
	struct vm_struct *hole = __get_vm_area_node(SZ_1M, SZ_1M, VM_MAP | VM_NO_GUARD, VMALLOC_START,
						    VMALLOC_END, NUMA_NO_NODE, GFP_KERNEL, NULL);
	struct vm_struct *again;
	unsigned int nr;

	ASSERT(hole);
	nr = take_everything();
	EXPECT(nr < MAX_AREAS);
	free_vm_area(hole);
	again = __get_vm_area_node(SZ_1M, SZ_1M, VM_MAP | VM_NO_GUARD, VMALLOC_START, VMALLOC_END,
				   NUMA_NO_NODE, GFP_KERNEL, NULL);
	EXPECT(again);
	if (again)
		free_vm_area(again);
	give_all(nr);
	EXPECT_EQ(largest_chunk(), before);
}

TEST("when pages run out vmalloc gives back all that it took, page tables included")
{
	unsigned long before = test_free_pages(), tables;

	vm_unmap_aliases();
	tables = global_node_page_state_snapshot(NR_PAGETABLE);
	if ((totalram_pages << PAGE_SHIFT) + PAGE_SIZE > largest_chunk())
		SKIP("there is more memory than addresses");
	EXPECT(!__vmalloc(totalram_pages << PAGE_SHIFT, GFP_KERNEL | __GFP_HIGHMEM | __GFP_NOWARN,
			  PAGE_KERNEL));
	EXPECT_EQ(global_node_page_state_snapshot(NR_PAGETABLE), tables);
	EXPECT_EQ(test_free_pages(), before);
	EXPECT(vmalloc_check());
}
