# SPDX-License-Identifier: MIT
"""`mm memblock`: the two lists of regions, as memblock_dump_all() prints them, and what is wrong with them.

The lists are arrays of counted length (mm/memblock.c, I1 to I4). Neither count nor pointer is believed: an
array that does not lie in lowmem is not read, and of a count beyond the array's length only the entries
that exist are.
"""

from . import physmem, stages, structs, symbols
from .structs import number
from .target import MmError

TOP = 0xffffffff        # no region ends above it


class Region:
    def __init__(self, value):
        self.base = number(value["base"])
        self.size = number(value["size"])
        self.flags = number(value["flags"])
        self.nid = number(value["nid"])
        self.end = self.base + self.size


class RegionList:
    """One list: `name`, `regions`, `total_size`, and `faults` in words."""

    def __init__(self, name, value):
        self.name = name
        self.faults = []
        self.cnt = number(value["cnt"])
        self.max = number(value["max"])
        self.total_size = number(value["total_size"])
        self.regions = self._read(number(value["regions"]), value["regions"].type.target())

    def _read(self, array, type_):
        count = self.cnt
        if not 1 <= self.cnt <= self.max:
            self.faults.append("%s.cnt = %d is not between 1 and max = %d (I4)" %
                               (self.name, self.cnt, self.max))
            count = min(self.cnt, self.max)
        room = (physmem.lowmem_end() - array) // type_.sizeof
        if not physmem.is_lowmem(array) or count > room:
            self.faults.append("%s.regions = 0x%08x with %d entries does not lie in lowmem" %
                               (self.name, array, count))
            return []
        return [Region(structs.load(type_, array + i * type_.sizeof)) for i in range(count)]

    def is_empty(self):
        return len(self.regions) == 1 and self.regions[0].size == 0

    def check(self, trimmed):
        """I1 and I2. `trimmed`: what total_size counts beside the regions."""
        if self.is_empty():
            return
        for i, region in enumerate(self.regions):
            where = "%s[%d] 0x%08x+0x%x" % (self.name, i, region.base, region.size)
            if region.size == 0 or region.end > TOP:
                self.faults.append("%s %s (I1)" % (where, "is empty" if region.size == 0 else "ends above 4 GiB"))
            if i and region.base < self.regions[i - 1].end:
                self.faults.append("%s begins before the region in front of it ends at 0x%08x (I1)" %
                                   (where, self.regions[i - 1].end))
        total = sum(region.size for region in self.regions) + trimmed
        if total != self.total_size:
            self.faults.append("%s.total_size = 0x%08x, but the regions have 0x%08x bytes (I2)" %
                               (self.name, self.total_size, total))

    def dump(self):
        """The lines that the kernel prints of this list."""
        nowhere = symbols.constant("MAX_NUMNODES")
        lines = [" %s.cnt  = 0x%x" % (self.name, self.cnt)]
        for i, region in enumerate(self.regions):
            node = "" if region.nid == nowhere else " on node %d" % region.nid
            lines.append(" %s[0x%x]\t[0x%08x-0x%08x], 0x%08x bytes%s flags: 0x%x" %
                         (self.name, i, region.base, region.end - 1 & TOP, region.size, node, region.flags))
        return lines

    def find(self, phys):
        """(number, region) of the region that an address is in, or None."""
        for i, region in enumerate(self.regions):
            if region.base <= phys < region.end:
                return i, region
        return None


class Memblock:
    def __init__(self):
        value = structs.load_variable("memblock")
        self.memory = RegionList("memory", value["memory"])
        self.reserved = RegionList("reserved", value["reserved"])
        self.bottom_up = bool(value["bottom_up"])
        self.current_limit = number(value["current_limit"])

    def check(self):
        """What is wrong with the lists, in words."""
        trimmed = number(structs.load_variable("memblock_trimmed"))
        self.memory.check(trimmed)
        self.reserved.check(0)
        return self.memory.faults + self.reserved.faults

    def is_mapped_memory(self, phys):
        """memblock_is_map_memory(): RAM that the kernel may use."""
        found = self.memory.find(phys)
        return bool(found) and not found[1].flags & symbols.enum_value("memblock_flags", "MEMBLOCK_NOMAP")


def _heading(memblock):
    name = stages.stage()
    if name is None:
        return ["memblock: not yet initialised: %s. Its static first state:" % stages.NOT_STARTED]
    if name != "MM_MEMBLOCK":
        return ["memblock: no longer the owner of memory, which is %s. Its last state:" % stages.owner()]
    if memblock.memory.is_empty():
        return ["memblock: not yet initialised: arm_memblock_init() has not run."]
    return ["memblock: owns memory; it allocates %s, below 0x%08x" %
            ("bottom-up" if memblock.bottom_up else "top-down", memblock.current_limit)]


def _before_the_kernel():
    """.bss holds anything yet; the counts and pointers do not lie there."""
    value = structs.load_variable("memblock")
    for name in ("memory", "reserved"):
        if number(value[name]["cnt"]) != 1:
            raise MmError("memblock.%s.cnt is %d in an image that has not run: does kernel.elf belong to it?" %
                          (name, number(value[name]["cnt"])))
    return [" %s.cnt  = 0x1, of at most %d" % (name, number(value[name]["max"])) for name in ("memory", "reserved")]


def report():
    """The lines for `mm memblock`."""
    if stages.stage() is None:
        return _heading(None) + _before_the_kernel()
    memblock = Memblock()
    faults = memblock.check()
    return (_heading(memblock) + ["MEMBLOCK configuration:"] +
            [" memory size = 0x%08x reserved size = 0x%08x" %
             (memblock.memory.total_size, memblock.reserved.total_size)] +
            memblock.memory.dump() + memblock.reserved.dump() +
            ["broken: " + fault for fault in faults])
