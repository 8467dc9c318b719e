/* SPDX-License-Identifier: MIT */
/*
 * The fixmap: virtual pages whose addresses are known when compiling, and what each of them maps is
 * decided while running. Linux's names.
 *
 *    FIXADDR_END     0xfffe0000  +-----------------------+
 *                                | FIX_KMAP_BEGIN        |  slot 0
 *                                |   temporary mappings, |        of high memory: mm/kmap_local.c
 *                                |   KM_MAX_IDX a CPU    |
 *                                | FIX_KMAP_END          |
 *                                +-----------------------+
 *                                | FIX_TEXT_POKE0, 1     |        kernel text, to be written to
 *                                +-----------------------+
 *                                | FIX_BTMAP_END         |        before there is ioremap():
 *                                |   7 times 8 pages     |        early_ioremap()
 *                                | FIX_BTMAP_BEGIN       |
 *                                +-----------------------+
 *                                | nothing               |
 *    FIXADDR_START   0xfff00000  +-----------------------+        addresses fall as slots rise
 *
 * I1. All slots share one page table, bm_pte, which lies in the image: a slot can be set from
 *     early_fixmap_init() on, which is before there is any allocator, and never needs memory. The
 *     vectors, in the same 2 MiB, have their entry in it.
 * I2. A slot that is set maps what was asked for last; one that is clear faults, on every CPU,
 *     except kmap's: those belong to one CPU each, and only that CPU's TLB is told.
 * I3. A slot belongs to somebody by its name: nobody sets another's, and no slot is set while it is
 *     set.
 *
 * Differs from Linux: the slots of early_ioremap() are its own, not kmap's, so that what was left
 * mapped can be found after booting (check_early_ioremap_leak()).
 */
#ifndef ASM_FIXMAP_H
#define ASM_FIXMAP_H

#include <asm/kmap_local.h>
#include <asm/pgtable.h>
#include <kernel/bug.h>
#include <kernel/threads.h>

#define NR_FIX_BTMAPS		8	/* pages of one early_ioremap() */
#define FIX_BTMAPS_SLOTS	7	/* of which so many can be there at a time */
#define TOTAL_FIX_BTMAPS	(NR_FIX_BTMAPS * FIX_BTMAPS_SLOTS)

enum fixed_addresses {
	FIX_KMAP_BEGIN,
	FIX_KMAP_END = FIX_KMAP_BEGIN + KM_MAX_IDX * NR_CPUS - 1,
	FIX_TEXT_POKE0,
	FIX_TEXT_POKE1,
	/* The end lies above the beginning, since addresses fall. */
	FIX_BTMAP_END,
	FIX_BTMAP_BEGIN = FIX_BTMAP_END + TOTAL_FIX_BTMAPS - 1,
	__end_of_fixed_addresses,
};

#define FIXADDR_TOP		(FIXADDR_END - PAGE_SIZE)

_Static_assert(__end_of_fixed_addresses <= (FIXADDR_END - FIXADDR_START) / PAGE_SIZE,
	       "every slot has an address");
_Static_assert(FIXADDR_START >> PGDIR_SHIFT == CONFIG_VECTORS_BASE >> PGDIR_SHIFT,
	       "one page table maps the slots and the vectors (I1)");

/* What RAM and registers are mapped with. */
#define FIXMAP_PAGE_COMMON	(L_PTE_PRESENT | L_PTE_YOUNG | L_PTE_DIRTY | L_PTE_XN | L_PTE_SHARED)
#define FIXMAP_PAGE_NORMAL	PAGE_KERNEL
#define FIXMAP_PAGE_RO		PAGE_KERNEL_RO
#define FIXMAP_PAGE_NOCACHE	__pgprot(FIXMAP_PAGE_COMMON | L_PTE_MT_BUFFERABLE)
#define FIXMAP_PAGE_IO		__pgprot(FIXMAP_PAGE_COMMON | L_PTE_MT_DEV_SHARED)

/* The address of a slot, and back. No check. */
#define __fix_to_virt(slot)	(FIXADDR_TOP - ((unsigned long)(slot) << PAGE_SHIFT))
#define __virt_to_fix(addr)	((FIXADDR_TOP - ((unsigned long)(addr) & PAGE_MASK)) >> PAGE_SHIFT)

/* Never defined: a slot that does not exist, and is known when compiling, is an error there. */
void __fixmap_slot_out_of_range(void)
	__attribute__((error("no such slot in enum fixed_addresses")));

