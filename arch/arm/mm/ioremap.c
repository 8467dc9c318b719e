// SPDX-License-Identifier: MIT
/*
 * ioremap(): addresses in the vmalloc area for device registers, and for memory that is no RAM of
 * ours. Names from Linux's arch/arm/mm/ioremap.c.
 *
 *    0x10009018, 4 bytes     a window of iotable_init() has it: its address; nothing is made
 *    0x4e000010, 8 bytes     an area of a page: the page, offset 0x10
 *    0x40000000, 66 MiB      an area that begins at a multiple of 16 MiB:
 *
 *       piece of the area       is mapped by        needs
 *       4 x 16 MiB              supersections       both addresses multiples of 16 MiB
 *       2 MiB                   two sections        addr a multiple of 2 MiB, phys of 1 MiB
 *       the rest                pages
 *
 * A supersection is 16 entries that are all the same (ARM DDI 0406C B3.5.1), a translation that takes
 * one place in the TLB. Sections come two by two, as page tables do.
 *
 * D1. The memory type of a physical address is everywhere the same (I5 of asm/pgtable-2level.h): RAM
 *     is refused, since lowmem maps it cached, and so is what a window of iotable_init() or another
 *     area maps as another type. Two that ask for different types at the same moment are not seen.
 * D2. Types of normal memory are for whole pages only: the CPU may read all of the page without being
 *     asked to (A3.5.1), and next to what was asked for may be a register that minds.
 * D3. A level-1 entry of an area becomes a section only when it is empty: a page table that earlier
 *     areas have left there is taken out first, and TLBs have forgotten it (B3.10.1, "break before
 *     make").
 * D4. Sections go with their area, whoever gives it up, by pairs and by sixteens, in every page directory
 *     (vunmap_range_noflush()). TLBs forget them when the area is purged (mm/vmap_purge.c): before that nobody
 *     gets the addresses.
 */
#include <asm/cacheflush.h>
#include <asm/io.h>
#include <asm/map.h>
#include <asm/pgalloc.h>
#include <asm/pgd.h>
#include <asm/tlbflush.h>
#include <kernel/printk.h>
#include <kernel/resource.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/memblock.h>
#include <mm/mm_struct.h>
#include <mm/vmalloc.h>

#define PMDS_PER_SUPERSECTION	((unsigned int)(SUPERSECTION_SIZE / SECTION_SIZE))
#define PMDS_PER_PGD		((unsigned int)(PGDIR_SIZE / SECTION_SIZE))

/*
 * Areas of another type than MT_DEVICE, at most so many: while there is none, nobody need be looked for (D1). What
 * remove_vm_area() takes away without iounmap() stays counted.
 */
static atomic_t nr_other_types = ATOMIC_INIT(0);

/* ---- What is refused ---- */

/* A wish that cannot be fulfilled. */
struct request {
	phys_addr_t phys;
	size_t size;
	unsigned int mtype;
	const void *caller;
};

static void __cold refuse(const struct request *r, const char *why)
{
	pr_err("ioremap: 0x%zx bytes at 0x%08x as %s, for %pS, refused: %s\n", r->size, r->phys,
	       get_mem_type(r->mtype)->name, r->caller, why);
}

static void __cold refuse_ram(const struct request *r)
{
	const struct resource *ram = region_conflict(r->phys, r->phys + (r->size - 1),
						     IORESOURCE_SYSRAM);
	const struct resource *part = ram ? resource_at(max(r->phys, ram->start)) : NULL;
	char why[80];

	if (!part)
		part = &iomem_resource;
	scnprintf(why, sizeof(why), "0x%08x-0x%08x is RAM (%s)", part->start, part->end, part->name);
	refuse(r, why);
}

/*
 * Can nothing be wrong with it but what others have mapped? The board has RAM between two borders only: counted
 * from the upper one, round the end of addresses, what has none of it begins before it ends, and ends before the
 * lower one. No byte at 0 is the whole address space here, and has RAM.
 */
static inline bool is_plain(phys_addr_t phys, phys_addr_t last, unsigned int mtype)
{
	return mtype == MT_DEVICE && phys <= last && phys - PHYS_LIMIT <= last - PHYS_LIMIT &&
	       last - PHYS_LIMIT < PHYS_OFFSET - PHYS_LIMIT;
}

