#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Ten million operations of the allocator of objects on four CPUs, and what tests/boot/slab_soak.t does with one allocator, by
# the others that were built (`make other-slabs').

use strict;
use warnings;
use Pagewalk;
use Test::More;

my @long = soak('four CPUs', 'slabsoak', 10_000_000, cpus => 4, ram => 24, append => 'turns=2');
is($long[2], 4, '... on four CPUs');
cmp_ok($long[4], '>', 0, '... and memory was short now and then');

my $suites = 'slabsoak,slabsmp,slabexhaust';
for my $slab (grep { -e build_path("$_/kernel.bin") } qw(slub slob)) {
    for (
        [ $suites,    20_000, { cpus => 3, ram => 16 }, 'turns=2' ],
        [ $suites,    20_000, { cpus => 4, ram => 64 }, 'turns=2 numa=fake=3' ],
        [ 'slabsoak', 60_000, { cpus => 4, ram => 24 }, 'turns=1 numa=fake=2' ],
    ) {
        my ($suite, $ops, $options, $append) = @$_;
        soak("$slab, $options->{ram} MiB, $options->{cpus} CPUs, $append", $suite, $ops, %$options,
            append => $append, image => build_path("$slab/kernel.bin"));
    }
}

done_testing();
