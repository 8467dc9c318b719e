# SPDX-License-Identifier: MIT
"""The names of functions as the kernel knows them (kernel/kallsyms.c), for text that is to be the kernel's own."""

import bisect

from . import physmem
from .symbols import address

WORD = 4


def _words(name, count):
    raw = physmem.read(physmem.virt_to_phys(address(name), WORD * count), WORD * count)
    return [int.from_bytes(raw[i:i + WORD], "little") for i in range(0, len(raw), WORD)]


def _name(index):
    """The names stand one behind the other, in the order of the addresses."""
    start, end = address("kallsyms_names"), address("__end_rodata")
    raw = physmem.read(physmem.virt_to_phys(start, end - start), end - start)
    return raw.split(b"\0", index + 1)[index].decode("ascii", "replace")


def lookup(addr):
    """ "printk+0x4/0x40", or None if the address is in no function."""
    count = _words("kallsyms_num_syms", 1)[0]
    addresses = _words("kallsyms_addresses", count + 1)
    addr &= ~1
    index = bisect.bisect_right(addresses, addr) - 1
    if not 0 <= index < count:
        return None
    return "%s+0x%x/0x%x" % (_name(index), addr - addresses[index], addresses[index + 1] - addresses[index])
