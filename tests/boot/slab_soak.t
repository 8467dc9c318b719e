#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Ten million operations of the allocator of objects on four CPUs, and fewer on machines of other kinds; caches that
# come and go, memory that is used up, and time that goes by, meanwhile. The other allocators of objects that were
# built (`make other-slabs') and the kernel without checks on hot paths do the shorter ones. See tests/boot/soak.t,
# which is the same for pages.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my @long = soak('four CPUs', 'slabsoak', 10_000_000, cpus => 4, ram => 24, append => 'turns=2');
is($long[2], 4, '... on four CPUs');
cmp_ok($long[4], '>', 0, '... and memory was short now and then');

# Each machine, what goes onto its command line, and which kernels that are not the default do it, too.
my $suites = 'slabsoak,slabsmp,slabexhaust';
for (
    [ $suites,    20_000, { cpus => 3, ram => 16 }, 'turns=2', qw(slub slob bench) ],
    [ $suites,    20_000, { cpus => 4, ram => 64 }, 'turns=2 numa=fake=3', qw(slub slob) ],
    [ 'slabsoak', 60_000, { cpus => 4, ram => 24 }, 'turns=1 numa=fake=2', qw(slub slob bench) ],
    [ 'slabsoak', 20_000, { cpus => 4, ram => 64 }, 'turns=2 numa=fake=4' ],
    [ 'slabsoak', 50_000, { cpus => 2, ram => 64 }, 'turns=2 dma_zone=16M ' . low_border() ],
    [ 'slabsoak', 20_000, { cpus => 4, ram => 64 }, 'turns=2 slab_debug' ],
) {
    my ($suite, $ops, $options, $append, @others) = @$_;
    for my $name (grep { -e build_path("$_/kernel.bin") } '.', @others) {
        soak("$name, $options->{ram} MiB, $options->{cpus} CPUs, $append", $suite, $ops, %$options,
            append => $append, image => build_path("$name/kernel.bin"));
    }
}

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
