# SPDX-License-Identifier: MIT
"""The tree of physical address ranges, iomem_resource (include/kernel/resource.h): `mm iomem`, and whose an address is."""

from . import physmem, structs, symbols
from .structs import number

RANGES_MAX = 1000       # more than there can be


class Resource:
    """A struct resource, by its address."""

    def __init__(self, virt):
        value = structs.load(symbols.type_named("struct resource"), virt)
        self.start, self.end = number(value["start"]), number(value["end"])
        self.name = structs.string_at(number(value["name"]))
        self._child, self._sibling = number(value["child"]), number(value["sibling"])

    def children(self):
        """Those directly inside it, as far as the links lead to memory."""
        found, virt, size = [], self._child, symbols.type_named("struct resource").sizeof
        while virt and physmem.is_lowmem(virt, size) and len(found) < RANGES_MAX:
            found.append(Resource(virt))
            virt = found[-1]._sibling
        return found


def _root():
    return Resource(symbols.variable("iomem_resource")[0])


def at(phys):
    """The innermost range that contains a physical address, or None."""
    found, inside = None, _root().children()
    while True:
        inside = [each for each in inside if each.start <= phys <= each.end]
        if not inside:
            return found
        found = inside[0]
        inside = found.children()


def _lines(resource, depth):
    lines = []
    for each in resource.children():
        lines.append("%s%08x-%08x : %s" % ("  " * depth, each.start, each.end, each.name))
        lines += _lines(each, depth + 1) if depth < 8 else []
    return lines


def report():
    """The lines for `mm iomem`, as show_iomem() prints them."""
    return _lines(_root(), 0)
