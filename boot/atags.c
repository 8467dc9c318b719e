// SPDX-License-Identifier: MIT
/*
 * Reads the boot loader's tag list: setup_machine_tags(), from setup_arch(). The list is the first
 * thing the kernel takes from outside, so it is walked as what it is, a foreign data structure:
 *
 *    PHYS_OFFSET          atags            atags + limit                        end of RAM
 *    |                    |CORE|MEM|...|NONE|  .  .  |                          |
 *                         `- never read past this ---'
 *
 * I1. No byte is read outside [atags, atags + limit): limit is ATAG_LIST_MAX, less where RAM, the
 *     boot tables' lowmem or the kernel image comes first.
 * I2. A tag is handed out only if it lies whole within the limit and has the words its kind needs.
 * I3. The walk moves on by at least a header each time, so it ends; it ends at the first size that
 *     cannot be true, because where the next tag begins is then unknown.
 * I4. All accesses are to aligned words or to bytes.
 */
#include <asm/page.h>
#include <boot/atags.h>
#include <boot/initrd.h>
#include <boot/meminfo.h>
#include <boot/probe.h>
#include <kernel/bug.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/string.h>

/* Unknown tags beyond these are counted only: a list of rubbish may hold two thousand. */
#define MAX_UNKNOWN_NAMED	8

/* The first word of a flattened device tree, which is big-endian (Devicetree Specification 5.2). */
#define OF_DT_HEADER_SWAPPED	0xedfe0dd0

extern const struct tagtable __tagtable_begin[], __tagtable_end[];

u32 system_rev;
u32 system_serial_low;
u32 system_serial_high;

static int __init parse_tag_core(const struct tag *tag)
{
	bool full = tag->hdr.size >= ATAG_CORE_FULL_WORDS;

	if (full && tag->u.core.pagesize && tag->u.core.pagesize != PAGE_SIZE)
		pr_warn("ATAG_CORE: page size %u; this kernel has %lu\n",
			tag->u.core.pagesize, PAGE_SIZE);
	return 0;
}
__tagtable(ATAG_CORE, parse_tag_core);

static int __init parse_tag_mem(const struct tag *tag)
{
	return arm_add_memory(tag->u.mem.start, tag->u.mem.size);
}
__tagtable(ATAG_MEM, parse_tag_mem);

static int __init parse_tag_initrd2(const struct tag *tag)
{
	return set_phys_initrd(tag->u.initrd.start, tag->u.initrd.size);
}
__tagtable(ATAG_INITRD2, parse_tag_initrd2);

static int __init parse_tag_serialnr(const struct tag *tag)
{
	system_serial_low = tag->u.serialnr.low;
	system_serial_high = tag->u.serialnr.high;
	pr_info("Board serial number %08x%08x\n", system_serial_high, system_serial_low);
	return 0;
}
__tagtable(ATAG_SERIAL, parse_tag_serialnr);

static int __init parse_tag_revision(const struct tag *tag)
{
	system_rev = tag->u.revision.rev;
	pr_info("Board revision %04x\n", system_rev);
	return 0;
}
__tagtable(ATAG_REVISION, parse_tag_revision);

static int __init parse_tag_cmdline(const struct tag *tag)
{
	const char *text = tag->u.cmdline.cmdline;
	size_t bytes = (tag->hdr.size - ATAG_HEADER_WORDS) * sizeof(u32);

	BUG_ON(bytes == 0 || bytes > ATAG_LIST_MAX, "%zu bytes of text", bytes);
	if (strnlen(text, bytes) == bytes)
		pr_warn("ATAG_CMDLINE: not terminated within its %zu bytes: ends there\n", bytes);
	if (boot_command_line[0])
		pr_warn("ATAG_CMDLINE: a second command line: replaces the first\n");
	set_boot_command_line(text, bytes);
	return 0;
}
__tagtable(ATAG_CMDLINE, parse_tag_cmdline);

static const struct tagtable * __init find_tagtable(u32 tag)
{
	const struct tagtable *t;

	for (t = __tagtable_begin; t < __tagtable_end; t++) {
		BUG_ON(!t->parse || t->min_words < ATAG_HEADER_WORDS, "%s", t->name);
		if (t->tag == tag)
			return t;
	}
	return NULL;
}

/**
 * parse_tag - hand one tag to the function that knows its kind
 * @tag: lies whole in readable memory
 * @unknown: counts tags of kinds that nobody knows
 *
 * Return: false if the tag is too short for its kind, and the list cannot be followed further.
 */
static bool __init parse_tag(const struct tag *tag, unsigned int *unknown)
{
	const struct tagtable *t = find_tagtable(tag->hdr.tag);
	phys_addr_t at = virt_to_phys(tag);

	BUG_ON(tag->hdr.size < ATAG_HEADER_WORDS, "0x%08x: size %u", at, tag->hdr.size);
	if (!t) {
		if (++*unknown <= MAX_UNKNOWN_NAMED)
			pr_warn("ATAG at 0x%08x: unknown tag 0x%08x of %u words: skipped\n",
				at, tag->hdr.tag, tag->hdr.size);
		return true;
	}
	if (tag->hdr.size < t->min_words) {
		pr_err("ATAG at 0x%08x: %s with size %u words, needs %u: ignored, list ends here\n",
		       at, t->name, tag->hdr.size, t->min_words);
		return false;
	}
	if (t->parse(tag))
		pr_err("ATAG at 0x%08x: %s: ignored\n", at, t->name);
	return true;
}

