/* SPDX-License-Identifier: MIT */
/*
 * What boot/ finds when it starts: variables that the boot stub and arch/ own on the board.
 */
#ifndef BOOT_MACHINE_H
#define BOOT_MACHINE_H

#include "host.h"
#include <asm/page.h>
#include <boot/meminfo.h>
#include <boot/probe.h>
#include <mm/mm.h>

#define MIB(n)	((n) * 0x100000ul)

/**
 * machine_is - a machine with RAM, on which nothing has been said about memory yet
 * @ram: bytes, whole pages
 * @lowmem: bytes of them that may be lowmem
 *
 * Empties meminfo. Gives the test no memory: see host_ram_setup().
 */
void machine_is(unsigned long ram, unsigned long lowmem);

/* Pass a command line and run the early handlers, as setup_arch() does. */
void boot_early(const char *line);

/* The banks as text: "start-end start-end H " in hexadecimal, ends excluded, H behind a highmem bank. */
const char *banks_text(void);

#define EXPECT_BANKS(text)								\
	do {										\
		if (!EXPECT(!strcmp(banks_text(), text)))				\
			test_note("banks: %s", banks_text());				\
	} while (0)

#endif
