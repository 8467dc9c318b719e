# SPDX-License-Identifier: MIT
"""`mm vmalloc`: the areas of the vmalloc area, in the format of show_vmallocinfo(); then its gaps.

The trees are followed as far as they make sense: a node that is not in lowmem, or out of order, is named in a
line that begins with "broken:". Of a function the kernel also gives the size: name+0xoffset/0xsize.
"""

from . import physmem, structs, symbols
from .structs import number

NODES_MAX = 1 << 17     # more than there can be pages of addresses
BLACK = 1


class Tree:
    """The areas of a red-black tree, by rising address; `faults` afterwards."""

    def __init__(self, root):
        self.type = symbols.type_named("struct vmap_area")
        self.offset = structs.offset_of(self.type, "rb_node")
        self.root = number(structs.load_variable(root)["rb_node"])
        self.faults = []

    def _area(self, node):
        if node % 4 or not physmem.is_lowmem(node - self.offset, self.type.sizeof):
            self.faults.append("0x%08x is no node" % node)
            return None
        return structs.load(self.type, node - self.offset)

    def __iter__(self):
        stack, node, count, last = [], self.root, 0, 0
        while (stack or node) and count < NODES_MAX:
            while node and len(stack) < 64:
                area = self._area(node)
                if area is None:
                    return
                stack.append(area)
                node = number(area["rb_node"]["rb_left"])
            area, count = stack.pop(), count + 1
            if number(area["va_start"]) < last:
                self.faults.append("0x%08x comes after 0x%08x" % (number(area["va_start"]), last))
                return
            last = number(area["va_end"])
            yield area
            node = number(area["rb_node"]["rb_right"])


def _range(area):
    start, end = number(area["va_start"]), number(area["va_end"])
    return "0x%08x-0x%08x %7d" % (start, end, end - start)


def _owner(vm):
    """As show_vm_struct() has it."""
    text, flags = "", number(vm["flags"])
    caller = symbols.describe(number(vm["caller"]) & ~1).strip("<>") if number(vm["caller"]) else ""
    if caller:
        name, _, offset = caller.partition("+")
        text += " %s+0x%x" % (name, int(offset or 0))
    if number(vm["nr_pages"]):
        text += " pages=%d" % number(vm["nr_pages"])
    if number(vm["phys_addr"]):
        text += " phys=0x%08x" % number(vm["phys_addr"])
    for name, word in (("VM_IOREMAP", "ioremap"), ("VM_ALLOC", "vmalloc"), ("VM_MAP", "vmap"), ("VM_USERMAP", "user")):
        if flags & symbols.constant(name):
            text += " " + word
    return text


def report():
    """The lines for `mm vmalloc`."""
    busy, gaps, lines = Tree("vmap_area_root"), Tree("free_vmap_area_root"), []
    type_ = symbols.type_named("struct vm_struct")
    for area in busy:
        vm = number(area["vm"])
        if vm and not physmem.is_lowmem(vm, type_.sizeof):
            busy.faults.append("%s: owner at 0x%08x" % (_range(area), vm))
            continue
        lines.append(_range(area) + (_owner(structs.load(type_, vm)) if vm else " vm_map_ram"))
    lazy = number(structs.load_variable("vmap_lazy_nr")["counter"])
    if lazy:
        lines.append("%d pages in unpurged vm_areas" % lazy)
    lines.append("Gaps:")
    lines += [_range(area) for area in gaps]
    return lines + ["broken: " + fault for fault in busy.faults + gaps.faults]
