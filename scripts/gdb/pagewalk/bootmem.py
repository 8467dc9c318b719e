# SPDX-License-Identifier: MIT
"""`mm bootmem`: the bitmap of each node, as runs of free and reserved pages (mm/bootmem.c).

The nodes are found through bdata_list, whose links are checked on the way.
"""

from . import physmem, stages, structs, symbols
from .structs import Chain, number

RUNS_MAX = 200          # lines for one node


class BootNode:
    """One bootmem_data: its numbers, and `faults` in words."""

    def __init__(self, virt, type_):
        value = structs.load(type_, virt)
        self.virt = virt
        self.min_pfn = number(value["node_min_pfn"])
        self.low_pfn = number(value["node_low_pfn"])
        self.map = number(value["node_bootmem_map"])
        self.last_end_off = number(value["last_end_off"])
        self.hint_idx = number(value["hint_idx"])
        self.faults = []
        self.bits = self._read_bits()

    def pages(self):
        return self.low_pfn - self.min_pfn

    def _read_bits(self):
        """The bitmap as one large number, bit n for page n; 0 where there is none to be had."""
        pages = self.pages()
        ram_pages = (physmem.ram_end() - physmem.ram_start()) >> symbols.constant("PAGE_SHIFT")
        if not 0 < pages <= ram_pages:
            self.faults.append("the node has %d pages, RAM has %d (I2)" % (pages, ram_pages))
            return 0
        size = (pages + 7) // 8
        if not physmem.is_lowmem(self.map, size):
            self.faults.append("node_bootmem_map = 0x%08x, %d bytes, does not lie in lowmem (I7)" %
                               (self.map, size))
            return 0
        bits = int.from_bytes(physmem.read(physmem.virt_to_phys(self.map, size), size), "little")
        return bits & ((1 << pages) - 1)

    def nr_reserved(self):
        return bin(self.bits).count("1")

    def check(self):
        """I5 and I6."""
        shift = symbols.constant("PAGE_SHIFT")
        if self.hint_idx > self.pages():
            self.faults.append("hint_idx = %d lies behind the node (I5)" % self.hint_idx)
        page, inside = divmod(self.last_end_off, 1 << shift)
        if page > self.pages() or (page == self.pages() and inside):
            self.faults.append("last_end_off = 0x%x lies behind the node (I5)" % self.last_end_off)
        elif inside and not self.bits >> page & 1:
            self.faults.append("last_end_off = 0x%x lies in a page that is free (I6)" % self.last_end_off)

    def runs(self):
        """(first, end, reserved) for each run of equal bits, in pages from the start of the node."""
        text = format(self.bits, "0%db" % self.pages())[::-1]
        start = 0
        while start < len(text):
            end = text.find("1" if text[start] == "0" else "0", start)
            end = len(text) if end < 0 else end
            yield start, end, text[start] == "1"
            start = end

    def lines(self, number_of_node):
        shift = symbols.constant("PAGE_SHIFT")
        reserved = self.nr_reserved()
        lines = ["node %d: pfn 0x%05x-0x%05x, %d pages: %d free, %d reserved" %
                 (number_of_node, self.min_pfn, self.low_pfn - 1, self.pages(), self.pages() - reserved, reserved),
                 "  bitmap at 0x%08x; hint_idx %d; last_end_off 0x%x" %
                 (self.map, self.hint_idx, self.last_end_off)]
        if not self.faults:
            self.check()
            for count, (start, end, taken) in enumerate(self.runs()):
                if count == RUNS_MAX:
                    lines.append("  ... and more")
                    break
                lines.append("  %-8s [mem 0x%08x-0x%08x] %7d pages" % (
                    "reserved" if taken else "free", (self.min_pfn + start) << shift,
                    ((self.min_pfn + end) << shift) - 1, end - start))
        return lines + ["broken: node %d: %s" % (number_of_node, fault) for fault in self.faults]


def _nodes():
    """(addresses of the registered nodes, what is wrong with their list)"""
    type_ = symbols.type_named("struct bootmem_data")
    base, array = symbols.variable("bootmem_node_data")
    offset = structs.offset_of(type_, "list")

    def reject(node):
        inside = node - offset - base
        if 0 <= inside < array.sizeof and inside % type_.sizeof == 0:
            return None
        return "is no bootmem_node_data"

    def describe(node):
        return "node %d" % ((node - offset - base) // type_.sizeof)

    chain = Chain(symbols.variable("bdata_list")[0], reject, describe)
    nodes = [node - offset for node in chain]
    return nodes, ["broken: bdata_list: " + fault for fault in chain.faults]


def is_reserved(pfn):
    """What the bitmap of the page's node says: True, False, or None if no node has the page."""
    type_ = symbols.type_named("struct bootmem_data")
    for virt in _nodes()[0]:
        node = BootNode(virt, type_)
        if node.min_pfn <= pfn < node.low_pfn and not node.faults:
            return bool(node.bits >> (pfn - node.min_pfn) & 1)
    return None


def _not_now():
    """Why there is nothing to show, or None."""
    name = stages.stage()
    if name is None:
        return "bootmem: not yet initialised: %s." % stages.NOT_STARTED
    if name == "MM_MEMBLOCK":
        return "bootmem: not yet initialised: memory belongs to memblock."
    if name == "MM_BUDDY":
        return "bootmem: gave its pages to the buddy system, those of its bitmap too."
    return None


def report():
    """The lines for `mm bootmem`."""
    reason = _not_now()
    if reason:
        return [reason]
    nodes, faults = _nodes()
    if not nodes and not faults:
        return ["bootmem: not yet initialised: no node is registered."]
    type_ = symbols.type_named("struct bootmem_data")
    base = symbols.variable("bootmem_node_data")[0]
    lines = ["bootmem: owns memory"] + faults
    for virt in nodes:
        lines += BootNode(virt, type_).lines((virt - base) // type_.sizeof)
    return lines
