#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The reports on pages have Linux's formats, and agree with each other: every sum that can be made in two ways is.

use strict;
use warnings;
use List::Util qw(sum);
use Pagewalk;
use Test::More;

my $number = qr/\d+/;

# What the prompt answers to a command, without the echo.
sub ask {
    my ($board, $line) = @_;
    my $from = length($board->{output});
    $board->send("$line\n");
    $board->wait_for(qr/^pagewalk> $/m) or die "no answer to $line\n";
    my $text = substr($board->{output}, $from);
    $text =~ s/^.*\n//;
    $text =~ s/^pagewalk> \z//m;
    return $text;
}

# "Normal" => { pages => [free blocks by order] }
sub buddyinfo {
    my %zones;
    for (split(/\n/, $_[0])) {
        my ($node, $zone, $blocks) = /^Node (\d+), zone +(\w+) +((?:\d+ +){11})$/ or die "no line of buddyinfo: $_\n";
        $zones{"$node $zone"} = [ split(' ', $blocks) ];
    }
    return \%zones;
}

sub pages_of { my ($blocks) = @_; return sum(map { $blocks->[$_] << $_ } 0 .. $#$blocks) }

# By zone: the numbers behind a word; and those behind "word:" of each CPU, summed up.
sub zoneinfo {
    my (%zones, $zone);
    for (split(/\n/, $_[0])) {
        if (/^Node (\d+), zone +(\w+)$/) { $zone = $zones{"$1 $2"} = { cpus => 0 }; next }
        $zone->{cpus}++, next if /^    cpu: \d+$/;
        $zone->{count} += $1, next if /^              count: (\d+)$/;
        $zone->{$1} = $2, next if /^ +(?:pages )?(\w+):? +(\d+)$/;
    }
    return \%zones;
}

# By zone, free blocks of all types by order; and pageblocks.
sub pagetypeinfo {
    my (%free, %blocks);
    for (split(/\n/, $_[0])) {
        if (/^Node +(\d+), zone +(\w+), type +\w+ +((?:\d+ +){11})$/) {
            my ($zone, @counts) = ("$1 $2", split(' ', $3));
            $free{$zone}[$_] += $counts[$_] for 0 .. 10;
        } elsif (/^Node (\d+), zone +(\w+) +((?:\d+ +){6})$/) {
            $blocks{"$1 $2"} = sum(split(' ', $3));
        }
    }
    return (\%free, \%blocks);
}

sub check {
    my ($name, %options) = @_;
    subtest $name => sub {
        my $board = start(append => 'test=buddy', %options);
        $board->wait_for(qr/^pagewalk> /m) or die "no prompt\n";
        my %said = map { $_ => ask($board, $_) }
            'mm buddy', 'mm zones', 'mm pagetypeinfo', 'vmstat', 'meminfo', 'mm mem', 'mm pcp', 'mm pageblocks';
        $board->send("poweroff\n");
        is($board->finish->{status}, 0, 'the machine ends well');

        my $buddy = buddyinfo($said{'mm buddy'});
        my $zones = zoneinfo($said{'mm zones'});
        my ($free, $blocks) = pagetypeinfo($said{'mm pagetypeinfo'});
        my %vmstat = $said{vmstat} =~ /^(\w+) (\d+)$/mg;
        my %meminfo = $said{meminfo} =~ /^(\w+): +(\d+) kB$/mg;
        my @populated = grep { $zones->{$_}{present} } sort keys %$zones;

        is_deeply([ sort keys %$buddy ], \@populated, 'buddyinfo has the zones that have pages');
        for my $zone (@populated) {
            is(pages_of($buddy->{$zone}), $zones->{$zone}{nr_free_pages}, "$zone: blocks are nr_free_pages");
            is($zones->{$zone}{free}, $zones->{$zone}{nr_free_pages}, "$zone: ... and pages free");
            is_deeply($free->{$zone}, $buddy->{$zone}, "$zone: types summed up are buddyinfo");
            is($zones->{$zone}{cpus}, $options{cpus} // 1, "$zone: each CPU has its lists");
            my $first = $zones->{$zone}{start_pfn} >> 10;
            my $last = $zones->{$zone}{start_pfn} + $zones->{$zone}{spanned} - 1 >> 10;
            is($blocks->{$zone}, $last - $first + 1, "$zone: every pageblock has a type");
        }
        is($vmstat{nr_free_pages}, sum(map { $zones->{$_}{nr_free_pages} } @populated),
            'vmstat sums up the zones');
        is($meminfo{MemFree}, 4 * $vmstat{nr_free_pages}, 'meminfo has the same, in kB');
        is($meminfo{MemTotal}, 4 * sum(map { $zones->{$_}{managed} } @populated), '... and what is managed');
        is($meminfo{LowFree} + $meminfo{HighFree}, $meminfo{MemFree}, 'low and high memory are all');

        my $on_lists = sum(map { $zones->{$_}{count} } @populated);
        is($meminfo{MemTotal} / 4 - $vmstat{nr_free_pages} - $on_lists,
            ($meminfo{KernelStack} + $meminfo{Slab}) / 4,
            'what is neither free nor on a list, is in use: as stacks, and for objects');
        is($meminfo{Slab}, $meminfo{SReclaimable} + $meminfo{SUnreclaim}, '... of both kinds');
        is(sum($said{'mm pcp'} =~ /: count (\d+) high/g), $on_lists, 'mm pcp counts what zoneinfo does');
        is(sum($said{'mm mem'} =~ /^CPU +\d+: hi: *\d+, btch: *\d+ usd: *(\d+)$/mg), $on_lists, 'so does mm mem');
        my ($letters) = join('', $said{'mm pageblocks'} =~ /^  0x\w{8} ([UEMRCIuemrci]+)$/mg);
        is(length($letters), sum(values %$blocks), 'mm pageblocks has a letter for each');
        is($letters =~ tr/uemrci//, sum(map { $_->[10] } values %$buddy), '... small for those that are free');
    };
}

check('16 MiB', ram => 16);
check('1024 MiB, two CPUs', ram => 1024, cpus => 2);
check('every zone', ram => 1024, append => 'test=buddy dma_zone=32M movablecore=64M');
check('two nodes', ram => 256, append => 'test=buddy numa=fake=2');

done_testing();
