/* SPDX-License-Identifier: MIT */
/*
 * The banks of memory that the boot loader and `mem=' speak of: what memblock is then told.
 *
 *    ATAG_MEM --+
 *               +--> arm_add_memory() --> meminfo --> sanity_check_meminfo() --> memblock_add()
 *    mem=  -----+
 *
 * Names and fields are those of Linux 3.10's asm/setup.h.
 */
#ifndef BOOT_MEMINFO_H
#define BOOT_MEMINFO_H

#include <asm/lowmem.h>
#include <asm/page.h>
#include <kernel/sections.h>
#include <lib/types.h>

#define NR_BANKS	16

struct membank {
	phys_addr_t start;	/* page-aligned, as is the size */
	phys_addr_t size;	/* bytes */
	unsigned int highmem;	/* 1 if above arm_lowmem_limit; see sanity_check_meminfo() */
};

struct meminfo {
	unsigned int nr_banks;
	struct membank bank[NR_BANKS];
};

extern struct meminfo meminfo;

#define for_each_bank(iter, mi)	for ((iter) = 0; (iter) < (mi)->nr_banks; (iter)++)

/* The first byte of a bank. */
static inline phys_addr_t bank_phys_start(const struct membank *bank)
{
	return bank->start;
}

/* The first byte behind the bank. */
static inline phys_addr_t bank_phys_end(const struct membank *bank)
{
	return bank->start + bank->size;
}

/* The first page of a bank, and the one behind the last: bank_pfn_start(), bank_pfn_end(). */
static inline unsigned long bank_pfn_start(const struct membank *bank)
{
	return PHYS_PFN(bank_phys_start(bank));
}

static inline unsigned long bank_pfn_end(const struct membank *bank)
{
	return PHYS_PFN(bank_phys_end(bank));
}

/* The kernel's own pages: the first-level table in front of the image, and the image. */
static inline phys_addr_t kernel_image_start(void)
{
	return virt_to_phys(_text) - SWAPPER_PG_DIR_SIZE;
}

/* The first page behind the kernel. */
static inline phys_addr_t kernel_image_end(void)
{
	return PAGE_ALIGN(virt_to_phys(_end));
}

/**
 * arm_add_memory - add a bank of memory
 * @start: physical address of its first byte
 * @size: in bytes; both are wider than an address, so that no sum of them wraps unnoticed
 *
 * The bank is cut to whole pages, to the RAM that is really there [PHYS_OFFSET, probed_ram_end),
 * and to what no earlier bank claims, so that meminfo always is the union of all banks added.
 * Whatever is lost on the way is named in a message.
 *
 * Context: setup_arch(), before sanity_check_meminfo().
 * Return: 0; -EINVAL if nothing of the bank is RAM, -ENOSPC if there are too many banks, both after
 * a message.
 * Differs from Linux: which believes its boot loader, and checks nothing but page alignment.
 */
int arm_add_memory(u64 start, u64 size);

/**
 * sanity_check_meminfo - make meminfo fit to build page tables from
 *
 * Falls back to all RAM that the boot stub found if there is no bank, adds the kernel's own memory
 * if no bank has it, sorts the banks, and splits the one that crosses arm_lowmem_limit, the highest
 * end that lowmem may have. Then lowers arm_lowmem_limit to the end of the highest bank in lowmem,
 * and sets high_memory to its virtual address and memblock's allocation limit to it.
 *
 * Context: setup_arch(), once, after parse_early_param(). Panics if there is too little memory.
 */
void sanity_check_meminfo(void);

/* Walks meminfo and BUGs where an invariant at the head of boot/meminfo.c does not hold. */
void meminfo_check(void);

#endif
