#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# make fail-nth, with SLAB=slub.

use strict;
use warnings;
use FailNth;

nothing_is_lost('slub', 'new_slab, pages');
