# SPDX-License-Identifier: MIT
"""`mm page`: one page frame: its struct page as dump_page() prints it, its state in words, whose it is."""

import gdb

from . import bootmem, buddy, memblock, memmap, pcp, physmem, pt, stages, structs, symbols, zones
from .command import evaluate
from .target import MmError, mmu_on

# Borders of the image, in load order: name, first byte, byte behind the last.
IMAGE_PARTS = (
    ("the kernel's text", "_text", "__inittext_begin"),
    ("the kernel's init text", "__inittext_begin", "__inittext_end"),
    ("the kernel's rodata", "__start_rodata", "__end_rodata"),
    ("the kernel's init data", "__initdata_begin", "__initdata_end"),
    ("the kernel's data and bss", "__initdata_end", "_end"),
)


def _alternate_hex(value):
    """As printf's %#x."""
    return "0x%x" % value if value else "0"


def _points_to_page(expression):
    """Is the expression a struct page *, and so means the page and not where its structure lies?"""
    try:
        type_ = gdb.parse_and_eval(expression).type.strip_typedefs()
    except gdb.error:
        return False
    return type_.code == gdb.TYPE_CODE_PTR and type_.target().strip_typedefs().tag == "page"


def _number_to_pfn(number):
    """The page that a number means, as the kernel's `mm page` takes it; other addresses by the page tables."""
    shift = symbols.constant("PAGE_SHIFT")
    if physmem.is_lowmem(number):
        return physmem.virt_to_phys(number) >> shift
    if physmem.ram_start() <= number < symbols.constant("PHYS_LIMIT"):
        return number >> shift
    if number < 1 << (32 - shift):
        return number
    phys = pt.Walk(number, pt.Controls()).phys if mmu_on() else None
    if phys is None:
        raise MmError("0x%08x is neither lowmem, nor RAM, nor a pfn, and nothing is mapped there" % number)
    if not physmem.is_ram(phys):
        raise MmError("0x%08x is physical 0x%08x, which is not RAM" % (number, phys))
    return phys >> shift


def pfn_of(expression):
    number = evaluate(expression)
    if not _points_to_page(expression):
        return _number_to_pfn(number)
    mem_map = memmap.MemMap()
    if not mem_map.is_page(number):
        raise MmError("`%s` = 0x%08x is not in mem_map" % (expression, number))
    return mem_map.pfn_of(number)


def _image_part(virt):
    for name, start, end in IMAGE_PARTS:
        if symbols.address(start) <= virt < symbols.address(end):
            return name
    return None


def _user_of(phys, regions):
    """Who holds a reserved page, in words."""
    virt = physmem.phys_to_virt(phys)
    size = 1 << symbols.constant("PAGE_SHIFT")
    part = _image_part(virt)
    if part:
        return part
    table, type_ = symbols.variable("swapper_pg_dir")
    if table <= virt < table + type_.sizeof:
        return "swapper_pg_dir, the first-level page table"
    map_start = structs.number(structs.load_variable("mem_map"))
    map_pages = structs.number(structs.load_variable("max_mapnr"))
    map_end = map_start + map_pages * symbols.type_named("struct page").sizeof
    if map_start and virt < map_end and map_start < virt + size:
        return "mem_map"
    found = regions.reserved.find(phys) or regions.reserved.find(phys + size - 1)
    return "reserved[0x%x] of memblock" % found[0] if found else "who asked bootmem for it"


def _free_block_of(pfn, zone, mem_map):
    """(order, first pfn) of the free block that a page lies in, or None."""
    for order in range(zone.value["free_area"].type.range()[1] + 1):
        head = pfn >> order << order
        if not zone.spans(head) or not mem_map.has(head):
            break
        page = mem_map.page(head)
        if page.is_buddy() and order <= page.private <= zone.value["free_area"].type.range()[1]:
            return page.private, head
    return None


def _tails_head(page, mem_map):
    """first_page shares its place with private."""
    if not mem_map.is_page(page.private):
        return "0x%08x, which is broken: no page lies there" % page.private
    return "pfn 0x%05x" % mem_map.pfn_of(page.private)


