# SPDX-License-Identifier: MIT
"""`mm zones`: the zones, in the format of /proc/zoneinfo, as show_zoneinfo() prints them.

The other commands find nodes and zones here too.
"""

from . import pcp, stages, structs, symbols
from .structs import number
from .target import MmError


def _counter_lines(names, counters):
    """A line for each of an array of counters, negative ones being 0 that is not yet summed up."""
    names = structs.load_variable(names)
    values = [max(int(counters[i]["counter"]), 0) for i in range(counters.type.range()[1] + 1)]
    return ["      %-12s %d" % (structs.string_at(number(names[i])), value)
            for i, value in enumerate(values)]


class Zone:
    """
    A struct zone: `value`, and where it lies, `virt`. The first populated one of a node has the node's
    counters, `node_counters`; others have None.
    """

    def __init__(self, nid, name, value, virt):
        self.nid = nid
        self.value = value
        self.virt = virt
        self.node_counters = None
        self.name = name
        self.start_pfn = number(value["zone_start_pfn"])
        self.spanned = number(value["spanned_pages"])
        self.present = number(value["present_pages"])
        self.managed = number(value["managed_pages"])
        self.watermarks = structs.numbers(value["watermark"])
        self.lowmem_reserve = structs.numbers(value["lowmem_reserve"])
        self.free = number(value["vm_stat"][symbols.enum_value("zone_stat_item", "NR_FREE_PAGES")]["counter"])

    def spans(self, pfn):
        return self.start_pfn <= pfn < self.start_pfn + self.spanned

    def check(self):
        """I2 of include/mm/mmzone.h, in words where it does not hold."""
        if self.spanned >= self.present >= self.managed >= self.free:
            return []
        return ["broken: zone %s: spanned >= present >= managed >= free does not hold (I2)" % self.name]

    def lines(self):
        lines = ["Node %d, zone %8s" % (self.nid, self.name)]
        if self.node_counters:
            lines += ["  per-node stats"] + _counter_lines("node_stat_names", self.node_counters)
        lines += ["  pages free     %d" % self.free,
                  "        min      %d" % self.watermarks[0],
                  "        low      %d" % self.watermarks[1],
                  "        high     %d" % self.watermarks[2],
                  "        spanned  %d" % self.spanned,
                  "        present  %d" % self.present,
                  "        managed  %d" % self.managed,
                  "        protection: (%s)" % ", ".join("%d" % pages for pages in self.lowmem_reserve)]
        if self.present:
            lines += _counter_lines("zone_stat_names", self.value["vm_stat"]) + pcp.zoneinfo_lines(self)
            lines.append("  start_pfn:           %d" % self.start_pfn)
        return lines + self.check()


def nodes():
    """(number, struct pglist_data, where it lies) of each online node."""
    type_ = symbols.type_named("struct pglist_data")
    pointers = structs.load_variable("node_data")
    count = number(structs.load_variable("nr_online_nodes"))
    for nid in range(min(count, pointers.type.range()[1] + 1)):
        virt = number(pointers[nid])
        yield nid, structs.load(type_, virt), virt


def all_zones():
    """Every zone of every node, the empty ones too, by node and then lowest first."""
    found = []
    for nid, node, virt in nodes():
        first = virt + structs.offset_of(node.type.strip_typedefs(), "node_zones")
        zones = node["node_zones"]
        low, high = zones.type.range()
        size = zones.type.target().sizeof
        names = structs.load_variable("zone_names")
        of_node = [Zone(nid, structs.string_at(number(names[i])), zones[i], first + i * size)
                   for i in range(low, high + 1)]
        for zone in [zone for zone in of_node if zone.present][:1]:
            zone.node_counters = node["vm_stat"]
        found += of_node
    return found


def zone_of(nid, index):
    """The zone that a page's flags name."""
    zones = all_zones()
    per_node = len(zones) // max(1, number(structs.load_variable("nr_online_nodes")))
    place = nid * per_node + index
    if not index < per_node or not place < len(zones):
        raise MmError("the flags name zone %d of node %d, which there is not" % (index, nid))
    return zones[place]


def populated_zones():
    """The zones that have pages; MmError while no zone has."""
    if stages.stage() is None:
        raise MmError("the zones are not yet initialised: %s." % stages.NOT_STARTED)
    zones = [zone for zone in all_zones() if zone.present]
    if not zones:
        raise MmError("the zones are not yet initialised: free_area_init_nodes() has not run; "
                      "memory belongs to %s." % stages.owner())
    return zones


def heading():
    """A line to say that nothing is free yet, if so."""
    if stages.stage() == "MM_BUDDY":
        return []
    return ["zones: nothing is free yet: memory belongs to %s until mem_init()." % stages.owner()]


def report():
    """The lines for `mm zones`."""
    populated_zones()
    lines = heading()
    for zone in all_zones():
        lines += zone.lines()
    return lines
