/* SPDX-License-Identifier: MIT */
/*
 * The memory image, in load order. Three segments, one permission each; the borders between them
 * are page-aligned, and include/kernel/sections.h names them.
 *
 *     0xc0010000   text    R X   head, exceptions, code, then the init code
 *                  rodata  R     constants, unwind index, symbol table, test cases
 *                  data    RW    init data, the boot stack and data, bss (not in the file)
 *
 * The image is linked at its virtual address and loaded 0x60000000 below it, where RAM is.
 */
#include <asm/page.h>
#include <asm/stack.h>

#define LOAD_OFFSET	(PAGE_OFFSET - PHYS_OFFSET)
#define AT_PHYS(name)	AT(ADDR(name) - LOAD_OFFSET)

OUTPUT_ARCH(arm)
ENTRY(_start)

PHDRS
{
	text PT_LOAD FLAGS(5);		/* R X */
	rodata PT_LOAD FLAGS(4);	/* R */
	data PT_LOAD FLAGS(6);		/* RW */
}

SECTIONS
{
	swapper_pg_dir = SWAPPER_PG_DIR;	/* the level-1 table: not part of the image */
	jiffies = jiffies_64;			/* its lower half (kernel/time.c) */
	. = KERNEL_RAM_VADDR;

	_text = .;
	_stext = .;
	.head.text : AT_PHYS(.head.text) {
		KEEP(*(.head.text))
		KEEP(*(.head.text.secondary))
	} :text

	.text : AT_PHYS(.text) {
		. = ALIGN(32);
		KEEP(*(.vectors))
		__exception_text_start = .;
		KEEP(*(.exception.text))
		__exception_text_end = .;
		*(.text .text.*)
		KEEP(*(.fixup))
		*(.glue_7 .glue_7t .v4_bx .vfp11_veneer .iplt)
	} :text

	. = ALIGN(PAGE_SIZE);
	.init.text : AT_PHYS(.init.text) {
		__inittext_begin = .;
		*(.init.text)
		. = ALIGN(PAGE_SIZE);
		__inittext_end = .;
	} :text
	_etext = .;

	.rodata : AT_PHYS(.rodata) {
		__start_rodata = .;
		*(.rodata .rodata.*)

		. = ALIGN(4);
		__start___ex_table = .;
		KEEP(*(__ex_table))
		__stop___ex_table = .;

		. = ALIGN(4);
		__start___jump_table = .;
		KEEP(*(__jump_table))
		__stop___jump_table = .;

		. = ALIGN(4);
		__start_test_cases = .;
		KEEP(*(.test_cases))
		__stop_test_cases = .;

		. = ALIGN(4);
		__start_bench_cases = .;
		KEEP(*(.bench_cases))
		__stop_bench_cases = .;

		. = ALIGN(4);
		__start_shell_commands = .;
		KEEP(*(.shell_commands))
		__stop_shell_commands = .;

		. = ALIGN(4);
		__start_gcov_info = .;
		KEEP(*(.gcov_info))
		__stop_gcov_info = .;
	} :rodata

	.ARM.exidx : AT_PHYS(.ARM.exidx) {
		__start_unwind_idx = .;
		*(.ARM.exidx .ARM.exidx.*)
		__stop_unwind_idx = .;
	} :rodata

	.ARM.extab : AT_PHYS(.ARM.extab) {
		*(.ARM.extab .ARM.extab.*)
	} :rodata

	.kallsyms : AT_PHYS(.kallsyms) {
		KEEP(*(.kallsyms))
		. = ALIGN(PAGE_SIZE);
		__end_rodata = .;
	} :rodata

	_sdata = .;
	.init.data : AT_PHYS(.init.data) {
		__initdata_begin = .;
		*(.init.data)
		*(.init.rodata)

		. = ALIGN(4);		/* SAN=kasan only: mm/kasan/global.c */
		__ctors_start = .;
		KEEP(*(.init_array .init_array.*))
		__ctors_end = .;

		. = ALIGN(4);
		__setup_start = .;
		KEEP(*(.init.setup))
		__setup_end = .;

		. = ALIGN(4);
		__tagtable_begin = .;
		KEEP(*(.init.tagtable))
		__tagtable_end = .;

		. = ALIGN(32);		/* a cache line: the areas are copies of this (kernel/percpu.c) */
		__per_cpu_start = .;
		*(.data..percpu)
		. = ALIGN(32);
		*(.data..percpu..shared_aligned)
		. = ALIGN(32);
		__per_cpu_end = .;

		. = ALIGN(STACK_SLOT_SIZE);	/* what the boot stack's alignment costs is given back, too */
		__initdata_end = .;
	} :data

	.data : AT_PHYS(.data) {
		*(.data..boot_stack)
		*(.data .data.*)
		. = ALIGN(32);
		_edata = .;
	} :data

	.bss : AT_PHYS(.bss) {
		__bss_start = .;
		*(.bss..page_aligned)
		*(.bss .bss.* COMMON)
		. = ALIGN(32);		/* the boot stub clears 32 bytes at a time */
		__bss_stop = .;
	} :data
	_end = .;

	/* For the debugger, not loaded. Any other section that is not placed above is an error. */
	.comment 0 : { *(.comment) }
	.ARM.attributes 0 : { *(.ARM.attributes) }
	.debug_abbrev 0 : { *(.debug_abbrev) }
	.debug_addr 0 : { *(.debug_addr) }
	.debug_aranges 0 : { *(.debug_aranges) }
	.debug_frame 0 : { *(.debug_frame) }
	.debug_info 0 : { *(.debug_info) }
	.debug_line 0 : { *(.debug_line) }
	.debug_line_str 0 : { *(.debug_line_str) }
	.debug_loc 0 : { *(.debug_loc) }
	.debug_loclists 0 : { *(.debug_loclists) }
	.debug_macro 0 : { *(.debug_macro) }
	.debug_ranges 0 : { *(.debug_ranges) }
	.debug_rnglists 0 : { *(.debug_rnglists) }
	.debug_str 0 : { *(.debug_str) }
	.debug_str_offsets 0 : { *(.debug_str_offsets) }

	/*
	 * Made by the linker for shared libraries, and by clang for operating systems; we have none. And by
	 * SAN=kasan for who takes the kernel out of memory.
	 */
	/DISCARD/ : { *(.rel.* .igot* .got* .fini_array*) *(.note.GNU-stack) }
}

ASSERT(_end - _text < 0x00f00000, "the image must fit in the smallest machine")
