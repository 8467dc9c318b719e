#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The allocator of objects on machines of several kinds, CPUs in turns; caches that come and go, memory that is used up, and
# time that goes by, meanwhile. So, too, without checks on hot paths. tests/boot/soak.t is the same for pages, and
# tests/soak/objects.t goes on for longer, and has the other allocators.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my @longest = soak('four CPUs', 'slabsoak', 200_000, cpus => 4, ram => 24, append => 'turns=2');
is($longest[2], 4, '... on four CPUs');

# Each machine, and what goes onto its command line.
my $suites = 'slabsoak,slabsmp,slabexhaust';
for (
    [ $suites,    20_000, { cpus => 3, ram => 16 }, 'turns=2' ],
    [ $suites,    20_000, { cpus => 4, ram => 64 }, 'turns=2 numa=fake=3' ],
    [ 'slabsoak', 20_000, { cpus => 4, ram => 64 }, 'turns=2 numa=fake=4' ],
    [ 'slabsoak', 50_000, { cpus => 2, ram => 64 }, 'turns=2 dma_zone=16M ' . low_border() ],
    [ 'slabsoak', 20_000, { cpus => 4, ram => 64 }, 'turns=2 slab_debug' ],
) {
    my ($suite, $ops, $options, $append) = @$_;
    soak("$options->{ram} MiB, $options->{cpus} CPUs, $append", $suite, $ops, %$options, append => $append);
}
soak('without the checks on hot paths', 'slabsoak', 60_000, cpus => 4, ram => 24, append => 'turns=1 numa=fake=2',
    image => build_path('bench/kernel.bin'));

# The same seed is the same run, the last bit of it; another seed is another.
my %options = (cpus => 4, ram => 64);
my @first = soak('seed 7', 'slabsoak', 10_000, %options, append => 'turns=3 seed=7');
my @again = soak('... again', 'slabsoak', 10_000, %options, append => 'turns=3 seed=7');
my @other = soak('... and seed 8', 'slabsoak', 10_000, %options, append => 'turns=3 seed=8');
is("@again", "@first", 'the same seed repeats a run');
isnt($other[5], $first[5], '... another one does not');

# CPUs in parallel, as far as the host has cores.
self_tests_pass(boot(cpus => 4, append => "test=$suites"), 'in parallel');

done_testing();
