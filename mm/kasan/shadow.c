// SPDX-License-Identifier: MIT
/*
 * The shadow: how it is written, and the calls that the compiler puts in front of each access.
 *
 *    *p = x;   compiled as   __asan_store4_noabort(p);      is the byte about p zero? then
 *                            *p = x;
 *
 *    memcpy(), memmove(), memset(),     the same for both ranges, and then the function of arch/arm/lib/
 *    clear_page(), copy_page()
 *    a function with arrays             writes the shadow of its stack frame itself; alloca() asks here
 *    a file with variables              a constructor that poisons what lies between them
 *
 * What lies below KASAN_SHADOW_END has no shadow: page tables say what may be used there.
 */
#include <asm/stack.h>
#include <kernel/bug.h>
#include <lib/math.h>
#include <lib/string.h>
#include <mm/highmem.h>
#include <mm/mm.h>
#include "kasan.h"

#define GRANULE_MASK	(KASAN_GRANULE_SIZE - 1)
#define ALLOCA_RED_ZONE	32u		/* GCC's */

#define RET_IP		((unsigned long)__builtin_return_address(0))

/* --- Writing --- */

void kasan_poison(unsigned long addr, size_t bytes, u8 value)
{
	BUG_ON((addr | bytes) & GRANULE_MASK, "%08lx, %zu bytes", addr, bytes);
	__memset(kasan_mem_to_shadow(addr), value, bytes >> KASAN_SHADOW_SCALE_SHIFT);
}

void kasan_unpoison(unsigned long addr, size_t size)
{
	size_t rest = size & GRANULE_MASK;

	kasan_poison(addr, size - rest, 0);
	if (rest)
		*kasan_mem_to_shadow(addr + size - rest) = (s8)rest;
}

void kasan_poison_pages(struct page *page, unsigned int order)
{
	if (!PageHighMem(page))
		kasan_poison((unsigned long)page_address(page), PAGE_SIZE << order, KASAN_FREE_PAGE);
}

void kasan_unpoison_pages(struct page *page, unsigned int order)
{
	if (!PageHighMem(page))
		kasan_unpoison((unsigned long)page_address(page), PAGE_SIZE << order);
}

void kasan_unpoison_stack(unsigned long addr, unsigned long bytes)
{
	kasan_unpoison(addr, bytes);
}

/* The part of an area that can be poisoned: K2. */
static unsigned long own_shadow_bytes(unsigned long addr, unsigned long bytes)
{
	while (bytes && !kasan_has_own_shadow(addr + bytes - 1))
		bytes -= min(bytes, PAGE_SIZE);
	return bytes;
}

void kasan_poison_vmalloc(unsigned long addr, unsigned long bytes)
{
	kasan_poison(addr, own_shadow_bytes(addr, bytes), KASAN_VMALLOC_INVALID);
}

void kasan_unpoison_vmalloc(unsigned long addr, unsigned long size)
{
	unsigned long bytes = own_shadow_bytes(addr, PAGE_ALIGN(size));

	if (bytes != PAGE_ALIGN(size))
		size = bytes;
	kasan_poison(addr, bytes, KASAN_VMALLOC_INVALID);
	kasan_unpoison(addr, size);
}

/* --- Reading --- */

unsigned long kasan_first_bad(unsigned long addr, size_t size)
{
	unsigned long end = addr + size;

	while (addr < end) {
		unsigned long granule = addr & ~GRANULE_MASK;
		s8 shadow = *kasan_mem_to_shadow(addr);
		unsigned long bad = shadow < 0 ? granule : granule + (u8)shadow;

		if (shadow && bad < min(end, granule + KASAN_GRANULE_SIZE))
			return max(bad, addr);
		addr = granule + KASAN_GRANULE_SIZE;
	}
	return 0;
}

bool kasan_byte_accessible(const void *addr)
{
	return (unsigned long)addr < KASAN_SHADOW_END || kasan_first_bad((unsigned long)addr, 1) == 0;
}

