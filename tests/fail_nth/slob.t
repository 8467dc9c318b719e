#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# make fail-nth, with SLAB=slob.

use strict;
use warnings;
use FailNth;

nothing_is_lost('slob', 'slob_new_pages, pages');
