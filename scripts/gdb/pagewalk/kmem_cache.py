# SPDX-License-Identifier: MIT
"""What caches of objects have in common, whichever allocator was built in: see slab.py and slub.py."""

from . import structs, symbols
from .structs import number


class KmemCache:
    """A struct kmem_cache, by its address."""

    def __init__(self, virt):
        self.virt = virt
        self.type = symbols.type_named("struct kmem_cache")
        self.value = structs.load(self.type, virt)
        self.name = structs.string_at(number(self.value["name"]))
        self.faults = []

    def int(self, field):
        return number(self.value[field])

    def count_fault(self, slab, nr_free):
        """In use and free, are these all objects of a slab?"""
        if slab.inuse + nr_free != self.int("num"):
            self.faults.append("slab %08x: %d in use and %d free are not %d" %
                               (slab.address, slab.inuse, nr_free, self.int("num")))


def nr_nodes():
    return number(structs.load_variable("nr_online_nodes"))


def runs(numbers):
    """[0, 1, 2, 5] as "0-2 5"."""
    found = []
    for n in numbers:
        if found and found[-1][1] == n - 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return " ".join("%d" % a if a == b else "%d-%d" % (a, b) for a, b in found) or "none"
