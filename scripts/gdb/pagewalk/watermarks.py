# SPDX-License-Identifier: MIT
"""`mm watermarks`: who may take how much from each zone, in the format of show_watermarks()."""

from . import structs, zones
from .structs import number

# The kinds of requests, and where each stops: a function of the low and the min watermark (mm/alloc_slowpath.c).
TAKERS = [
    ("unhindered", lambda low, min_: low),
    ("GFP_KERNEL", lambda low, min_: min_),
    ("__GFP_HIGH", lambda low, min_: min_ - min_ // 2),
    ("GFP_NOWAIT", lambda low, min_: min_ - min_ // 4),
    ("GFP_ATOMIC", lambda low, min_: _three_quarters(min_ - min_ // 2)),
    ("MEMALLOC", None),     # the last page
]


def _three_quarters(pages):
    return pages - pages // 4


def zone_names():
    return [structs.string_at(virt) for virt in structs.numbers(structs.load_variable("zone_names"))]


def _takers_line(zone, name, kept):
    min_, low = zone.watermarks[0], zone.watermarks[1]
    left = [mark(low, min_) + kept if mark else 0 for _, mark in TAKERS]
    return "  %9s %8d" % (name, kept) + "".join(" %11d" % max(0, zone.free - pages) for pages in left)


def zone_lines(zone, index, asked_for):
    lines = ["Node %d, zone %8s: free %d min %d low %d high %d" % ((zone.nid, zone.name, zone.free) +
                                                                 tuple(zone.watermarks[:3])),
             "  %9s %8s" % ("asked for", "kept") + "".join(" %11s" % name for name, _ in TAKERS)]
    return lines + [_takers_line(zone, name, zone.lowmem_reserve[i])
                    for i, name in enumerate(zone_names()) if i >= index and i in asked_for]


def report():
    """The lines for `mm watermarks`."""
    zones.populated_zones()
    lines, everything = zones.heading(), zones.all_zones()
    per_node = len(everything) // number(structs.load_variable("nr_online_nodes"))
    asked_for = {i % per_node for i, zone in enumerate(everything) if zone.present}
    for i, zone in enumerate(everything):
        if zone.present:
            lines += zone_lines(zone, i % per_node, asked_for)
    return lines
