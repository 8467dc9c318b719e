/* SPDX-License-Identifier: MIT */
/*
 * The vmalloc area: addresses for pages that lie anywhere. What is contiguous here need not be so in
 * memory, and can be larger than any block that the page allocator has.
 *
 *    p = vmalloc(100 * SZ_1K);			pages, of high memory first, and addresses for them
 *    vfree(p);
 *    p = vmap(pages, n, VM_MAP, PAGE_KERNEL);	addresses for pages that one has
 *    vunmap(p);
 *
 *    VMALLOC_START                                                              VMALLOC_END
 *    | vmalloc 3 pages |g|    gap    | vmap 2 |g| vmalloc 1 |g|   gap    | device window |
 *
 * V1. Areas do not overlap. Behind each is a guard page (g), in which nothing is mapped, unless it has
 *     VM_NO_GUARD: who runs over the end of an area faults, and the report says whose it is.
 * V2. What was freed is unmapped at once, but is a gap again only after a flush of all TLBs, one for
 *     many areas (mm/vmap_purge.c): so an address is never two things at a time. Debug builds flush
 *     each at once, so that the use of what was freed faults there.
 * V3. Nothing in the area is mapped writable and executable.
 *
 * Names, arguments and meaning are Linux's (include/linux/vmalloc.h, 3.10 and 6.1).
 */
#ifndef MM_VMALLOC_H
#define MM_VMALLOC_H

#include <asm/lowmem.h>
#include <asm/pgtable.h>
#include <lib/types.h>
#include <mm/gfp.h>
#include <mm/numa.h>

struct page;

/* Flags of areas, with Linux's values: what an area is for, one of the first three, and how it is. */
#define VM_IOREMAP	0x00000001UL	/* device registers, by ioremap() */
#define VM_ALLOC	0x00000002UL	/* pages that belong to it, by vmalloc() */
#define VM_MAP		0x00000004UL	/* somebody else's pages, by vmap() */
#define VM_USERMAP	0x00000008UL	/* may be shown to user space: remap_vmalloc_range() */
#define VM_NO_GUARD	0x00000040UL	/* without a guard page */
#define VM_FLUSH_RESET_PERMS 0x00000100UL /* its pages are read-only elsewhere: vmalloc_exec() */
#define VM_ARM_MTYPE_SHIFT	20	/* of VM_IOREMAP: the memory type, MT_... of <asm/map.h> */
#define VM_ARM_MTYPE(mt)	((unsigned long)(mt) << VM_ARM_MTYPE_SHIFT)
#define VM_ARM_MTYPE_MASK	VM_ARM_MTYPE(0x1f)
#define VM_KINDS	(VM_IOREMAP | VM_ALLOC | VM_MAP)

/* The largest alignment that an area of VM_IOREMAP gets by itself: a supersection. */
#define IOREMAP_MAX_ORDER	24

/**
 * struct vm_struct - an area with an owner
 * @next: of those that were there before vmalloc_init()
 * @addr: its first byte
 * @size: bytes, the guard page included
 * @flags: VM_...
 * @nr_pages: pages that belong to it: of VM_ALLOC
 * @phys_addr: what it maps: of VM_IOREMAP
 * @caller: who asked for it, for reports
 *
 * Differs from Linux: there is no array of an area's pages, since the page table knows them.
 */
struct vm_struct {
	struct vm_struct *next;
	void *addr;
	unsigned long size;
	unsigned long flags;
	unsigned int nr_pages;
	phys_addr_t phys_addr;
	const void *caller;
};

/* Does @addr lie in the vmalloc area? Not: is there anything. */
static inline bool is_vmalloc_addr(const void *addr)
{
	return (unsigned long)addr - VMALLOC_START < VMALLOC_END - VMALLOC_START;
}

/* Bytes of an area that may be mapped. */
static inline unsigned long get_vm_area_size(const struct vm_struct *area)
{
	return area->flags & VM_NO_GUARD ? area->size : area->size - PAGE_SIZE;
}

/* --- Memory: mm/vmalloc.c --- */