/* BUG, with the number, if there is no such slot. */
static __always_inline void fixmap_check_slot(unsigned int slot)
{
	if (__builtin_constant_p(slot) && slot >= __end_of_fixed_addresses)
		__fixmap_slot_out_of_range();
	BUG_ON(slot >= __end_of_fixed_addresses, "fixmap: no slot %u, there are %u", slot,
	       __end_of_fixed_addresses);
}

/* The address of slot @slot, a constant or not. As Linux's. */
static __always_inline unsigned long fix_to_virt(const unsigned int slot)
{
	fixmap_check_slot(slot);
	return __fix_to_virt(slot);
}

/* The slot that @addr lies in. BUG if it is no address of the fixmap. */
static inline unsigned long virt_to_fix(const unsigned long addr)
{
	BUG_ON(addr >= FIXADDR_END || addr < __fix_to_virt(__end_of_fixed_addresses - 1),
	       "fixmap: %08lx is in no slot", addr);
	return __virt_to_fix(addr);
}

/* The page table of the topmost 2 MiB: the Linux entries first. */
extern pte_t bm_pte[PTRS_PER_PTE + PTE_HWTABLE_PTRS];

/* The entry of a slot. */
static __always_inline pte_t *fixmap_pte(unsigned int slot)
{
	return bm_pte + pte_index(FIXADDR_TOP) - slot;
}

/**
 * early_fixmap_init - slots can be set from here on
 *
 * Context: boot, on the boot stub's page tables, once.
 */
void early_fixmap_init(void);

/* As __set_fixmap(), for slots known and unknown when compiling, after its checks. */
void __set_fixmap_slot(unsigned int slot, phys_addr_t phys, pgprot_t prot);

/**
 * __set_fixmap - have a slot map a page
 * @slot: enum fixed_addresses; BUG, or an error when compiling, if there is no such slot
 * @phys: physical address of the page
 * @prot: how; of 0 the slot is cleared, and @phys does not matter
 *
 * BUG if the slot is set already (I3), or if RAM would get another memory type than in lowmem (I5
 * of asm/pgtable-2level.h). On return every CPU sees it. Context: any; who owns the slot keeps
 * others off.
 */
static __always_inline void __set_fixmap(const unsigned int slot, phys_addr_t phys, pgprot_t prot)
{
	fixmap_check_slot(slot);
	__set_fixmap_slot(slot, phys, prot);
}

/* As __set_fixmap(), of ordinary memory. */
static __always_inline void set_fixmap(const unsigned int slot, phys_addr_t phys)
{
	__set_fixmap(slot, phys, FIXMAP_PAGE_NORMAL);
}

/* As __set_fixmap(), of memory of a device, which is not cached, and no register: @slot shows the page at @phys. */
static __always_inline void set_fixmap_nocache(const unsigned int slot, phys_addr_t phys)
{
	__set_fixmap(slot, phys, FIXMAP_PAGE_NOCACHE);
}

/* The same for registers of a device. */
static __always_inline void set_fixmap_io(const unsigned int slot, phys_addr_t phys)
{
	__set_fixmap(slot, phys, FIXMAP_PAGE_IO);
}

/* Nothing is at the slot's address any more. Context: as __set_fixmap(). */
static __always_inline void clear_fixmap(const unsigned int slot)
{
	__set_fixmap(slot, 0, __pgprot(0));
}

/* Set a slot. Return: the address of the byte at @phys in it. As Linux's. */
static __always_inline unsigned long set_fixmap_offset(const unsigned int slot, phys_addr_t phys)
{
	set_fixmap(slot, phys & PAGE_MASK);
	return fix_to_virt(slot) + (phys & ~PAGE_MASK);
}

/**
 * fixmap_slot_name - a slot's name, for reports
 * @slot: one that exists
 * @buf: receives it, "kmap_local 3 of CPU 1" say
 * @size: bytes at @buf
 */
void fixmap_slot_name(unsigned int slot, char *buf, size_t size);

/**
 * fixmap_verdict - why nothing is mapped at an address of the fixmap
 * @buf: receives a sentence, without a newline
 * @size: bytes at @buf
 * @addr: where an access failed
 *
 * Return: false, and nothing is written, if @addr is in no slot. Context: any.
 */
bool fixmap_verdict(char *buf, size_t size, unsigned long addr);

/*
 * Print the parts of the fixmap, and a line for each slot that is set: the text of gdb's `mm
 * fixmap`.
 */
void show_fixmap(void);

/* Is every entry of the area one of a slot (I2)? Return: mistakes found. Context: any. */
int fixmap_check(void);

#endif
