// SPDX-License-Identifier: MIT
/*
 * Commands about addresses: who has them, what is there, what they are.
 *
 *    iomem                         as /proc/iomem
 *    devmem 0x1000005c             24 MHz counter of the board, 32 bits
 *    devmem 0x60010000 8           the kernel's first byte
 *    devmem 0x10009000 8 0x21      an exclamation mark, by the UART
 *    mm whatis 0xfef09000          the UART's data register
 */
#include <asm/whatis.h>
#include <kernel/console.h>
#include <kernel/devmem.h>
#include <kernel/resource.h>
#include <kernel/shell.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>

static int iomem(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return -EINVAL;
	show_iomem();
	return 0;
}
SHELL_COMMAND("iomem", "", "who has which physical addresses, as /proc/iomem", iomem);

static int mm_whatis(int argc, char **argv)
{
	unsigned long addr;

	if (argc != 2 || kstrtoul(argv[1], 0, &addr))
		return -EINVAL;
	show_whatis(addr);
	return 0;
}
SHELL_COMMAND("mm whatis", "ADDR", "what an address is, and whose", mm_whatis);

/* --- devmem --- */

/* What @err means, of an access to @phys. */
static void complain(int err, phys_addr_t phys, unsigned int bits)
{
	console_printf("devmem: 0x%08x ", phys);
	switch (err) {
	case -EINVAL:
		console_printf("is not a multiple of %u bytes\n", bits / 8);
		break;
	case -ENXIO:
		console_printf("is nobody's: no RAM and no device is there; iomem lists what is\n");
		break;
	case -EACCES:
		console_printf("is %s, which is mapped read-only\n", resource_at(phys)->name);
		break;
	case -ENOMEM:
		console_printf("is %s, and there is no room to map it\n", resource_at(phys)->name);
		break;
	default:
		console_printf("is %s: the bus refused the access\n", resource_at(phys)->name);
		break;
	}
}

/* A number of bits, or busybox's letter for it; 0 if it is neither. */
static unsigned int width(const char *word)
{
	static const char *const words[] = { "8", "b", "16", "h", "32", "w" };

	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(word, words[i]) == 0)
			return 8 << i / 2;
	return 0;
}

static int devmem(int argc, char **argv)
{
	unsigned long phys, number = 0;
	unsigned int bits = 32;
	u32 value;
	int err;

	if (argc < 2 || argc > 4 || kstrtoul(argv[1], 0, &phys))
		return -EINVAL;
	if (argc > 2 && !(bits = width(argv[2])))
		return -EINVAL;
	if (argc > 3 && kstrtoul(argv[3], 0, &number))
		return -EINVAL;
	value = number;
	if (bits < 32 && value >> bits) {
		console_printf("devmem: 0x%x has more than %u bits\n", value, bits);
		return -ERANGE;
	}
	err = argc > 3 ? devmem_write(phys, bits, value) : devmem_read(phys, bits, &value);
	if (err)
		complain(err, phys, bits);
	else if (argc <= 3)
		console_printf("0x%0*X\n", (int)bits / 4, value);
	return err == -EINVAL ? -ERANGE : err;		/* it was no misuse of words */
}
SHELL_COMMAND("devmem", "ADDRESS [WIDTH [VALUE]]", "read or write physical memory, 8, 16 or 32 bits (b, h, w)",
	      devmem);
