// SPDX-License-Identifier: MIT
/*
 * Any physical address, at the prompt:
 *
 *    devmem 0x1000005c             24 MHz counter of the board, 32 bits
 *    devmem 0x60010000 8           the kernel's first byte
 *    devmem 0x10009000 8 0x21      an exclamation mark, by the UART
 *
 *    what is there? (kernel/resource.h)         how it is reached
 *      RAM, lowmem                              the linear mapping
 *      RAM, high memory                         kmap_atomic()
 *      a device                                 ioremap(): the board's window, or a page of its own
 *      nothing                                  refused
 *
 * M1. Memory is not mapped with another type than it has elsewhere (I5 of asm/pgtable-2level.h).
 * M2. The access itself has an entry in the exception table: whatever the MMU or the bus says, there
 *     is an answer. A bus that answers late, after a buffered write, is not caught by that (ARM DDI
 *     0406C B1.9.8, asynchronous aborts); QEMU has none.
 */
#include <asm/barrier.h>
#include <asm/io.h>
#include <asm/lowmem.h>
#include <asm/page.h>
#include <asm/probe.h>
#include <asm/ptdump.h>
#include <kernel/console.h>
#include <kernel/devmem.h>
#include <kernel/resource.h>
#include <kernel/shell.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/highmem.h>

static int check(phys_addr_t phys, unsigned int bits)
{
	if (bits != 8 && bits != 16 && bits != 32)
		return -EINVAL;
	if (!IS_ALIGNED(phys, bits / 8))
		return -EINVAL;
	return resource_at(phys) && resource_at(phys + bits / 8 - 1) ? 0 : -ENXIO;
}

static bool is_ram(phys_addr_t phys)
{
	return resource_at(phys)->flags & IORESOURCE_SYSRAM;
}

/* An address for @phys; NULL if there is no room or no memory for one. */
static void *map(phys_addr_t phys)
{
	if (!is_ram(phys))
		return ioremap(phys, sizeof(u32));
	if (is_lowmem_phys(phys))
		return __va(phys);
	return kmap_atomic(phys_to_page(phys)) + (phys & ~PAGE_MASK);
}

static void unmap(phys_addr_t phys, void *addr)
{
	if (!is_ram(phys))
		iounmap(addr);
	else if (!is_lowmem_phys(phys))
		kunmap_atomic(addr);
}

/* M2: why an access to @addr faulted, which only the MMU can tell from the bus. */
static int why(const void *addr, bool write)
{
	bool allowed = !(pt_translate((unsigned long)addr, write) & PAR_F);

	return write && !allowed ? -EACCES : -EFAULT;
}

static int read_as(const void *addr, unsigned int bits, u32 *value)
{
	switch (bits) {
	case 8:
		return __probe_read_8(addr, value);
	case 16:
		return __probe_read_16(addr, value);
	default:
		return __probe_read_32(addr, value);
	}
}

static int write_as(void *addr, unsigned int bits, u32 value)
{
	switch (bits) {
	case 8:
		return __probe_write_8(addr, value);
	case 16:
		return __probe_write_16(addr, value);
	default:
		return __probe_write_32(addr, value);
	}
}

/* One access; @value is read or written. */
static int access(phys_addr_t phys, unsigned int bits, u32 *value, bool write)
{
	int err = check(phys, bits);
	void *addr;

	if (err)
		return err;
	addr = map(phys);
	if (!addr)
		return -ENOMEM;
	mb();			/* what was done before is done, for a device too */
	err = write ? write_as(addr, bits, *value) : read_as(addr, bits, value);
	mb();
	if (err)
		err = why(addr, write);
	unmap(phys, addr);
	return err;
}

int devmem_read(phys_addr_t phys, unsigned int bits, u32 *value)
{
	return access(phys, bits, value, false);
}

int devmem_write(phys_addr_t phys, unsigned int bits, u32 value)
{
	return access(phys, bits, &value, true);
}

/* --- At the prompt --- */

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
