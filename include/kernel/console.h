/* SPDX-License-Identifier: MIT */
/*
 * The console. The board implements single characters: arch/arm/vexpress/uart.c; text is built on them
 * in kernel/console.c.
 */
#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

#include <lib/compiler.h>
#include <lib/types.h>

/* Enable the device. */
void console_init(void);

/* Its interrupt, for console_wait(). Context: start_kernel(), after init_IRQ(). */
void console_irq_init(void);

/* Send the character @c, waiting for room. Context: any. */
void console_putc(char c);

/* Return: the next character received, or -1 if there is none. Context: any. */
int console_getc(void);

/* Sleep until a character is there. Context: thread that may sleep, after console_irq_init(). */
void console_wait(void);

/* Send @text, with CR LF for each LF, whole. Context: any. */
void console_write(const char *text);

/**
 * console_lock_irqsave, console_unlock_irqrestore - the console is this CPU's; and no more
 * @flags: receives the interrupt mask as it was; and gives it back
 * @locked: what console_lock_irqsave() returned
 *
 * Nests: who has it already, goes on. Context: any; reports of faults get it in any case.
 *
 * Return: what is to be told to console_unlock_irqrestore().
 */
bool console_lock_irqsave(unsigned long *flags);
void console_unlock_irqrestore(bool locked, unsigned long flags);

/**
 * console_printf - print an answer that was asked for
 * @fmt: format, see vsnprintf()
 *
 * For the prompt and for test reports: unlike printk() it is not a message with a level, and `loglevel=` does
 * not silence it. Text longer than 511 characters is cut. Context: any.
 */
void console_printf(const char *fmt, ...) __printf(1, 2);

#endif