/* Can the size of @tag be true, with @words from it to the limit? Names what is wrong. */
static bool __init tag_fits(const struct tag *tag, u32 words)
{
	if (tag->hdr.size < ATAG_HEADER_WORDS) {
		pr_err("ATAG at 0x%08x: tag 0x%08x with size %u words, needs %u: list ends here\n",
		       virt_to_phys(tag), tag->hdr.tag, tag->hdr.size, ATAG_HEADER_WORDS);
		return false;
	}
	if (tag->hdr.size > words) {
		pr_err("ATAG at 0x%08x: tag 0x%08x with size %u words, but only %u may follow: list ends here\n",
		       virt_to_phys(tag), tag->hdr.tag, tag->hdr.size, words);
		return false;
	}
	return true;
}

/**
 * parse_tags - walk the list
 * @list: its first tag, known to be an ATAG_CORE
 * @words: that may be read from there on
 *
 * What stood before a fault in the list stays taken.
 */
static void __init parse_tags(const struct tag *list, u32 words)
{
	const u32 *at = (const u32 *)list, *limit = at + words;
	unsigned int unknown = 0;

	BUG_ON(!IS_ALIGNED((unsigned long)list, sizeof(u32)), "list at %p", list);
	BUG_ON(words < ATAG_HEADER_WORDS || words > ATAG_WORDS(ATAG_LIST_MAX), "%u words", words);

	while (limit - at >= ATAG_HEADER_WORDS) {
		const struct tag *tag = (const struct tag *)at;

		if (tag->hdr.tag == ATAG_NONE)
			break;
		if (!tag_fits(tag, limit - at) || !parse_tag(tag, &unknown))
			break;
		at += tag->hdr.size;
	}
	if (limit - at < ATAG_HEADER_WORDS)
		pr_err("ATAG list at 0x%08x: no ATAG_NONE within %zu bytes: list ends there\n",
		       virt_to_phys(list), words * sizeof(u32));
	if (unknown > MAX_UNKNOWN_NAMED)
		pr_warn("ATAG list at 0x%08x: %u more unknown tags skipped\n",
			virt_to_phys(list), unknown - MAX_UNKNOWN_NAMED);
}

/**
 * readable_words - how far a list at @atags may be read (I1)
 * @atags: physical address, any
 *
 * Return: a number of words; 0, after a message, if @atags is no place for a list.
 */
static u32 __init readable_words(phys_addr_t atags)
{
	phys_addr_t end = min(probed_ram_end, virt_to_phys((void *)(BOOT_LOWMEM_END - 1)) + 1);

	if (atags < PHYS_OFFSET || atags >= end) {
		pr_err("ATAG pointer 0x%08x: not in RAM that is mapped, 0x%08lx-0x%08x\n",
		       atags, PHYS_OFFSET, end - 1);
		return 0;
	}
	if (!IS_ALIGNED(atags, sizeof(u32))) {
		pr_err("ATAG pointer 0x%08x: not word-aligned\n", atags);
		return 0;
	}
	if (atags >= kernel_image_start() && atags < kernel_image_end()) {
		pr_err("ATAG pointer 0x%08x: inside the kernel, 0x%08x-0x%08x, and overwritten\n",
		       atags, kernel_image_start(), kernel_image_end() - 1);
		return 0;
	}
	if (atags < kernel_image_start())
		end = min(end, kernel_image_start());
	return ATAG_WORDS(min_t(phys_addr_t, end - atags, ATAG_LIST_MAX));
}

/* Is what stands at @list the beginning of a tag list? Names what it is instead. */
static bool __init begins_tag_list(const struct tag *list, u32 words)
{
	if (words < ATAG_HEADER_WORDS) {
		pr_err("ATAG pointer 0x%08x: no room for a tag\n", virt_to_phys(list));
		return false;
	}
	if (list->hdr.size == OF_DT_HEADER_SWAPPED) {
		pr_err("ATAG pointer 0x%08x: a device tree: not understood\n", virt_to_phys(list));
		return false;
	}
	if (list->hdr.tag != ATAG_CORE || (list->hdr.size != ATAG_CORE_WORDS &&
					   list->hdr.size != ATAG_CORE_FULL_WORDS)) {
		pr_err("ATAG at 0x%08x: tag 0x%08x of %u words is not the ATAG_CORE of %u or %u that begins a list\n",
		       virt_to_phys(list), list->hdr.tag, list->hdr.size,
		       ATAG_CORE_WORDS, ATAG_CORE_FULL_WORDS);
		return false;
	}
	return true;
}

int __init setup_machine_tags(phys_addr_t atags, u32 machine)
{
	const struct tag *list;
	u32 words;

	BUG_ON(!IS_ALIGNED(probed_ram_end, PAGE_SIZE) || probed_ram_end > PHYS_LIMIT,
	       "probed_ram_end 0x%08x", probed_ram_end);

	if (!atags) {
		pr_info("No ATAGs: a bare ELF, or a boot loader that passes none\n");
		return -ENOENT;
	}
	if (machine != MACH_TYPE_VEXPRESS)
		pr_warn("Machine type 0x%x: this kernel knows 0x%x, ARM Versatile Express, only; going on\n",
			machine, MACH_TYPE_VEXPRESS);
	words = readable_words(atags);
	list = phys_to_virt(atags);
	if (!words || !begins_tag_list(list, words)) {
		pr_err("No ATAGs are taken\n");
		return -EINVAL;
	}
	parse_tags(list, words);
	return 0;
}
