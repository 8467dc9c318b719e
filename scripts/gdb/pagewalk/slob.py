# SPDX-License-Identifier: MIT
"""Caches of objects as SLAB=slob keeps them (include/mm/slob_def.h), for slab.py.

Objects of all caches share the pages of three lists, where only free blocks are known. They are followed as long as each
begins behind the one before.
"""

from . import physmem, structs, symbols
from .kmem_cache import KmemCache, runs
from .structs import Chain, number

SHARED_LISTS = ("free_slob_small", "free_slob_medium", "free_slob_large")
CHECK = 0xb10c          # SLOB_CHECK of mm/slob/slob_kmalloc.c


def _unit():
    return symbols.type_named("struct slob_block").sizeof


class SharedPage:
    """A page of one of the three lists, by the address of its struct page."""

    def __init__(self, virt, mem_map):
        self.value = structs.load(symbols.type_named("struct slob_page"), virt)
        self.pfn = mem_map.pfn_of(virt)
        self.address = physmem.phys_to_virt(self.pfn << symbols.constant("PAGE_SHIFT"))
        self.units = number(self.value["units"])
        size = 1 << symbols.constant("PAGE_SHIFT")
        self.raw = physmem.read(self.pfn << symbols.constant("PAGE_SHIFT"), size)
        self.end = size // _unit()
        self.blocks, self.fault = self._follow()

    def _word(self, index):
        at = index * _unit()
        return int.from_bytes(self.raw[at:at + 2], "little"), int.from_bytes(self.raw[at + 2:at + 4], "little")

    def _follow(self):
        """([(first unit, units), ...], what is wrong or None)"""
        blocks, at = [], number(self.value["first"])
        while at < self.end:
            units, following = self._word(at)
            if not units or at + units > self.end or at + units > following:
                return blocks, "page %08x: the free block at unit %d" % (self.address, at)
            blocks.append((at, units))
            at = following
        if sum(units for _, units in blocks) != self.units:
            return blocks, "page %08x: %d free units are not in its blocks" % (self.address, self.units)
        return blocks, None

    def home(self):
        for name in SHARED_LISTS:
            if symbols.variable(name)[0] == number(self.value["home"]):
                return name
        return "list 0x%08x" % number(self.value["home"])

    def block_of(self, addr):
        """The free block that an address lies in, or None."""
        unit = (addr - self.address) // _unit()
        for at, units in self.blocks:
            if at <= unit < at + units:
                return at, units
        return None

    def header_units(self, addr):
        """The size of what kmalloc() returned, if it is that; or None."""
        at = addr - self.address
        if at % 8 or not at:
            return None
        units, check = self._word(at // _unit() - 1)
        address = (addr - _unit()) // _unit() & 0xffff
        return units if check == address ^ units ^ CHECK and units > 1 else None


class Slab:
    """Pages of a cache's own, by the address of the first one's struct page."""

    def __init__(self, cache, virt, mem_map):
        self.value = structs.load(symbols.type_named("struct slob_page"), virt)
        self.address = physmem.phys_to_virt(mem_map.pfn_of(virt) << symbols.constant("PAGE_SHIFT"))
        self.first_object = self.address + cache.int("red_left_pad")
        self.inuse = number(self.value["inuse"])
        self._num = cache.int("num")

    def free(self):
        """The numbers of its free objects."""
        return [i for i in range(self._num) if number(self.value["bits"]) >> i & 1]


class Cache(KmemCache):
    """A cache of SLAB=slob."""

    def _chain(self, head, mem_map, what):
        """The struct pages of a list."""
        offset = structs.offset_of(symbols.type_named("struct slob_page"), "list")
        chain = Chain(head, lambda node: None if mem_map.is_page(node - offset) else "is no page's list",
                      lambda node: "pfn 0x%05x" % mem_map.pfn_of(node - offset))
        pages = [node - offset for node in chain]
        self.faults += ["%s: %s" % (what, fault) for fault in chain.faults]
        return pages

    def slabinfo_line(self, _):
        """As show_slabinfo_line() has it."""
        size, objects, per_page = self.int("size"), self.int("nr_objects"), (1 << symbols.constant("PAGE_SHIFT")) // _unit()
        slabs = self.int("nr_slabs") + -(-self.int("nr_units") // per_page)
        num = self.int("num")
        if self.int("units"):
            num = per_page * _unit() // size if size else 0
        return ("%-17s %6d %6d %6d %4d %4d : tunables %4d %4d %4d : slabdata %6d %6d %6d" %
                (self.name, objects, objects, size, num, 1 << self.int("gfporder"), 0, 0, 0, slabs, slabs, 0))

    def _page_line(self, which, virt, mem_map):
        page = SharedPage(virt, mem_map)
        self.faults += [page.fault] if page.fault else []
        free = runs([unit for at, units in page.blocks for unit in range(at, at + units)])
        return "  %-8s page %08x  %d bytes free, units %s" % (which, page.address, page.units * _unit(), free)

    def _shared_lines(self, mem_map):
        lines = ["%s: %d objects of %s, among those of other caches" %
                 (self.name, self.int("nr_objects"), "%d bytes" % self.int("size") if self.int("size") else "any size")]
        for name in SHARED_LISTS:
            lines.append("%s: %d pages" % (name, number(structs.load_variable(name)["nr_pages"])))
            for which in ("full", "partial"):
                head = symbols.variable(name)[0] + structs.offset_of(symbols.type_named("struct slob_list"), which)
                lines += [self._page_line(which, virt, mem_map) for virt in self._chain(head, mem_map, name + ", " + which)]
        return lines

    def slabs_lines(self, mem_map):
        """Each slab of a cache that has its own; the pages of the three lists of one that has not."""
        if self.int("units"):
            return self._shared_lines(mem_map)
        lines = ["%s: objects of %d bytes, %d apart, %d in a slab of %d pages" %
                 (self.name, self.int("object_size"), self.int("size"), self.int("num"), 1 << self.int("gfporder"))]
        for virt in self._chain(self.virt + structs.offset_of(self.type, "slabs"), mem_map, "slabs"):
            slab = Slab(self, virt, mem_map)
            self.count_fault(slab, len(slab.free()))
            lines.append("  slab %08x  %d in use, free: %s" % (slab.address, slab.inuse, runs(slab.free())))
        return lines

    def slab_of_pfn(self, pfn, mem_map):
        return Slab(self, mem_map.virt_of(pfn & ~((1 << self.int("gfporder")) - 1)), mem_map)

    def state(self, slab, index, _):
        """Of an object, in words."""
        return "free" if index in slab.free() else "in use"


def shared_object_lines(addr, pfn, mem_map):
    """What is known of an address in a page that caches share."""
    page = SharedPage(mem_map.virt_of(pfn), mem_map)
    lines = ["page %08x of %s, %d bytes free, shared by all caches" % (page.address, page.home(), page.units * _unit())]
    block, units = page.block_of(addr), page.header_units(addr)
    if block:
        lines.append("free: a block of %d bytes at 0x%08x" % (block[1] * _unit(), page.address + block[0] * _unit()))
    elif units:
        lines.append("in use: kmalloc() returned it, %d bytes" % ((units - 1) * _unit()))
    else:
        lines.append("in use; whose it is, and where it begins, is not known")
    return lines + (["broken: " + page.fault] if page.fault else [])
