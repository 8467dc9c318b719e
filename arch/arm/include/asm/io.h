/* SPDX-License-Identifier: MIT */
/*
 * Device registers: how they get an address, and how they are accessed.
 *
 *    u32 __iomem *regs = ioremap(0x10017000, 0x1000);
 *    now = readl(regs);
 *    iounmap(regs);
 *
 * readl() and writel() are ordered against memory; the _relaxed forms only among themselves, as Device
 * memory is (ARM DDI 0406C A3.5.4).
 */
#ifndef ASM_IO_H
#define ASM_IO_H

#include <asm/barrier.h>
#include <lib/types.h>

#define __iomem

/**
 * ioremap - addresses for device registers
 * @phys: physical address, of any alignment
 * @size: bytes; the pages that they touch are mapped
 *
 * What a window of iotable_init() has is not mapped again. Sections and supersections are used where
 * they fit. Context: thread that may sleep. Return: the address of @phys, mapped as device memory.
 * NULL after a message for what can never be mapped so: no byte, bytes beyond the end of physical
 * memory, RAM, and what a window has with another memory type. NULL too if page tables or addresses
 * are short. As Linux's.
 */
void __iomem *ioremap(phys_addr_t phys, size_t size) __must_check;

/*
 * The same for memory that is no RAM of ours, as normal memory: cached; or not cached, its writes
 * gathered. @phys and @size are multiples of the page size: see D2 of arch/arm/mm/ioremap.c. Differs
 * from Linux, which maps the rest of the pages along.
 */
void __iomem *ioremap_cache(phys_addr_t phys, size_t size) __must_check;
void __iomem *ioremap_wc(phys_addr_t phys, size_t size) __must_check;

/* As ioremap(), but of type @mtype, MT_... of asm/map.h, and for @caller, whom reports name. */
void __iomem *__arm_ioremap_caller(phys_addr_t phys, size_t size, unsigned int mtype,
				   const void *caller) __must_check;

/**
 * iounmap - registers that ioremap() mapped are not needed any more
 * @addr: what it returned; NULL is ignored, and so is an address of a window of iotable_init(), which
 *	stays
 *
 * Another address is reported, with what is known of it, and left alone. Context: any.
 */
void iounmap(volatile void __iomem *addr);

/*
 * Read a word of device memory at @addr, or write @value there, once, at its own width: readl_relaxed(),
 * writel_relaxed(). In order with others of the same device, not with memory. Return: what was read.
 */
static inline u32 readl_relaxed(const volatile void __iomem *addr)
{
	return *(const volatile u32 *)addr;
}

static inline void writel_relaxed(u32 value, volatile void __iomem *addr)
{
	*(volatile u32 *)addr = value;
}

/* As readl_relaxed(), and in front of all accesses that follow, also those of memory. */
static inline u32 readl(const volatile void __iomem *addr)
{
	u32 value = readl_relaxed(addr);

	rmb();
	return value;
}

/* As writel_relaxed(), and behind all that was written before, also to memory. */
static inline void writel(u32 value, volatile void __iomem *addr)
{
	wmb();
	writel_relaxed(value, addr);
}

#endif
