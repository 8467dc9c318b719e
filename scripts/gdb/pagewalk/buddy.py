# SPDX-License-Identifier: MIT
"""`mm buddy`: free blocks by zone and order, twice.

First what the kernel counts, in the format of /proc/buddyinfo; then what is on the lists, in the format of
/proc/pagetypeinfo. Each link is checked, and so is each page that it leads to. Where the two disagree, or
a list is damaged, lines that begin with "broken:" say so.
"""

from . import memmap, structs, symbols, zones
from .structs import Chain, number


class FreeList:
    """One free list: `blocks` counted, and `faults` in words."""

    def __init__(self, zone, mem_map, head, order, name):
        self.where = "zone %s, order %d, %s" % (zone.name, order, name)
        self.zone = zone
        self.order = order
        self.mem_map = mem_map
        self.offset = structs.offset_of(mem_map.type, "lru")
        self.blocks = 0
        chain = Chain(head, self._reject, self._describe)
        self.faults = []
        for node in chain:
            self.blocks += 1
            self._check(mem_map.page(mem_map.pfn_of(node - self.offset)))
        self.faults += chain.faults

    def _reject(self, node):
        return None if self.mem_map.is_page(node - self.offset) else "is no page's lru"

    def _describe(self, node):
        return "pfn 0x%05x" % self.mem_map.pfn_of(node - self.offset)

    def _check(self, page):
        """B2 of mm/buddy.c, but for the list."""
        if not page.is_buddy():
            self._wrong(page, "is not marked as the head of a free block (_mapcount %d)" % page.raw_mapcount)
        if page.private != self.order:
            self._wrong(page, "has order %d" % page.private)
        if page.pfn & ((1 << self.order) - 1):
            self._wrong(page, "is not aligned to its order")
        if page.count or page.has("PG_reserved"):
            self._wrong(page, "is in use: %d references%s" %
                        (page.count, ", reserved" if page.has("PG_reserved") else ""))
        if not self.zone.spans(page.pfn):
            self._wrong(page, "lies outside of the zone")

    def _wrong(self, page, what):
        self.faults.append("pfn 0x%05x %s" % (page.pfn, what))

    def broken(self):
        return ["broken: %s: %s" % (self.where, fault) for fault in self.faults]


class ZoneLists:
    """All free lists of a zone: `lists[order][type]`."""

    def __init__(self, zone, mem_map):
        self.zone = zone
        self.areas = zone.value["free_area"]
        orders = self.areas.type.range()[1] + 1
        self.nr_free = [number(self.areas[order]["nr_free"]) for order in range(orders)]
        self.type_names = type_names(self.areas[0]["free_list"].type.range()[1] + 1)
        self.lists = [[FreeList(zone, mem_map, self._head(order, i), order, name)
                       for i, name in enumerate(self.type_names)] for order in range(orders)]

    def _head(self, order, migratetype):
        area_type = self.areas.type.target()
        heads = area_type["free_list"].type
        return (self.zone.virt + structs.offset_of(self.zone.value.type, "free_area") +
                order * area_type.sizeof + structs.offset_of(area_type, "free_list") +
                migratetype * heads.target().sizeof)

    def counts_line(self):
        return "Node %d, zone %8s %s" % (self.zone.nid, self.zone.name,
                                         "".join("%6d " % count for count in self.nr_free))

    def type_lines(self):
        return ["Node %4d, zone %8s, type %12s %s" %
                (self.zone.nid, self.zone.name, name,
                 "".join("%6d " % lists[i].blocks for lists in self.lists))
                for i, name in enumerate(self.type_names)]

    def _counted(self, order):
        """The blocks that nr_free counts: all but isolated ones (B5 of mm/buddy.c)."""
        return sum(each.blocks for name, each in zip(self.type_names, self.lists[order]) if name != "Isolate")

    def walked_pages(self):
        return sum(self._counted(order) << order for order in range(len(self.lists)))

    def broken(self):
        lines = [line for lists in self.lists for each in lists for line in each.broken()]
        for order in range(len(self.lists)):
            blocks = self._counted(order)
            if blocks != self.nr_free[order]:
                lines.append("broken: zone %s, order %d: nr_free = %d, but %d blocks are on the lists" %
                             (self.zone.name, order, self.nr_free[order], blocks))
        if self.walked_pages() != self.zone.free:
            lines.append("broken: zone %s: NR_FREE_PAGES = %d, but %d pages are on the lists" %
                         (self.zone.name, self.zone.free, self.walked_pages()))
        return lines


def type_names(count):
    """Names of the migrate types as the kernel's own reports have them."""
    if not symbols.exists("migratetype_names"):
        return ["type %d" % i for i in range(count)]
    names = structs.load_variable("migratetype_names")
    return [structs.string_at(number(names[i])) for i in range(count)]


def pageblock_type(zone, pfn):
    """The name of the migrate type of the pageblock that a page lies in."""
    flags = zone.value["pageblock_flags"]
    block = (pfn - symbols.constant("ARCH_PFN_OFFSET")) >> symbols.constant("pageblock_order")
    value = number(structs.load(flags.type.target(), number(flags) + block))
    count = zone.value["free_area"][0]["free_list"].type.range()[1] + 1
    return type_names(count)[value] if value < count else "type %d?" % value


def report():
    """The lines for `mm buddy`."""
    populated = zones.populated_zones()
    mem_map = memmap.MemMap()
    walked = [ZoneLists(zone, mem_map) for zone in populated]
    lines = zones.heading() + [each.counts_line() for each in walked] + ["", "By walking the lists:"]
    for each in walked:
        lines += each.type_lines()
    broken = [line for each in walked for line in each.broken()]
    if not broken:
        lines.append("%d pages are free; lists, nr_free and NR_FREE_PAGES agree." %
                     sum(each.walked_pages() for each in walked))
    return lines + broken
