# SPDX-License-Identifier: MIT
"""`mm slab`, `mm slabs CACHE`, `mm obj ADDR`: caches of objects. SLAB=slab's (include/mm/slab_def.h) are read here,
those of other allocators in a module of their own.

`mm slab` has the format of show_slabinfo(). Lists are followed as far as they make sense; where one is damaged, or
numbers do not agree, a line that begins with "broken:" says so.
"""

from . import memmap, percpu, physmem, slob, slub, structs, symbols
from .command import evaluate
from .kmem_cache import KmemCache, nr_nodes, runs
from .structs import Chain, number
from .target import MmError

HEADER = ("# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
          " : tunables <limit> <batchcount> <sharedfactor>"
          " : slabdata <active_slabs> <num_slabs> <sharedavail>")
LISTS = ("full", "partial", "free")
ENTRIES_MAX = 1 << 16   # no array is so long
WORD = 4


class Array:
    """A struct array_cache: the addresses of its objects."""

    def __init__(self, value):
        entry, top = number(value["entry"]), number(value["top"])
        self.avail = (top - entry) // WORD
        self.objects = []
        self.fault = None
        bytes_ = self.avail * WORD
        if top < entry or self.avail > ENTRIES_MAX or not physmem.is_lowmem(entry, bytes_ + WORD):
            self.fault = "an array from 0x%08x to 0x%08x" % (entry, top)
            self.avail = 0
        elif self.avail:
            raw = physmem.read(physmem.virt_to_phys(entry + WORD, bytes_), bytes_)
            self.objects = [int.from_bytes(raw[i:i + WORD], "little") for i in range(0, bytes_, WORD)]


