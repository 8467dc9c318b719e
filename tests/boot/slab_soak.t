#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Ten million operations of the allocator of objects on four CPUs, and fewer on machines of other kinds; caches that
# come and go, memory that is used up, and time that goes by, meanwhile. The other allocators of objects that were
# built (`make other-slabs') do as much in a tenth of the time. See tests/boot/soak.t, which is the same for pages.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my @long = soak('four CPUs', 'slabsoak', 10_000_000, cpus => 4, ram => 24, append => 'turns=2');
is($long[2], 4, '... on four CPUs');
cmp_ok($long[4], '>', 0, '... and memory was short now and then');

# Machines, and what goes onto the command line.
my @machines = ([{ cpus => 3, ram => 16 }, ''], [{ cpus => 2, ram => 1024 }, 'dma_zone=16M'],
    (map { [{ cpus => 4, ram => 64 }, $_] } 'slab_debug', map { "numa=fake=$_" } 2 .. 4));
for my $name (grep { -e build_path("$_/kernel.bin") } '.', 'slub', 'slob', 'bench') {
    my @image = (image => build_path("$name/kernel.bin"));
    soak("$name: four CPUs", 'slabsoak', 1_000_000, cpus => 4, ram => 24, append => 'turns=2', @image) if $name ne '.';
    for (@machines) {
        my ($options, $more) = @$_;
        my $title = join(', ', $name, "$options->{ram} MiB", "$options->{cpus} CPUs", $more);
        soak($title, 'slabsoak,slabsmp,slabexhaust', 50_000, %$options, @image, append => "turns=2 $more");
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
self_tests_pass(boot(cpus => 4, append => 'test=slabsoak,slabsmp,slabexhaust'), 'in parallel');

done_testing();
