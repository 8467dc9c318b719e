/* SPDX-License-Identifier: MIT */
/*
 * High memory: pages that the kernel has no address for, and how it gets one. Linux's interface.
 *
 *                  kmap(page)                        kmap_local_page(page)      kmap_atomic(page)
 *    for           as long as one likes              a few lines of code        the same, and no sleep
 *    seen by       all CPUs and threads              this thread                this thread
 *    may sleep     yes, if all addresses are taken   no                         no
 *    in interrupts no                                yes                        yes
 *    meanwhile     anything                          sleep; stays on this CPU   preemption is off
 *    undone by     kunmap(page)                      kunmap_local(addr),        kunmap_atomic(addr),
 *                                                    newest first               newest first
 *
 * Pages of lowmem have an address for ever: for them all of this costs next to nothing. Never
 * undone is a leak, in each case: see kmap_check().
 */
#ifndef MM_HIGHMEM_H
#define MM_HIGHMEM_H

#include <asm/kmap_local.h>
#include <asm/page.h>
#include <kernel/preempt.h>
#include <lib/string.h>
#include <mm/mm.h>

struct task_struct;

/* Pages that were reported as misused by what is declared here: a test that provokes one counts. */
extern unsigned int nr_bad_kmaps;

/* ---- kmap(): mm/highmem.c ---- */

/*
 * Make what kmap() keeps its books in, if there is high memory. Context: boot, bootmem owns memory.
 */
void __init page_address_init(void);

/* As kmap() and kunmap(), for pages of high memory. */
void *kmap_high(struct page *page);
void kunmap_high(struct page *page);

/**
 * kmap - give a page an address that all can use
 * @page: any page
 *
 * A page that has one already is counted once more. Sleeps while all LAST_PKMAP addresses are in
 * use, until somebody calls kunmap(): so nobody should hold many. Context: thread, may sleep.
 * Return: the address.
 */
static inline void *kmap(struct page *page)
{
	might_sleep();
	return PageHighMem(page) ? kmap_high(page) : lowmem_page_address(page);
}

/**
 * kunmap - the address of kmap() is not needed any more
 * @page: as given to kmap(), and as often
 *
 * The address stays valid until it is given to another page, and must not be used. One kunmap() too
 * many is reported. Context: thread.
 */
static inline void kunmap(struct page *page)
{
	if (PageHighMem(page))
		kunmap_high(page);
}

/**
 * kmap_high_get - the address of a page of high memory, if it has one, and one kunmap() more to do
 * @page: of high memory
 *
 * Context: any, and kunmap_high() of what was got as well. Return: the address, or NULL.
 */
void *kmap_high_get(struct page *page);

/* The page that @vaddr, of kmap(), of lowmem or of kmap_local_page(), shows. As Linux's. */
struct page *kmap_to_page(const void *vaddr);

/* Empty all addresses that nobody uses; who still uses one faults from here on. Context: any. */
void kmap_flush_unused(void);

/* How often kmap() was called for pages of high memory, and kunmap() not yet. */
unsigned long nr_kmaps(void);

/* The same of one slot, by number; -1: nothing is mapped there. */
int nr_kmaps_of_slot(unsigned int slot);

/* ---- kmap_local_page() and kmap_atomic(): mm/kmap_local.c ---- */

/*
 * For those below, on the stack of mappings of the running thread (mm/kmap_local.c): map page @pfn, and return where;
 * unmap what was mapped last, at @vaddr; which page is it? Context: nobody else unmaps in between.
 */
void *__kmap_local_pfn(unsigned long pfn);
void __kunmap_local(const void *vaddr);
struct page *kmap_local_to_page(const void *vaddr);

/* For the scheduler: a thread leaves its CPU, or comes back to it; it ends. */
void __kmap_local_sched_out(void);
void __kmap_local_sched_in(void);
void kmap_local_exit(void);

/*
 * Print what a thread has mapped, a line each. For reports. Context: any; the thread is the running
 * one.
 */
void kmap_local_report(void);

/**
 * kmap_local_page - give a page an address for a moment
 * @page: any page
 *
 * The address is this thread's only. It may be preempted and may sleep meanwhile, but it stays on
 * its CPU. KM_MAX_NESTING mappings, interrupts' included, fit: one more is a BUG. Context: any.
 * Return: the address.
 */
static __always_inline void *kmap_local_page(struct page *page)
{
	void *vaddr = lowmem_page_address(page);

	/* What PageHighMem() says as well. */
	return likely(vaddr < high_memory) ? vaddr : __kmap_local_pfn(page_to_pfn(page));
}

/* The same by @pfn; RAM of the kernel's, not necessarily with a struct page that is looked at. */
static inline void *kmap_local_pfn(unsigned long pfn)
{
	return __kmap_local_pfn(pfn);
}

/**
 * kunmap_local - undo kmap_local_page()
 * @vaddr: what it returned, or any address of the same page
 *
 * The newest first. Another order, and an address that is not mapped, are reported. Context: as the
 * mapping was made in. The address faults from here on.
 */
static __always_inline void kunmap_local(const void *vaddr)
{
	if (unlikely(is_kmap_local_addr(vaddr)))
		__kunmap_local(vaddr);
}

/*
 * As kmap_local_page(), with preemption off until kunmap_atomic(). Also for pages of lowmem, as in
 * Linux.
 */