/**
 * vmalloc - memory that is contiguous by its addresses only
 * @size: bytes; is rounded up to pages
 *
 * Pages come from high memory first. Context: thread that may sleep. Return: page-aligned memory with
 * junk in it; NULL, after a message, if pages, page tables or addresses are short, or @size is 0 or
 * more than there is RAM. What was taken until then has gone back.
 */
void *vmalloc(unsigned long size) __must_check;

/* As vmalloc(), @size bytes, filled with zeros. */
void *vzalloc(unsigned long size) __must_check;

/* The same, also for remap_vmalloc_range(). */
void *vmalloc_user(unsigned long size) __must_check;

/* As vmalloc() and vzalloc(), @size bytes, of @node, if it has any. */
void *vmalloc_node(unsigned long size, int node) __must_check;
void *vzalloc_node(unsigned long size, int node) __must_check;

/* As vmalloc(), @size bytes, for devices that address 32 bits, all of memory here; that reach ZONE_DMA only. */
void *vmalloc_32(unsigned long size) __must_check;
void *vmalloc_dma(unsigned long size) __must_check;

/**
 * vmalloc_exec - memory for code
 * @size: bytes
 *
 * Comes up writable and not executable: it is filled, and then made what it is to be, by
 * set_memory_ro() and set_memory_x() in this order, after flush_icache_range(). The pages are not
 * writable by any other address meanwhile. Differs from Linux, where it is writable and executable
 * from the beginning. As vmalloc() otherwise.
 */
void *vmalloc_exec(unsigned long size) __must_check;

/* As vmalloc(), with flags for the pages (__GFP_HIGHMEM to have them of high memory), mapped as @prot. */
void *__vmalloc(unsigned long size, gfp_t gfp_mask, pgprot_t prot) __must_check;

/**
 * __vmalloc_node_range - vmalloc() with all that can be said
 * @size: bytes
 * @align: of the address, a power of two of at least PAGE_SIZE
 * @start: lowest address
 * @end: behind the highest
 * @gfp_mask: for the pages; __GFP_NOWARN to fail in silence
 * @prot: how they are mapped
 * @vm_flags: VM_USERMAP, VM_NO_GUARD
 * @node: where pages come from, or NUMA_NO_NODE
 * @caller: for reports
 *
 * Return: as vmalloc().
 */
void *__vmalloc_node_range(unsigned long size, unsigned long align, unsigned long start,
			   unsigned long end, gfp_t gfp_mask, pgprot_t prot, unsigned long vm_flags,
			   int node, const void *caller) __must_check;

/**
 * vfree - give back what a vmalloc function returned
 * @addr: that; NULL is ignored
 *
 * Another address is reported, with what is known of it, and left alone. Context: any; where sleeping
 * is not allowed the memory is freed a little later, by a thread.
 */
void vfree(const void *addr);

/* The same, for who may not sleep for another reason than those that can be seen. */
void vfree_atomic(const void *addr);

/*
 * As kmalloc_node(), kmalloc_array() and kfree(); but where more than a page is wanted, and the block of pages is not
 * to be had without effort, it is vmalloc(), if @flags have all of GFP_KERNEL. @addr is of either kind. mm/kvmalloc.c
 */
void *kvmalloc_node(size_t size, gfp_t flags, int node) __must_check;
void *kvmalloc_array(size_t n, size_t size, gfp_t flags) __must_check;
void kvfree(const void *addr);

/*
 * As kvmalloc_node() and kvmalloc_array(): of any node, filled with zeros, an array of zeros:
 * kvmalloc(), kvzalloc(), kvcalloc(). Return: NULL if there is no memory. For kvfree().
 */
static inline __must_check void *kvmalloc(size_t size, gfp_t flags)
{
	return kvmalloc_node(size, flags, NUMA_NO_NODE);
}

static inline __must_check void *kvzalloc(size_t size, gfp_t flags)
{
	return kvmalloc(size, flags | __GFP_ZERO);
}

static inline __must_check void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kvmalloc_array(n, size, flags | __GFP_ZERO);
}

/* --- Mappings of pages: mm/vmap.c --- */

