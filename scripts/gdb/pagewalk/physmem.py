# SPDX-License-Identifier: MIT
"""Physical memory, and the linear map.

gdb reads virtual memory through the CPU's MMU, which is no help before it is on, nor after the page tables are
damaged. QEMU's stub has a mode in which addresses are physical (its manual, "gdb usage"), and lowmem is
where it is by subtraction. Together they reach every structure of the kernel at any moment.

P1. The mode is on only while read() runs: whatever else gdb reads is virtual.
P2. Nothing but RAM is read: device registers may change when looked at.
P3. What was read is kept only while one command runs (forget()).
"""

import gdb

from . import symbols
from .target import MmError, WORD_MASK, kernel_runs

CHUNK = 16              # pages asked for at once; between two chunks Ctrl-C gets through
WORD = 4

_pages = {}             # page number: its bytes
_limits = {}


def forget():
    """Forget all that was read. For the beginning and the end of a command."""
    _pages.clear()
    _limits.clear()


def _physical_mode(on):
    reply = gdb.execute("maintenance packet Qqemu.PhyMemMode:%d" % on, to_string=True)
    if '"OK"' not in reply:
        raise MmError("this target cannot read physical memory: QEMU 4.1 or later is needed")


def _fetch(first, count):
    """Read pages `first` to `first + count - 1`."""
    shift = symbols.constant("PAGE_SHIFT")
    size = 1 << shift
    _physical_mode(1)
    try:
        data = bytes(gdb.selected_inferior().read_memory(first << shift, count << shift))
    finally:
        _physical_mode(0)
    for i in range(count):
        _pages[first + i] = data[i * size:(i + 1) * size]


def _fetch_missing(first, last):
    page = first
    while page <= last:
        count = 0
        while page + count <= last and count < CHUNK and page + count not in _pages:
            count += 1
        if count:
            _fetch(page, count)
        page += max(count, 1)


def _word_of_image(name):
    """A pointer-sized variable of the image, by the linear map alone."""
    phys = symbols.variable(name)[0] - symbols.constant("PAGE_OFFSET") + symbols.constant("PHYS_OFFSET")
    page, offset = divmod(phys, 1 << symbols.constant("PAGE_SHIFT"))
    _fetch_missing(page, page)
    return int.from_bytes(_pages[page][offset:offset + WORD], "little")


def _limit(name, low, high):
    """The value of a variable that says where something ends; `high` if it is unknown or absurd."""
    if name not in _limits:
        value = 0
        if symbols.exists(name) and kernel_runs():
            value = _word_of_image(name)
        _limits[name] = value if low < value <= high else high
    return _limits[name]


def ram_start():
    return symbols.constant("PHYS_OFFSET")


def ram_end():
    """The first physical address behind RAM; while it is not known, the end of the board's window for RAM."""
    return _limit("probed_ram_end", ram_start(), symbols.constant("PHYS_LIMIT"))


def lowmem_end():
    """The first virtual address behind lowmem; while it is not known, the one behind all RAM."""
    base = symbols.constant("PAGE_OFFSET")
    return _limit("high_memory", base, min(ram_end() - ram_start() + base, WORD_MASK))


def is_ram(phys, size=1):
    return ram_start() <= phys and phys + size <= ram_end()


def is_lowmem(virt, size=1):
    """Are these virtual addresses in the linear map?"""
    return symbols.constant("PAGE_OFFSET") <= virt and virt + size <= lowmem_end()


def virt_to_phys(virt, size=1):
    """The physical address of an address of lowmem."""
    if not is_lowmem(virt, size):
        raise MmError("0x%08x is not an address of lowmem (0x%08x-0x%08x)" %
                      (virt, symbols.constant("PAGE_OFFSET"), lowmem_end() - 1))
    return virt - symbols.constant("PAGE_OFFSET") + ram_start()


def phys_to_virt(phys):
    return phys - ram_start() + symbols.constant("PAGE_OFFSET")


def read(phys, size):
    """`size` bytes of RAM at a physical address."""
    if not is_ram(phys, size):
        raise MmError("physical 0x%08x is not RAM (0x%08x-0x%08x)" % (phys, ram_start(), ram_end() - 1))
    shift = symbols.constant("PAGE_SHIFT")
    first, last = phys >> shift, (phys + size - 1) >> shift
    _fetch_missing(first, last)
    data = b"".join(_pages[page] for page in range(first, last + 1))
    start = phys - (first << shift)
    return data[start:start + size]


def read_word(phys):
    return int.from_bytes(read(phys, WORD), "little")
