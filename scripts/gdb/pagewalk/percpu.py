# SPDX-License-Identifier: MIT
"""CPUs, and each one's copy of a per-CPU variable (include/kernel/percpu.h)."""

from . import structs
from .structs import number
from .target import WORD_MASK


def online_cpus():
    """The numbers of the CPUs that run."""
    bits = number(structs.load_variable("__cpu_online_mask")["bits"])
    return [cpu for cpu in range(bits.bit_length()) if bits >> cpu & 1]


def copy_of(virt, cpu):
    """Where a CPU's copy of the variable at `virt`, an address in the template, lies."""
    return virt + number(structs.load_variable("__per_cpu_offset")[cpu]) & WORD_MASK
