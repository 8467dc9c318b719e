/* SPDX-License-Identifier: MIT */
/*
 * Cache maintenance (ARM DDI 0406C B2.2.6, B4.2.1), with Linux's names. Part of the contract with
 * mm/.
 *
 *    who must see what the CPU wrote            call
 *    the instruction side, on all CPUs          flush_icache_range()
 *    the page-table walker                      nothing; see asm/pgtable.h
 *    a device that reads memory                 dmac_clean_range()
 *    the CPU, what a device wrote               dmac_inv_range()
 *    both                                       dmac_flush_range(), __cpuc_flush_dcache_area()
 *    whoever comes after this CPU is off        flush_cache_all(), on that CPU
 *
 * Data caches of an ARMv7 have no aliases (B2.2.4), so no mapping needs maintenance because of its
 * address. Maintenance by address reaches all CPUs of the inner shareable domain and is complete on
 * return; by set and way it reaches only the caches of this CPU. An outer cache (the board's
 * L2C-310, left off) would need its own. QEMU models no caches, and accepts all of it.
 */
#ifndef ASM_CACHEFLUSH_H
#define ASM_CACHEFLUSH_H

#include <asm/barrier.h>
#include <lib/types.h>

/*
 * Caches by set and way, or by address, from @start to before @end, or @bytes from @addr on.
 * arch/arm/mm/cache-v7.S has the contracts.
 */
void v7_flush_icache_all(void);
void v7_flush_dcache_all(void);
void v7_flush_kern_cache_all(void);
void v7_coherent_kern_range(unsigned long start, unsigned long end);
void v7_flush_kern_dcache_area(const void *addr, size_t bytes);
void v7_dma_inv_range(const void *start, const void *end);
void v7_dma_clean_range(const void *start, const void *end);
void v7_dma_flush_range(const void *start, const void *end);

/**
 * flush_icache_range - what was written to @start..@end is executed from now on
 * @start: first byte
 * @end: behind the last byte; the range is mapped
 */
static inline void flush_icache_range(unsigned long start, unsigned long end)
{
	v7_coherent_kern_range(start, end);
}

/* All of this CPU's caches, written back and empty. */
static inline void flush_cache_all(void)
{
	v7_flush_kern_cache_all();
}

/* Write back and drop the lines of @bytes at @addr, to the point of coherency. */
static inline void __cpuc_flush_dcache_area(const void *addr, size_t bytes)
{
	v7_flush_kern_dcache_area(addr, bytes);
}

/*
 * Memory to and from devices that do not snoop, from @start to before @end: drop the lines,
 * dmac_inv_range(); write them back, dmac_clean_range(); both, dmac_flush_range().
 */
static inline void dmac_inv_range(const void *start, const void *end)
{
	v7_dma_inv_range(start, end);
}

static inline void dmac_clean_range(const void *start, const void *end)
{
	v7_dma_clean_range(start, end);
}

static inline void dmac_flush_range(const void *start, const void *end)
{
	v7_dma_flush_range(start, end);
}

/**
 * flush_cache_vmap - entries that were empty have been filled in
 * @start: first address they map
 * @end: behind the last one
 *
 * The caches need nothing, but the walker must see the entries before the first access does, and
 * nothing may be fetched through them earlier (ARM DDI 0406C B3.10.1).
 */
static inline void flush_cache_vmap(unsigned long start, unsigned long end)
{
	(void)start;
	(void)end;
	dsb(ishst);
	isb();
}

#endif
