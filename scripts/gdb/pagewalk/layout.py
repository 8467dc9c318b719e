# SPDX-License-Identifier: MIT
"""`mm layout`: the address map with the values of the moment; virtual as show_layout() prints it, then physical."""

from . import memmap, physmem, stages, structs, symbols
from .structs import number
from .symbols import address, constant
from .target import kernel_runs, mmu_on, register

MIB, KIB = 1 << 20, 1 << 10

SECTIONS = ((".text", "_text", "__inittext_begin"), (".init", "__inittext_begin", "__inittext_end"),
            (".rodata", "__start_rodata", "__end_rodata"), (".init", "__initdata_begin", "__initdata_end"),
            (".data", "__initdata_end", "_edata"), (".bss", "__bss_start", "__bss_stop"))

# Name, virtual address, bytes, physical address.
WINDOWS = (("board", "IO_PERIPH_BASE", "PERIPH_SIZE", "PERIPH_PHYS"),
           ("mpcore", "IO_MPCORE_BASE", "MPCORE_SIZE", "MPCORE_PHYS"))


def _area(name, start, end):
    size = end - start
    unit, name_of_unit = (MIB, "MiB") if size >= MIB and size % MIB == 0 else (KIB, "KiB")
    return "    %-8s: 0x%08x - 0x%08x   (%6d %s)" % (name, start, end, size // unit, name_of_unit)


def _lowmem_areas():
    """vmalloc and lowmem, whose border is found while booting."""
    high_memory = number(structs.load_variable("high_memory")) if kernel_runs() else 0
    if not high_memory:
        return ["    vmalloc : not known yet - 0x%08x" % constant("VMALLOC_END"),
                "    lowmem  : 0x%08x - not known yet" % constant("PAGE_OFFSET")]
    gap = constant("VMALLOC_OFFSET")
    return [_area("vmalloc", (high_memory + gap) & ~(gap - 1), constant("VMALLOC_END")),
            _area("lowmem", constant("PAGE_OFFSET"), high_memory)]


def _virtual():
    vectors, page = constant("CONFIG_VECTORS_BASE"), 1 << constant("PAGE_SHIFT")
    return (["Virtual kernel memory layout:",
             _area("vector", vectors, vectors + page),
             _area("fixmap", constant("FIXADDR_START"), constant("FIXADDR_END")),
             _area("stacks", constant("THREAD_STACKS_START"), constant("THREAD_STACKS_END"))] +
            _lowmem_areas() +
            [_area("pkmap", constant("PKMAP_BASE"), constant("PAGE_OFFSET")),
             _area("modules", constant("MODULES_VADDR"), constant("PKMAP_BASE"))] +
            ([_area("kasan", constant("KASAN_SHADOW_START"), constant("KASAN_SHADOW_END"))]
             if symbols.has_constant("KASAN_SHADOW_START") else []) +
            [_area(name, address(start), address(end)) for name, start, end in SECTIONS])


def _devices():
    """The windows that are mapped for good, which lie in the vmalloc area."""
    return (["Device registers, in the vmalloc area:"] +
            ["%s   from physical 0x%08x" %
             (_area(name, constant(base), constant(base) + constant(size)), constant(phys))
             for name, base, size, phys in WINDOWS])


def _physical():
    lines = ["Physical memory:"]
    if not kernel_runs():
        lines.append("    RAM     : 0x%08x - not known yet" % physmem.ram_start())
    else:
        lines.append(_area("RAM", physmem.ram_start(), physmem.ram_end()))
    table, type_ = symbols.variable("swapper_pg_dir")
    table = physmem.virt_to_phys(table)
    lines.append(_area("pgd", table, table + type_.sizeof))
    image = physmem.virt_to_phys(address("_text"))
    lines.append(_area("image", image, image + address("_end") - address("_text")))
    if kernel_runs() and number(structs.load_variable("mem_map")):
        mem_map = memmap.MemMap()
        start = physmem.virt_to_phys(mem_map.base)
        lines.append(_area("mem_map", start, start + mem_map.count * mem_map.type.sizeof))
    return lines


def report():
    """The lines for `mm layout`."""
    mmu = "on, TTBR0 %08x" % register("TTBR0") if mmu_on() else "off: addresses are physical"
    return _virtual() + _devices() + _physical() + [
        "The MMU is %s. Memory belongs to %s." % (mmu, stages.owner())]