class Slab:
    """A slab, by the address of its struct page."""

    def __init__(self, cache, virt, mem_map):
        self.cache = cache
        self.virt = virt
        self.value = structs.load(symbols.type_named("struct slab"), virt)
        self.address = physmem.phys_to_virt(mem_map.pfn_of(virt) << symbols.constant("PAGE_SHIFT"))
        self.first_object = number(self.value["s_mem"])
        self.inuse = number(self.value["inuse"])
        self.colour = (self.first_object - self.address - cache.int("red_left_pad")) // max(cache.int("colour_off"), 1)

    def free(self):
        """The numbers of its free objects."""
        num = self.cache.int("num")
        words = [number(self.value["bits"])]
        if self.cache.int("bufctl_place") != symbols.enum_value("bufctl_place", "BUFCTL_PAGE"):
            at, size = number(self.value["bufctl"]), (num + 31) // 32 * WORD
            if not physmem.is_lowmem(at, size):
                return []
            raw = physmem.read(physmem.virt_to_phys(at, size), size)
            words = [int.from_bytes(raw[i:i + WORD], "little") for i in range(0, size, WORD)]
        return [i for i in range(num) if words[i // 32] >> i % 32 & 1]


class Cache(KmemCache):
    """A cache of SLAB=slab."""

    def _node_virt(self, nid):
        return self.virt + self.type.sizeof + nid * symbols.type_named("struct kmem_cache_node").sizeof

    def nodes(self):
        type_ = symbols.type_named("struct kmem_cache_node")
        return [(nid, structs.load(type_, self._node_virt(nid))) for nid in range(nr_nodes())]

    def slabs(self, nid, which, mem_map):
        """The slabs of one list of a node."""
        offset = structs.offset_of(symbols.type_named("struct slab"), "list")
        head = self._node_virt(nid) + structs.offset_of(symbols.type_named("struct kmem_cache_node"),
                                                        "slabs_" + which)
        chain = Chain(head, lambda node: None if mem_map.is_page(node - offset) else "is no slab's list",
                      lambda node: "pfn 0x%05x" % mem_map.pfn_of(node - offset))
        slabs = [Slab(self, node - offset, mem_map) for node in chain]
        self.faults += ["node %d, %s: %s" % (nid, which, fault) for fault in chain.faults]
        return slabs

    def cpu_arrays(self):
        """[(CPU, Array), ...] of those that run."""
        type_ = symbols.type_named("struct array_cache")
        return [(cpu, Array(structs.load(type_, percpu.copy_of(self.int("cpu_cache"), cpu))))
                for cpu in percpu.online_cpus()]

    def node_arrays(self):
        """[(description, Array), ...] of the shared and the alien ones."""
        arrays = []
        type_ = symbols.type_named("struct locked_array")
        for nid, node in self.nodes():
            places = [("the shared array of node %d" % nid, number(node["shared"]))]
            places += [("node %d's array for objects of node %d" % (nid, to), number(node["alien"][to]))
                       for to in range(nr_nodes())]
            arrays += [(name, Array(structs.load(type_, virt)["ac"])) for name, virt in places
                       if virt and physmem.is_lowmem(virt, type_.sizeof)]
        return arrays

    def slabinfo_line(self, mem_map):
        """As show_slabinfo_line() has it."""
        num, num_slabs, free_objects, free_slabs, shared = self.int("num"), 0, 0, 0, 0
        for nid, node in self.nodes():
            num_slabs += number(node["nr_slabs"])
            free_objects += number(node["free_objects"])
            free_slabs += len(self.slabs(nid, "free", mem_map))
        for name, array in self.node_arrays():
            shared += array.avail if name.startswith("the shared") else 0
        return ("%-17s %6d %6d %6d %4d %4d : tunables %4d %4d %4d : slabdata %6d %6d %6d" %
                (self.name, num_slabs * num - free_objects, num_slabs * num, self.int("size"), num,
                 1 << self.int("gfporder"), self.int("limit"), self.int("batchcount"), self.int("shared"),
                 num_slabs - free_slabs, num_slabs, shared))

    def _slab_lines(self, nid, which, mem_map):
        lines = []
        for slab in self.slabs(nid, which, mem_map):
            free = slab.free()
            lines.append("  %-8s slab %08x  colour %d  %d in use, free: %s" %
                         (which, slab.address, slab.colour, slab.inuse, runs(free)))
            self.count_fault(slab, len(free))
        return lines

    def slabs_lines(self, mem_map):
        """Each slab, and what was put aside."""
        lines = ["%s: objects of %d bytes, %d apart, %d in a slab of %d pages, %d colours" %
                 (self.name, self.int("object_size"), self.int("size"), self.int("num"),
                  1 << self.int("gfporder"), self.int("colour"))]
        for nid, node in self.nodes():
            lines.append("node %d: %d slabs, %d free objects of up to %d that are kept" %
                         (nid, number(node["nr_slabs"]), number(node["free_objects"]), number(node["free_limit"])))
            for which in LISTS:
                lines += self._slab_lines(nid, which, mem_map)
        arrays = [("CPU %d" % cpu, array) for cpu, array in self.cpu_arrays()] + self.node_arrays()
        self.faults += [array.fault for _, array in arrays if array.fault]
        return lines + ["%s: %d objects" % (where, array.avail) for where, array in arrays]

    def slab_of_pfn(self, pfn, mem_map):
        return Slab(self, mem_map.virt_of(pfn & ~((1 << self.int("gfporder")) - 1)), mem_map)

    def state(self, slab, index, objp):
        """Of an object, in words."""
        if index in slab.free():
            return "free"
        for cpu, array in self.cpu_arrays():
            if objp in array.objects:
                return "free, in the array of CPU %d" % cpu
        for where, array in self.node_arrays():
            if objp in array.objects:
                return "free, in " + where
        return "in use"


def _cache(virt):
    """As the allocator that was built in has it."""
    if symbols.exists("slob_lock"):
        return slob.Cache(virt)
    return slub.Cache(virt) if symbols.exists("kmem_cache_node") else Cache(virt)


def caches():
    """(all caches, oldest first; faults of the list)"""
    if not symbols.exists("slab_caches"):
        raise MmError("this kernel has no caches of objects")
    head = symbols.variable("slab_caches")[0]
    type_ = symbols.type_named("struct kmem_cache")
    offset = structs.offset_of(type_, "list")
    if not number(structs.load_variable("slab_caches")["next"]):
        return [], []
    chain = Chain(head, lambda node: None if physmem.is_lowmem(node - offset, type_.sizeof) else "is no cache",
                  lambda node: "the cache at 0x%08x" % (node - offset))
    found = [_cache(node - offset) for node in chain]
    return found, chain.faults


def _broken(faults):
    return ["broken: " + fault for fault in faults]


def report_caches():
    """The lines for `mm slab`."""
    mem_map = memmap.MemMap()
    found, faults = caches()
    if not found:
        raise MmError("there are no caches yet: kmem_cache_init() makes the first")
    lines = ["slabinfo - version: 2.1", HEADER]
    lines += [cache.slabinfo_line(mem_map) for cache in reversed(found)]
    return lines + _broken(faults + ["%s: %s" % (cache.name, fault) for cache in found for fault in cache.faults])


def _find(name):
    for cache in caches()[0]:
        if cache.name == name:
            return cache
    raise MmError("there is no cache `%s`; `mm slab` lists those that exist" % name)


def report_slabs(name):
    """The lines for `mm slabs CACHE`."""
    cache = _find(name)
    lines = cache.slabs_lines(memmap.MemMap())
    return lines + _broken(cache.faults)


def _track_lines(cache, objp):
    if not cache.int("flags") & symbols.constant("SLAB_STORE_USER"):
        return []
    type_ = symbols.type_named("struct track")
    tracks = objp + cache.int("track_offset") + symbols.type_named("struct object_record").sizeof
    lines = []
    for i, did in enumerate(("allocated", "freed")):
        track = structs.load(type_, tracks + i * type_.sizeof)
        caller = number(track["caller"])
        if caller:
            lines.append("%s by 0x%08x %s on CPU %d" % (did, caller, symbols.describe(caller),
                                                         number(track["cpu"])))
    return lines


def report_object(expression):
    """The lines for `mm obj ADDR`."""
    addr = evaluate(expression)
    if not physmem.is_lowmem(addr):
        raise MmError("0x%08x is not an address of lowmem, where objects are" % addr)
    mem_map = memmap.MemMap()
    pfn = physmem.virt_to_phys(addr) >> symbols.constant("PAGE_SHIFT")
    if not mem_map.has(pfn) or not mem_map.page(pfn).has("PG_slab"):
        raise MmError("0x%08x lies in no slab" % addr)
    if symbols.exists("slob_lock") and not mem_map.page(pfn).private:
        return slob.shared_object_lines(addr, pfn, mem_map)
    known = {cache.virt: cache for cache in caches()[0]}
    cache = known.get(mem_map.page(pfn).private)
    if cache is None:
        return ["broken: the page of 0x%08x is of a cache at 0x%08x, which does not exist" %
                (addr, mem_map.page(pfn).private)]
    slab = cache.slab_of_pfn(pfn, mem_map)
    index, offset = divmod(addr - slab.first_object, cache.int("size"))
    lines = ["cache %s, slab %08x, %d of %d objects in use" %
             (cache.name, slab.address, slab.inuse, cache.int("num"))]
    if not 0 <= index < cache.int("num"):
        return lines + ["0x%08x lies in no object of it" % addr]
    objp = addr - offset
    lines.append("object %d at 0x%08x, offset %d%s: %s" %
                 (index, objp, offset, "" if offset < cache.int("object_size") else " (behind its end)",
                  cache.state(slab, index, objp)))
    return lines + _track_lines(cache, objp)


def whatis_lines(addr, pfn, mem_map):
    """As say_object() of mm/whatis.c: which object of a slab page an address is in."""
    cache = {each.virt: each for each in caches()[0]}.get(mem_map.page(pfn).private)
    if cache is None:
        return ["  in a page that caches of objects share"]
    slab = cache.slab_of_pfn(pfn, mem_map)
    index, offset = divmod(addr - slab.first_object, cache.int("size"))
    if not 0 <= index < cache.int("num"):
        return ["  in a slab of cache %s, in no object of it" % cache.name]
    objp = addr - offset
    free = cache.state(slab, index, objp).startswith("free")
    return ["  object 0x%08x of cache %s, offset %d of %d: %s" %
            (objp, cache.name, offset, cache.int("object_size"), "free" if free else "in use")]
