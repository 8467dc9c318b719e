# SPDX-License-Identifier: MIT
"""What kernel.elf knows of itself: addresses, types, and the constants of its headers.

Constants are macros. The compiler writes them into the debug information (-g3), and gdb expands a macro
by the place in the source where the debugger stands. A stop in assembly code is no such place, so all of
them are evaluated once, when kernel.elf is loaded, from functions whose files include what is needed.
"""

import re

import gdb

from .target import MmError, WORD_MASK

# A function that sees the constants, and their names. In a file that is built for size gdb finds few of them.
MACRO_HOMES = (
    ("show_buddyinfo", (
        "PAGE_SHIFT", "PAGE_OFFSET", "PHYS_OFFSET", "PHYS_LIMIT", "TASK_SIZE", "MODULES_VADDR", "PKMAP_BASE",
        "VMALLOC_END", "VMALLOC_OFFSET", "KASAN_SHADOW_START", "KASAN_SHADOW_END", "THREAD_STACKS_START", "THREAD_STACKS_END", "FIXADDR_START", "FIXADDR_END", "CONFIG_VECTORS_BASE",
        "MAX_NUMNODES", "PAGE_BUDDY_MAPCOUNT_VALUE", "ARCH_PFN_OFFSET", "pageblock_order", "MIGRATE_PCPTYPES")),
    ("setup_per_cpu_pageset", ("NODES_PGSHIFT", "NODES_MASK", "ZONES_PGSHIFT", "ZONES_MASK")),
    ("__kmalloc", ("SLAB_STORE_USER",)),
    ("vmalloc", ("VM_IOREMAP", "VM_ALLOC", "VM_MAP", "VM_USERMAP", "VM_NO_GUARD")),
    ("vexpress_map_io", (
        "IO_PERIPH_BASE", "PERIPH_SIZE", "PERIPH_PHYS", "IO_MPCORE_BASE", "MPCORE_SIZE", "MPCORE_PHYS")),
    ("__kmap_local_pfn", ("FIXADDR_TOP", "KM_MAX_IDX", "KM_INCR")),
    ("early_ioremap", ("NR_FIX_BTMAPS",)),
    ("schedule", ("THREAD_SIZE", "TASK_INTERRUPTIBLE", "TASK_UNINTERRUPTIBLE")),
    ("set_pte_ext", ("PTE_HWTABLE_OFF", "L_PTE_MT_MASK", "L_PTE_MT_SHIFT")),
    # Enough to read memory, from a file that every kernel has.
    ("setup_arch", ("PAGE_SHIFT", "PAGE_OFFSET", "PHYS_OFFSET", "PHYS_LIMIT")),
)
LINUX_PTE_HOME = "set_pte_ext"
FIRST_FUNCTION = "start_kernel"
LINUX_PTE_BIT = re.compile(r"^#define L_PTE_((?!MT_|VALID)\w+) ", re.M)

_constants = {}
_linux_pte_bits = []


def _evaluate(name):
    try:
        _constants.setdefault(name, int(gdb.parse_and_eval(name)))
    except gdb.error:
        pass


def _stand_in(function):
    """Make `function` the place whose macros count. Return: does kernel.elf have it?"""
    if gdb.lookup_global_symbol(function) is None:
        return False
    try:
        gdb.execute("list " + function, to_string=True)
    except gdb.error:
        pass            # the source is not here to be listed, but the place counts
    return True


def _begin_lists_at(function):
    """Make `list` show a function first, and not where the constants were looked for."""
    symbol = gdb.lookup_global_symbol(function)
    if symbol is not None and symbol.line > 1:
        place = "%s:%%d" % symbol.symtab.filename
        try:
            gdb.execute("list %s,%s" % (place % 1, place % (symbol.line - 1)), to_string=True)
        except gdb.error:
            pass        # no source, no list


def load_constants():
    """Evaluate the constants. To be called while no program runs."""
    _constants.clear()
    del _linux_pte_bits[:]
    for function, names in MACRO_HOMES:
        if _stand_in(function):
            for name in names:
                _evaluate(name)
    if _stand_in(LINUX_PTE_HOME):
        macros = gdb.execute("info macros " + LINUX_PTE_HOME, to_string=True)
        for name in LINUX_PTE_BIT.findall(macros):
            _linux_pte_bits.append((int(gdb.parse_and_eval("L_PTE_" + name)), name))
        _linux_pte_bits.sort()
    _begin_lists_at(FIRST_FUNCTION)


def constant(name):
    """The value of a macro of the kernel's headers."""
    if name not in _constants:
        raise MmError("kernel.elf does not tell the value of %s: was it loaded, and built with -g3?" % name)
    return _constants[name]


def has_constant(name):
    """Does the kernel have a macro at all? One of an option may be missing."""
    return name in _constants


def linux_pte_bits():
    """The flags of a Linux page table entry, [(mask, "PRESENT"), ...], lowest first."""
    return _linux_pte_bits


def _symbol(name):
    return gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)


def exists(name):
    """Does this kernel have the variable or function?"""
    return _symbol(name) is not None


def address(name):
    """The virtual address of a variable, a function, or a symbol of the linker script."""
    try:
        return int(gdb.parse_and_eval("(unsigned long)&%s" % name)) & WORD_MASK
    except gdb.error:
        raise MmError("this kernel has no `%s`" % name) from None


def variable(name):
    """The virtual address and the type of a variable. Local variables of that name do not count."""
    symbol = _symbol(name)
    if symbol is None:
        raise MmError("this kernel has no `%s`" % name)
    return int(symbol.value().address) & WORD_MASK, symbol.type


def type_named(name):
    """The type called `name`, with "struct" or "enum" in front if it has one."""
    try:
        return gdb.lookup_type(name)
    except gdb.error:
        raise MmError("this kernel has no type `%s`" % name) from None


def enum_names(name):
    """{value: name} of an enum; of two names for a value the first."""
    names = {}
    for field in type_named("enum " + name).fields():
        names.setdefault(field.enumval, field.name)
    return names


def enum_value(enum, name):
    """The value of one name of an enum."""
    for field in type_named("enum " + enum).fields():
        if field.name == name:
            return field.enumval
    raise MmError("this kernel's enum %s has no %s" % (enum, name))


def describe(addr):
    """ "<start_kernel+4>", or nothing if the address belongs to no symbol."""
    text = gdb.execute("info symbol 0x%x" % addr, to_string=True)
    match = re.match(r"(\S+)(?: \+ (\d+))? in section", text)
    if not match:
        return ""
    return "<%s%s>" % (match.group(1), "+" + match.group(2) if match.group(2) else "")
