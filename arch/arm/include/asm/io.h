/* SPDX-License-Identifier: MIT */
/*
 * Device registers. readl() and writel() are ordered against memory; the _relaxed forms only among
 * themselves, as Device memory is (ARM DDI 0406C A3.5.4).
 */
#ifndef ASM_IO_H
#define ASM_IO_H

#include <asm/barrier.h>
#include <lib/types.h>

#define __iomem

void __iomem *ioremap(phys_addr_t phys, size_t size);
void iounmap(volatile void __iomem *addr);

static inline u32 readl_relaxed(const volatile void __iomem *addr)
{
	return *(const volatile u32 *)addr;
}

static inline void writel_relaxed(u32 value, volatile void __iomem *addr)
{
	*(volatile u32 *)addr = value;
}

static inline u32 readl(const volatile void __iomem *addr)
{
	u32 value = readl_relaxed(addr);

	rmb();
	return value;
}

static inline void writel(u32 value, volatile void __iomem *addr)
{
	wmb();
	writel_relaxed(value, addr);
}

#endif
