# SPDX-License-Identifier: MIT
"""`mm pcp`: the blocks that each CPU has put aside from each zone, by walking its lists; and whether a page is
in one of them. The invariants are those of include/mm/pcp.h.
"""

from . import memmap, structs, symbols, zones
from .structs import Chain, number


class CpuLists:
    """One CPU's lists of one zone: `blocks`, as (order, first pfn), and `faults` in words."""

    def __init__(self, zone, mem_map, cpu):
        self.zone, self.mem_map, self.cpu = zone, mem_map, cpu
        self.offset = structs.offset_of(mem_map.type, "lru")
        type_ = symbols.type_named("struct per_cpu_pageset")
        self.virt = (number(zone.value["pageset"]) +
                     number(structs.load_variable("__per_cpu_offset")[cpu])) & 0xffffffff
        self.pcp = structs.load(type_, self.virt)["pcp"]
        self.count, self.high, self.batch = (number(self.pcp[name]) for name in ("count", "high", "batch"))
        self.lists = self.virt + structs.offset_of(type_, "pcp") + structs.offset_of(self.pcp.type, "lists")
        self.blocks, self.faults = [], []
        self._walk()

    def _walk(self):
        low, high = self.pcp["lists"].type.range()
        size = self.pcp["lists"].type.target().sizeof
        per_order = symbols.enum_value("migratetype", "MIGRATE_PCPTYPES")
        for i in range(low, high + 1):
            chain = Chain(self.lists + i * size, self._reject, self._describe)
            self.blocks += [(i // per_order, self.mem_map.pfn_of(node - self.offset)) for node in chain]
            self.faults += chain.faults
        pages = sum(1 << order for order, _ in self.blocks)
        if pages != self.count:
            self.faults.append("count is %d, the lists have %d pages (P3)" % (self.count, pages))

    def _reject(self, node):
        return None if self.mem_map.is_page(node - self.offset) else "is no page's lru"

    def _describe(self, node):
        return "pfn 0x%05x" % self.mem_map.pfn_of(node - self.offset)

    def lines(self):
        by_order = ["order %d: %d" % (order, sum(1 for o, _ in self.blocks if o == order))
                    for order in sorted({order for order, _ in self.blocks})]
        where = "Node %d, zone %8s, cpu %d" % (self.zone.nid, self.zone.name, self.cpu)
        return (["%s: count %d high %d batch %d%s" %
                 (where, self.count, self.high, self.batch, "; blocks of " + ", ".join(by_order) if by_order else "")] +
                ["broken: %s: %s" % (where, fault) for fault in self.faults])


def _cpus():
    return range(number(structs.load_variable("nr_cpu_ids")))


def block_of(pfn, zone, mem_map):
    """(CPU, order, first pfn) of the block on a per-CPU list that holds the page, or None."""
    for cpu in _cpus():
        for order, first in CpuLists(zone, mem_map, cpu).blocks:
            if first <= pfn < first + (1 << order):
                return cpu, order, first
    return None


def report():
    """The lines for `mm pcp`."""
    populated = zones.populated_zones()
    if zones.heading():
        return zones.heading()
    mem_map = memmap.MemMap()
    return [line for zone in populated for cpu in _cpus()
            for line in CpuLists(zone, mem_map, cpu).lines()]
