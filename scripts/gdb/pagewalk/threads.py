# SPDX-License-Identifier: MIT
"""`mm threads`: the threads that exist, as show_threads() prints them.

Idle threads of CPUs that run come first, then the table of tasks (kernel/task.c). The tables are in the kernel's
data, and of no list is a link followed, so this works while any CPU holds any lock, and ends whatever is broken.
"""

import re

import gdb

from . import structs, symbols
from .structs import number

LETTERS = {0: "R", 1: "S", 2: "D", 256: "R"}    # TASK_... of include/kernel/schedule.h
HEADER = "  PID COMM            S CPU STACK    USED    NVCSW   NIVCSW WCHAN"


def name_of(task):
    text = bytes(number(task["comm"][i]) & 0xff for i in range(task["comm"].type.range()[1] + 1))
    return text.split(b"\0")[0].decode("ascii", "replace")


def _stack_used(task):
    """Bytes of the stack that were ever used: down to the first word, from below, that is not zero."""
    stack = number(task["stack"])
    size = symbols.constant("THREAD_SIZE")
    try:
        words = bytes(gdb.selected_inferior().read_memory(stack, size))
    except gdb.MemoryError:
        return None
    unused = symbols.type_named("struct thread_info").sizeof + 4    # and STACK_END_MAGIC
    while unused < size and words[unused:unused + 4] == bytes(4):
        unused += 4
    return size - unused


def _wchan(task):
    """Where it sleeps, as the kernel names it."""
    wchan = number(task["wchan"])
    if not wchan or not number(task["state"]) & (
            symbols.constant("TASK_INTERRUPTIBLE") | symbols.constant("TASK_UNINTERRUPTIBLE")):
        return "-"
    name = re.match(r"<([^+>]+)", symbols.describe(wchan))
    return name.group(1) if name else "?"


def _line(task):
    used = _stack_used(task)
    return "%5d %-15s %s %3d %08x %4s %8d %8d %s" % (
        int(task["pid"]), name_of(task), LETTERS.get(number(task["state"]), "X"), number(task["cpu"]),
        number(task["stack"]), "?" if used is None else used, number(task["nvcsw"]), number(task["nivcsw"]),
        _wchan(task))


def _tasks(variable):
    table = structs.load_variable(variable)
    return [table[i] for i in range(table.type.range()[1] + 1)]


def all_tasks():
    """Idle threads of CPUs that run, then the others that exist, in the order of the kernel's for_each_task()."""
    online = number(structs.load_variable("__cpu_online_mask")["bits"])
    idle = [task for cpu, task in enumerate(_tasks("idle_tasks")) if online & (1 << cpu)]
    return idle + [task for task in _tasks("tasks") if number(task["usage"]["counter"]) and number(task["stack"])]


def report():
    return [HEADER] + [_line(task) for task in all_tasks()]
