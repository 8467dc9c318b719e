/* SPDX-License-Identifier: MIT */
/*
 * Pages and page frame numbers. Part of the contract with mm/: the host build has its own.
 */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#include <asm/const.h>
#include <asm/memory.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(UL(1) << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

#ifndef __ASSEMBLER__
#include <lib/math.h>
#include <lib/string.h>

#define PAGE_ALIGN(addr)	ALIGN(addr, PAGE_SIZE)

#define PHYS_PFN_OFFSET		(PHYS_OFFSET >> PAGE_SHIFT)
#define PFN_UP(x)		((unsigned long)(((x) + PAGE_SIZE - 1) >> PAGE_SHIFT))
#define PFN_DOWN(x)		((unsigned long)((x) >> PAGE_SHIFT))
#define PFN_PHYS(pfn)		((phys_addr_t)(pfn) << PAGE_SHIFT)
#define PHYS_PFN(phys)		((unsigned long)((phys) >> PAGE_SHIFT))
#define __pfn_to_phys(pfn)	PFN_PHYS(pfn)
#define __phys_to_pfn(phys)	PHYS_PFN(phys)

/* Fill a page with zeros; copy @from to @to. At addresses of pages: lowmem, or mapped. arch/arm/lib/page.S */
void clear_page(void *page);
void copy_page(void *to, const void *from);
#endif /* __ASSEMBLER__ */

#endif
