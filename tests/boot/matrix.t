#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Machines of every size and every number of CPUs: the self-tests pass, and the numbers of the boot log add up to
# the RAM that the machine has. Not each size with each number: each of both at least once, and the largest
# machine with one CPU and with four. tests/boot/numa.t has the same with several nodes.

use strict;
use warnings;
use List::Util qw(min);
use Pagewalk;
use Test::More;

use constant { PAGES_PER_MIB => 256, LOWMEM_MIB => 760 };

# In parallel, CPUs meet as they do on hardware, as far as the host has cores; in turns, wherever it has not.
for ([ 16, 4, 'in turns' ], [ 24, 2, 'in turns', memory_suites() ], [ 64, 1 ], [ 64, 3, 'in turns', memory_suites() ],
    [ 128, 1 ], [ 256, 2, 'in turns', memory_suites() ], [ 512, 3, 'in turns', memory_suites() ],
    [ 768, 1, '', memory_suites() ], [ 1024, 1 ], [ 1024, 4, 'in parallel', memory_suites() ]) {
    my ($ram, $cpus, $how, $append) = (@$_[0, 1], $_->[2] // '', $_->[3]);
    my $name = "$ram MiB, " . ($how ? "$cpus CPUs $how" : 'one CPU');
    my $run = boot(ram => $ram, cpus => $cpus, append => $append, qemu => $how eq 'in turns' ? in_turns() : []);

    self_tests_pass($run, "$name: self-tests");
    my ($low, $high) = numbers_add_up($run, "$name: the log");
    my $low_mib = min($ram, LOWMEM_MIB);
    is($low, $low_mib * PAGES_PER_MIB, "$name: $low_mib MiB of it are lowmem");
    is($high, ($ram - $low_mib) * PAGES_PER_MIB, "$name: the rest is high memory");
}
self_tests_pass(boot(image => build_path('bench/kernel.bin')), 'a kernel without the checks on hot paths');

done_testing();
