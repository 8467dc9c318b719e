# SPDX-License-Identifier: MIT
"""`mm fixmap`: the slots whose addresses are known when compiling, as show_fixmap() prints them.

Their page table, bm_pte, lies in the image: Linux entries first, then those of the hardware.
"""

from . import descriptors as hw
from . import pt, structs, symbols
from .structs import number

L_PTE_RDONLY = 1 << 7


def slot_address(slot):
    return symbols.constant("FIXADDR_END") - ((slot + 1) << symbols.constant("PAGE_SHIFT"))


def _slot(name):
    return symbols.enum_value("fixed_addresses", name)


def _part(first, last, what):
    page = 1 << symbols.constant("PAGE_SHIFT")
    return "%3d-%-3d 0x%08x-0x%08x %s" % (first, last, slot_address(last), slot_address(first) + page, what)


def _name(slot):
    if slot <= _slot("FIX_KMAP_END"):
        cpu, i = divmod(slot, symbols.constant("KM_MAX_IDX"))
        return "kmap_local %d of CPU %d" % (i // symbols.constant("KM_INCR"), cpu)
    if slot <= _slot("FIX_TEXT_POKE1"):
        return "text poke %d" % (slot - _slot("FIX_TEXT_POKE0"))
    return "early_ioremap %d, page %d" % divmod(_slot("FIX_BTMAP_BEGIN") - slot, symbols.constant("NR_FIX_BTMAPS"))


def report():
    shift = symbols.constant("PAGE_SHIFT")
    table = structs.load_variable("bm_pte")
    controls = pt.Controls()
    nr_slots, nr_set = _slot("__end_of_fixed_addresses"), 0
    lines = ["SLOTS   ADDRESSES             FOR",
             _part(_slot("FIX_KMAP_BEGIN"), _slot("FIX_KMAP_END"), "kmap_local, as many for each CPU"),
             _part(_slot("FIX_TEXT_POKE0"), _slot("FIX_TEXT_POKE1"), "text poke"),
             _part(_slot("FIX_BTMAP_END"), _slot("FIX_BTMAP_BEGIN"), "early_ioremap")]
    for slot in range(nr_slots):
        index = slot_address(slot) >> shift & 511
        pte, entry = number(table[index]["pte"]), number(table[index + 512]["pte"])
        if not pte:
            continue
        nr_set += 1
        lines.append("%7d 0x%08x -> 0x%08x %s NX %s, %s" % (
            slot, slot_address(slot), pte >> shift << shift, "ro" if pte & L_PTE_RDONLY else "RW",
            controls.memory_type(hw.small_page_attributes(entry)).name, _name(slot)))
    return lines + ["%d of %d slots are set." % (nr_set, nr_slots)]
