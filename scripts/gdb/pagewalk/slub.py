# SPDX-License-Identifier: MIT
"""Caches of objects as SLAB=slub keeps them (include/mm/slub_def.h), for slab.py.

A slab that is full is on no list: the memory map leads to it. Free objects are followed from one to the next as long as
they are objects of their slab.
"""

from . import percpu, physmem, structs, symbols
from .kmem_cache import KmemCache, nr_nodes, runs
from .structs import Chain, number

WORD = 4
NO_SLAB = 1
PAGES_AT_ONCE = 128     # struct pages


class Slab:
    """A slab, by the address of its struct page."""

    def __init__(self, cache, virt, mem_map):
        self.cache = cache
        self.virt = virt
        self.value = structs.load(symbols.type_named("struct slab"), virt)
        self.address = physmem.phys_to_virt(mem_map.pfn_of(virt) << symbols.constant("PAGE_SHIFT"))
        self.first_object = self.address + cache.int("red_left_pad")
        self.inuse = number(self.value["state"]["inuse"])
        self.frozen = number(self.value["state"]["frozen"])
        self.isolated = number(self.value["state"]["isolated"])

    def follow(self, freelist):
        """([numbers of the objects of a freelist of this slab], what is wrong with it or None)"""
        num, size, offset = (self.cache.int(field) for field in ("num", "size", "offset"))
        found = []
        while freelist:
            index, rest = divmod(freelist - self.first_object, size)
            if rest or not 0 <= index < num:
                return found, "slab %08x: its freelist leads to 0x%08x" % (self.address, freelist)
            if index in found:
                return found, "slab %08x: its freelist leads back to object %d" % (self.address, index)
            found.append(index)
            freelist = physmem.read_word(physmem.virt_to_phys(freelist + offset, WORD))
        return found, None

    def free(self):
        """The numbers of its free objects, but those that a CPU has."""
        found, fault = self.follow(number(self.value["state"]["freelist"]))
        if fault:
            self.cache.faults.append(fault)
        return sorted(found)


