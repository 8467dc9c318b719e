// SPDX-License-Identifier: MIT
/*
 * create_mapping(): a run of physical addresses at a run of virtual ones, in the kernel's page
 * table. The stations are those of Linux's arch/arm/mm/mmu.c:
 *
 *    create_mapping
 *      check_request, check_free          everything is checked ...
 *      for each 2 MiB:                    ... before anything is changed
 *        alloc_init_pud -> alloc_init_pmd --> __map_init_section    whole MiBs, no table there yet
 *                                         \-> alloc_init_pte        the rest
 *                                               early_pte_alloc, set_pte_ext, early_pte_install
 *
 * I6. What create_mapping() writes was empty before: it needs a barrier at the end, but no TLB
 *     maintenance.
 */
#include <asm/cacheflush.h>
#include <asm/map.h>
#include <asm/pgtable.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <mm/handoff.h>
#include <mm/memblock.h>

/* One piece of the request: at most what one pgd entry maps. */
struct piece {
	unsigned long addr;
	unsigned long end;	/* behind the last byte; 0 is the top of the address space */
	phys_addr_t phys;
	const struct mem_type *type;
};

static inline unsigned long piece_bytes(const struct piece *p)
{
	return p->end - p->addr;
}

/*
 * Sections, for a piece that is made of whole MiBs, unless its 2 MiB already have a page table
 * (I1).
 */
static bool maps_sections(pmd_t *pmd, const struct piece *p)
{
	return IS_ALIGNED(p->addr | p->end | p->phys, SECTION_SIZE) && !pmd_table(*pmd);
}

/* The level-1 entry for @addr itself, of the pair that begins at @pmd. */
static inline pmd_t *section_entry(pmd_t *pmd, unsigned long addr)
{
	return pmd + ((addr >> SECTION_SHIFT) & 1);
}

static void __map_init_section(pmd_t *pmd, const struct piece *p)
{
	pmd = section_entry(pmd, p->addr);
	for (unsigned long off = 0; off < piece_bytes(p); off += SECTION_SIZE)
		*pmd++ = __pmd((p->phys + off) | p->type->prot_sect);
}

/* The page table of a piece; a new one is clear, and not yet in its place. */
static pte_t *early_pte_alloc(pmd_t *pmd)
{
	if (pmd_none(*pmd))
		return early_alloc(PTE_HWTABLE_OFF + PTE_HWTABLE_SIZE);
	return pmd_page_vaddr(*pmd);
}

static void early_pte_install(pmd_t *pmd, pte_t *table, pmdval_t prot)
{
	if (pmd_none(*pmd))
		__pmd_populate(pmd, __pa(table), prot);
	BUG_ON(pmd_page_vaddr(*pmd) != table, "pmd %08x, table %p", pmd_val(*pmd), table);
}

static void alloc_init_pte(pmd_t *pmd, const struct piece *p)
{
	pte_t *table = early_pte_alloc(pmd);
	pte_t pte = pfn_pte(PHYS_PFN(p->phys), __pgprot(p->type->prot_pte));

	set_ptes_ext(table + pte_index(p->addr), pte, piece_bytes(p) >> PAGE_SHIFT, 0);
	early_pte_install(pmd, table, p->type->prot_l1);
}

static void alloc_init_pmd(pud_t *pud, const struct piece *p)
{
	pmd_t *pmd = pmd_offset(pud, p->addr);

	if (maps_sections(pmd, p))
		__map_init_section(pmd, p);
	else
		alloc_init_pte(pmd, p);
}

static void alloc_init_pud(pgd_t *pgd, const struct piece *p)
{
	alloc_init_pmd(pud_offset(pgd, p->addr), p);
}

/* Is every section of the piece empty, or what we would write? */
static bool sections_free(pmd_t *pmd, const struct piece *p)
{
	pmd = section_entry(pmd, p->addr);
	for (unsigned long off = 0; off < piece_bytes(p); off += SECTION_SIZE, pmd++)
		if (!pmd_none(*pmd) && pmd_val(*pmd) != ((p->phys + off) | p->type->prot_sect))
			return false;
	return true;
}

