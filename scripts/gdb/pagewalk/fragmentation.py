# SPDX-License-Identifier: MIT
"""`mm fragmentation`: the indices of fragmentation by zone and order, in the format of show_fragmentation().

What they mean stands in include/mm/fragmentation.h; the formulas are those of mm/fragmentation.c.
"""

from . import zones
from .structs import number

SCALE = 1000


def nr_free_of(zone):
    """Free blocks of each order."""
    areas = zone.value["free_area"]
    return [number(areas[order]["nr_free"]) for order in range(areas.type.range()[1] + 1)]


def unusable_free_index(nr_free, order):
    free = sum(nr << i for i, nr in enumerate(nr_free))
    usable = sum(nr << i for i, nr in enumerate(nr_free) if i >= order)
    return (free - usable) * SCALE // free if free else SCALE


def fragmentation_index(nr_free, order):
    if not sum(nr_free):
        return 0
    if sum(nr_free[order:]):
        return -SCALE
    requests = sum(nr << i for i, nr in enumerate(nr_free)) * SCALE >> order
    return max(0, SCALE - (SCALE + requests) // sum(nr_free))


def _text(index):
    return "%s%d.%03d " % ("-" if index < 0 else "", abs(index) // SCALE, abs(index) % SCALE)


def _lines(populated, index_of):
    lines = []
    for zone in populated:
        nr_free = nr_free_of(zone)
        lines.append("Node %d, zone %8s %s" % (
            zone.nid, zone.name, "".join(_text(index_of(nr_free, order)) for order in range(len(nr_free)))))
    return lines


def report():
    """The lines for `mm fragmentation`."""
    populated = zones.populated_zones()
    last = len(nr_free_of(populated[0])) - 1
    return (zones.heading() +
            ["Free memory that is of no use for a block of order 0 to %d:" % last] +
            _lines(populated, unusable_free_index) +
            ["Such a block is missing because there is too little memory (0), or it is broken up (1); "
             "or is there (-1):"] +
            _lines(populated, fragmentation_index))
