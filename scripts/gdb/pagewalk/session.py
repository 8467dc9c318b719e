# SPDX-License-Identifier: MIT
"""What happens when the scripts are loaded, and what `make gdb` adds to it."""

import os

import gdb

from . import boot_symbols, symbols
from .command import Verb
from .target import MmError

GREETING = """
The machine stands before its first instruction, with the MMU off. To try first:

    break __enable_mmu      the boot stub has symbols at its physical addresses
    continue                ... and stops there, before the MMU is on
    mm pt 0xc0010000        the page tables that are ready to be used
    stepi 10                over the switch, into the high half
    break paging_init       memblock owns memory
    break mem_init          bootmem does; after it the buddy system
    help mm                 memblock bootmem zones buddy page pt layout

kernel_exit has a breakpoint: after a panic the machine stops there, to be looked at.
Ctrl-C stops the machine, `quit` ends it.%s
"""


def _load_kernel():
    """Everything that depends on kernel.elf."""
    files = [objfile.filename for objfile in gdb.objfiles()]
    if not files:
        raise MmError("no kernel.elf is loaded: start gdb with it, then load this script again")
    symbols.load_constants()
    boot_symbols.load(os.path.dirname(files[0]))


def load():
    """Define the commands and load the symbols. For kernel-gdb.py."""
    Verb()
    from . import commands      # noqa: F401 (its import defines the commands under the verb)
    try:
        _load_kernel()
    except (MmError, gdb.error) as error:
        gdb.write("mm: %s\n" % error)


def _end_without_machine():
    """Before a prompt: QEMU has ended, by itself or because the kernel ended it, and with it what gdb was for."""
    if gdb.selected_inferior().pid == 0:
        gdb.write("The machine has ended.\n")
        gdb.post_event(lambda: gdb.execute("quit"))


def begin(console):
    """Greet the person in front of an interactive session. `console`: where typing reaches the kernel, or ""."""
    gdb.execute("set confirm off")
    gdb.execute("break kernel_exit", to_string=True)
    gdb.events.before_prompt.connect(_end_without_machine)
    typing = "\nTo type at the kernel's prompt, in another terminal: cat > %s" % console if console else ""
    gdb.write(GREETING % typing)
