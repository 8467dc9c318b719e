/* SPDX-License-Identifier: MIT */
/*
 * Mappings of the kernel that are made once, at boot: what kinds of memory there are, and how a run
 * of physical addresses gets a run of virtual ones. Names from Linux's asm/mach/map.h and
 * arch/arm/mm/mm.h.
 */
#ifndef ASM_MAP_H
#define ASM_MAP_H

#include <asm/pgtable-2level.h>
#include <lib/list.h>
#include <lib/types.h>
#include <mm/vmalloc.h>

/*
 * Kinds of memory; the index into mem_types[].
 *
 *   MT_DEVICE			device registers
 *   MT_UNCACHED		strongly ordered: registers that take no buffered write
 *   MT_HIGH_VECTORS		exception vectors: as MT_MEMORY_RX, in the page everybody knows
 *   MT_MEMORY_RW		RAM: data
 *   MT_MEMORY_RO		RAM: constants
 *   MT_MEMORY_RX		RAM: code
 *   MT_MEMORY_RW_UNCACHED	RAM shared with a device that does not snoop the caches
 *   MT_DEVICE_CACHED		memory that is no RAM of ours, cached: write-back, no write-allocate
 *   MT_DEVICE_WC		such memory, not cached; writes are gathered: frame buffers
 *
 * Differs from Linux: no kind is writable and executable (there MT_MEMORY_RWX), so MT_MEMORY_RX,
 * which Linux makes of it after boot, is a kind of its own; MT_MEMORY_RW_UNCACHED is Linux's
 * MT_MEMORY_RWX_NONCACHED without execution.
 */
enum {
	MT_DEVICE,
	MT_UNCACHED,
	MT_HIGH_VECTORS,
	MT_MEMORY_RW,
	MT_MEMORY_RO,
	MT_MEMORY_RX,
	MT_MEMORY_RW_UNCACHED,
	MT_DEVICE_CACHED,
	MT_DEVICE_WC,
	NR_MEM_TYPES,
};

/* How one kind of memory is mapped, at each level. The bits without address. */
struct mem_type {
	const char *name;
	pteval_t prot_pte;	/* Linux entry */
	pmdval_t prot_l1;	/* level-1 entry that points to a table */
	pmdval_t prot_sect;	/* section */
	unsigned int domain;
};

/* Fill in mem_types[]. Context: paging_init(), before anything is mapped. */
void build_mem_type_table(void);

extern struct mem_type mem_types[NR_MEM_TYPES];

/* Return: the kind of memory @type; NULL if there is no such kind. As Linux's. */
static inline const struct mem_type *get_mem_type(unsigned int type)
{
	return type < NR_MEM_TYPES ? &mem_types[type] : NULL;
}

/* A wish for a mapping. */
struct map_desc {
	unsigned long virtual;
	unsigned long pfn;
	unsigned long length;	/* bytes */
	unsigned int type;	/* MT_* */
};

/**
 * create_mapping - map a run of physical addresses for good
 * @md: what, where, how; addresses and length are multiples of the page size
 *
 * Uses sections where the addresses allow, else pages. Context: one CPU; page tables come from
 * memblock, so memory must still be memblock's, unless the range lies in tables that exist.
 *
 * Return: 0. -EINVAL for a request that can never be right: a type that does not exist, addresses
 * that are not page-aligned, that wrap or lie in user space, or RAM in a memory type other than
 * lowmem's (I5). -EEXIST if something else is mapped there; what is mapped the same way already is
 * no error. -ENOMEM if a page table is needed and memblock no longer owns memory. Each after a
 * message that names the range; nothing is changed then. Differs from Linux, whose function returns
 * nothing and maps RAM as it is told.
 */
int create_mapping(const struct map_desc *md);

/* A mapping made by iotable_init(), kept so that ioremap() can find it. */
struct static_vm {
	struct vm_struct vm;	/* an area that is taken: <mm/vmalloc.h> */
	struct list_head list;	/* static_vmlist, by rising addr */
	unsigned long addr;
	unsigned long size;
	phys_addr_t phys_addr;
	unsigned int type;
};

extern struct list_head static_vmlist;

/* Where there can be any: the first virtual address, and physical addresses. */
extern struct static_vms {
	unsigned long start;
	phys_addr_t first_phys, last_phys;
} static_vms;

/**
 * iotable_init - map a table of device windows into the vmalloc area
 * @io_desc: the windows
 * @nr: how many
 *
 * Context: devicemaps_init(). A window that create_mapping() refuses, or that does not lie in the
 * vmalloc area, is named and left out.
 */
void iotable_init(const struct map_desc *io_desc, int nr);

/* Return: the window that covers the virtual address @vaddr, or NULL. */
struct static_vm *find_static_vm_vaddr(const void *vaddr);

/* Return: the window of type @type that covers @size bytes from @paddr, or NULL. */
struct static_vm *find_static_vm_paddr(phys_addr_t paddr, size_t size, unsigned int type);

/*
 * Memory for page tables and what lives as long as they: @bytes, cleared, of lowmem that is mapped, at a multiple of
 * @align; or, without that, of @bytes, a power of two. Return: its address; panics if there is none.
 */
void *early_alloc(unsigned long bytes);
void *early_alloc_aligned(unsigned long bytes, unsigned long align);

#endif
