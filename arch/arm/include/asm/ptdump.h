/* SPDX-License-Identifier: MIT */
/*
 * Page tables, read as the hardware reads them and put into words.
 */
#ifndef ASM_PTDUMP_H
#define ASM_PTDUMP_H

#include <asm/pgtable-2level.h>
#include <lib/types.h>

/* Where a walk ended. */
enum pt_end {
	PT_FORBIDDEN,		/* TTBCR says not to walk from this register: a translation fault */
	PT_FAULT_L1,		/* the level-1 entry maps nothing */
	PT_FAULT_L2,		/* the level-2 entry maps nothing */
	PT_UNREADABLE,		/* a table is not where tables can be: the walk cannot go on */
	PT_SECTION,
	PT_SUPERSECTION,
	PT_LARGE,
	PT_SMALL,
};

/* What may be done to a page, bits of pt_rights(). */
#define PT_KERNEL_READ	(1 << 0)
#define PT_KERNEL_WRITE	(1 << 1)
#define PT_USER_READ	(1 << 2)
#define PT_USER_WRITE	(1 << 3)
#define PT_EXEC		(1 << 4)	/* by whoever may read it */
#define PT_KERNEL_WX	(PT_KERNEL_WRITE | PT_EXEC)

/**
 * struct pt_walk - the walk of one address
 * @addr: the address
 * @end: where it ended
 * @start: first address of the stretch that the last entry decides about
 * @size: its bytes: what is mapped; 4 KiB for %PT_FAULT_L2; else a MiB
 * @ttbr: the translation table base register that was used
 * @l1_addr, @l2_addr: physical addresses of the entries; @l2_addr is 0 if the walk ended before
 * @l1, @l2: the entries
 * @linux_pte: the entry beside @l2; 0 if there is none
 * @phys: the physical address of @start, if something is mapped
 * @prot: attributes in the format of a small page, whatever the size; no address bits
 * @domain: of the level-1 entry
 */
struct pt_walk {
	unsigned long addr;
	enum pt_end end;
	unsigned long start;
	unsigned long size;
	u32 ttbr;
	phys_addr_t l1_addr;
	phys_addr_t l2_addr;
	pmdval_t l1;
	pteval_t l2;
	pteval_t linux_pte;
	phys_addr_t phys;
	pteval_t prot;
	unsigned int domain;
};

/**
 * pt_walk - walk the page tables in use for one address
 * @addr: virtual address, of kernel or user
 * @w: receives the walk
 *
 * Starts at TTBR0 or TTBR1 as TTBCR says (ARM DDI 0406C B3.5.4, B3.5.5), like the hardware, and
 * reads the tables through the linear mapping. An entry that leads nowhere ends the walk; it never
 * faults. Context: any, also inside an exception.
 */
void pt_walk(unsigned long addr, struct pt_walk *w);

/* The same in a page directory that need not be in use: an mm's. Context: it is not freed meanwhile. */
void pt_walk_in(const pgd_t *pgd, unsigned long addr, struct pt_walk *w);

/**
 * pt_translate - ask the MMU itself what it makes of an address
 * @addr: virtual address
 * @write: as for a write; else as for a read
 *
 * The address translation operations ATS1CPR and ATS1CPW (ARM DDI 0406C B4.2.4), with the kernel's
 * rights. A CPU may answer from its TLB; QEMU walks the tables. Return: PAR: bit PAR_F if it would
 * fault, else the page's physical address in bits 31:12.
 */
u32 pt_translate(unsigned long addr, bool write);

/* Does the walk end in a mapping? */
static inline bool pt_is_mapped(const struct pt_walk *w)
{
	return w->end >= PT_SECTION;
}

/*
 * What may be done with what is mapped with @prot: AP and XN (B3.7.1, SCTLR.AFE = 0), as a client domain checks them.
 */
unsigned int pt_rights(pteval_t prot);

/* The memory type of @prot in Linux's words, "MEM/CACHED/WBWA", from PRRR and NMRR. */
const char *pt_mem_type_name(pteval_t prot);

/**
 * show_pte_walk - print the walk of an address, each level in words, and what comes of it
 * @addr: virtual address
 *
 * For fault reports and the shell. Context: any.
 */
void show_pte_walk(unsigned long addr);

/**
 * ptdump_walk - print all that is mapped, in Linux's format of kernel_page_tables
 *
 * A line for each run of addresses with the same attributes at the same level, and a heading where
 * the address map has a border.
 */
void ptdump_walk(void);

/*
 * Print each mapping that is writable and executable, of all mms. Return: how many pages they have.
 * Context: as pgtable_check().
 */
int ptdump_check_wx(void);

/**
 * pgtable_check - check I1-I8 of asm/pgtable-2level.h, in every page directory
 *
 * Walks all entries of init_mm's, and of the user halves of the others. Context: thread that may sleep;
 * nobody maps, unmaps, or makes or leaves an mm meanwhile. Return: how many violations were found, each
 * after a message.
 */
int pgtable_check(void);

/* What the last pgtable_check() has walked. */
struct pgtable_counts {
	unsigned int directories;
	unsigned int entries;		/* of both levels, those that map nothing included */
	unsigned int mappings;
	unsigned int code_elsewhere;	/* pages the kernel may execute beside its text and the vectors */
};

/* Return: as the last one left them; all 0 before the first. */
struct pgtable_counts pgtable_counts(void);

/* pgtable_check(), and a line that says what it walked and found. Context: as it. */
void show_pgtable_check(void);

/* ---- Parts of pgtable_check() ---- */

/* What was found out about frames of RAM: how each is mapped (arch/arm/mm/pgtable_frames.c). */
struct frame_map;

/**
 * check_frames - check I5 for RAM: all mappings of a frame against each other
 * @for_each_leaf: calls its first argument for every mapping that there is, with the second
 *
 * Return: violations; 0, after a warning, if there is no memory to look with. Context: thread that may
 * sleep; takes and gives back up to 64 KiB.
 */
int check_frames(int (*for_each_leaf)(int (*leaf)(const struct pt_walk *w, struct frame_map *map),
				      struct frame_map *map));

#endif
