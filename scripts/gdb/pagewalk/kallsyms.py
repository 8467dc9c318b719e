# SPDX-License-Identifier: MIT
"""The names of functions as the kernel knows them (kernel/kallsyms.c), for text that is to be the kernel's own."""

from . import physmem
from .symbols import address

WORD = 4
PER_MARKER = 64


def _read(name, start, size):
    return physmem.read(physmem.virt_to_phys(address(name) + start, size), size)


def _numbers(name, first, count, size=WORD):
    raw = _read(name, first * size, count * size)
    return [int.from_bytes(raw[i:i + size], "little") for i in range(0, len(raw), size)]


def _expand(code, pairs):
    first, second = pairs[2 * code], pairs[2 * code + 1]
    return _expand(first, pairs) + _expand(second, pairs) if second else bytes([first])


def _name(start, end, index):
    """Of the names in these bytes, one behind the other, that one."""
    codes = _read("kallsyms_names", start, end - start).split(b"\0")[index]
    pairs = _read("kallsyms_pairs", 0, 2 * 256)
    return b"".join(_expand(code, pairs) for code in codes).decode("ascii", "replace")


def lookup(addr):
    """ "printk+0x4/0x40", or None if the address is in no function."""
    count = _numbers("kallsyms_num_syms", 0, 1)[0]
    markers = _numbers("kallsyms_markers", 0, 2 * (-(-count // PER_MARKER) + 1))
    addr &= ~1
    if not markers[0] <= addr < markers[-2]:
        return None
    marker = max(i for i in range(0, len(markers), 2) if markers[i] <= addr)
    at, first = markers[marker], marker // 2 * PER_MARKER
    for index, size in enumerate(_numbers("kallsyms_sizes", first, min(PER_MARKER, count - first), 2)):
        size &= ~1
        if addr < at + size:
            return "%s+0x%x/0x%x" % (_name(markers[marker + 1], markers[marker + 3], index), addr - at, size)
        at += size
    return None
