// SPDX-License-Identifier: MIT
/*
 * A board that answers yes and no by rules that are easy to see through, and that checks what it is
 * asked: what comes through the prompt's parsers must keep to the contracts of what is behind them.
 */
#include "shell_board.h"
#include <asm/break.h>
#include <asm/fixmap.h>
#include <asm/ptdump.h>
#include <asm/tlbflush.h>
#include <asm/whatis.h>
#include <kernel/console.h>
#include <kernel/devmem.h>
#include <kernel/kallsyms.h>
#include <kernel/lockdep.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/resource.h>
#include <kernel/shell.h>
#include <kernel/stop_machine.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/layout.h>

#include <string.h>

#define NR_BREAKS	8
#define REFUSING	0x200	/* offset in the device where the bus refuses */

unsigned int shell_prompts;

/* ---- The console ---- */

static const char *typed;
static size_t nr_typed;
static jmp_buf all_is_read;

int console_getc(void)
{
	if (!nr_typed)
		return -1;
	nr_typed--;
	return (u8)*typed++;
}

void console_wait(void)
{
	longjmp(all_is_read, 1);
}

void console_putc(char c)
{
	printk("%c", c);
}

void console_write(const char *text)
{
	if (!strcmp(text, "pagewalk> "))
		shell_prompts++;
	printk("%s", text);
}

void console_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
}

void shell_type(const char *keys, size_t nr)
{
	typed = keys;
	nr_typed = nr;
	if (setjmp(all_is_read) == 0)
		shell();
}

/* ---- Functions, and breakpoints in them ---- */

static bool is_set[NR_BREAKS];

unsigned long kallsyms_lookup_name(const char *name)
{
	EXPECT(name[0]);
	return strcmp(name, "alloc_pages") ? 0 : 0xc0010000;
}

const void *kallsyms_code(unsigned long addr)
{
	return (const void *)addr;
}

int set_break(const void *addr, unsigned int lines)
{
	(void)lines;
	EXPECT(addr);
	if ((unsigned long)addr != 0xc0010000)
		return -EINVAL;
	for (int nr = 0; nr < NR_BREAKS; nr++)
		if (!is_set[nr]) {
			is_set[nr] = true;
			return nr;
		}
	return -ENOSPC;
}

int clear_break(unsigned int nr)
{
	if (nr >= NR_BREAKS || !is_set[nr])
		return -ENOENT;
	is_set[nr] = false;
	return 0;
}

void show_breaks(void)
{
	for (unsigned int nr = 0; nr < NR_BREAKS; nr++)
		if (is_set[nr])
			console_printf("%u alloc_pages\n", nr);
}

/* ---- Physical memory: one device, of two pages ---- */

static struct resource device = {
	.name = "device", .start = 0x10000000, .end = 0x10001fff, .flags = IORESOURCE_MEM,
};

static int devmem(phys_addr_t phys, unsigned int bits)
{
	if (!device.parent)
		EXPECT_EQ(insert_resource(&iomem_resource, &device), 0);
	EXPECT(bits == 8 || bits == 16 || bits == 32);
	if (phys % (bits / 8))
		return -EINVAL;
	if (!resource_at(phys) || !resource_at(phys + bits / 8 - 1))
		return -ENXIO;
	return phys % PAGE_SIZE < REFUSING ? 0 : phys % 3 ? -EFAULT : -ENOMEM;
}

int devmem_read(phys_addr_t phys, unsigned int bits, u32 *value)
{
	int err = devmem(phys, bits);

	if (!err)
		*value = 0x12345678u >> (32 - bits);
	return err;
}

int devmem_write(phys_addr_t phys, unsigned int bits, u32 value)
{
	int err = devmem(phys, bits);

	EXPECT(bits == 32 || !(value >> bits));
	return !err && phys % PAGE_SIZE == 0 ? -EACCES : err;
}

/* ---- What other parts of the board would show ---- */

void show_layout(void) { }
void show_whatis(unsigned long addr) { (void)addr; }
void show_fixmap(void) { }
void show_pte_walk(unsigned long addr) { (void)addr; }
void ptdump_walk(void) { }
void show_pgtable_check(void) { }
void show_tlb(void) { }
void show_threads(void) { }
void show_locks(void) { }

/* ---- For `kmemleak scan': nobody else runs, and nothing holds a pointer ---- */

int stop_machine(int (*func)(void *data), void *data)
{
	return func(data);
}

void for_each_root(void (*func)(const void *start, const void *end, void *data), void *data)
{
	(void)func, (void)data;
}
