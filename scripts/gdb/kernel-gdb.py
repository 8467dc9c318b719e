# SPDX-License-Identifier: MIT
#
# Load into gdb, with kernel.elf, before connecting to a machine:
#
#    gdb-multiarch build/kernel.elf -x scripts/gdb/kernel-gdb.py
#
# `make gdb` does it. Needs gdb 12 or later with Python 3.

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import pagewalk.session     # noqa: E402 (the path must be set before)

pagewalk.session.load()
