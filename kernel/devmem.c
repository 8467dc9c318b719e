// SPDX-License-Identifier: MIT
/*
 * Any physical address, an access at a time.
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
#include <kernel/bugs.h>
#include <kernel/devmem.h>
#include <kernel/resource.h>
#include <lib/errno.h>
#include <mm/highmem.h>

static int check(phys_addr_t phys, unsigned int bits)
{
	if (bits != 8 && bits != 16 && bits != 32)
		return -EINVAL;
	if (!IS_ALIGNED(phys, bits / 8))
		return -EINVAL;
	return resource_at(phys) && (resource_at(phys + bits / 8 - 1) || bug(DEVMEM_END)) ? 0 : -ENXIO;
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
