#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Ten million operations of the page allocator on four CPUs that take turns. tests/boot/soak.t has what is shorter.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my @long = soak('four CPUs', 'soak', 10_000_000, cpus => 4, ram => 64, append => 'turns=3');
is($long[2], 4, '... on four CPUs');
cmp_ok($long[4], '>', 0, '... and memory was short now and then');

done_testing();
