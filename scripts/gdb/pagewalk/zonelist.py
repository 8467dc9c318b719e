# SPDX-License-Identifier: MIT
"""`mm zonelist`: the zones that a request asks, in order, in the format of show_zonelist()."""

from . import structs, symbols, watermarks, zones
from .structs import number
from .target import MmError

THISNODE = "__GFP_THISNODE"


def names():
    """The kernel's names of gfp masks, with their values."""
    table = structs.load_variable("gfp_names")
    low, high = table.type.range()
    return {structs.string_at(number(table[i]["name"])): number(table[i]["mask"])
            for i in range(low, high + 1) if number(table[i]["name"])}


def parse(text):
    """The mask that names and numbers with `|` in between mean."""
    known, mask, every_bit = names(), 0, 0
    for value in known.values():
        every_bit |= value
    for part in text.split("|"):
        part = part.strip()
        try:
            value = known[part] if part in known else int(part, 0)
        except ValueError:
            raise MmError("`%s` is no GFP_ or __GFP_ flag, and no number of them" % part) from None
        if value & ~every_bit:
            raise MmError("`%s` has bits that no flag has" % part)
        mask |= value
    return mask


def _highest_zone(mask, known):
    """As gfp_high_zoneidx(): the highest zone that may serve a request."""
    if mask & known["__GFP_DMA"]:
        zone = "ZONE_DMA"
    elif mask & known["__GFP_DMA32"] or not mask & known["__GFP_HIGHMEM"]:
        zone = "ZONE_NORMAL"
    else:
        zone = "ZONE_MOVABLE" if mask & known["__GFP_MOVABLE"] else "ZONE_HIGHMEM"
    return max(symbols.enum_value("zone_type", zone), number(structs.load_variable("lowest_zone")))


def _entries(zonelist, highest, by_address):
    """The zones of a list, in order; MmError if it does not end."""
    entries = zonelist["_zonerefs"]
    low, high = entries.type.range()
    for i in range(low, high + 1):
        virt = number(entries[i]["zone"])
        if not virt:
            return
        if virt not in by_address:
            raise MmError("entry %d of the zonelist is 0x%08x, which is no zone" % (i, virt))
        if number(entries[i]["zone_idx"]) <= highest:
            yield by_address[virt]
    raise MmError("the zonelist does not end")


def _zone_line(zone, distances, nid):
    return "  Node %d, zone %8s  distance %d  free %d" % (zone.nid, zone.name, number(distances[nid][zone.nid]), zone.free)


def report(argument):
    """The lines for `mm zonelist GFP`."""
    zones.populated_zones()
    known, mask = names(), parse(argument)
    highest, this_node = _highest_zone(mask, known), bool(mask & known[THISNODE])
    by_address = {zone.virt: zone for zone in zones.all_zones()}
    distances = structs.load_variable("distances")
    lines = zones.heading()
    for nid, node, _ in zones.nodes():
        lines.append("From node %d, gfp 0x%x, zones up to %s%s:" % (
            nid, mask, watermarks.zone_names()[highest], ", this node only" if this_node else ""))
        found = list(_entries(node["node_zonelists"][1 if this_node else 0], highest, by_address))
        if not found:
            lines.append("  no zone: the lists are not yet made, or none is low enough")
        lines += [_zone_line(zone, distances, nid) for zone in found]
    return lines