def _compound(page, mem_map):
    if not page.has("PG_head") or not mem_map.has(page.pfn + 1):
        return ""
    tail = structs.load(mem_map.type, mem_map.virt_of(page.pfn + 1))
    return ", the head of a compound page of order %d" % structs.number(tail["compound_order"])


def state(page, zone, mem_map, regions):
    """The page's state in words, by the table in include/mm/mm_types.h."""
    phys = page.pfn << symbols.constant("PAGE_SHIFT")
    if not regions.is_mapped_memory(phys):
        return "in a hole: there is no RAM"
    if page.has("PG_reserved"):
        return "kept since boot: " + _user_of(phys, regions)
    block = _free_block_of(page.pfn, zone, mem_map)
    if block and block[1] == page.pfn:
        return "free: the head of a block of order %d (%d pages)" % (block[0], 1 << block[0])
    if block:
        return "free: inside the block of order %d that begins at pfn 0x%05x" % block
    if stages.stage() != "MM_BUDDY":
        taken = bootmem.is_reserved(page.pfn)
        return {True: "reserved by bootmem: " + _user_of(phys, regions), False: "free, in bootmem's hands",
                None: "high memory, which bootmem does not know"}[taken]
    on_list = pcp.block_of(page.pfn, zone, mem_map)
    if on_list:
        return "free: on a list of CPU %d, in a block of order %d that begins at pfn 0x%05x" % on_list
    if page.has("PG_tail"):
        return "allocated: a tail of the compound page at " + _tails_head(page, mem_map)
    if page.count > 0:
        return "allocated: %d reference%s%s" % (page.count, "" if page.count == 1 else "s", _compound(page, mem_map))
    return "allocated, as a page behind the first of its block"


def _place(pfn):
    phys = pfn << symbols.constant("PAGE_SHIFT")
    virt = physmem.phys_to_virt(phys)
    where = "virtual 0x%08x" % virt if physmem.is_lowmem(virt) else "no kernel address (high memory)"
    return "pfn 0x%05x: physical 0x%08x, %s" % (pfn, phys, where)


def _early(pfn):
    """Before mem_map: what memblock knows."""
    if stages.stage() is None:
        return ["there is no mem_map yet: %s" % stages.NOT_STARTED]
    regions = memblock.Memblock()
    phys = pfn << symbols.constant("PAGE_SHIFT")
    if not regions.is_mapped_memory(phys):
        return ["there is no mem_map yet; by memblock there is no RAM"]
    found = regions.reserved.find(phys) or regions.reserved.find(phys + (1 << symbols.constant("PAGE_SHIFT")) - 1)
    if not found:
        return ["there is no mem_map yet; by memblock it is free"]
    return ["there is no mem_map yet; by memblock it is reserved: " + _user_of(phys, regions)]


def _in_mem_map(pfn, mem_map):
    page = mem_map.page(pfn)
    zone = zones.zone_of(page.node_number(), page.zone_number())
    lines = ["page:%08x count:%d mapcount:%d mapping:%08x index:0x%x" %
             (page.virt, page.count, page.mapcount(), page.mapping, page.index),
             "page flags: %s(%s)  zone:%s" %
             (_alternate_hex(page.flags), "|".join(page.flag_names()), zone.name)]
    if not zone.spans(pfn):
        return lines + ["broken: the flags say node %d, zone %s, which does not span the page" %
                        (page.node_number(), zone.name)]
    return lines + ["node %d, zone %s, in a pageblock of type %s" %
                    (page.node_number(), zone.name, buddy.pageblock_type(zone, pfn)),
                    state(page, zone, mem_map, memblock.Memblock())]


def report(expression):
    """The lines for `mm page EXPRESSION`."""
    pfn = pfn_of(expression)
    if stages.stage() is None or not structs.number(structs.load_variable("mem_map")):
        return [_place(pfn)] + _early(pfn)
    mem_map = memmap.MemMap()
    if not mem_map.has(pfn):
        raise MmError("pfn 0x%05x is not in mem_map, which goes from 0x%05x to 0x%05x" %
                      (pfn, mem_map.first_pfn, mem_map.first_pfn + mem_map.count - 1))
    return [_place(pfn)] + _in_mem_map(pfn, mem_map)