/**
 * vmap - addresses for pages
 * @pages: the pages, which stay the caller's
 * @count: how many
 * @flags: VM_MAP
 * @prot: how they are mapped: with the memory type that they have elsewhere
 *
 * Context: thread that may sleep. Return: where the first begins; NULL if there is no memory or no
 * room.
 */
void *vmap(struct page *const *pages, unsigned int count, unsigned long flags,
	   pgprot_t prot) __must_check;

/* Unmap what vmap() mapped at @addr; NULL is ignored. Another address is reported, and left alone. Context: any. */
void vunmap(const void *addr);

/*
 * For the functions that undo what has a name of its own: the area at @addr must be of kind @kind, VM_..., or @caller
 * is reported.
 */
void vunmap_kind(const void *addr, unsigned long kind, const void *caller);

/**
 * vm_map_ram - addresses for pages, for a short time
 * @pages: the pages
 * @count: how many
 * @node: not used; Linux's argument
 *
 * Up to VMAP_MAX_ALLOC pages are mapped in a block that this CPU has at hand, which costs no search,
 * no area and, until the block is used up, no flush. There is no guard page. Context: thread that may
 * sleep. Return: as vmap().
 */
void *vm_map_ram(struct page **pages, unsigned int count, int node) __must_check;

/* Unmap @mem, all of it at once: @count as when it was mapped. */
void vm_unmap_ram(const void *mem, unsigned int count);

#define VMAP_MAX_ALLOC	32u

/**
 * vm_unmap_aliases - see that nothing that was unmapped is left in a TLB, and that all gaps are gaps
 *
 * Gives back what lazy unmapping keeps: areas, and page tables that are empty. Context: thread that
 * may sleep.
 */
void vm_unmap_aliases(void);

/* --- Areas: mm/vm_area.c --- */

/*
 * An area without pages, of @size bytes, at a multiple of @align, between @start and @end, with VM_ @flags, for the
 * caller to map something in; its struct vm_struct is of @node. Return: NULL if there is no room, or no memory.
 * Context: thread that may sleep.
 */
struct vm_struct *get_vm_area(unsigned long size, unsigned long flags) __must_check;
struct vm_struct *get_vm_area_caller(unsigned long size, unsigned long flags,
				     const void *caller) __must_check;
struct vm_struct *__get_vm_area_node(unsigned long size, unsigned long align, unsigned long flags,
				     unsigned long start, unsigned long end, int node,
				     gfp_t gfp_mask, const void *caller) __must_check;

/* The area that @addr lies in, guard page included; NULL if none. It may go at any time. Context: any. */
struct vm_struct *find_vm_area(const void *addr);

/**
 * find_ioremap_conflict - an area of registers that maps some of a range as another memory type
 * @first, @last: physical addresses
 * @mtype: the type that it should have, VM_ARM_MTYPE()
 * @found: receives a copy of the area
 *
 * Context: any. Return: is there one?
 */
bool find_ioremap_conflict(phys_addr_t first, phys_addr_t last, unsigned long mtype,
			   struct vm_struct *found);

/* Unmap the area that begins at @addr. Return: it, for the caller to kfree(); NULL if there is none. */
struct vm_struct *remove_vm_area(const void *addr);

/* Both. */
void free_vm_area(struct vm_struct *area);

/* An area that is there since before vmalloc_init(), at @vm->addr, or where there is room, a multiple of @align. */
void vm_area_add_early(struct vm_struct *vm);
void vm_area_register_early(struct vm_struct *vm, size_t align);

/* Make the gaps of what is left. Context: boot, after kmem_cache_init(). */
void vmalloc_init(void);

/* --- Looking --- */

/* The page that is mapped at @addr of the kernel's page table; NULL if none is. Context: any. */
struct page *vmalloc_to_page(const void *addr);

/* The same by number; the page is there. */
unsigned long vmalloc_to_pfn(const void *addr);

/**
 * vread - read from the vmalloc area, whatever is there
 * @buf: receives @count bytes
 * @addr: from where
 * @count: bytes
 *
 * Where nothing is mapped, or by vm_map_ram(), and from device registers, there are zeros. Context: any.
 * Return: @count, or as much as there is before the end of the address space;
 * 0 if no byte of an area was in the range, and then @buf is not written.
 */