class Cache(KmemCache):
    """A cache of SLAB=slub."""

    def _nodes(self):
        array = self.virt + structs.offset_of(self.type, "node")
        type_ = symbols.type_named("struct kmem_cache_node")
        nodes = []
        for nid in range(nr_nodes()):
            virt = physmem.read_word(physmem.virt_to_phys(array + nid * WORD, WORD))
            if physmem.is_lowmem(virt, type_.sizeof):
                nodes.append((nid, virt, structs.load(type_, virt)))
            else:
                self.faults.append("node %d is at 0x%08x" % (nid, virt))
        return nodes

    def _partial(self, nid, node_virt, mem_map):
        """The slabs of a node's list."""
        offset = structs.offset_of(symbols.type_named("struct slab"), "list")
        head = node_virt + structs.offset_of(symbols.type_named("struct kmem_cache_node"), "partial")
        chain = Chain(head, lambda node: None if mem_map.is_page(node - offset) else "is no slab's list",
                      lambda node: "pfn 0x%05x" % mem_map.pfn_of(node - offset))
        slabs = [Slab(self, node - offset, mem_map) for node in chain]
        self.faults += ["node %d, partial: %s" % (nid, fault) for fault in chain.faults]
        return slabs

    def _cpus(self):
        """[(CPU, its struct kmem_cache_cpu), ...]"""
        type_ = symbols.type_named("struct kmem_cache_cpu")
        return [(cpu, structs.load(type_, percpu.copy_of(self.int("cpu_slab"), cpu)))
                for cpu in percpu.online_cpus()]

    def _all_slabs(self, mem_map):
        """Along the memory map, which is read piece by piece; free blocks are stepped over."""
        size, order = mem_map.type.sizeof, self.int("gfporder")
        at_cache = structs.offset_of(mem_map.type, "slab_cache")
        end = min(mem_map.count, physmem.lowmem_end() - symbols.constant("PAGE_OFFSET") >> symbols.constant("PAGE_SHIFT"))
        slabs, entry = [], 0
        while entry < end:
            virt = mem_map.base + entry * size
            page = mem_map.page(mem_map.pfn_of(virt))
            if page.is_buddy():
                entry += 1 << min(page.private, 31)
                continue
            count = min(PAGES_AT_ONCE - entry % PAGES_AT_ONCE, end - entry)
            raw = physmem.read(physmem.virt_to_phys(virt, count * size), count * size)
            for i in range(count):
                cache = int.from_bytes(raw[i * size + at_cache:i * size + at_cache + WORD], "little")
                if cache == self.virt and not mem_map.pfn_of(virt + i * size) % (1 << order):
                    if mem_map.page(mem_map.pfn_of(virt + i * size)).has("PG_slab"):
                        slabs.append(Slab(self, virt + i * size, mem_map))
            entry += count
        return slabs

    def slabinfo_line(self, mem_map):
        """As show_slabinfo_line() has it."""
        num, num_slabs, nr_free = self.int("num"), 0, 0
        for nid, virt, node in self._nodes():
            num_slabs += number(node["nr_slabs"]["counter"])
            nr_free += sum(num - slab.inuse for slab in self._partial(nid, virt, mem_map))
        return ("%-17s %6d %6d %6d %4d %4d : tunables %4d %4d %4d : slabdata %6d %6d %6d" %
                (self.name, num_slabs * num - nr_free, num_slabs * num, self.int("size"), num,
                 1 << self.int("gfporder"), 0, 0, 0, num_slabs, num_slabs, 0))

    def _slab_line(self, which, slab):
        free = slab.free()
        self.count_fault(slab, len(free))
        return "  %-8s slab %08x  %d in use, free: %s" % (which, slab.address, slab.inuse, runs(free))

    def _cpu_lines(self, cpu, c, by_address):
        """What a CPU has; the slabs are taken out of by_address."""
        lines, virt = [], number(c["page"])
        for which, freelist, base in (("freelist", c["freelist"], c["base"]),
                                      ("freed", c["freed"]["list"]["freelist"], c["freed"]["list"]["base"])):
            slab = by_address.get(number(base))
            if slab is None:
                if number(base) != NO_SLAB:
                    self.faults.append("CPU %d, %s: 0x%08x is no slab" % (cpu, which, number(base)))
                continue
            found, fault = slab.follow(number(freelist))
            self.faults += [fault] if fault else []
            lines.append("CPU %d: %s of slab %08x: %s" % (cpu, which, slab.address, runs(sorted(found))))
        virt, seen = number(c["partial"]), 0
        known = {slab.virt: slab for slab in by_address.values()}
        while virt in known and seen < len(known):
            lines.append("CPU %d: slab %08x for later" % (cpu, known[virt].address))
            virt, seen = number(known[virt].value["next"]), seen + 1
        if virt:
            self.faults.append("CPU %d: slabs for later lead to 0x%08x" % (cpu, virt))
        return lines

    def slabs_lines(self, mem_map):
        """Each slab, and what CPUs have."""
        lines = ["%s: objects of %d bytes, %d apart, %d in a slab of %d pages, %d names" %
                 (self.name, self.int("object_size"), self.int("size"), self.int("num"),
                  1 << self.int("gfporder"), self.int("refcount"))]
        others = {slab.address: slab for slab in self._all_slabs(mem_map)}
        by_address = dict(others)
        for nid, virt, node in self._nodes():
            lines.append("node %d: %d slabs, %d partial, of which up to %d may be empty" %
                         (nid, number(node["nr_slabs"]["counter"]), number(node["nr_partial"]), self.int("min_partial")))
            for slab in self._partial(nid, virt, mem_map):
                lines.append(self._slab_line("partial", slab))
                others.pop(slab.address, None)
        for slab in others.values():
            lines.append(self._slab_line("isolated" if slab.isolated else "of a CPU" if slab.frozen else "full", slab))
        for cpu, c in self._cpus():
            lines += self._cpu_lines(cpu, c, by_address)
        return lines

    def slab_of_pfn(self, pfn, mem_map):
        return Slab(self, mem_map.virt_of(pfn & ~((1 << self.int("gfporder")) - 1)), mem_map)

    def state(self, slab, index, _):
        """Of an object, in words."""
        if slab.isolated:
            return "in use, or lost: the slab is isolated"
        if index in slab.free():
            return "free"
        for cpu, c in self._cpus():
            if number(c["base"]) == slab.address and index in slab.follow(number(c["freelist"]))[0]:
                return "free, on the freelist of CPU %d" % cpu
            freed = c["freed"]["list"]
            if number(freed["base"]) == slab.address and index in slab.follow(number(freed["freelist"]))[0]:
                return "free, and CPU %d was the last to free it" % cpu
        return "in use"