/* Is every page of the piece empty, or what we would write? */
static bool pages_free(pmd_t *pmd, const struct piece *p)
{
	pte_t *ptep = pte_offset_kernel(pmd, p->addr);

	for (unsigned long off = 0; off < piece_bytes(p); off += PAGE_SIZE, ptep++)
		if (!pte_none(*ptep) && pte_val(*ptep) != ((p->phys + off) | p->type->prot_pte))
			return false;
	return true;
}

/* Can the piece be mapped without changing what is there? 0 or -errno. */
static int check_free(pmd_t *pmd, const struct piece *p)
{
	if (maps_sections(pmd, p))
		return sections_free(pmd, p) ? 0 : -EEXIST;
	if (pmd_table(pmd[0]))
		return pages_free(pmd, p) ? 0 : -EEXIST;
	if (!pmd_none(pmd[0]) || !pmd_none(pmd[1]))
		return -EEXIST;		/* a section beside it: no room for a table (I1) */
	return mm_stage == MM_MEMBLOCK ? 0 : -ENOMEM;
}

/* Does any of the physical range lie in RAM? */
static bool touches_ram(phys_addr_t phys, unsigned long bytes)
{
	phys_addr_t start, end;
	u64 i;

	for_each_mem_range(i, &start, &end)
		if (phys < end && start <= phys + (bytes - 1))
			return true;
	return false;
}

/* Would @type give memory another type than the linear mapping has? */
static bool is_ram_type(const struct mem_type *type)
{
	pteval_t ram = sect_to_hw_pte(get_mem_type(MT_MEMORY_RW)->prot_sect);

	return ((sect_to_hw_pte(type->prot_sect) ^ ram) & PTE_EXT_MEM_MASK) == 0;
}

static bool wraps(unsigned long start, unsigned long bytes)
{
	return start + (bytes - 1) < start;
}

static bool is_kernel_range(unsigned long start)
{
	return start >= TASK_SIZE;
}

/* What is wrong with the request in itself; NULL if nothing is. */
static const char *check_request(const struct map_desc *md)
{
	const struct mem_type *type = get_mem_type(md->type);

	if (!type)
		return "no such memory type";
	if (md->length == 0 || !IS_ALIGNED(md->virtual | md->length, PAGE_SIZE))
		return "not page-aligned";
	if (wraps(md->virtual, md->length))
		return "beyond the end of the address space";
	if (md->pfn > PHYS_PFN(PHYS_ADDR_MAX) || wraps(__pfn_to_phys(md->pfn), md->length))
		return "beyond the end of physical memory";
	if (!is_kernel_range(md->virtual))
		return "in user space";
	if (touches_ram(__pfn_to_phys(md->pfn), md->length) && !is_ram_type(type))
		return "RAM has another memory type in the linear mapping";
	return NULL;
}

static int refuse(const struct map_desc *md, const char *why, int error)
{
	const struct mem_type *type = get_mem_type(md->type);

	pr_err("create_mapping: 0x%08lx at 0x%08lx, 0x%lx bytes of %s, refused: %s\n",
	       md->pfn << PAGE_SHIFT, md->virtual, md->length, type ? type->name : "unknown type",
	       why);
	return error;
}

static struct piece first_piece(const struct map_desc *md)
{
	unsigned long end = md->virtual + md->length;

	return (struct piece){
		.addr = md->virtual,
		.end = pgd_addr_end(md->virtual, end),
		.phys = __pfn_to_phys(md->pfn),
		.type = get_mem_type(md->type),
	};
}

/* Go on to the next piece of the range that ends at @end. Return: whether there is one. */
static bool next_piece(struct piece *p, unsigned long end)
{
	if (p->end == end)
		return false;
	p->phys += piece_bytes(p);
	p->addr = p->end;
	p->end = pgd_addr_end(p->addr, end);
	return true;
}

int create_mapping(const struct map_desc *md)
{
	unsigned long end = md->virtual + md->length;
	const char *why = check_request(md);
	struct piece p;

	if (why)
		return refuse(md, why, -EINVAL);

	p = first_piece(md);
	do {
		int error = check_free(pmd_off_k(p.addr), &p);

		if (error == -EEXIST)
			return refuse(md, "something else is mapped there", error);
		if (error)
			return refuse(md, "no page table there, and no memory for one", error);
	} while (next_piece(&p, end));

	p = first_piece(md);
	do {
		alloc_init_pud(pgd_offset_k(p.addr), &p);
	} while (next_piece(&p, end));
	flush_cache_vmap(md->virtual, end);
	return 0;
}