/* Look closely. Return: false after a message that says what is wrong with it. */
static noinline bool may_be_mapped(const struct request *r)
{
	BUG_ON(!get_mem_type(r->mtype), "memory type %u", r->mtype);
	if (r->size == 0)
		refuse(r, "no byte is asked for");
	else if (r->phys + (r->size - 1) < r->phys)
		refuse(r, "it goes beyond the end of physical memory");
	else if (memblock_overlaps_region(&memblock.memory, r->phys, r->size))
		refuse_ram(r);
	else if ((r->mtype == MT_DEVICE_CACHED || r->mtype == MT_DEVICE_WC) &&
		 !IS_ALIGNED(r->phys | r->size, PAGE_SIZE))
		refuse(r, "not page-aligned, and the CPU may read the rest of the page");
	else
		return true;
	return false;
}

/* ---- Windows ---- */

static inline bool has_all(const struct static_vm *svm, phys_addr_t phys, phys_addr_t last)
{
	return phys >= svm->phys_addr && last - svm->phys_addr < svm->size;
}

/* The first window from @link on that has a part of it; NULL if there is none. */
static inline const struct static_vm *next_window(const struct list_head *link, phys_addr_t phys,
						  phys_addr_t last)
{
	for (; link != &static_vmlist; link = link->next) {
		const struct static_vm *svm = list_entry(link, struct static_vm, list);

		if (last < svm->phys_addr)
			continue;
		if (phys <= svm->phys_addr + (svm->size - 1))
			return svm;
	}
	return NULL;
}

/*
 * Look through the windows that have a part of it, from @svm on. Return: has one all of it, as that type?
 * Then it is at @addr.
 */
static noinline bool found_in_windows(const struct request *r, const struct static_vm *svm,
			     void __iomem **addr)
{
	phys_addr_t last = r->phys + (r->size - 1);

	for (; svm; svm = next_window(svm->list.next, r->phys, last)) {
		*addr = (void __iomem *)(svm->addr + (r->phys - svm->phys_addr));
		if (svm->type == r->mtype && has_all(svm, r->phys, last))
			return true;
	}
	return false;
}

/* Does another area map some of these pages as another type? Then says so (D1). */
static noinline bool has_second_type(const struct request *r)
{
	struct vm_struct other;
	char why[112];

	if (!find_ioremap_conflict(r->phys & PAGE_MASK, (r->phys + (r->size - 1)) | ~PAGE_MASK,
				   VM_ARM_MTYPE(r->mtype), &other))
		return false;
	scnprintf(why, sizeof(why), "%pS has it at 0x%08lx as %s", other.caller,
		  (unsigned long)other.addr,
		  mem_types[(other.flags & VM_ARM_MTYPE_MASK) >> VM_ARM_MTYPE_SHIFT].name);
	refuse(r, why);
	return true;
}

/* ---- Sections ---- */

/* How many level-1 entries can be used at once from @addr on: 0, 2 or 16. */
static unsigned int section_pmds(unsigned long addr, unsigned long end, phys_addr_t phys)
{
	if (IS_ALIGNED(addr | phys, SUPERSECTION_SIZE) && end - addr >= SUPERSECTION_SIZE)
		return PMDS_PER_SUPERSECTION;
	if (IS_ALIGNED(addr, PGDIR_SIZE) && IS_ALIGNED(phys, SECTION_SIZE) &&
	    end - addr >= PGDIR_SIZE)
		return PMDS_PER_PGD;
	return 0;
}

/* D3. The 2 MiB at @addr are all of one area that nobody uses yet: what table there is, is empty. */
static void take_out_table(unsigned long addr)
{
	pte_t *table = pmd_clear_kernel_all(addr);

	if (!table)
		return;
	flush_tlb_kernel_range(addr, addr + PGDIR_SIZE);
	pte_free_kernel(NULL, table);
}

/* @nr entries from @addr on. The other page directories learn of them when they need them. */
static void map_sections(unsigned long addr, phys_addr_t phys, unsigned int nr,
			 const struct mem_type *type)
{
	bool super = nr == PMDS_PER_SUPERSECTION;
	pmd_t *pmd = pmd_off_k(addr);
	unsigned long flags;

	for (unsigned long off = 0; off < nr * SECTION_SIZE; off += PGDIR_SIZE)
		take_out_table(addr + off);
	spin_lock_irqsave(&init_mm.page_table_lock, flags);
	for (unsigned int i = 0; i < nr; i++) {
		VM_BUG_ON(!pmd_none(pmd[i]), "%08lx: pmd %08x (D3)", addr + i * SECTION_SIZE,
			  pmd_val(pmd[i]));
		pmd[i] = super ? __pmd(phys | type->prot_sect | PMD_SECT_SUPER) :
				 __pmd((phys + i * SECTION_SIZE) | type->prot_sect);
	}
	spin_unlock_irqrestore(&init_mm.page_table_lock, flags);
}

/* ---- Areas ---- */

/*
 * Map a large area, by the largest pieces that fit. Return: 0 or -ENOMEM, and a part is mapped.
 */
