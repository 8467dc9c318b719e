// SPDX-License-Identifier: MIT
/*
 * The names of functions. The table is assembler text that scripts/kallsyms.sh makes from the
 * kernel linked without it; it lies behind the text, so linking it in moves no function, and the
 * second pass of the link is checked to have changed none.
 *
 *    kallsyms_sizes       0x5c 0x30 ... 0x1d ...              in the order of addresses; bit 0: Thumb code
 *    kallsyms_names       6f 81 c3 00 f2 9b 00 ...            in the same order, in codes, 0 behind each
 *    kallsyms_pairs       ... 81: "p" "a"   82: 81 "ge" ...   what two codes a code stands for
 *    kallsyms_markers     { c0010000, 0 } { c0012204, 497 }   where every 64th function and its name begin;
 *                         { _etext, bytes of all names }      the last is the end
 *
 * So a symbol costs two bytes and half of its name, and is found by passing over 63 others at most. The
 * code of a character of a name is itself, and no pair.
 *
 * I1. No function is empty. The sizes of those between two markers add up to the distance of these.
 * I2. In the first pass kallsyms_num_syms is 0, and no lookup finds anything.
 * I3. A name is shorter than KSYM_NAME_LEN.
 */
#include <asm/ptrace.h>
#include <kernel/bug.h>
#include <kernel/kallsyms.h>
#include <lib/string.h>
#include <lib/vsprintf.h>

#define NAMES_PER_MARKER	64	/* scripts/kallsyms.sh has the same number */
#define INTO_THE_CALL		2	/* back from a return address: no call is shorter */

struct kallsyms_marker {
	unsigned long address;
	unsigned long name;		/* in kallsyms_names */
};

struct kallsyms_pair {
	u8 first;
	u8 second;			/* 0: the code is the character @first */
};

extern const unsigned long kallsyms_num_syms;
extern const struct kallsyms_marker kallsyms_markers[];
extern const u16 kallsyms_sizes[];
extern const struct kallsyms_pair kallsyms_pairs[];
extern const u8 kallsyms_names[];

/* One function of the table; next_symbol() goes on to the one behind it. */
struct symbol {
	unsigned long nr;
	unsigned long address;
	const u8 *name;
};

static unsigned long nr_markers(void)
{
	return (kallsyms_num_syms + NAMES_PER_MARKER - 1) / NAMES_PER_MARKER;
}

static struct symbol symbol_at_marker(unsigned long marker)
{
	return (struct symbol){
		.nr = marker * NAMES_PER_MARKER,
		.address = kallsyms_markers[marker].address,
		.name = kallsyms_names + kallsyms_markers[marker].name,
	};
}

static unsigned long symbol_size(const struct symbol *symbol)
{
	return kallsyms_sizes[symbol->nr] & ~THUMB_CODE;
}

static void next_symbol(struct symbol *symbol)
{
	symbol->address += symbol_size(symbol);
	symbol->name += strlen((const char *)symbol->name) + 1;
	symbol->nr++;
}

/* Return: false if @addr is not in the kernel's text; otherwise @symbol is the function it is in. */
static bool find_symbol(struct symbol *symbol, unsigned long addr)
{
	unsigned long low = 0, high = nr_markers();

	if (!high || addr < kallsyms_markers[0].address || addr >= kallsyms_markers[high].address)
		return false;
	/* kallsyms_markers[low].address <= addr < kallsyms_markers[high].address */
	while (high - low > 1) {
		unsigned long mid = low + (high - low) / 2;

		if (addr < kallsyms_markers[mid].address)
			high = mid;
		else
			low = mid;
	}
	*symbol = symbol_at_marker(low);
	while (addr - symbol->address >= symbol_size(symbol))
		next_symbol(symbol);
	return true;
}

/*
 * A code is a character or a pair, whose second part has to wait until the first is written out. Each
 * part is at least a character, so of those that wait there are less than the name has characters (I3).
 */
static void expand_name(char buf[KSYM_NAME_LEN], const u8 *name)
{
	u8 waiting[KSYM_NAME_LEN];
	unsigned int nr_waiting = 0, length = 0;
	u8 code = *name;

	while (code && length + nr_waiting < KSYM_NAME_LEN - 1) {
		const struct kallsyms_pair *pair = &kallsyms_pairs[code];

		code = pair->first;
		if (pair->second) {
			waiting[nr_waiting++] = pair->second;
			continue;
		}
		buf[length++] = code;
		code = nr_waiting ? waiting[--nr_waiting] : *++name;
	}
	buf[length] = '\0';
}

bool kallsyms_lookup_size_offset(unsigned long addr, unsigned long *size, unsigned long *offset)
{
	struct symbol symbol;

	VM_BUG_ON(!size || !offset, "nowhere to put size %p or offset %p", size, offset);
	addr &= ~THUMB_CODE;
	if (!find_symbol(&symbol, addr))
		return false;
	*size = symbol_size(&symbol);
	*offset = addr - symbol.address;
	return true;
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
			    char namebuf[KSYM_NAME_LEN])
{
	struct symbol symbol;

	if (!kallsyms_lookup_size_offset(addr, size, offset) ||
	    !find_symbol(&symbol, addr & ~THUMB_CODE))
		return NULL;
	expand_name(namebuf, symbol.name);
	return namebuf;
}

unsigned long kallsyms_lookup_name(const char *name)
{
	struct symbol symbol = symbol_at_marker(0);
	char entry[KSYM_NAME_LEN];

	for (; symbol.nr < kallsyms_num_syms; next_symbol(&symbol)) {
		expand_name(entry, symbol.name);
		if (strcmp(entry, name) == 0)
			return symbol.address;
	}
	return 0;
}

const void *kallsyms_code(unsigned long addr)
{
	struct symbol symbol;

	addr &= ~THUMB_CODE;
	if (!find_symbol(&symbol, addr))
		return (void *)addr;
	return (void *)(addr | (kallsyms_sizes[symbol.nr] & THUMB_CODE));
}

/* The name of the function at @back bytes before @addr, and if @offset how far @addr is into it. */
static void format_symbol(char *buf, size_t size, unsigned long addr, unsigned long back,
			  bool offset)
{
	unsigned long in_all, before;
	char namebuf[KSYM_NAME_LEN];
	const char *name = kallsyms_lookup(addr - back, &in_all, &before, namebuf);

	if (!name)
		scnprintf(buf, size, "0x%lx", addr);
	else if (!offset)
		strscpy(buf, name, size);
	else
		scnprintf(buf, size, "%s+0x%lx/0x%lx", name, before + back, in_all);
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
	struct symbol symbol = symbol_at_marker(0);
	char name[KSYM_NAME_LEN];

	for (; symbol.nr < kallsyms_num_syms; next_symbol(&symbol)) {
		struct symbol marked = symbol_at_marker(symbol.nr / NAMES_PER_MARKER);

		expand_name(name, symbol.name);
		BUG_ON(!symbol_size(&symbol), "%s at 0x%lx is empty", name, symbol.address);
		BUG_ON(name[0] == '\0', "symbol %lu has no name", symbol.nr);
		BUG_ON(symbol.nr == marked.nr && (symbol.address != marked.address || symbol.name != marked.name),
		       "marker of symbol %lu, %s", symbol.nr, name);
	}
	BUG_ON(symbol.address != kallsyms_markers[nr_markers()].address, "the last function ends at 0x%lx",
	       symbol.address);
}
