/* SPDX-License-Identifier: MIT */
/*
 * Touching memory that may not be there. What would be a fatal fault anywhere else is an error code
 * here: reports use it to read what a broken pointer points to, tests to prove that a write, a read
 * or a jump does fault.
 */
#ifndef KERNEL_PROBE_H
#define KERNEL_PROBE_H

#include <lib/compiler.h>
#include <lib/types.h>

/**
 * probe_kernel_read - read memory that may fault
 * @dst: buffer of the caller's, which must not fault
 * @src: any address
 * @size: bytes
 *
 * By words while both addresses are word-aligned, else by bytes. As Linux's probe_kernel_read()
 * (copy_from_kernel_nofault() since 5.8). Context: any, reports of faults included.
 *
 * Return: 0, or -EFAULT if a part could not be read; the parts before it are in @dst.
 */
int probe_kernel_read(void *dst, const void *src, size_t size) __must_check;

/**
 * probe_kernel_write - write memory that may fault
 * @dst: any address
 * @src: buffer of the caller's
 * @size: bytes
 *
 * Return: 0, or -EFAULT if a part could not be written; the parts before it were.
 */
int probe_kernel_write(void *dst, const void *src, size_t size) __must_check;

/**
 * probe_kernel_exec - call a function that may not be executable
 * @func: address; bit 0 set calls Thumb code
 *
 * Catches the prefetch abort of the first instruction only: a function whose first instruction does
 * execute is called as void (*)(void), and its faults are its own. Context: any.
 *
 * Return: 0 if @func was called and returned, -EFAULT if its first instruction could not be
 * fetched.
 */
int probe_kernel_exec(const void *func) __must_check;

#endif
