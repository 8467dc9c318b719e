# SPDX-License-Identifier: MIT
"""`mm whatis ADDR`: which region of the address map an address is in, and whose it is there; where it leads; and what is
known of that. The lines of show_whatis() (arch/arm/mm/whatis.c, mm/whatis.c), with those of variables besides.
"""

from . import descriptors as hw
from . import kallsyms, memblock, memmap, page, physmem, pt, resources, slab, stages, structs, symbols, threads, vmalloc
from . import zones
from .structs import Chain, number
from .symbols import address, constant
from .target import MmError, WORD_MASK, kernel_runs, mmu_on

WORD = 4


# --- Stacks ---

def _bit(name, bit):
    """Of an array of words."""
    words = structs.load_variable(name)
    return number(words[bit // 32]) >> bit % 32 & 1


def _slot_number(slot):
    return (slot - constant("THREAD_STACKS_START")) // (2 * constant("THREAD_SIZE"))


def _in_stack_area(addr):
    return constant("THREAD_STACKS_START") <= addr < constant("THREAD_STACKS_END")


def _stack_slot(addr):
    """The 16 KiB that have a stack, if the address is in such; or None."""
    slot = addr & ~(2 * constant("THREAD_SIZE") - 1)
    if slot == address("boot_stack"):
        return slot
    return slot if _in_stack_area(slot) and _bit("slots_in_use", _slot_number(slot)) else None


def _owner_of_stack(stack):
    for task in threads.all_tasks():
        if number(task["stack"]) == stack:
            return "%s, pid %d" % (threads.name_of(task), int(task["pid"]))
    return "nobody, pid 0"


def _stack(addr, slot):
    size = constant("THREAD_SIZE")
    owner = _owner_of_stack(slot + size)
    if addr >= slot + size:
        return "stack of %s, offset 0x%x of 0x%x" % (owner, addr - slot - size, size)
    if addr >= slot + size // 2:
        return "guard page of the stack of " + owner
    if slot == address("boot_stack") or _bit("slots_of_cpus", _slot_number(slot)):
        return "overflow stack of " + owner
    return "page below the guard page of %s, never mapped" % owner


# --- The image and lowmem ---

def _within(addr, start, end):
    return address(start) <= addr < address(end)


def _text(addr):
    init = _within(addr, "__inittext_begin", "__inittext_end")
    name = kallsyms.lookup(addr)
    if name:
        return "%s: %s" % ("init text, given back, once" if init else "kernel text", name)
    return "init text, given back" if init else "kernel text"


def _image(addr):
    if _within(addr, "_stext", "_etext"):
        return _text(addr)
    if _within(addr, "__start_rodata", "__end_rodata"):
        return "kernel constants (rodata)"
    if _within(addr, "__initdata_begin", "__initdata_end"):
        return "init data, given back"
    return "kernel data (bss)" if _within(addr, "__bss_start", "__bss_stop") else "kernel data"


def _lowmem(addr):
    slot = _stack_slot(addr)
    table, type_ = symbols.variable("swapper_pg_dir")
    if slot is not None:
        return _stack(addr, slot)
    if table <= addr < table + type_.sizeof:
        base = (addr - table) // WORD << hw.SECTION_SHIFT
        return "swapper_pg_dir, the entry for 0x%08x-0x%08x" % (base, base + (1 << hw.SECTION_SHIFT) - 1)
    return _image(addr) if _within(addr, "_text", "_end") else "lowmem"


# --- Elsewhere ---

def _static_window(addr):
    """(first, last address) of the window of iotable_init() that an address is in, or None."""
    type_ = symbols.type_named("struct static_vm")
    chain = Chain(symbols.variable("static_vmlist")[0],
                  lambda node: None if physmem.is_lowmem(node, type_.sizeof) else "is no window",
                  lambda node: "the window at 0x%08x" % node)
    offset = structs.offset_of(type_, "list")
    for node in chain:
        window = structs.load(type_, node - offset)
        start, size = number(window["addr"]), number(window["size"])
        if start <= addr < start + size:
            return start, start + size - 1
    return None


def _vmap_area(addr):
    """The busy struct vmap_area that an address is in, or None."""
    for area in vmalloc.Tree("vmap_area_root"):
        if number(area["va_start"]) <= addr < number(area["va_end"]):
            return area
    return None


def _kind(flags):
    for name, words in (("VM_ALLOC", "vmalloc area"), ("VM_MAP", "vmap area"), ("VM_IOREMAP", "ioremap area")):
        if flags & constant(name):
            return words
    return "vm_area"


def _place(addr, area):
    """As say_place() of mm/vmalloc_report.c."""
    start, end = number(area["va_start"]), number(area["va_end"])
    if not number(area["vm"]):
        return "vm_map_ram() area 0x%08x-0x%08x, offset 0x%x" % (start, end - 1, addr - start)
    vm = structs.load(symbols.type_named("struct vm_struct"), number(area["vm"]))
    flags, caller = number(vm["flags"]), number(vm["caller"])
    end = start + number(vm["size"]) - (0 if flags & constant("VM_NO_GUARD") else 1 << constant("PAGE_SHIFT"))
    owner = kallsyms.lookup(caller) or "0x%x" % caller
    if addr >= end:
        return "guard page of %s 0x%08x-0x%08x, of %s" % (_kind(flags), start, end - 1, owner)
    return "%s 0x%08x-0x%08x, offset 0x%x, of %s" % (_kind(flags), start, end - 1, addr - start, owner)


def _vmalloc(addr):
    window = _static_window(addr)
    if window:
        return "device window 0x%08x-0x%08x, mapped for good" % window
    area = _vmap_area(addr)
    return _place(addr, area) if area is not None else "vmalloc area, nobody's"


def _fixmap_slot_name(slot):
    """As fixmap_slot_name()."""
    def named(name):
        return symbols.enum_value("fixed_addresses", name)
    if slot <= named("FIX_KMAP_END"):
        per_cpu = constant("KM_MAX_IDX")
        return "kmap_local %d of CPU %d" % (slot % per_cpu // constant("KM_INCR"), slot // per_cpu)
    if slot <= named("FIX_TEXT_POKE1"):
        return "text poke %d" % (slot - named("FIX_TEXT_POKE0"))
    page = named("FIX_BTMAP_BEGIN") - slot
    return "early_ioremap %d, page %d" % divmod(page, constant("NR_FIX_BTMAPS"))


def _fixmap(addr):
    shift = constant("PAGE_SHIFT")
    slot = (constant("FIXADDR_TOP") & WORD_MASK) - (addr >> shift << shift) >> shift
    if slot >= symbols.enum_value("fixed_addresses", "__end_of_fixed_addresses"):
        return "fixmap area, no slot"
    return "fixmap slot %d, %s" % (slot, _fixmap_slot_name(slot))


def _pkmap(addr):
    slot = addr - constant("PKMAP_BASE") >> constant("PAGE_SHIFT")
    books = number(structs.load_variable("pkmap"))
    if books:
        users = memmap.signed(number(structs.load(symbols.type_named("struct pkmap"), books)["count"][slot]["counter"])) - 1
        if users >= 0:
            return "kmap slot %d, %d users" % (slot, users)
    return "kmap slot %d, nobody's" % slot


def _above_vmalloc(addr):
    slot = _stack_slot(addr)
    vectors = constant("CONFIG_VECTORS_BASE")
    if slot is not None:
        return _stack(addr, slot)
    if _in_stack_area(addr):
        return "area of stacks, nobody's"
    if constant("FIXADDR_START") <= addr < constant("FIXADDR_END"):
        return _fixmap(addr)
    if vectors <= addr < vectors + (1 << constant("PAGE_SHIFT")):
        return "exception vectors, offset 0x%x" % (addr - vectors)
    return "gap that is never mapped"


def _below_lowmem(addr):
    if addr < 1 << constant("PAGE_SHIFT"):
        return "NULL page, never mapped"
    if addr < constant("TASK_SIZE"):
        return "user space"
    if addr < constant("MODULES_VADDR"):
        return "gap above user space"
    return "modules area" if addr < constant("PKMAP_BASE") else _pkmap(addr)


def _region(addr):
    gap = constant("VMALLOC_OFFSET")
    if addr < constant("PAGE_OFFSET"):
        return _below_lowmem(addr)
    if physmem.is_lowmem(addr):
        return _lowmem(addr)
    if addr < (physmem.lowmem_end() + gap) & ~(gap - 1):
        return "gap between lowmem and the vmalloc area"
    return _vmalloc(addr) if addr < constant("VMALLOC_END") else _above_vmalloc(addr)


# --- Where it leads ---

def _physical(how, phys):
    found = resources.at(phys)
    return "  %s 0x%08x: %s" % (how, phys, "%s+0x%x" % (found.name, phys - found.start) if found else "nobody's")


def _page_tables(pfn):
    """What 2 MiB of the kernel's a page is the page table of."""
    table, type_ = symbols.variable("swapper_pg_dir")
    raw = physmem.read(physmem.virt_to_phys(table, type_.sizeof), type_.sizeof)
    wanted = (pfn << constant("PAGE_SHIFT")) + constant("PTE_HWTABLE_OFF")
    lines = []
    for at in range(0, type_.sizeof, 2 * WORD):
        entry = int.from_bytes(raw[at:at + WORD], "little")
        if entry & hw.TYPE_MASK == hw.L1_TABLE and entry & hw.TABLE_BASE_MASK == wanted:
            base = at // WORD << hw.SECTION_SHIFT
            lines.append("  page table of 0x%08x-0x%08x" % (base, base + (2 << hw.SECTION_SHIFT) - 1))
    return lines


def _page(phys):
    pfn = phys >> constant("PAGE_SHIFT")
    if stages.stage() is None or not number(structs.load_variable("mem_map")):
        return []
    mem_map, regions = memmap.MemMap(), memblock.Memblock()
    if not mem_map.has(pfn) or not regions.is_mapped_memory(phys):
        return []
    frame = mem_map.page(pfn)
    zone = zones.zone_of(frame.node_number(), frame.zone_number())
    lines = ["  page 0x%05x, zone %s: %s" % (pfn, zone.name, page.state(frame, zone, mem_map, regions))]
    virt = physmem.phys_to_virt(phys)
    if frame.has("PG_slab") and physmem.is_lowmem(virt):
        lines += slab.whatis_lines(virt, pfn, mem_map)
    return lines + _page_tables(pfn)


def report(addr):
    """The lines for `mm whatis ADDR`."""
    if not kernel_runs() or not mmu_on():
        raise MmError("the kernel does not run yet: every address is physical")
    lines = ["0x%08x: %s" % (addr, _region(addr))]
    symbol = symbols.describe(addr)
    if symbol:
        lines.append("  symbol " + symbol)
    phys = pt.Walk(addr, pt.Controls()).phys
    if phys is not None:
        return lines + [_physical("physical", phys)] + _page(phys)
    lines.append("  not mapped")
    return lines + ([_physical("as a physical address,", addr)] if resources.at(addr) else [])
