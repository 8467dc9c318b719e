#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum's bugs: areas of the vmalloc area, and sizes.

use strict;
use warnings;
use Museum;

exhibits('vmalloc');
