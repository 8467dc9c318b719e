#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum's bugs. Objects, and those who allocate them.

use strict;
use warnings;
use Museum;

exhibits('objects');