static __always_inline void *kmap_atomic(struct page *page)
{
	preempt_disable();
	return kmap_local_page(page);
}

/* As kmap_atomic(), of page @pfn, which may have no struct page. kunmap_atomic() undoes both, at @vaddr. */
static inline void *kmap_atomic_pfn(unsigned long pfn)
{
	preempt_disable();
	return __kmap_local_pfn(pfn);
}

static __always_inline void kunmap_atomic(const void *vaddr)
{
	kunmap_local(vaddr);
	preempt_enable();
}

/* ---- Showing and checking ---- */

/*
 * Print the addresses of kmap() that are in use, and each thread's stack: the text of gdb's `mm
 * kmap`.
 */
void show_kmap(void);

/*
 * Walk kmap()'s books, and this thread's stack. Return: mistakes found, each after a message.
 * Context: thread.
 */
int kmap_check(void);

/* The parts of both that are about kmap_local_page(). */
void show_kmap_local(void);
int kmap_local_check(void);

/* Name each mapping that is there: for who expects none. Context: thread. */
void report_kmaps(void);

/* ---- Contents ---- */

/* Fill a page with zeros. Context: any. */
static inline void clear_highpage(struct page *page)
{
	void *vaddr = kmap_local_page(page);

	clear_page(vaddr);
	kunmap_local(vaddr);
}

/* Copy a page; either may be in high memory. */
static inline void copy_highpage(struct page *to, struct page *from)
{
	void *vfrom = kmap_local_page(from), *vto = kmap_local_page(to);

	copy_page(vto, vfrom);
	kunmap_local(vto);
	kunmap_local(vfrom);
}

/* Bytes @offset to @offset + @len of a page, which they do not leave. As Linux's, all of them. */
static inline void memcpy_from_page(char *to, struct page *page, size_t offset, size_t len)
{
	char *from = kmap_local_page(page);

	VM_BUG_ON(offset + len > PAGE_SIZE || offset + len < len, "%zu bytes at %zu", len, offset);
	memcpy(to, from + offset, len);
	kunmap_local(from);
}

/*
 * Write to @len bytes at @offset of a page, wherever it is: those at @from, memcpy_to_page(); @value in each,
 * memset_page(); zeros, memzero_page(). BUG in debug builds if the part does not lie in the page.
 */
static inline void memcpy_to_page(struct page *page, size_t offset, const char *from, size_t len)
{
	char *to = kmap_local_page(page);

	VM_BUG_ON(offset + len > PAGE_SIZE || offset + len < len, "%zu bytes at %zu", len, offset);
	memcpy(to + offset, from, len);
	kunmap_local(to);
}

static inline void memset_page(struct page *page, size_t offset, int value, size_t len)
{
	char *to = kmap_local_page(page);

	VM_BUG_ON(offset + len > PAGE_SIZE || offset + len < len, "%zu bytes at %zu", len, offset);
	memset(to + offset, value, len);
	kunmap_local(to);
}

static inline void memzero_page(struct page *page, size_t offset, size_t len)
{
	memset_page(page, offset, 0, len);
}

/*
 * @len bytes from page to page, from @from_offset to @to_offset: memcpy_page(); memmove_page() also where the bytes
 * of one page overlap.
 */
static inline void memcpy_page(struct page *to_page, size_t to_offset, struct page *from_page,
			       size_t from_offset, size_t len)
{
	char *to = kmap_local_page(to_page), *from = kmap_local_page(from_page);

	VM_BUG_ON(to_offset + len > PAGE_SIZE || from_offset + len > PAGE_SIZE, "%zu bytes at %zu, %zu",
		  len, to_offset, from_offset);
	memcpy(to + to_offset, from + from_offset, len);
	kunmap_local(from);
	kunmap_local(to);
}

static inline void memmove_page(struct page *to_page, size_t to_offset, struct page *from_page,
				size_t from_offset, size_t len)
{
	char *to = kmap_local_page(to_page);
	char *from = to_page == from_page ? to : kmap_local_page(from_page);

	VM_BUG_ON(to_offset + len > PAGE_SIZE || from_offset + len > PAGE_SIZE, "%zu bytes at %zu, %zu",
		  len, to_offset, from_offset);
	memmove(to + to_offset, from + from_offset, len);
	if (from != to)
		kunmap_local(from);
	kunmap_local(to);
}

/* Zero two pieces of a page, from @start1 to before @end1, and from @start2 to before @end2. */
static inline void zero_user_segments(struct page *page, unsigned int start1, unsigned int end1,
				      unsigned int start2, unsigned int end2)
{
	char *vaddr = kmap_local_page(page);

	VM_BUG_ON(end1 > PAGE_SIZE || end2 > PAGE_SIZE, "%u-%u, %u-%u", start1, end1, start2, end2);
	if (end1 > start1)
		memset(vaddr + start1, 0, end1 - start1);
	if (end2 > start2)
		memset(vaddr + start2, 0, end2 - start2);
	kunmap_local(vaddr);
}

/*
 * Fill a part of a page with zeros: zero_user_segment(), from @start to before @end; zero_user(),
 * @size bytes.
 */
static inline void zero_user_segment(struct page *page, unsigned int start, unsigned int end)
{
	zero_user_segments(page, start, end, 0, 0);
}

static inline void zero_user(struct page *page, unsigned int start, unsigned int size)
{
	zero_user_segments(page, start, start + size, 0, 0);
}

#endif
