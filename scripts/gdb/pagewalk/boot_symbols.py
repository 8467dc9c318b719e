# SPDX-License-Identifier: MIT
"""The boot stub at its physical addresses.

Until __enable_mmu the kernel runs at the addresses that it was loaded to, for which kernel.elf has no symbols. Its
object files can be loaded a second time, as gdb loads a module: each section at an address. Only
what runs with the MMU off is given a physical one, so that a breakpoint by name has two places only where the
code really is in two places; the other sections lie where they lie in kernel.elf.
"""

import os

import gdb

from . import symbols
from .target import MmError

# Object file below the build directory: its sections, each with a symbol at its start and whether the MMU is off.
OBJECTS = (
    ("boot/head.o", ((".head.text", "_start", True), (".text", "__mmap_switched", False))),
    ("boot/probe.o", ((".text.probe_ram_end", "probe_ram_end", True),)),
)


def _section_argument(section, symbol, mmu_off):
    virt = symbols.address(symbol)
    if mmu_off:
        virt += symbols.constant("PHYS_OFFSET") - symbols.constant("PAGE_OFFSET")
    return "-s %s 0x%x" % (section, virt)


def load(build_dir):
    """Load the symbols. Raises MmError with the name of what is missing."""
    for name, sections in OBJECTS:
        path = os.path.join(build_dir, name)
        if not os.path.exists(path):
            raise MmError("%s is not there: the boot stub has no symbols at its physical addresses" % path)
        arguments = " ".join(_section_argument(*section) for section in sections)
        gdb.execute("add-symbol-file %s %s" % (path, arguments), to_string=True)
