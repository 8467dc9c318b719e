// SPDX-License-Identifier: MIT
/*
 * mem_types[]: what each kind of memory looks like in a page-table entry.
 *
 *    Linux entry (written below) --pte_to_hw()--> small page --hw_pte_to_sect()--> section
 *
 * I1. The Linux entry is the only place where a kind is described. build_mem_type_table() derives
 *     the section from it, so the two can never disagree.
 * I2. All kinds are global, of DOMAIN_KERNEL, and present from the start.
 * I3. All kinds of normal memory are shareable: the four CPUs keep it coherent, and the walker
 *     reads it as TTB_FLAGS say.
 */
#include <asm/cp15.h>
#include <asm/map.h>
#include <asm/pgtable.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <lib/container_of.h>

#define PROT_PTE_DEVICE \
	(L_PTE_PRESENT | L_PTE_YOUNG | L_PTE_DIRTY | L_PTE_XN | L_PTE_SHARED)

struct mem_type mem_types[NR_MEM_TYPES] = {
	[MT_DEVICE] = {
		.name = "device",
		.prot_pte = _PAGE_DEVICE,
	},
	[MT_UNCACHED] = {
		.name = "strongly ordered",
		.prot_pte = PROT_PTE_DEVICE | L_PTE_MT_UNCACHED,
	},
	[MT_HIGH_VECTORS] = {
		.name = "vectors",
		.prot_pte = L_PTE_PRESENT | L_PTE_YOUNG | L_PTE_DIRTY | L_PTE_RDONLY |
			    L_PTE_SHARED | L_PTE_MT_VECTORS,
	},
	[MT_MEMORY_RW] = {
		.name = "memory RW",
		.prot_pte = _PAGE_KERNEL,
	},
	[MT_MEMORY_RO] = {
		.name = "memory R",
		.prot_pte = _PAGE_KERNEL_RO,
	},
	[MT_MEMORY_RX] = {
		.name = "memory RX",
		.prot_pte = _PAGE_KERNEL_RX,
	},
	[MT_MEMORY_RW_UNCACHED] = {
		.name = "memory RW, uncached",
		.prot_pte = PROT_PTE_DEVICE | L_PTE_MT_BUFFERABLE,
	},
	[MT_DEVICE_CACHED] = {
		.name = "device memory, cached",
		.prot_pte = PROT_PTE_DEVICE | L_PTE_MT_DEV_CACHED,
	},
	[MT_DEVICE_WC] = {
		.name = "device memory, write-combined",
		.prot_pte = PROT_PTE_DEVICE | L_PTE_MT_DEV_WC,
	},
};

/* The kinds mean what they say only if TEX remap is set up as the boot stub should have left it. */
static void __init check_cpu_memory_model(void)
{
	u32 cr = get_cr();

	BUG_ON((cr & (CR_M | CR_C | CR_TRE | CR_AFE)) != (CR_M | CR_C | CR_TRE), "SCTLR %08x", cr);
	BUG_ON(read_prrr() != PRRR_VALUE, "PRRR %08x", read_prrr());
	BUG_ON(read_nmrr() != NMRR_VALUE, "NMRR %08x", read_nmrr());
	/* A manager domain would ignore AP and XN. */
	BUG_ON(read_dacr() != DACR_INIT, "DACR %08x", read_dacr());
}

void __init build_mem_type_table(void)
{
	check_cpu_memory_model();
	for (unsigned int i = 0; i < ARRAY_SIZE(mem_types); i++) {
		struct mem_type *t = &mem_types[i];
		pteval_t hw = pte_to_hw(__pte(t->prot_pte), 0);

		BUG_ON(hw == 0, "type %u is not present", i);
		BUG_ON(!(hw & (PTE_EXT_APX | PTE_EXT_XN)), "%s: W and X (I4)", t->name);
		t->domain = DOMAIN_KERNEL;
		t->prot_l1 = PMD_TYPE_TABLE | PMD_DOMAIN(DOMAIN_KERNEL);
		t->prot_sect = hw_pte_to_sect(hw) | PMD_DOMAIN(DOMAIN_KERNEL);
	}
}
