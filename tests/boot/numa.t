#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# RAM divided into nodes: the self-tests pass, the log names what was made, and what `numa=` cannot be
# is named and survived.

use strict;
use warnings;
use Pagewalk;
use Test::More;

# All suites where nodes are smallest; elsewhere those of memory.
for ([ 16, 2, 1, '' ], [ 16, 4, 4 ], [ 64, 2, 3 ], [ 128, 4, 2 ], [ 256, 2, 4 ], [ 1024, 4, 4 ]) {
    my ($ram, $nodes, $cpus, $suites) = @$_;
    my $name = "$ram MiB, $nodes nodes, CPUs: $cpus";
    my $run = boot(ram => $ram, cpus => $cpus, append => join(' ', "numa=fake=$nodes", $suites // memory_suites()),
        qemu => $cpus > 1 ? in_turns() : []);
    self_tests_pass($run, $name);
    numbers_add_up($run, "$name: the log");
}
self_tests_pass(boot(ram => 128, cpus => 4, qemu => in_turns(), append => join(' ', memory_suites(), low_border(), 'numa=fake=3 movablecore=36M dma_zone=16M')),
    'three nodes with all four zones');
self_tests_pass(boot(ram => 64, append => memory_suites() . ' numa=fake=4 numa_zonelist_order=zone dma_zone=20M'),
    'four nodes, zonelists by zone, a DMA zone over two nodes');
self_tests_pass(boot(append => memory_suites() . ' numa=fake=3 mem=20M mem=50M@0x62000000'), 'three nodes, one with a hole in it');

# Boots without self-tests. Says: lines of the log; nodes: their ranges.
sub says {
    my ($append, $ram, $nodes, @lines) = @_;
    my $run = boot(ram => $ram, append => "test=none $append");
    my $passed = subtest $append => sub {
        is($run->{status}, 0, 'it boots');
        like($run->{output}, qr/^\Q$_\E$/m, $_) for @lines;
        is_deeply([ $run->{output} =~ /^numa: Faking node \d at \[mem (\S+)\]/mg ], $nodes, 'the nodes are right');
        my $count = @$nodes || 1;
        like($run->{output}, qr/^Built $count zonelists in \w+ order, mobility grouping (?:on|off)\.  Total pages: \d+$/m, 'each has its zonelists');
    };
    diag_run($run) unless $passed;
}

says('numa=off', 64, []);
says('numa=fake=1', 64, []);
says('numa=fake=2', 64, [ '0x60000000-0x61ffffff', '0x62000000-0x63ffffff' ]);
says('numa=fake=4 mem=10M', 64, [ '0x60000000-0x603fffff', '0x60400000-0x607fffff', '0x60800000-0x609fffff' ],
    'numa: fake=4: RAM makes 3 nodes at most');
for my $bad ('fake=0', 'fake=5', 'fake=two', 'fake', 'on') {
    says("numa=$bad", 64, [], "numa: '$bad' is neither off nor fake=1 to fake=4",
        "Malformed early option 'numa=$bad': ignored");
}
says('numa', 64, [], "Malformed early option 'numa': needs a value: ignored");
says('numa_zonelist_order=far', 64, [], "zonelist: the order 'far' is neither default, node nor zone",
    "Malformed early option 'numa_zonelist_order=far': ignored");

done_testing();
