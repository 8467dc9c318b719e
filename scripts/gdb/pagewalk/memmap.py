# SPDX-License-Identifier: MIT
"""mem_map: the struct page of every page frame (include/mm/memmap.h), and what state a page is in."""

from . import physmem, structs, symbols
from .structs import number
from .target import MmError

SIGN = 1 << 31


def signed(word):
    return word - 2 * SIGN if word & SIGN else word


class Page:
    """One struct page."""

    def __init__(self, virt, pfn, value):
        self.virt = virt
        self.pfn = pfn
        self.flags = number(value["flags"])
        self.mapping = number(value["mapping"])
        self.index = number(value["index"])
        self.private = number(value["private"])
        self.raw_mapcount = signed(number(value["_mapcount"]["counter"]))
        self.count = signed(number(value["_count"]["counter"]))

    def is_buddy(self):
        """Is it the head of a free block?"""
        return self.raw_mapcount == signed(symbols.constant("PAGE_BUDDY_MAPCOUNT_VALUE") & 2 * SIGN - 1)

    def mapcount(self):
        return 0 if self.is_buddy() else self.raw_mapcount + 1

    def zone_number(self):
        return self.flags >> symbols.constant("ZONES_PGSHIFT") & symbols.constant("ZONES_MASK")

    def node_number(self):
        return self.flags >> symbols.constant("NODES_PGSHIFT") & symbols.constant("NODES_MASK")

    def has(self, flag):
        return bool(self.flags >> symbols.enum_value("pageflags", flag) & 1)

    def flag_names(self):
        names = symbols.enum_names("pageflags")
        return [names[bit][len("PG_"):] for bit in sorted(names)
                if self.flags >> bit & 1 and names[bit].startswith("PG_")]


class MemMap:
    """The array. MmError while there is none."""

    def __init__(self):
        self.type = symbols.type_named("struct page")
        self.base = number(structs.load_variable("mem_map"))
        self.count = number(structs.load_variable("max_mapnr"))
        self.first_pfn = physmem.ram_start() >> symbols.constant("PAGE_SHIFT")
        if not self.base:
            raise MmError("there is no mem_map yet: free_area_init_nodes() makes it")
        if not physmem.is_lowmem(self.base, self.count * self.type.sizeof):
            raise MmError("mem_map = 0x%08x with max_mapnr = %d does not lie in lowmem" % (self.base, self.count))

    def has(self, pfn):
        return self.first_pfn <= pfn < self.first_pfn + self.count

    def is_page(self, virt):
        """Does a struct page begin at this address?"""
        offset = virt - self.base
        return 0 <= offset < self.count * self.type.sizeof and offset % self.type.sizeof == 0

    def pfn_of(self, virt):
        return (virt - self.base) // self.type.sizeof + self.first_pfn

    def virt_of(self, pfn):
        return (pfn - self.first_pfn) * self.type.sizeof + self.base

    def page(self, pfn):
        virt = self.virt_of(pfn)
        return Page(virt, pfn, structs.load(self.type, virt))
