/* SPDX-License-Identifier: MIT */
/*
 * Permissions of kernel memory that is mapped by pages. Names from Linux.
 *
 *    set_memory_ro(addr, numpages)	no longer writable
 *    set_memory_rw(addr, numpages)	writable again
 *    set_memory_nx(addr, numpages)	no longer executable
 *    set_memory_x(addr, numpages)	executable
 *
 * @addr is page-aligned. On return all CPUs see the change. Context: any; the caller knows that
 * nobody else changes the same pages.
 *
 * Return: 0. -EINVAL if @addr or @numpages makes no range of kernel addresses, or a page of it is
 * not mapped, or by a section, which has one permission for a whole MiB. -EPERM if a page would
 * become writable and executable (Linux would do it). Then nothing is changed, and a message names
 * the range.
 */
#ifndef ASM_SET_MEMORY_H
#define ASM_SET_MEMORY_H

int set_memory_ro(unsigned long addr, int numpages);
int set_memory_rw(unsigned long addr, int numpages);
int set_memory_nx(unsigned long addr, int numpages);
int set_memory_x(unsigned long addr, int numpages);

#endif
