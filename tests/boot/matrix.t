#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Machines of every size, with one CPU and with four: the self-tests pass, and the numbers of the boot log
# add up to the RAM that the machine has.

use strict;
use warnings;
use List::Util qw(min);
use Pagewalk;
use Test::More;

use constant { PAGES_PER_MIB => 256, LOWMEM_MIB => 760 };

for ([ 16, 1 ], [ 64, 1 ], [ 128, 1 ], [ 128, 4 ], [ 256, 1 ], [ 512, 1 ], [ 768, 1 ], [ 1024, 1 ], [ 1024, 4 ]) {
    my ($ram, $cpus) = @$_;
    my $name = "$ram MiB, " . ($cpus == 1 ? 'one CPU' : "$cpus CPUs");
    my $run = boot(ram => $ram, cpus => $cpus);

    self_tests_pass($run, "$name: self-tests");
    my ($low, $high) = numbers_add_up($run, "$name: the log");
    my $low_mib = min($ram, LOWMEM_MIB);
    is($low, $low_mib * PAGES_PER_MIB, "$name: $low_mib MiB of it are lowmem");
    is($high, ($ram - $low_mib) * PAGES_PER_MIB, "$name: the rest is high memory");
}
self_tests_pass(boot(image => build_path('bench/kernel.bin')), 'a kernel without the checks on hot paths');

done_testing();
