#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum's bugs. Memory before there are allocators.

use strict;
use warnings;
use Museum;

exhibits('boot');
