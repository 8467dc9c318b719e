/* SPDX-License-Identifier: MIT */
/*
 * ATAGs: the list of tags in which an ARM boot loader describes the machine (Linux's
 * Documentation/arm/booting.rst, section 4a; the layout is that of uapi/asm/setup.h).
 *
 *    r2 --> +------+-----------+----------------+------+----------+---------+- - -+---+------+
 *           | size | ATAG_CORE | flags page dev | size | ATAG_MEM | size pa |     | 0 | NONE |
 *           +------+-----------+----------------+------+----------+---------+- - -+---+------+
 *           `size' counts 32-bit words, header included; the next tag begins right behind
 *
 * A kind of tag is known by its entry in a table that the linker collects:
 *
 *    static int __init parse_tag_mem(const struct tag *tag) { ... return 0 or -errno; }
 *    __tagtable(ATAG_MEM, parse_tag_mem);
 */
#ifndef BOOT_ATAGS_H
#define BOOT_ATAGS_H

#include <kernel/init.h>
#include <lib/types.h>

#define ATAG_NONE	0x00000000	/* ends the list */
#define ATAG_CORE	0x54410001	/* begins it */
#define ATAG_MEM	0x54410002	/* a bank of memory; one tag for each */
#define ATAG_INITRD2	0x54420005	/* an initial ramdisk, by physical address */
#define ATAG_SERIAL	0x54410006	/* the board's serial number */
#define ATAG_REVISION	0x54410007	/* the board's revision */
#define ATAG_CMDLINE	0x54410009	/* the command line */

/* The machine type of the one board this kernel runs on, in Linux's register of ARM machines. */
#define MACH_TYPE_VEXPRESS	0x8e0

/* Where a list stops being believed: the boot protocol puts it into the first 16 KiB of RAM. */
#define ATAG_LIST_MAX	0x4000		/* bytes */

struct tag_header {
	u32 size;	/* in words, this header included; 0 in ATAG_NONE */
	u32 tag;
};

struct tag_core {
	u32 flags;	/* bit 0: root is read-only */
	u32 pagesize;
	u32 rootdev;
};

struct tag_mem32 {
	u32 size;	/* bytes */
	u32 start;	/* physical address */
};

struct tag_initrd {
	u32 start;	/* physical address */
	u32 size;	/* bytes */
};

struct tag_serialnr {
	u32 low;
	u32 high;
};

struct tag_revision {
	u32 rev;
};

struct tag_cmdline {
	char cmdline[4];	/* as many bytes as the tag's size says, terminated among them */
};

struct tag {
	struct tag_header hdr;
	union {
		struct tag_core core;
		struct tag_mem32 mem;
		struct tag_initrd initrd;
		struct tag_serialnr serialnr;
		struct tag_revision revision;
		struct tag_cmdline cmdline;
	} u;
};

#define ATAG_WORDS(bytes)	((bytes) / sizeof(u32))
#define tag_size(type)		ATAG_WORDS(sizeof(struct tag_header) + sizeof(struct type))

/* The fewest words a tag of each kind has. An ATAG_CORE may also be bare: its header alone. */
enum {
	ATAG_HEADER_WORDS	= ATAG_WORDS(sizeof(struct tag_header)),
	ATAG_CORE_WORDS		= ATAG_HEADER_WORDS,
	ATAG_CORE_FULL_WORDS	= tag_size(tag_core),
	ATAG_MEM_WORDS		= tag_size(tag_mem32),
	ATAG_INITRD2_WORDS	= tag_size(tag_initrd),
	ATAG_SERIAL_WORDS	= tag_size(tag_serialnr),
	ATAG_REVISION_WORDS	= tag_size(tag_revision),
	ATAG_CMDLINE_WORDS	= tag_size(tag_cmdline),
};

_Static_assert(ATAG_CORE_FULL_WORDS == 5, "ATAG_CORE has 5 words");
_Static_assert(ATAG_MEM_WORDS == 4, "ATAG_MEM has 4 words");

struct tagtable {
	u32 tag;
	int (*parse)(const struct tag *tag);
	u32 min_words;		/* fewer, and parse() is not called */
	const char *name;
};

/*
 * __tagtable - register the function that takes tags of one kind
 *
 * It gets a tag that lies whole in readable memory and has at least TAG_WORDS words. It returns 0,
 * or -errno after a message that says why it does not take the tag.
 */
#define __tagtable(tag_, fn)							\
	static const struct tagtable __tagtable_##fn				\
		__used __section(".init.tagtable") __aligned(4) = {		\
		.tag = tag_, .parse = fn,					\
		.min_words = tag_##_WORDS, .name = #tag_,			\
	}

/* From ATAG_REVISION and ATAG_SERIAL; 0 if they did not come. */
extern u32 system_rev;
extern u32 system_serial_low;
extern u32 system_serial_high;

/**
 * setup_machine_tags - take in what the boot loader passed
 * @atags: physical address of the list, as it stood in r2; 0 if there is none
 * @machine: machine type, as it stood in r1; 0 together with @atags 0 when started as a bare ELF
 *
 * Believes nothing: each problem is named with its physical address and what it costs, and never
 * followed. Everything is copied, so the list's memory is free afterwards. Without a usable list
 * meminfo stays empty and sanity_check_meminfo() falls back to the RAM that the boot stub found.
 *
 * Context: setup_arch(), on the boot page tables, which map lowmem up to BOOT_LOWMEM_END.
 * Return: 0 if there was a list; -ENOENT if @atags is 0, -EINVAL if it points to anything else.
 * Differs from Linux: there is one machine, so no descriptor is looked up, and another machine
 * type is named instead of refused; a list is not converted from the format before ATAGs.
 */
int setup_machine_tags(phys_addr_t atags, u32 machine);

#endif
