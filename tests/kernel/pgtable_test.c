// SPDX-License-Identifier: MIT
/*
 * Page-table entries: what set_pte_ext() and its kin write, against tables written from the manual.
 * Suite pgtable; its other parts are pgtable_layout_test.c, pgtable_map_test.c and tlb_test.c.
 */
#include <asm/map.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <lib/container_of.h>
#include <test.h>

TEST_SUITE("pgtable");

/* A page-table page that the MMU does not know. */
static pte_t table[2 * PTRS_PER_PTE] __aligned(PAGE_SIZE);

static pteval_t hw_of(const pte_t *ptep)
{
	return pte_val(ptep[PTRS_PER_PTE]);
}

/*
 * The fields of a small page, where ARM DDI 0406C figure B3-5 has them: type and XN 1:0, B 2, C 3,
 * AP[1:0] 5:4, TEX 8:6, AP[2] 9, S 10, nG 11.
 */
static u32 small_page(u32 base, unsigned int tex, bool c, bool b, unsigned int ap, bool s, bool ng,
		      bool xn)
{
	return base | ng << 11 | s << 10 | (ap >> 2) << 9 | tex << 6 | (ap & 3) << 4 | c << 3 |
	       b << 2 | 1 << 1 | xn;
}

/*
 * TEX, C and B for each of Linux's 16 memory types (with TEX remap); those it does not name by
 * their bits.
 */
static const struct {
	u8 tex, c, b;
} type_bits[16] = {
	{ 0, 0, 0 }, { 0, 0, 1 }, { 0, 1, 0 }, { 0, 1, 1 },
	{ 1, 0, 0 }, { 1, 0, 1 }, { 1, 1, 0 }, { 1, 1, 1 },
	{ 0, 0, 0 }, { 0, 0, 1 }, { 0, 1, 0 }, { 0, 1, 1 },
	{ 1, 0, 0 }, { 1, 0, 1 }, { 1, 1, 0 }, { 1, 1, 1 },
};

/* AP[2:0] by [user][may be written], table B3-8: privileged only 101 and 001, both 111 and 011. */
static const u8 access_bits[2][2] = { { 5, 1 }, { 7, 3 } };

static u32 expected_hw(u32 val, bool ng)
{
	bool present = val & 1, young = val & 2, dirty = val & 0x40, rdonly = val & 0x80;
	bool user = val & 0x100, xn = val & 0x200, shared = val & 0x400;
	unsigned int type = (val >> 2) & 15;

	if (!present || !young)
		return 0;
	return small_page(val & 0xfffff000, type_bits[type].tex, type_bits[type].c,
			  type_bits[type].b, access_bits[user][dirty && !rdonly], shared, ng, xn);
}

TEST("every combination of Linux's bits becomes the hardware entry that the manual gives it")
{
	unsigned int wrong = 0;

	for (u32 bits = 0; bits < 0x800; bits++) {
		for (unsigned int ng = 0; ng < 2; ng++) {
			u32 val = 0x87654000 | bits;

			if (pte_to_hw(__pte(val), ng ? PTE_EXT_NG : 0) != expected_hw(val, ng))
				wrong++;
		}
	}
	EXPECT_EQ(wrong, 0);
}

TEST("set_pte_ext writes the Linux entry, and the hardware entry 2048 bytes on")
{
	pte_t pte = pfn_pte(0x60123, PAGE_KERNEL);

	memset(table, 0, sizeof(table));
	set_pte_ext(&table[7], pte, 0);
	EXPECT_EQ(*(u32 *)((char *)table + 7 * 4), 0x60123000 | _PAGE_KERNEL);
	EXPECT_EQ(*(u32 *)((char *)table + 7 * 4 + 2048), expected_hw(pte_val(pte), false));
	set_pte_ext(&table[511], pte, PTE_EXT_NG);
	EXPECT_EQ(hw_of(&table[511]), expected_hw(pte_val(pte), true));
	pte_clear(NULL, 0, &table[7]);
	EXPECT(pte_none(table[7]) && hw_of(&table[7]) == 0);
	EXPECT(pte_none(table[6]) && pte_none(table[8]));
}

TEST("set_pte_at makes pages of user space not global, and the kernel's global")
{
	pte_t pte = pfn_pte(0x60123, PAGE_KERNEL);

	set_pte_at(NULL, TASK_SIZE - PAGE_SIZE, &table[0], pte);
	EXPECT_EQ(hw_of(&table[0]) & PTE_EXT_NG, PTE_EXT_NG);
	set_pte_at(NULL, TASK_SIZE, &table[0], pte);
	EXPECT_EQ(hw_of(&table[0]) & PTE_EXT_NG, 0);
}

TEST("set_ptes_ext writes what set_pte_ext would, for a run of page frames")
{
	memset(table, 0, sizeof(table));
	set_ptes_ext(&table[100], pfn_pte(0x70000, PAGE_KERNEL_RO), 412, 0);
	EXPECT(pte_none(table[99]) && hw_of(&table[99]) == 0);
	for (unsigned int i = 100; i < 512; i++) {
		pte_t pte = pfn_pte(0x70000 + i - 100, PAGE_KERNEL_RO);

		if (!EXPECT_EQ(pte_val(table[i]), pte_val(pte)) ||
		    !EXPECT_EQ(hw_of(&table[i]), expected_hw(pte_val(pte), false)))
			break;
	}
}