long vread(char *buf, const char *addr, unsigned long count);

/*
 * As vread(), but writes from @buf to @addr: what falls where vread() gives zeros, or what is read-only, is dropped.
 */
long vwrite(const char *buf, char *addr, unsigned long count);

/**
 * remap_vmalloc_range_partial - show vmalloc_user()'s memory at another range of addresses
 * @uaddr: where
 * @kaddr: an address of the memory
 * @pgoff: first page, counted from there
 * @size: bytes; is rounded up to pages
 * @insert: is called for each page, with where it goes; returns 0, or -errno to end it
 * @arg: for @insert
 *
 * The kernel's half of Linux's function of this name: what may be shown, and which pages. Context: as
 * @insert, and the area stays. Return: 0; -EINVAL if the range is not wholly in one area with
 * VM_USERMAP; or what @insert returned.
 */
int remap_vmalloc_range_partial(unsigned long uaddr, const void *kaddr, unsigned long pgoff,
				unsigned long size,
				int (*insert)(void *arg, unsigned long uaddr, struct page *page),
				void *arg);

/* /proc/vmallocinfo, which `mm vmalloc' shows as well. */
void show_vmallocinfo(void);

/* How many areas have an owner: who asked for them, and did not give them back. Context: any. */
unsigned int nr_vmalloc_areas(void);

/* For meminfo: bytes of pages that vmalloc() has, and of the largest gap. */
struct vmalloc_usage {
	unsigned long used, largest_chunk;
};
void vmalloc_usage(struct vmalloc_usage *usage);

/**
 * vmalloc_verdict - what is known of an address of the vmalloc area at which an access failed
 * @buf: receives a sentence
 * @size: bytes at @buf
 * @addr: the address
 *
 * Context: any, with any lock held. Return: is anything known?
 */
bool vmalloc_verdict(char *buf, size_t size, unsigned long addr);

/**
 * vmalloc_whatis - which area is an address in, and whose is it?
 * @buf: receives a phrase
 * @size: bytes at @buf
 * @addr: the address
 *
 * Context: any. Return: is it in an area?
 */
bool vmalloc_whatis(char *buf, size_t size, unsigned long addr);

/* Misuse that was reported so far: a test that provokes some counts. */
extern unsigned int nr_vmalloc_errors;

/**
 * vmalloc_check - walk trees, lists, blocks and the page table of the vmalloc area
 *
 * Context: nobody maps or unmaps meanwhile. Return: true if all is well; false after a message.
 */
bool vmalloc_check(void);

/* --- Ranges of addresses: mm/vmap_range.c --- */

/**
 * vmap_pages_range_noflush - map pages one after another
 * @addr: where, page-aligned; nothing is mapped from there to @end
 * @end: behind the last address
 * @prot: PAGE_KERNEL and so on
 * @pages: a page for each PAGE_SIZE
 *
 * Before the first access, and once for many: flush_cache_vmap(). Context: thread that may sleep;
 * nobody else changes the range. Return: 0; -ENOMEM if a page table lacks memory, and then a part is
 * mapped, which the caller unmaps.
 */
int vmap_pages_range_noflush(unsigned long addr, unsigned long end, pgprot_t prot,
			     struct page *const *pages) __must_check;

/* The same for one run of physical addresses, from @phys on. */
int vmap_range_noflush(unsigned long addr, unsigned long end, phys_addr_t phys,
		       pgprot_t prot) __must_check;

/* As vmap_range_noflush(), and flush_cache_vmap(): what is mapped may be used. As Linux's. */
int ioremap_page_range(unsigned long addr, unsigned long end, phys_addr_t phys,
		       pgprot_t prot) __must_check;

/**
 * vunmap_range_noflush - unmap what pages are mapped in a range
 * @addr: first address
 * @end: behind the last
 *
 * TLBs still hold it; flush_tlb_kernel_range() before the addresses, or the pages, get another use
 * that matters. Page tables stay. Sections, which map without pages, are left alone. Context: any.
 */
void vunmap_range_noflush(unsigned long addr, unsigned long end);

/* As vunmap_range_noflush(), with the flush. */
void vunmap_range(unsigned long addr, unsigned long end);

#endif
