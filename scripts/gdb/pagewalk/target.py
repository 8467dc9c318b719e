# SPDX-License-Identifier: MIT
"""The machine that gdb is connected to, and its system registers.

QEMU shows the CPU's system registers to gdb under the architecture's names, in two banks: the kernel runs
in Secure state, whose copies end in _S; without the Security Extensions (-M secure=off) there is
one bank and no ending. PRRR and NMRR are the short-descriptor names of MAIR0 and MAIR1
(ARM DDI 0406C B4.1.104), and QEMU uses the latter.
"""

import gdb

WORD_MASK = 0xffffffff

# SCTLR (ARM DDI 0406C B4.1.130)
SCTLR_M = 1 << 0
SCTLR_TRE = 1 << 28
SCTLR_AFE = 1 << 29

# By the names that different versions of QEMU give them, best first.
REGISTERS = {
    "SCTLR": ("SCTLR_S", "SCTLR"),
    "TTBR0": ("TTBR0_EL1_S", "TTBR0_S", "TTBR0_EL1", "TTBR0"),
    "TTBR1": ("TTBR1_EL1_S", "TTBR1_S", "TTBR1_EL1", "TTBR1"),
    "TTBCR": ("TTBCR_S", "TTBCR"),
    "DACR": ("DACR_S", "DACR"),
    "PRRR": ("MAIR0_S", "PRRR_S", "MAIR0", "PRRR"),
    "NMRR": ("MAIR1_S", "NMRR_S", "MAIR1", "NMRR"),
}


class MmError(Exception):
    """Something that a command cannot do, in words for the person who typed it."""


def require_machine():
    """Raise MmError unless there is a machine, and it stands still."""
    thread = gdb.selected_thread()
    if thread is None or not thread.is_valid():
        raise MmError("no machine is connected: start one with `make gdb`")
    if thread.is_running():
        raise MmError("the machine is running: stop it first, with Ctrl-C or `interrupt`")


def register(name):
    """The value of a system register of the selected CPU. `name`: a key of REGISTERS."""
    frame = gdb.newest_frame()
    for candidate in REGISTERS[name]:
        try:
            return int(frame.read_register(candidate)) & WORD_MASK
        except (gdb.error, ValueError):
            continue
    raise MmError("this target does not show the register %s; is it QEMU?" % name)


def mmu_on():
    """Does the selected CPU translate addresses?"""
    return bool(register("SCTLR") & SCTLR_M)


def kernel_runs():
    """Has the boot stub done its work on some CPU? Before that .bss is not cleared, nothing is initialised."""
    if mmu_on():
        return True
    selected, frame = gdb.selected_thread(), gdb.selected_frame()
    try:
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            if mmu_on():
                return True
        return False
    finally:
        selected.switch()
        frame.select()
