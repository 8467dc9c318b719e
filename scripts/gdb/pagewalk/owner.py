# SPDX-License-Identifier: MIT
"""`mm owner`: who allocated a page and who freed it, or who has how many (mm/page_owner.c), in the kernel's words.

Of a function in a call chain the kernel also gives the size: name+0xoffset/0xsize. gdb gives the line of the source."""

import gdb

from . import memmap, page, structs, symbols
from .structs import number
from .target import MmError


class Owner:
    """The record of one page."""

    def __init__(self, value):
        for name in ("serial", "gfp_mask", "alloc_stack", "free_stack", "order", "alloc_cpu", "free_cpu", "allocated"):
            setattr(self, name, number(value[name]))

    def how(self):
        return "order %d, gfp_mask 0x%x, cpu %d" % (self.order, self.gfp_mask, self.alloc_cpu)


class Owners:
    """All records. MmError if the kernel keeps none."""

    def __init__(self):
        base, _ = symbols.variable("page_owners")
        self.type = symbols.type_named("struct page_owner")
        self.base = number(structs.load(symbols.type_named("struct page_owner").pointer(), base))
        if not self.base:
            raise MmError("the kernel keeps no page owners: boot it with page_owner=1")
        self.stacks = number(structs.load_variable("stacks"))
        self.stack_type = symbols.type_named("struct stack_record")

    def owner(self, index):
        return Owner(structs.load(self.type, self.base + index * self.type.sizeof))

    def chain(self, handle):
        """The lines of a call chain."""
        if not handle:
            return [" (unknown: no room for it in the stack depot)"]
        stack = structs.load(self.stack_type, self.stacks + (handle - 1) * self.stack_type.sizeof)
        return [_call(number(stack["entries"][n])) for n in range(number(stack["nr_entries"]))]


def _call(return_address):
    """One call, by the address behind it, which may be that of the next function."""
    inside = return_address - 1 & ~1
    text = gdb.execute("info symbol 0x%x" % inside, to_string=True)
    name, _, rest = text.partition(" + ")
    if not rest:
        return " 0x%x" % return_address
    where = gdb.find_pc_line(inside)
    place = "  %s:%d" % (where.symtab.filename, where.line) if where.symtab else ""
    return " %s+0x%x%s" % (name, int(rest.split()[0]), place)


def _one(owners, index):
    owner = owners.owner(index)
    if not owner.serial:
        return ["page_owner tracks the page as never allocated"]
    lines = ["page_owner tracks the page as " + ("allocated" if owner.allocated else "freed"),
             "page last allocated via %s, serial %d" % (owner.how(), owner.serial)] + owners.chain(owner.alloc_stack)
    if owner.free_stack:
        lines += ["page last freed, cpu %d" % owner.free_cpu] + owners.chain(owner.free_stack)
    return lines


class _Tally:
    """What one call chain has allocated."""

    def __init__(self, pfn, owner):
        self.pfn, self.owner = pfn, owner
        self.pages = self.blocks = 0

    def add(self, pfn, owner):
        self.pages += 1
        self.blocks += pfn & ((1 << owner.order) - 1) == 0


def _summary(owners, mem_map):
    tallies = {}
    for index in range(mem_map.count):
        owner = owners.owner(index)
        if owner.allocated:
            pfn = mem_map.first_pfn + index
            tallies.setdefault(owner.alloc_stack, _Tally(pfn, owner)).add(pfn, owner)
    lines = []
    for handle, tally in sorted(tallies.items(), key=lambda item: (-item[1].pages, item[0])):
        lines.append("%d times, %d pages, the first is pfn:%05x, %s:" %
                     (tally.blocks, tally.pages, tally.pfn, tally.owner.how()))
        lines += owners.chain(handle)
    return lines + ["page_owner: %d pages are allocated; %d different call chains so far" %
                    (sum(tally.pages for tally in tallies.values()), number(structs.load_variable("nr_stacks")))]


def report(expression):
    """The lines for `mm owner [EXPRESSION]`."""
    owners, mem_map = Owners(), memmap.MemMap()
    if not expression:
        return _summary(owners, mem_map)
    pfn = page.pfn_of(expression)
    if not mem_map.has(pfn):
        raise MmError("pfn 0x%05x is not in mem_map" % pfn)
    return _one(owners, pfn - mem_map.first_pfn)
