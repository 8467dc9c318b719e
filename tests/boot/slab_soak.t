#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Ten million operations of the allocator of objects on four CPUs; and fewer on machines of other kinds. See
# tests/boot/soak.t, which is the same for pages.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my @long = soak('four CPUs', 'slabsoak', 10_000_000, cpus => 4, ram => 24, append => 'turns=2');
is($long[2], 4, '... on four CPUs');
cmp_ok($long[4], '>', 0, '... and memory was short now and then');

soak("$_ nodes, four CPUs", 'slabsoak', 100_000, cpus => 4, ram => 128, append => "turns=2 numa=fake=$_") for 2, 3, 4;
soak('hardly any memory, three CPUs', 'slabsoak', 50_000, cpus => 3, ram => 16, append => 'turns=3');
soak('objects are looked after, four CPUs', 'slabsoak', 50_000, cpus => 4, ram => 64, append => 'turns=2 slab_debug');
soak('a zone for devices, high memory, two CPUs', 'slabsoak', 50_000, cpus => 2, ram => 1024, append => 'turns=2 dma_zone=16M');
soak('without the checks on hot paths, four CPUs', 'slabsoak', 200_000, cpus => 4, ram => 64, append => 'turns=1',
    image => build_path('bench/kernel.bin'));

# The same seed is the same run, the last bit of it; another seed is another.
my %options = (cpus => 4, ram => 64);
my @first = soak('seed 7', 'slabsoak', 10_000, %options, append => 'turns=3 seed=7');
my @again = soak('... again', 'slabsoak', 10_000, %options, append => 'turns=3 seed=7');
my @other = soak('... and seed 8', 'slabsoak', 10_000, %options, append => 'turns=3 seed=8');
is("@again", "@first", 'the same seed repeats a run');
isnt($other[5], $first[5], '... another one does not');

# CPUs in parallel, as far as the host has cores.
self_tests_pass(boot(cpus => 4, append => 'test=slabsoak soak=20000'), 'in parallel');

done_testing();
