// SPDX-License-Identifier: MIT
/*
 * show_pte_walk(): a walk, printed level by level. What it prints for the first instruction of the
 * kernel and for NULL (in which nothing is mapped):
 *
 *    [c0010000] TTBR0 6000c06a: level-1 table at 0x6000c000
 *    [c0010000] L1 0xc00 at 0x6000f000: 67fff801: page table at 0x67fff800, domain 0 (client)
 *    [c0010000] L2 0x010 at 0x67fff840: 6001065e: 4 KiB page, kernel R-X, user ---,
 *                                             MEM/CACHED/WBWA, shared, global (the same line)
 *    [c0010000] Linux pte at 0x67fff040: 600104df: PRESENT YOUNG DIRTY RDONLY SHARED type 7
 *    [c0010000] maps to 0x60010000
 *
 *    [00000000] TTBR0 6000c06a: level-1 table at 0x6000c000
 *    [00000000] L1 0x000 at 0x6000c000: 00000000: nothing
 *    [00000000] no section and no page table: translation fault, level 1
 */
#include <asm/cp15.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <kernel/printk.h>
#include <lib/container_of.h>
#include <lib/vsprintf.h>

#define ATTR_TEXT_SIZE	96

/* Which register the walk began at. TTBR1 counts only where TTBCR.N splits the address space. */
static int ttbr_number(const struct pt_walk *w)
{
	unsigned int n = read_ttbcr() & TTBCR_N_MASK;

	return n != 0 && w->addr >> (32 - n) != 0;
}

static unsigned int domain_access(unsigned int domain)
{
	return (read_dacr() >> (2 * domain)) & DOMAIN_MASK;
}

static const char *domain_word(unsigned int domain)
{
	static const char *const words[] = { "no access", "client", "reserved", "manager" };

	return words[domain_access(domain)];
}

static void attr_text(pteval_t prot, char *buf, size_t size)
{
	unsigned int r = pt_rights(prot);

	scnprintf(buf, size, "kernel %c%c%c, user %c%c%c, %s, %s, %s",
		  r & PT_KERNEL_READ ? 'R' : '-', r & PT_KERNEL_WRITE ? 'W' : '-',
		  r & PT_EXEC ? 'X' : '-', r & PT_USER_READ ? 'R' : '-',
		  r & PT_USER_WRITE ? 'W' : '-', (r & PT_EXEC) && (r & PT_USER_READ) ? 'X' : '-',
		  pt_mem_type_name(prot), prot & PTE_EXT_SHARED ? "shared" : "not shared",
		  prot & PTE_EXT_NG ? "not global" : "global");
}

static void show_level_1(const struct pt_walk *w)
{
	char attr[ATTR_TEXT_SIZE];

	pr_alert("[%08lx] L1 0x%03lx at 0x%08x: %08x: ", w->addr, w->addr >> SECTION_SHIFT,
		 w->l1_addr, w->l1);
	switch (w->end) {
	case PT_FORBIDDEN:
	case PT_FAULT_L1:
		pr_cont("nothing\n");
		break;
	case PT_SECTION:
	case PT_SUPERSECTION:
		attr_text(w->prot, attr, sizeof(attr));
		pr_cont("%lu MiB section, %s, domain %u (%s)\n", w->size >> SECTION_SHIFT, attr,
			w->domain, domain_word(w->domain));
		break;
	case PT_UNREADABLE:
	case PT_FAULT_L2:
	case PT_LARGE:
	case PT_SMALL:
		pr_cont("page table at 0x%08lx, domain %u (%s)\n", w->l1 & PMD_TABLE_MASK,
			w->domain, domain_word(w->domain));
		break;
	}
}

static void show_linux_pte(const struct pt_walk *w)
{
	static const struct {
		pteval_t bit;
		const char *word;
	} flags[] = {
		{ L_PTE_PRESENT, " PRESENT" }, { L_PTE_YOUNG, " YOUNG" }, { L_PTE_DIRTY, " DIRTY" },
		{ L_PTE_RDONLY, " RDONLY" },   { L_PTE_USER, " USER" },	  { L_PTE_XN, " XN" },
		{ L_PTE_SHARED, " SHARED" },
	};

	pr_alert("[%08lx] Linux pte at 0x%08x: %08x:", w->addr,
		 (phys_addr_t)(w->l2_addr - PTE_HWTABLE_OFF), w->linux_pte);
	for (unsigned int i = 0; i < ARRAY_SIZE(flags); i++)
		if (w->linux_pte & flags[i].bit)
			pr_cont("%s", flags[i].word);
	pr_cont(" type %u%s\n", (w->linux_pte & L_PTE_MT_MASK) >> L_PTE_MT_SHIFT,
		pte_to_hw(__pte(w->linux_pte), w->l2 & PTE_EXT_NG) == w->l2 ? "" :
		": DIFFERS from the hardware entry");
}

static void show_level_2(const struct pt_walk *w)
{
	char attr[ATTR_TEXT_SIZE];

	pr_alert("[%08lx] L2 0x%03lx at 0x%08x: %08x: ", w->addr,
		 (w->addr >> PAGE_SHIFT) & (HW_PTRS_PER_PTE - 1), w->l2_addr, w->l2);
	if (pt_is_mapped(w)) {
		attr_text(w->prot, attr, sizeof(attr));
		pr_cont("%lu KiB page, %s\n", w->size >> 10, attr);
	} else {
		pr_cont("nothing\n");
	}
	if (w->l2_addr & PTE_HWTABLE_OFF)
		show_linux_pte(w);
}

static void show_end(const struct pt_walk *w)
{
	switch (w->end) {
	case PT_FORBIDDEN:
		pr_alert("[%08lx] TTBCR forbids walks from TTBR%d: translation fault, level 1\n",
			 w->addr, ttbr_number(w));
		break;
	case PT_FAULT_L1:
		pr_alert("[%08lx] no section and no page table: translation fault, level 1\n",
			 w->addr);
		break;
	case PT_FAULT_L2:
		pr_alert("[%08lx] no page: translation fault, level 2\n", w->addr);
		break;
	case PT_UNREADABLE:
		pr_alert("[%08lx] a table that is not in lowmem: the page table is damaged\n",
			 w->addr);
		break;
	case PT_SECTION:
	case PT_SUPERSECTION:
	case PT_LARGE:
	case PT_SMALL:
		pr_alert("[%08lx] maps to 0x%08lx\n", w->addr, w->phys + (w->addr - w->start));
		break;
	}
}

void show_pte_walk(unsigned long addr)
{
	struct pt_walk w;

	pt_walk(addr, &w);
	pr_alert("[%08lx] TTBR%d %08x: level-1 table at 0x%08lx\n", addr, ttbr_number(&w), w.ttbr,
		 w.l1_addr - (addr >> SECTION_SHIFT) * sizeof(pmdval_t));
	if (w.end != PT_FORBIDDEN)
		show_level_1(&w);
	if (w.l2_addr && w.end != PT_UNREADABLE)
		show_level_2(&w);
	show_end(&w);
}
