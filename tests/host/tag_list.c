// SPDX-License-Identifier: MIT
#include "tag_list.h"
#include <boot/initrd.h>
#include <kernel/params.h>

u32 list[MAX_WORDS];
unsigned int nr_words;

void forget_everything(void)
{
	machine_is(RAM, MIB(760));
	nr_words = 0;
	boot_command_line[0] = '\0';
	phys_initrd_start = phys_initrd_size = 0;
	system_rev = system_serial_low = system_serial_high = 0;
	host_log_clear();
}

void word(u32 value)
{
	list[nr_words++] = value;
}

void tag2(u32 tag, u32 a, u32 b)
{
	word(4);
	word(tag);
	word(a);
	word(b);
}

void core(void)
{
	word(5);
	word(ATAG_CORE);
	word(1);
	word(PAGE_SIZE);
	word(0);
}

void cmdline(const char *text, unsigned int words)
{
	word(2 + words);
	word(ATAG_CMDLINE);
	memset(&list[nr_words], 0, words * 4);
	memcpy(&list[nr_words], text, min_t(size_t, strlen(text), words * 4));
	nr_words += words;
}

void none(void)
{
	word(0);
	word(ATAG_NONE);
}

void begin_list(void)
{
	host_ram_setup(RAM);
	forget_everything();
	core();
}

int pass(void)
{
	phys_addr_t at = RAM_END - nr_words * 4;

	memcpy(__va(at), list, nr_words * 4);
	return setup_machine_tags(at, MACH_TYPE_VEXPRESS);
}
