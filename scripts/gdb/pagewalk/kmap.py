# SPDX-License-Identifier: MIT
"""`mm kmap`: pages of high memory that have an address, as show_kmap() prints them.

By kmap() for all, in slots with a count that is one more than their users; and by kmap_local_page() for a thread,
on a stack in its thread_info.
"""

import re

from . import physmem, structs, symbols, threads
from .structs import number


def _caller(pkmap, slot):
    """Who called kmap() last, as the kernel's %ps names it. Only debug builds know."""
    if "mapped_by" not in [field.name for field in pkmap.type.fields()]:
        return "0x0"
    addr = number(pkmap["mapped_by"][slot])
    name = re.match(r"<([^+>]+)", symbols.describe(addr))
    return name.group(1) if name else "0x%x" % addr


def _pkmap():
    shift = symbols.constant("PAGE_SHIFT")
    lines, used, slots = ["SLOT ADDRESS       PFN USERS MAPPED BY"], 0, 0
    where = number(structs.load_variable("pkmap"))
    if where:
        pkmap = structs.load(symbols.type_named("struct pkmap"), where)
        table = number(structs.load_variable("pkmap_page_table"))
        slots = pkmap["count"].type.range()[1] + 1
        for slot in range(slots):
            count = number(pkmap["count"][slot]["counter"])
            if not count:
                continue
            pte = physmem.read_word(physmem.virt_to_phys(table + 4 * slot))
            lines.append("%4d 0x%08x %05x %5d %s" % (
                slot, symbols.constant("PKMAP_BASE") + (slot << shift), pte >> shift, count - 1,
                _caller(pkmap, slot)))
            used += count > 1
    return lines + ["%d of %d slots are mapped, %d of them in use." % (len(lines) - 1, slots, used)]


def _local():
    lines = ["  PID COMM            CPU LEVEL PFN"]
    info_type = symbols.type_named("struct thread_info")
    for task in threads.all_tasks():
        kmaps = structs.load_virtual(info_type, number(task["stack"]))["kmap"]
        for level in range(min(number(kmaps["idx"]), kmaps["pteval"].type.range()[1] + 1)):
            lines.append("%5d %-15s %3d %5d %05x" % (
                int(task["pid"]), threads.name_of(task), number(task["cpu"]), level,
                number(kmaps["pteval"][level]) >> symbols.constant("PAGE_SHIFT")))
    return lines


def report():
    return _pkmap() + _local()