static __always_inline void check_range(unsigned long addr, size_t size, bool write, unsigned long ip)
{
	if (size == 0 || addr < KASAN_SHADOW_END || addr + size - 1 < addr)
		return;
	if ((addr & GRANULE_MASK) + size <= KASAN_GRANULE_SIZE && likely(*kasan_mem_to_shadow(addr) == 0))
		return;
	if (unlikely(kasan_first_bad(addr, size)))
		kasan_report(addr, size, write, ip);
}

/* --- What the compiler calls --- */

#define DEFINE_CHECKS(size)							\
	void __asan_load##size##_noabort(unsigned long addr);			\
	void __asan_load##size##_noabort(unsigned long addr)			\
	{									\
		check_range(addr, size, false, RET_IP);				\
	}									\
	void __asan_store##size##_noabort(unsigned long addr);			\
	void __asan_store##size##_noabort(unsigned long addr)			\
	{									\
		check_range(addr, size, true, RET_IP);				\
	}

DEFINE_CHECKS(1)
DEFINE_CHECKS(2)
DEFINE_CHECKS(4)
DEFINE_CHECKS(8)
DEFINE_CHECKS(16)

void __asan_loadN_noabort(unsigned long addr, size_t size);
void __asan_storeN_noabort(unsigned long addr, size_t size);
void __asan_handle_no_return(void);
void __asan_alloca_poison(unsigned long addr, size_t size);
void __asan_allocas_unpoison(unsigned long top, unsigned long bottom);

void __asan_loadN_noabort(unsigned long addr, size_t size)
{
	check_range(addr, size, false, RET_IP);
}

void __asan_storeN_noabort(unsigned long addr, size_t size)
{
	check_range(addr, size, true, RET_IP);
}

/*
 * A function that does not return is about to be called, so nobody will clear the shadow of the frames here: the
 * stack may be used whole, by whoever has it next.
 */
void __asan_handle_no_return(void)
{
	unsigned long sp = current_stack_pointer & ~GRANULE_MASK;

	kasan_unpoison(sp, ALIGN(sp + 1, THREAD_SIZE) - sp);
}

/* The compiler has left room on both sides; the memory begins at a multiple of it. */
void __asan_alloca_poison(unsigned long addr, size_t size)
{
	unsigned long end = addr + ALIGN(size, ALLOCA_RED_ZONE);
	unsigned long used = ALIGN(addr + size, KASAN_GRANULE_SIZE);

	kasan_poison(addr - ALLOCA_RED_ZONE, ALLOCA_RED_ZONE, KASAN_ALLOCA_LEFT);
	kasan_unpoison(addr, size);
	kasan_poison(used, end + ALLOCA_RED_ZONE - used, KASAN_ALLOCA_RIGHT);
}

void __asan_allocas_unpoison(unsigned long top, unsigned long bottom)
{
	if (top && top <= bottom)
		kasan_unpoison(top, bottom - top);
}

/* --- Memory by the range --- */

void *memcpy(void *dest, const void *src, size_t bytes)
{
	check_range((unsigned long)src, bytes, false, RET_IP);
	check_range((unsigned long)dest, bytes, true, RET_IP);
	return __memcpy(dest, src, bytes);
}

void *memmove(void *dest, const void *src, size_t bytes)
{
	check_range((unsigned long)src, bytes, false, RET_IP);
	check_range((unsigned long)dest, bytes, true, RET_IP);
	return __memmove(dest, src, bytes);
}

void *memset(void *dest, int byte, size_t bytes)
{
	check_range((unsigned long)dest, bytes, true, RET_IP);
	return __memset(dest, byte, bytes);
}

void clear_page(void *page)
{
	check_range((unsigned long)page, PAGE_SIZE, true, RET_IP);
	__clear_page(page);
}

void copy_page(void *to, const void *from)
{
	check_range((unsigned long)from, PAGE_SIZE, false, RET_IP);
	check_range((unsigned long)to, PAGE_SIZE, true, RET_IP);
	__copy_page(to, from);
}
