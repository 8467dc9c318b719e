#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum's bugs. Locks, interrupts, barriers.

use strict;
use warnings;
use Museum;

exhibits('order');
