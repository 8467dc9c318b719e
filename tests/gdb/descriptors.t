#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Page table entries in words: every permission, memory type and kind of walk that the architecture has, also those
# that no kernel of ours makes. gdb is not connected to anything.

use strict;
use warnings;
use Gdb;

print gdb_alone('source tests/gdb/descriptors.py')->answer('source tests/gdb/descriptors.py');
