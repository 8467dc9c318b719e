#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum's bugs. Addresses: areas, slots, windows.

use strict;
use warnings;
use Museum;

exhibits('areas');
