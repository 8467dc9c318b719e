// SPDX-License-Identifier: MIT
/*
 * The names of functions. The table is assembler text that scripts/kallsyms.sh makes from the
 * kernel linked without it; it lies behind the text, so linking it in moves no function, and the
 * second pass of the link is checked to have changed none.
 *
 *    kallsyms_addresses   c0010000 c0010080 ... (_etext)      sorted, kallsyms_num_syms + 1 of them
 *    kallsyms_names       "_start\0" "secondary_pen\0" ...    in the same order
 *    kallsyms_markers     0 913 1822 ...                      where every 64th name begins
 *
 * So a symbol costs four bytes and its name, and a name is found by passing over 63 others at most.
 *
 * I1. kallsyms_addresses[i] < kallsyms_addresses[i + 1]; the last entry is the end of the text.
 * I2. In the first pass kallsyms_num_syms is 0, and no lookup finds anything.
 */
#include <asm/ptrace.h>
#include <kernel/bug.h>
#include <kernel/kallsyms.h>
#include <lib/bitops.h>
#include <lib/string.h>
#include <lib/vsprintf.h>

#define NAMES_PER_MARKER	64	/* scripts/kallsyms.sh has the same number */
#define INTO_THE_CALL		2	/* back from a return address: no call is shorter */

extern const unsigned long kallsyms_addresses[];
extern const unsigned long kallsyms_num_syms;
extern const char kallsyms_names[];
extern const unsigned long kallsyms_markers[];

/* A bit for each function: is it Thumb code? */
extern const unsigned long kallsyms_thumb[];

static const char *name_of(unsigned long i)
{
	const char *name = kallsyms_names + kallsyms_markers[i / NAMES_PER_MARKER];

	for (i %= NAMES_PER_MARKER; i; i--)
		name += strlen(name) + 1;
	return name;
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset)
{
	unsigned long low = 0, high = kallsyms_num_syms;

	VM_BUG_ON(!size || !offset, "nowhere to put size %p or offset %p", size, offset);
	addr &= ~THUMB_CODE;
	if (!high || addr < kallsyms_addresses[0] || addr >= kallsyms_addresses[high])
		return NULL;
	/* kallsyms_addresses[low] <= addr < kallsyms_addresses[high] */
	while (high - low > 1) {
		unsigned long mid = low + (high - low) / 2;

		if (addr < kallsyms_addresses[mid])
			high = mid;
		else
			low = mid;
	}
	*size = kallsyms_addresses[high] - kallsyms_addresses[low];
	*offset = addr - kallsyms_addresses[low];
	return name_of(low);
}

unsigned long kallsyms_lookup_name(const char *name)
{
	const char *entry = kallsyms_names;

	for (unsigned long i = 0; i < kallsyms_num_syms; i++) {
		if (strcmp(entry, name) == 0)
			return kallsyms_addresses[i];
		entry += strlen(entry) + 1;
	}
	return 0;
}

const void *kallsyms_code(unsigned long addr)
{
	unsigned long i = 0;

	addr &= ~THUMB_CODE;
	while (i < kallsyms_num_syms && kallsyms_addresses[i + 1] <= addr)
		i++;
	if (i == kallsyms_num_syms || addr < kallsyms_addresses[0])
		return (void *)addr;
	return (void *)(addr | (test_bit(i, kallsyms_thumb) ? THUMB_CODE : 0));
}

/* The name of the function at @back bytes before @addr, and if @offset how far @addr is into it. */
static void format_symbol(char *buf, size_t size, unsigned long addr, unsigned long back,
			  bool offset)
{
	unsigned long symbol_size, symbol_offset;
	const char *name = kallsyms_lookup(addr - back, &symbol_size, &symbol_offset);

	if (!name)
		scnprintf(buf, size, "0x%lx", addr);
	else if (!offset)
		strscpy(buf, name, size);
	else
		scnprintf(buf, size, "%s+0x%lx/0x%lx", name, symbol_offset + back, symbol_size);
}

void sprint_symbol(char *buf, size_t size, unsigned long addr, bool offset)
{
	format_symbol(buf, size, addr, 0, offset);
}

void sprint_backtrace(char *buf, size_t size, unsigned long addr)
{
	format_symbol(buf, size, addr & ~THUMB_CODE, INTO_THE_CALL, true);
}

void kallsyms_init(void)
{
	sprint_symbol_hook = sprint_symbol;
}

void kallsyms_check(void)
{
	const char *name = kallsyms_names;

	for (unsigned long i = 0; i < kallsyms_num_syms; i++) {
		BUG_ON(kallsyms_addresses[i] >= kallsyms_addresses[i + 1],
		       "%s at 0x%lx, the next at 0x%lx", name, kallsyms_addresses[i],
		       kallsyms_addresses[i + 1]);
		BUG_ON(*name == '\0', "symbol %lu has no name", i);
		BUG_ON(i % NAMES_PER_MARKER == 0 && name_of(i) != name, "marker of symbol %lu", i);
		name += strlen(name) + 1;
	}
}