static noinline int map_large_area(unsigned long addr, unsigned long end, phys_addr_t phys,
		    const struct mem_type *type)
{
	unsigned long next;
	unsigned int nr;

	for (; (nr = section_pmds(addr, end, phys)); addr = next) {
		next = addr + nr * SECTION_SIZE;
		map_sections(addr, phys, nr, type);
		phys += next - addr;
	}
	if (addr == end) {
		flush_cache_vmap(addr, end);
		return 0;
	}
	return ioremap_page_range(addr, end, phys, __pgprot(type->prot_pte));
}

/* The same for what lies in one page table, as most do. */
static inline int map_few_pages(unsigned long addr, unsigned long size, phys_addr_t phys,
				pteval_t prot)
{
	pte_t *pte = pte_alloc_kernel(pmd_off_k(addr), addr);

	if (unlikely(!pte))
		return -ENOMEM;
	VM_BUG_ON(!pte_none(*pte), "%08lx: pte %08x", addr, pte_val(*pte));
	set_ptes_ext(pte, __pte(phys | prot), size >> PAGE_SHIFT, 0);
	flush_cache_vmap(addr, addr + size);
	return 0;
}

static void __iomem *map_new_area(phys_addr_t phys, size_t size, unsigned int mtype,
				  const void *caller)
{
	pteval_t prot = mtype == MT_DEVICE ? _PAGE_DEVICE : mem_types[mtype].prot_pte;
	unsigned long offset = phys & ~PAGE_MASK, addr;
	struct vm_struct *area;
	int error;

	size = PAGE_ALIGN(offset + size);
	area = get_vm_area_caller(size, VM_IOREMAP | VM_ARM_MTYPE(mtype), caller);
	if (unlikely(!area))
		return NULL;
	addr = (unsigned long)area->addr;
	phys &= PAGE_MASK;
	area->phys_addr = phys;
	if (unlikely(mtype != MT_DEVICE))
		atomic_inc(&nr_other_types);
	if (likely(size < PGDIR_SIZE - (addr & ~PGDIR_MASK)))
		error = map_few_pages(addr, size, phys, prot);
	else
		error = map_large_area(addr, addr + size, phys, &mem_types[mtype]);
	if (unlikely(error)) {
		iounmap((void __iomem *)addr);
		return NULL;
	}
	return (void __iomem *)(addr + offset);
}

void __iomem *__arm_ioremap_caller(phys_addr_t phys, size_t size, unsigned int mtype,
				   const void *caller)
{
	phys_addr_t last = phys + (size - 1);
	const struct static_vm *svm;
	void __iomem *addr;

	if (unlikely(!is_plain(phys, last, mtype)) &&
	    !may_be_mapped(&(struct request){ phys, size, mtype, caller }))
		return NULL;
	if (phys <= static_vms.last_phys && last >= static_vms.first_phys) {
		svm = next_window(static_vmlist.next, phys, last);
		if (svm && found_in_windows(&(struct request){ phys, size, mtype, caller }, svm, &addr))
			return addr;
	}
	if (unlikely(mtype | (unsigned int)atomic_read(&nr_other_types)) &&
	    has_second_type(&(struct request){ phys, size, mtype, caller }))
		return NULL;
	return map_new_area(phys, size, mtype, caller);
}

void __iomem *ioremap(phys_addr_t phys, size_t size)
{
	return __arm_ioremap_caller(phys, size, MT_DEVICE, _RET_IP_);
}

void __iomem *ioremap_cache(phys_addr_t phys, size_t size)
{
	return __arm_ioremap_caller(phys, size, MT_DEVICE_CACHED, _RET_IP_);
}

void __iomem *ioremap_wc(phys_addr_t phys, size_t size)
{
	return __arm_ioremap_caller(phys, size, MT_DEVICE_WC, _RET_IP_);
}

/* If an area of another type begins at @addr, there is one less. What it is if not, says vunmap_kind(). */
static noinline void iounmap_slowly(const void *addr, const void *caller)
{
	const struct vm_struct *area;

	if (find_static_vm_vaddr(addr))
		return;
	area = find_vm_area(addr);
	if (area && area->addr == addr && area->flags & VM_IOREMAP && area->flags & VM_ARM_MTYPE_MASK)
		atomic_dec(&nr_other_types);
	vunmap_kind(addr, VM_IOREMAP, caller);
}

void iounmap(volatile void __iomem *addr)
{
	unsigned long base = (unsigned long)addr & PAGE_MASK;

	if (likely(base < static_vms.start && !atomic_read(&nr_other_types)))
		vunmap_kind((const void *)base, VM_IOREMAP, _RET_IP_);
	else
		iounmap_slowly((const void *)base, _RET_IP_);
}
