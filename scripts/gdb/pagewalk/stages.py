# SPDX-License-Identifier: MIT
"""Who owns memory at the moment; see include/mm/handoff.h.

    reset, boot stub        nobody: the MMU is off, .bss is not cleared
    MM_MEMBLOCK             memblock
    MM_BOOTMEM              bootmem
    MM_BUDDY                the buddy system
"""

from . import structs, symbols
from .target import kernel_runs

NOT_STARTED = "the boot stub has not turned the MMU on"

OWNERS = {"MM_MEMBLOCK": "memblock", "MM_BOOTMEM": "bootmem", "MM_BUDDY": "the buddy system"}


def stage():
    """The name of the stage, "MM_BUDDY" say; None before the kernel runs."""
    if not kernel_runs():
        return None
    value = structs.number(structs.load_variable("mm_stage"))
    return symbols.enum_names("mm_stage").get(value, "mm_stage = %d" % value)


def owner():
    """Who owns memory, in words."""
    name = stage()
    if name is None:
        return "nobody yet: " + NOT_STARTED
    return OWNERS.get(name, "nobody that is known (%s)" % name)
