# SPDX-License-Identifier: MIT
"""`mm layout`: the address map with the values of the moment; virtual as show_layout() prints it, then physical."""

from . import physmem, stages, structs, symbols
from .structs import number
from .symbols import address, constant
from .target import kernel_runs, mmu_on, register

MIB, KIB = 1 << 20, 1 << 10

SECTIONS = ((".text", "_text", "_etext"), (".init.text", "__inittext_begin", "__inittext_end"),
            (".rodata", "__start_rodata", "__end_rodata"), (".init.data", "__initdata_begin", "__initdata_end"),
            (".data", "__initdata_end", "_edata"), (".bss", "__bss_start", "__bss_stop"))


def _size(size):
    if size % MIB == 0:
        return "(%4d MB)" % (size // MIB)
    return "(%4d kB)" % ((size + KIB - 1) // KIB)


def _area(name, start, end):
    return "%10s : 0x%08x - 0x%08x   %s" % (name, start, end, _size(end - start))


def _lowmem_areas():
    """vmalloc and lowmem, whose border is found while booting."""
    high_memory = number(structs.load_variable("high_memory")) if kernel_runs() else 0
    if not high_memory:
        return ["   vmalloc : not known yet - 0x%08x" % constant("VMALLOC_END"),
                "    lowmem : 0x%08x - not known yet" % constant("PAGE_OFFSET")]
    gap = constant("VMALLOC_OFFSET")
    return [_area("vmalloc", (high_memory + gap) & ~(gap - 1), constant("VMALLOC_END")),
            _area("lowmem", constant("PAGE_OFFSET"), high_memory)]


def _virtual():
    vectors, page = constant("CONFIG_VECTORS_BASE"), 1 << constant("PAGE_SHIFT")
    devices, mpcore = constant("IO_PERIPH_BASE"), constant("IO_MPCORE_BASE")
    return (["Virtual kernel memory layout:",
             _area("vector", vectors, vectors + page),
             _area("fixmap", constant("FIXADDR_START"), constant("FIXADDR_END")),
             _area("stacks", constant("THREAD_STACKS_START"), constant("THREAD_STACKS_END")),
             _area("devices", devices, devices + constant("PERIPH_SIZE")),
             _area("mpcore", mpcore, mpcore + constant("MPCORE_SIZE"))] +
            _lowmem_areas() +
            [_area("pkmap", constant("PKMAP_BASE"), constant("PAGE_OFFSET")),
             _area("modules", constant("MODULES_VADDR"), constant("PKMAP_BASE")),
             _area("user", 0, constant("TASK_SIZE"))] +
            [_area(name, address(start), address(end)) for name, start, end in SECTIONS])


def _physical():
    lines = ["Physical memory:"]
    if not kernel_runs():
        lines.append("       RAM : 0x%08x - not known yet" % physmem.ram_start())
    else:
        lines.append(_area("RAM", physmem.ram_start(), physmem.ram_end()))
    image = physmem.virt_to_phys(address("_text"))
    lines.append(_area("image", image, image + address("_end") - address("_text")))
    table, type_ = symbols.variable("swapper_pg_dir")
    table = physmem.virt_to_phys(table)
    lines.append(_area("page table", table, table + type_.sizeof))
    if kernel_runs() and number(structs.load_variable("mem_map")):
        mem_map = physmem.virt_to_phys(number(structs.load_variable("mem_map")))
        size = number(structs.load_variable("max_mapnr")) * symbols.type_named("struct page").sizeof
        lines.append(_area("mem_map", mem_map, mem_map + size))
    return lines


def report():
    """The lines for `mm layout`."""
    mmu = "on, TTBR0 %08x" % register("TTBR0") if mmu_on() else "off: addresses are physical"
    return _virtual() + _physical() + ["The MMU is %s. Memory belongs to %s." % (mmu, stages.owner())]
