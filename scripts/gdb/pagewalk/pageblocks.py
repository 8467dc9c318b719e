# SPDX-License-Identifier: MIT
"""`mm pageblocks`: the migrate type of each pageblock as a letter, in the format of show_pageblocks()."""

from . import memmap, structs, symbols, zones
from .structs import number

A_LINE = 64


def _letters():
    letters = structs.load_variable("migratetype_letters")
    return "".join(chr(int(letters[i])) for i in range(letters.type.range()[1] + 1))


def _letter(zone, mem_map, pfn, letters):
    order = symbols.constant("pageblock_order")
    flags = zone.value["pageblock_flags"]
    block = (pfn - symbols.constant("ARCH_PFN_OFFSET")) >> order
    value = number(structs.load(flags.type.target(), number(flags) + block))
    letter = letters[value] if value < len(letters) else "?"
    page = mem_map.page(pfn)
    is_free = not pfn & ((1 << order) - 1) and page.is_buddy() and page.private == order
    return letter.lower() if is_free else letter


def zone_lines(zone, mem_map):
    letters, order = _letters(), symbols.constant("pageblock_order")
    end = zone.start_pfn + zone.spanned
    starts = [zone.start_pfn] + list(range((zone.start_pfn >> order) + 1 << order, end, 1 << order))
    lines = ["Node %d, zone %8s" % (zone.nid, zone.name)]
    for i in range(0, len(starts), A_LINE):
        row = starts[i:i + A_LINE]
        lines.append("  0x%08x %s" % (row[0] << symbols.constant("PAGE_SHIFT"),
                                      "".join(_letter(zone, mem_map, pfn, letters) for pfn in row)))
    return lines


def report():
    """The lines for `mm pageblocks`."""
    mem_map = memmap.MemMap()
    lines = zones.heading() + [
        "Each letter is %d KiB: Unmovable, rEclaimable, Movable, Reserve, CMA, Isolate; small if all of it is free"
        % (1 << symbols.constant("pageblock_order") + symbols.constant("PAGE_SHIFT") - 10)]
    for zone in zones.populated_zones():
        lines += zone_lines(zone, mem_map)
    return lines
