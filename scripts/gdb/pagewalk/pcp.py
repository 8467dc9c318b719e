# SPDX-License-Identifier: MIT
"""`mm pcp`: the per-CPU page lists, in the format of show_pcp(), each link and each page checked.

The kernel asks every CPU to count its own lists; with all of them halted, they can simply be walked.
Where a list is damaged, or count is not the number of pages on the lists, a line that begins with
"broken:" says so.
"""

from . import buddy, memmap, percpu, structs, symbols, zones
from .structs import Chain, number


class Pageset:
    """A CPU's lists of a zone: `blocks[pindex]` counted, and `faults` in words."""

    def __init__(self, zone, cpu, mem_map):
        self.zone = zone
        self.cpu = cpu
        self.mem_map = mem_map
        type_ = symbols.type_named("struct per_cpu_pageset")
        virt = percpu.copy_of(number(zone.value["pageset"]), cpu)
        value = structs.load(type_, virt)
        self.pcp = value["pcp"]
        self.count, self.high, self.batch = (int(self.pcp[name]) for name in ("count", "high", "batch"))
        self.threshold = self._threshold()
        self.heads = virt + structs.offset_of(type_, "pcp") + structs.offset_of(self.pcp.type, "lists")
        self.faults = []
        self.blocks = []
        self.order_of = {}

    def _threshold(self):
        """Of the zone's node: nodestats[nid] of the CPU."""
        type_ = symbols.type_named("struct per_cpu_nodestat")
        virt = symbols.address("nodestats") + self.zone.nid * type_.sizeof
        return int(structs.load(type_, percpu.copy_of(virt, self.cpu))["stat_threshold"])

    def walk(self):
        """Count what is on the lists."""
        lists = self.pcp["lists"].type
        types = symbols.constant("MIGRATE_PCPTYPES")
        self.blocks = [self._walk_list(self.heads + i * lists.target().sizeof, i // types)
                       for i in range(lists.range()[1] + 1)]
        pages = sum(blocks << i // types for i, blocks in enumerate(self.blocks))
        if pages != self.count:
            self.faults.append("count is %d, but %d pages are on the lists" % (self.count, pages))

    def _walk_list(self, head, order):
        """Count the blocks of a list, and note their places in `order_of`, by their first pages."""
        offset = structs.offset_of(self.mem_map.type, "lru")
        chain = Chain(head, lambda node: None if self.mem_map.is_page(node - offset) else "is no page's lru",
                      lambda node: "pfn 0x%05x" % self.mem_map.pfn_of(node - offset))
        blocks = 0
        for node in chain:
            blocks += 1
            pfn = self.mem_map.pfn_of(node - offset)
            self.order_of[pfn] = order
            self._check(self.mem_map.page(pfn), order)
        self.faults += chain.faults
        return blocks

    def _check(self, page, order):
        """P2 of include/mm/pcp.h, for the first page of a block."""
        if page.pfn & ((1 << order) - 1):
            self.faults.append("pfn 0x%05x is not aligned to order %d" % (page.pfn, order))
        if page.count or page.raw_mapcount != -1 or page.has("PG_reserved"):
            self.faults.append("pfn 0x%05x is not free: %d references, _mapcount %d" %
                               (page.pfn, page.count, page.raw_mapcount))
        if not self.zone.spans(page.pfn):
            self.faults.append("pfn 0x%05x lies outside of the zone" % page.pfn)

    def lines(self):
        """As show_pcp() has them."""
        lines = ["Node %d, zone %8s, cpu %d: count %d high %d batch %d" %
                 (self.zone.nid, self.zone.name, self.cpu, self.count, self.high, self.batch)]
        types = symbols.constant("MIGRATE_PCPTYPES")
        if self.count:
            for i, name in enumerate(buddy.type_names(types)):
                lines.append("%12s %s" % (name, "".join("%6d " % blocks for blocks in self.blocks[i::types])))
        return lines

    def zoneinfo_lines(self):
        """As show_pagesets() has them."""
        return ["    cpu: %d" % self.cpu,
                "              count: %d" % self.count,
                "              high:  %d" % self.high,
                "              batch: %d" % self.batch,
                "  vm stats threshold: %d" % self.threshold]

    def broken(self):
        return ["broken: zone %s, cpu %d: %s" % (self.zone.name, self.cpu, fault) for fault in self.faults]


def zoneinfo_lines(zone):
    """A zone's pagesets in the format of /proc/zoneinfo."""
    lines = ["  pagesets"]
    for cpu in percpu.online_cpus():
        lines += Pageset(zone, cpu, None).zoneinfo_lines()
    return lines


def block_of(pfn, zone, mem_map):
    """(CPU, order, first pfn) of the block on a per-CPU list that a page lies in, or None."""
    for cpu in percpu.online_cpus():
        lists = Pageset(zone, cpu, mem_map)
        lists.walk()
        for first, order in lists.order_of.items():
            if first <= pfn < first + (1 << order):
                return cpu, order, first
    return None


def report():
    """The lines for `mm pcp`."""
    mem_map = memmap.MemMap()
    sets = [Pageset(zone, cpu, mem_map) for zone in zones.populated_zones() for cpu in percpu.online_cpus()]
    for each in sets:
        each.walk()
    orders = len(sets[0].blocks) // symbols.constant("MIGRATE_PCPTYPES")
    lines = zones.heading() + ["%12s %s" % ("order", "".join("%6d " % order for order in range(orders)))]
    for each in sets:
        lines += each.lines()
    broken = [line for each in sets for line in each.broken()]
    if not broken:
        lines.append("%d pages are on per-CPU lists; lists and count agree." % sum(each.count for each in sets))
    return lines + broken
