/* SPDX-License-Identifier: MIT */
/*
 * Messages on the console, with Linux's levels and names.
 *
 * A message begins with its level: printk(KERN_INFO "..."), or pr_info("..."). Those whose level is
 * below console_loglevel are printed; `loglevel=N` sets it. pr_cont() goes on with the same line and
 * shares its fate.
 */
#ifndef KERNEL_PRINTK_H
#define KERNEL_PRINTK_H

#include <stdarg.h>
#include <lib/compiler.h>

#define KERN_SOH	"\001"		/* begins a level; the digit follows */
#define KERN_EMERG	KERN_SOH "0"	/* the system is unusable */
#define KERN_ALERT	KERN_SOH "1"
#define KERN_CRIT	KERN_SOH "2"
#define KERN_ERR	KERN_SOH "3"
#define KERN_WARNING	KERN_SOH "4"
#define KERN_NOTICE	KERN_SOH "5"
#define KERN_INFO	KERN_SOH "6"
#define KERN_DEBUG	KERN_SOH "7"
#define KERN_CONT	KERN_SOH "c"	/* goes on with the line before */

#define CONSOLE_LOGLEVEL_DEFAULT	7	/* everything but KERN_DEBUG */
extern int console_loglevel;

/* A file may define pr_fmt() before its includes, to begin each of its messages with its name. */
#ifndef pr_fmt
#define pr_fmt(fmt)	fmt
#endif

/**
 * printk, vprintk - write a message to the console
 * @fmt: level and format, see vsnprintf()
 * @args: arguments
 *
 * Context: any, from the first C function on. A line longer than 511 characters is cut.
 *
 * Return: the number of characters formatted.
 */
int printk(const char *fmt, ...) __printf(1, 2);
int vprintk(const char *fmt, va_list args) __printf(1, 0);

#define pr_emerg(fmt, ...)	printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...)	printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...)	printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...)	printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)	printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...)	printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...)	printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...)	printk(KERN_CONT fmt, ##__VA_ARGS__)

#endif
