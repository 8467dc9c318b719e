/* SPDX-License-Identifier: MIT */
/*
 * The console, one character at a time. The board implements it: arch/arm/vexpress/uart.c.
 */
#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

/* Enable the device. */
void console_init(void);

/* Send one character, waiting for room. Context: any. */
void console_putc(char c);

/* Return: the next character received, or -1 if there is none. Context: any. */
int console_getc(void);

#endif
