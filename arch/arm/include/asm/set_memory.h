/* SPDX-License-Identifier: MIT */
/*
 * Permissions of kernel memory that is mapped. Names from Linux.
 *
 *    set_memory_ro(addr, numpages)	no longer writable
 *    set_memory_rw(addr, numpages)	writable again
 *    set_memory_nx(addr, numpages)	no longer executable
 *    set_memory_x(addr, numpages)	executable
 *
 * @addr is page-aligned. A section that the range has only a part of is split into pages for it, and
 * put together when all its pages are alike again (arch/arm/mm/split_section.c); a whole one stays one.
 * On return all CPUs see the change, in every address space. Context: thread that may sleep; or boot,
 * as long as memory is memblock's. Other pages beside these may be changed at the same time.
 *
 * Return: 0. -EINVAL if @addr or @numpages makes no range of kernel addresses, or a page of it is not
 * mapped. -EPERM if a page would become writable and executable (Linux would do it). -ENOMEM if there
 * is no memory for a page table. Then no permission is changed, and a message names the range.
 */
#ifndef ASM_SET_MEMORY_H
#define ASM_SET_MEMORY_H

int set_memory_ro(unsigned long addr, int numpages);
int set_memory_rw(unsigned long addr, int numpages);
int set_memory_nx(unsigned long addr, int numpages);
int set_memory_x(unsigned long addr, int numpages);

#endif
