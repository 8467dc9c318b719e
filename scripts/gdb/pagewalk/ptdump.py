# SPDX-License-Identifier: MIT
"""`mm pt dump`: all that is mapped, in runs, as the kernel's ptdump_walk() prints it.

    ---[ Kernel Mapping ]---
    0xc0000000-0xc0010000          64K     RW NX SHD MEM/CACHED/WBWA

A run goes on as long as addresses follow each other, and the size of the entry and its attributes are the same.
"""

from . import descriptors as hw
from . import physmem, structs
from .pt import Controls, L2_ENTRIES, TABLE_BYTES, WORD
from .structs import number
from .symbols import constant
from .target import MmError, kernel_runs, mmu_on

L1_ENTRIES = TABLE_BYTES // WORD


class Run:
    """Neighbours alike: `start`, `size`, and what they have in common."""

    def __init__(self, start, size, kind, attributes):
        self.start, self.size, self.kind, self.attributes = start, size, kind, attributes

    def takes(self, start, size, kind, attributes):
        """Append a mapping if it belongs to the run."""
        if start != self.start + self.size or kind != self.kind or attributes.raw() != self.attributes.raw():
            return False
        self.size += size
        return True


def _words(phys, count):
    """`count` words of a table, or None if it is not in RAM."""
    if not physmem.is_ram(phys, count * WORD):
        return None
    data = physmem.read(phys, count * WORD)
    return [int.from_bytes(data[i:i + WORD], "little") for i in range(0, len(data), WORD)]


def _pages(start, table):
    """(start, size, kind, attributes) of what a level-2 table maps."""
    index = 0
    entries = _words(table, L2_ENTRIES) or []
    while index < len(entries):
        entry = entries[index]
        kind = entry & hw.TYPE_MASK
        shift = hw.LARGE_SHIFT if kind == hw.L2_LARGE else hw.SMALL_SHIFT
        if kind == hw.L2_LARGE:
            yield start + (index << hw.SMALL_SHIFT), 1 << shift, "large", hw.large_page_attributes(entry)
        elif kind != hw.L2_FAULT:
            yield start + (index << hw.SMALL_SHIFT), 1 << shift, "small", hw.small_page_attributes(entry)
        index += 1 << (shift - hw.SMALL_SHIFT)


def _mappings(controls):
    """The same of all that is mapped, by rising address."""
    index = 0
    while index < L1_ENTRIES:
        start = index << hw.SECTION_SHIFT
        _, table, forbidden = controls.base_for(start)
        entry = None if forbidden else _words(table + index * WORD, 1)
        entry = entry[0] if entry else 0
        kind = entry & hw.TYPE_MASK
        step = 1
        if kind == hw.L1_SECTION and entry & hw.SUPERSECTION:
            step = 1 << (hw.SUPERSECTION_SHIFT - hw.SECTION_SHIFT)
            yield start, 1 << hw.SUPERSECTION_SHIFT, "supersection", hw.section_attributes(entry)
        elif kind == hw.L1_SECTION:
            yield start, 1 << hw.SECTION_SHIFT, "section", hw.section_attributes(entry)
        elif kind == hw.L1_TABLE:
            yield from _pages(start, entry & hw.TABLE_BASE_MASK)
        index += step


def _runs(controls):
    run = None
    for mapping in _mappings(controls):
        if run is None or not run.takes(*mapping):
            if run is not None:
                yield run
            run = Run(*mapping)
    if run is not None:
        yield run


def _markers():
    """Borders of the address map, (address, name), lowest first; the vmalloc area's is known once lowmem ends."""
    high_memory = number(structs.load_variable("high_memory")) if kernel_runs() else 0
    gap = constant("VMALLOC_OFFSET")
    borders = [("MODULES_VADDR", "Modules"), ("PKMAP_BASE", "Kmap"), ("PAGE_OFFSET", "Kernel Mapping"),
               ("VMALLOC_END", "vmalloc() End"), ("FIXADDR_START", "Fixmap Area"),
               ("CONFIG_VECTORS_BASE", "Vectors")]
    markers = [(constant(name), text) for name, text in borders]
    if high_memory:
        markers.append(((high_memory + gap) & ~(gap - 1), "vmalloc() Area"))
    return sorted(markers)


def _size(size):
    size >>= 10
    for unit in "KMG":
        if size % 1024 or unit == "G":
            return "%9d%s" % (size, unit)
        size >>= 10


def _line(run, controls):
    kernel, user = hw.rights(run.attributes, controls.access_flag)
    return "0x%08x-0x%08x   %s %s %s %s %s %s" % (
        run.start, (run.start + run.size) & 0xffffffff, _size(run.size), "USR" if "R" in user else "   ",
        "RW" if kernel[1] == "W" else "ro", "x " if kernel[2] == "X" else "NX",
        "SHD" if run.attributes.s else "   ", controls.memory_type(run.attributes).name)


def report():
    """The lines for `mm pt dump`."""
    controls = Controls()
    if not mmu_on():
        raise MmError("the MMU is off: nothing is mapped")
    markers, lines = _markers(), []
    for run in _runs(controls):
        while markers and markers[0][0] <= run.start:
            lines.append("---[ %s ]---" % markers.pop(0)[1])
        lines.append(_line(run, controls))
    return lines
