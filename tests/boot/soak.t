#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The page allocator under load, on machines of several kinds, and what makes such a run worth something: turns of the CPUs
# that end anywhere, and runs that can be repeated. tests/soak/pages.t goes on for longer.

use strict;
use warnings;
use Pagewalk;
use Test::More;

# CPUs run in turns, always in the same way: a run with the same seed is the same run. See
# tests/kernel/short_turns.c.
my @longest = soak('four CPUs', 'soak', 200_000, cpus => 4, ram => 64, append => 'turns=3');
is($longest[2], 4, '... on four CPUs');
cmp_ok($longest[4], '>', 0, '... and memory was short now and then');

soak('every zone, four CPUs', 'soak', 100_000, cpus => 4, ram => 128,
    append => 'turns=2 dma_zone=16M movablecore=48M ' . low_border());
soak('two nodes, four CPUs', 'soak', 100_000, cpus => 4, ram => 128, append => 'turns=1 numa=fake=2');
soak('hardly any memory, three CPUs', 'soak', 50_000, cpus => 3, ram => 16, append => 'turns=3');
soak('pages are looked after, two CPUs', 'soak', 20_000, cpus => 2, ram => 64, append => 'page_owner=1 page_poison=1');
soak('without the checks on hot paths, four CPUs', 'soak', 100_000, cpus => 4, ram => 64, append => 'turns=1',
    image => build_path('bench/kernel.bin'));

# The same seed is the same run, the last bit of it; another seed is another.
for my $cpus (1, 4) {
    my %options = (cpus => $cpus, ram => 64);
    my @first = soak("seed 7, $cpus CPUs", 'soak', 10_000, %options, append => 'turns=3 seed=7');
    my @again = soak('... again', 'soak', 10_000, %options, append => 'turns=3 seed=7');
    my @other = soak('... and seed 8', 'soak', 10_000, %options, append => 'turns=3 seed=8');
    is("@again", "@first", "$cpus CPUs: the same seed repeats a run");
    isnt($other[5], $first[5], '... another one does not');
}

# CPUs in parallel, as far as the host has cores: not repeatable, and slow, but nothing is emulated away.
self_tests_pass(boot(cpus => 4, append => 'test=soak soak=20000'), 'in parallel');

for my $bad ('soak=0', 'soak=many', 'turns=often') {
    my $run = boot(append => "test=lib $bad");
    like($run->{output}, qr/\Q$bad\E/, "$bad is named");
    is($run->{status}, 0, '... and survived');
}

done_testing();
