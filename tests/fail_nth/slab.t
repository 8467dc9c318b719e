#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# make fail-nth, with SLAB=slab.

use strict;
use warnings;
use FailNth;

nothing_is_lost('slab', 'cache_grow, pages', 'pte_alloc_one_kernel, pages');
