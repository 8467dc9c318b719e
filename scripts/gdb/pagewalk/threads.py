# SPDX-License-Identifier: MIT
"""`mm threads`: the threads that exist, as show_threads() prints them.

Idle threads of CPUs that run come first, then the table of tasks (kernel/task.c). The tables are in the kernel's
data, so this works while any CPU holds any lock.
"""

from . import structs, symbols
from .structs import number

LETTERS = {0: "R", 1: "S", 2: "D", 256: "R"}    # TASK_... of include/kernel/schedule.h
HEADER = "  PID COMM            S CPU STACK       NVCSW   NIVCSW"


def _name(task):
    text = bytes(number(task["comm"][i]) & 0xff for i in range(task["comm"].type.range()[1] + 1))
    return text.split(b"\0")[0].decode("ascii", "replace")


def _line(task):
    return "%5d %-15s %s %3d %08x %8d %8d" % (
        int(task["pid"]), _name(task), LETTERS.get(number(task["state"]), "X"), number(task["cpu"]),
        number(task["stack"]), number(task["nvcsw"]), number(task["nivcsw"]))


def _tasks(variable):
    table = structs.load_variable(variable)
    return [table[i] for i in range(table.type.range()[1] + 1)]


def report():
    online = number(structs.load_variable("__cpu_online_mask")["bits"])
    idle = [task for cpu, task in enumerate(_tasks("idle_tasks")) if online & (1 << cpu)]
    others = [task for task in _tasks("tasks")
              if number(task["usage"]["counter"]) and number(task["stack"])]
    return [HEADER] + [_line(task) for task in idle + others]