TEST("a page is writable for the hardware only when it is dirty and not read-only")
{
	pte_t pte = pfn_pte(0x60000, PAGE_KERNEL);

	EXPECT(pt_rights(pte_to_hw(pte, 0)) & PT_KERNEL_WRITE);
	EXPECT(!(pt_rights(pte_to_hw(pte_mkclean(pte), 0)) & PT_KERNEL_WRITE));
	EXPECT(!(pt_rights(pte_to_hw(pte_wrprotect(pte), 0)) & PT_KERNEL_WRITE));
	EXPECT(pt_rights(pte_to_hw(pte_mkwrite(pte_wrprotect(pte)), 0)) & PT_KERNEL_WRITE);
}

TEST("pte_mk* and the questions agree, and leave the rest of an entry alone")
{
	pte_t pte = pfn_pte(0x60000, PAGE_KERNEL);

	EXPECT(pte_present(pte) && pte_write(pte) && pte_dirty(pte) && pte_young(pte));
	EXPECT(!pte_exec(pte));
	EXPECT(!pte_write(pte_wrprotect(pte)) && !pte_dirty(pte_mkclean(pte)));
	EXPECT(!pte_young(pte_mkold(pte)) && pte_exec(pte_mkexec(pte)));
	EXPECT_EQ(pte_val(pte_mkwrite(pte_wrprotect(pte))), pte_val(pte));
	EXPECT_EQ(pte_val(pte_mkdirty(pte_mkclean(pte))), pte_val(pte));
	EXPECT_EQ(pte_val(pte_mkyoung(pte_mkold(pte))), pte_val(pte));
	EXPECT_EQ(pte_val(pte_mknexec(pte_mkexec(pte))), pte_val(pte));
	EXPECT_EQ(pte_pfn(pte_mkexec(pte)), 0x60000);
	EXPECT_EQ(pte_to_hw(pte_mkold(pte), 0), 0);
}

TEST("a pgd entry covers 2 MiB, and the last one ends at the top of the address space")
{
	EXPECT_EQ(pgd_index(0xffffffff), PTRS_PER_PGD - 1);
	EXPECT_EQ(pgd_index(0xc0200000) - pgd_index(0xc01fffff), 1);
	EXPECT_EQ(pgd_addr_end(0xc0001000, 0xc0300000), 0xc0200000);
	EXPECT_EQ(pgd_addr_end(0xc0001000, 0xc0002000), 0xc0002000);
	EXPECT_EQ(pgd_addr_end(0xffff0000, 0), 0);
	EXPECT_EQ(pgd_addr_end(0xffc00000, 0), 0xffe00000);
	EXPECT_EQ((unsigned long)pmd_off_k(0xc0300000), SWAPPER_PG_DIR + 0xc02 * 4);
	EXPECT_EQ(pte_index(0xc01ff000), 511);
}

TEST("a section has the attributes of a page in its own places, and gives them back")
{
	unsigned int wrong = 0;

	for (u32 prot = 0; prot < 0x1000; prot++)
		if ((prot & PTE_TYPE_SMALL) && sect_to_hw_pte(hw_pte_to_sect(prot)) != prot)
			wrong++;
	EXPECT_EQ(wrong, 0);
}

TEST("each kind of memory has the section bits that the manual gives it")
{
	/* ARM DDI 0406C figure B3-4: S 16, AP[2] 15, TEX 14:12, AP[1:0] 11:10, XN 4, C 3, B 2. */
	static const pmdval_t sect[NR_MEM_TYPES] = {
		[MT_DEVICE] = 0x11412,		  /* S, TEX 1, XN */
		[MT_UNCACHED] = 0x10412,	  /* S, XN */
		[MT_HIGH_VECTORS] = 0x1940e,	  /* S, read-only, TEX 1 C B */
		[MT_MEMORY_RW] = 0x1141e,	  /* S, TEX 1 C B, XN */
		[MT_MEMORY_RO] = 0x1941e,
		[MT_MEMORY_RX] = 0x1940e,
		[MT_MEMORY_RW_UNCACHED] = 0x10416, /* S, B, XN */
		[MT_DEVICE_CACHED] = 0x1041e,	  /* S, C B, XN */
		[MT_DEVICE_WC] = 0x10416,	  /* S, B, XN */
	};

	for (unsigned int type = 0; type < NR_MEM_TYPES; type++) {
		const struct mem_type *t = get_mem_type(type);

		EXPECT_EQ(t->prot_sect, sect[type]);
		EXPECT_EQ(t->prot_sect, hw_pte_to_sect(pte_to_hw(__pte(t->prot_pte), 0)));
		EXPECT_EQ(t->prot_l1, PMD_TYPE_TABLE);
	}
	EXPECT(get_mem_type(NR_MEM_TYPES) == NULL);
}
