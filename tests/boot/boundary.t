#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Machines at the edge of what makes sense: zones of one page, zones and banks smaller than a pageblock, holes amid
# one, a node without memory for the kernel. The suites of memory management pass, and the log says what zones there are.

use strict;
use warnings;
use Pagewalk;
use Test::More;

# Boots a machine. @zones: "name spanned present" of each zone that has pages.
sub machine {
    my ($what, $options, @zones) = @_;
    my $run = boot(%$options, qemu => in_turns(), append => join(' ', memory_suites(), $options->{append}));
    self_tests_pass($run, "$what: self-tests");
    numbers_add_up($run, "$what: the log");
    my @found = map { "$_->[0] $_->[1] $_->[2]" } grep { $_->[1] }
        map { [ /^  (\w+) +\[mem \S+\] spanned (\d+) present (\d+) / ] }
        grep { /^  \w+ +\[mem \S+\] spanned / } split(/\n/, $run->{output});
    is_deeply(\@found, \@zones, "$what: the zones");
}

machine('high memory of one page', { ram => 64, append => 'mem=32M mem=4K@0x62000000 ' . low_border() },
    'Normal 8192 8192', 'HighMem 1 1');
machine('high memory of four pages, behind a hole of 700 MiB',
    { ram => 1024, cpus => 2, append => 'mem=64M mem=4K@0x8f800000 mem=12K@0x8fc00000' },
    'Normal 16384 16384', 'HighMem 179203 4');
machine('a DMA zone and a movable zone, as small as they can be',
    { ram => 24, cpus => 3, append => 'dma_zone=4K movablecore=4K' },
    'DMA 1024 1024', 'Normal 4096 4096', 'Movable 1024 1024');
machine('a hole amid a pageblock, and an odd end',
    { ram => 64, append => 'mem=17M mem=3076K@0x61300000' }, 'Normal 5633 5121');
machine('a node without memory for the kernel',
    { ram => 1024, cpus => 4, append => 'mem=48M mem=80M@0x90000000 numa=fake=2' },
    'Normal 12288 12288', 'HighMem 188416 4096', 'HighMem 16384 16384');

done_testing();
