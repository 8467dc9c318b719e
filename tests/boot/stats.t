#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The reports on pages have Linux's formats, and agree with each other: every sum that can be made in two ways
# is. While four CPUs allocate, each report agrees with itself; as soon as they stand still, all do.

use strict;
use warnings;
use List::Util qw(sum);
use Pagewalk;
use Test::More;

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

# ---- Parsers. They know no line but those of Linux, and die of any other. ----

# A line with all that differs from machine to machine taken out: numbers, with the blanks that align them,
# names of zones, how many zones or CPUs there are. Columns of a table keep their width.
sub shape {
    my ($line) = @_;
    $line =~ s/^(Node +)\d+/$1N/;
    $line =~ s/(zone +)(\w+)/length("$1$2") . ' wide zone'/e;
    $line =~ s/(type +)(\w+)/length("$1$2") . ' wide type'/e;
    $line =~ s/(?<=zone)( +\d+)+ $/' ' . length($&) . ' wide numbers'/e;
    $line =~ s/(?<=type)( +\d+)+ $/' ' . length($&) . ' wide numbers'/e;
    $line =~ s/(\S)( +)(\d+)( kB)$/"$1 " . length("$2$3") . " wide kB"/e;
    $line =~ s/\d+/N/g unless $line =~ /wide (?:numbers|kB)/;
    $line =~ s/(?:, N)+\)$/, N)/;
    return $line;
}

# The shapes of Linux's lines, by report.
my (%linux, $report);
while (<DATA>) {
    chomp;
    s/\$\z//;
    if (/^# (\w+)$/) { $report = $1 }
    else { $linux{$report}{shape($_)} = 1 }
}

sub is_linux {
    my ($name, $text) = @_;
    my @strange = grep { !$linux{$name}{shape($_)} } split(/\n/, $text);
    is_deeply(\@strange, [], "$name: every line is one of Linux's");
}

# "0 Normal" => [ free blocks by order ]
sub buddyinfo {
    my %zones;
    my ($counted) = split(/^By type:$/m, $_[0]);
    for (grep { $_ ne '' } split(/\n/, $counted)) {
        my ($node, $zone, $blocks) = /^Node (\d+), zone +(\w+) +((?:\d+ +){11})$/ or die "no line of buddyinfo: $_\n";
        $zones{"$node $zone"} = [ split(' ', $blocks) ];
    }
    return \%zones;
}

sub pages_of { my ($blocks) = @_; return sum(map { $blocks->[$_] << $_ } 0 .. $#$blocks) }

# By zone: the numbers behind a word; and those behind "count:" of each CPU, summed up.
sub zoneinfo {
    my (%zones, $zone);
    for (split(/\n/, $_[0])) {
        if (/^Node (\d+), zone +(\w+)$/) { $zone = $zones{"$1 $2"} = { cpus => 0 }; next }
        $zone->{cpus}++, next if /^    cpu: \d+$/;
        $zone->{count} += $1, next if /^              count: (\d+)$/;
        $zone->{$1} = $2, next if /^ +(?:pages )?(\w+):? +(\d+)$/;
        next if /^        protection: \(\d+(?:, \d+)*\)$/ || /^  (?:pagesets|per-node stats)$/
            || /^  vm stats threshold: \d+$/;
        die "no line of zoneinfo: $_\n";
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
        } elsif (!/^(?:Page|Free pages|Number of blocks|$)/) {
            die "no line of pagetypeinfo: $_\n";
        }
    }
    return (\%free, \%blocks);
}

# "name value" and "name: value kB".
sub numbers {
    my ($text) = @_;
    my %numbers;
    for (split(/\n/, $text)) {
        /^(\w+)(?: (\d+)|: +(\d+) kB)$/ or die "no name and number: $_\n";
        $numbers{$1} = $2 // $3;
    }
    return \%numbers;
}

# By zone, the unusable index of each order: those of the first table.
sub unusable_index {
    my %zones;
    for (split(/\n/, $_[0])) {
        next if !/^Node (\d+), zone +(\w+) +((?:-?\d\.\d{3} ){11})$/;
        $zones{"$1 $2"} //= [ split(' ', $3) ];
    }
    return \%zones;
}

sub expected_unusable {
    my ($blocks) = @_;
    my $free = pages_of($blocks);
    my @expected;
    for my $order (0 .. 10) {
        my $usable = sum(map { $blocks->[$_] << $_ } $order .. 10);
        push(@expected, sprintf('%.3f', $free ? int(($free - $usable) * 1000 / $free) / 1000 : 1));
    }
    return \@expected;
}

# ---- Everything that is said, and what it must be ----

sub all_reports {
    my ($board) = @_;
    my %said = map { $_ => ask($board, $_) }
        'mm buddy', 'mm zones', 'mm pagetypeinfo', 'vmstat', 'meminfo', 'mm mem', 'mm pcp', 'mm pageblocks',
        'mm fragmentation';
    my ($counted, $listed) = split(/^By type:\n/m, $said{'mm buddy'});
    is_linux(@$_) for [ buddyinfo => $counted =~ s/\n+\z/\n/r ], [ zoneinfo => $said{'mm zones'} ],
        [ pagetypeinfo => $said{'mm pagetypeinfo'} ], [ meminfo => $said{meminfo} ];
    my ($free, $blocks) = pagetypeinfo($said{'mm pagetypeinfo'});
    my ($by_type) = pagetypeinfo($listed);
    return { said => \%said, free => $free, by_type => $by_type, blocks => $blocks, buddy => buddyinfo($said{'mm buddy'}),
        zones => zoneinfo($said{'mm zones'}), vmstat => numbers($said{vmstat}), meminfo => numbers($said{meminfo}) };
}

sub populated { my ($zones) = @_; return grep { $zones->{$_}{present} } sort keys %$zones }

sub events {
    my ($vmstat) = @_;
    return (sum(map { $vmstat->{"pgalloc_$_"} } qw(dma normal high movable)), $vmstat->{pgfree});
}

# What holds at any time.
sub sane {
    my ($r) = @_;
    my ($zones, $meminfo) = @$r{qw(zones meminfo)};
    for my $zone (populated($zones)) {
        my $managed = $zones->{$zone}{managed};
        is($zones->{$zone}{free}, $zones->{$zone}{nr_free_pages}, "$zone: pages free are nr_free_pages");
        cmp_ok(pages_of($r->{buddy}{$zone}), '<=', $managed, "$zone: no more blocks than there are pages");
        cmp_ok(pages_of($r->{free}{$zone}), '<=', $managed, "$zone: ... of all types together");
    }
    is($meminfo->{LowFree} + $meminfo->{HighFree}, $meminfo->{MemFree}, 'low and high memory are all');
    cmp_ok($r->{vmstat}{nr_free_pages} * 4, '<=', $meminfo->{MemTotal}, 'no more is free than there is');
}

# What holds when nobody allocates; @used: pages in use that are neither stacks nor of caches.
sub exact {
    my ($r, $cpus, $used) = @_;
    my ($said, $buddy, $zones, $blocks, $meminfo) = @$r{qw(said buddy zones blocks meminfo)};
    my @populated = populated($zones);

    is_deeply([ sort keys %$buddy ], \@populated, 'buddyinfo has the zones that have pages');
    for my $zone (@populated) {
        is(pages_of($buddy->{$zone}), $zones->{$zone}{nr_free_pages}, "$zone: blocks are nr_free_pages");
        is_deeply($r->{free}{$zone}, $buddy->{$zone}, "$zone: types summed up are buddyinfo");
        is_deeply($r->{by_type}{$zone}, $buddy->{$zone}, "$zone: ... in mm buddy too");
        is_deeply(unusable_index($said->{'mm fragmentation'})->{$zone}, expected_unusable($buddy->{$zone}),
            "$zone: ... and what is unusable");
        is($zones->{$zone}{cpus}, $cpus, "$zone: each CPU has its lists");
        my $first = $zones->{$zone}{start_pfn} >> 10;
        my $last = $zones->{$zone}{start_pfn} + $zones->{$zone}{spanned} - 1 >> 10;
        is($blocks->{$zone}, $last - $first + 1, "$zone: every pageblock has a type");
        my ($node, $name) = split(' ', $zone);
        my ($kb) = $said->{'mm mem'} =~ /^Node $node $name: .* = (\d+)kB$/m;
        is($kb, 4 * $zones->{$zone}{nr_free_pages}, "$zone: mm mem has as much in blocks");
    }
    is($r->{vmstat}{nr_free_pages}, sum(map { $zones->{$_}{nr_free_pages} } @populated), 'vmstat sums up the zones');
    is($meminfo->{MemFree}, 4 * $r->{vmstat}{nr_free_pages}, 'meminfo has the same, in kB');
    is($meminfo->{MemTotal}, 4 * sum(map { $zones->{$_}{managed} } @populated), '... and what is managed');

    my $on_lists = sum(map { $zones->{$_}{count} } @populated);
    is($meminfo->{MemTotal} / 4 - $r->{vmstat}{nr_free_pages} - $on_lists,
        ($meminfo->{KernelStack} + $meminfo->{PageTables} + $meminfo->{Slab}) / 4 + $used,
        'what is neither free nor on a list is in use: as stacks, page tables, for objects, or held');
    is($meminfo->{Slab}, $meminfo->{SReclaimable} + $meminfo->{SUnreclaim}, '... these are of two kinds');
    is(sum($said->{'mm pcp'} =~ /: count (\d+) high/g), $on_lists, 'mm pcp counts what zoneinfo does');
    is(sum($said->{'mm mem'} =~ /^CPU +\d+: hi: *\d+, btch: *\d+ usd: *(\d+)$/mg), $on_lists, 'so does mm mem');
    my $letters = join('', $said->{'mm pageblocks'} =~ /^  0x\w{8} ([UEMRCIuemrci]+)$/mg);
    is(length($letters), sum(values %$blocks), 'mm pageblocks has a letter for each');
    is($letters =~ tr/uemrci//, sum(map { $_->[10] } values %$buddy), '... small for those that are free');
}

# A machine at rest.
sub check {
    my ($name, %options) = @_;
    subtest $name => sub {
        my $board = start(append => 'test=buddy', %options);
        $board->wait_for(qr/^pagewalk> /m) or die "no prompt\n";
        my $reports = all_reports($board);
        $board->send("poweroff\n");
        is($board->finish->{status}, 0, 'the machine ends well');
        sane($reports);
        exact($reports, $options{cpus} // 1, 0);
    };
}

# Pages that are stacks, page tables and slabs.
sub stacks_and_objects {
    my ($board) = @_;
    my %meminfo = ask($board, 'meminfo') =~ /^(\w+): +(\d+) kB$/mg;
    return ($meminfo{KernelStack} + $meminfo{PageTables} + $meminfo{Slab}) / 4;
}

# A machine whose CPUs allocate and free all the time (tests/kernel/soak.h). QEMU runs them in turns, so that
# no CPU waits for one that the host does not run at the moment.
sub check_busy {
    my ($name, %options) = @_;
    subtest $name => sub {
        my $board = start(%options, qemu => in_turns(),
            append => join(' ', 'test=none', $options{append} // ()));
        $board->wait_for(qr/^pagewalk> /m) or die "no prompt\n";
        my @before = events(numbers(ask($board, 'vmstat')));
        my $for_others = stacks_and_objects($board);

        ask($board, 'soak begin');
        my ($first, $second) = map { all_reports($board) } 1 .. 2;
        my ($held, $own) = ask($board, 'soak halt') =~ /, (\d+) pages are held, and (\d+) used for that; all is well$/m;
        ok(defined $held, 'the soak stands still, and all is well') or return;
        my $still = all_reports($board);
        my $more_for_others = stacks_and_objects($board) - $for_others;
        ask($board, 'soak end');
        ask($board, 'mm buddy');
        my $over = all_reports($board);
        $board->send("poweroff\n");
        is($board->finish->{status}, 0, 'the machine ends well');

        sane($_) for $first, $second, $still, $over;
        my @events = map { [ events($_->{vmstat}) ] } $first, $second, $still;
        cmp_ok($events[1][$_], '>', $events[0][$_], 'events go on while one looks') for 0, 1;
        is(($events[2][0] - $before[0]) - ($events[2][1] - $before[1]), $held + $own + $more_for_others,
            'as many pages as were given out and did not come back are in use');
        exact($still, $options{cpus}, $held + $own);
        exact($over, $options{cpus}, 0);
    };
}

check('16 MiB', ram => 16);
check('every zone', ram => 1024, append => 'test=buddy dma_zone=32M movablecore=64M');
check_busy('four CPUs at work', ram => 1024, cpus => 4);
check_busy('four CPUs at work on two nodes', ram => 256, cpus => 4, append => 'numa=fake=2 dma_zone=16M');

done_testing();

# What Linux 6.1 printed on this board; a line of each kind that we have too. Its types and zones have other
# names and numbers here, its widths are ours. A $ stands where a line ends in a blank.
__DATA__
# buddyinfo
Node 0, zone   Normal      4      2      3      3      3      2      4      4      5      3    184 $
# pagetypeinfo
Page block order: 10
Pages per block:  1024

Free pages count per migrate type at order       0      1      2      3      4      5      6      7      8      9     10 $
Node    0, zone   Normal, type    Unmovable      1      0      0      0      0      1      1      1      1      0      0 $
Number of blocks type     Unmovable  Reclaimable      Movable      Reserve          CMA      Isolate $
Node 0, zone   Normal            1          190            1            0            0            0 $
# zoneinfo
Node 0, zone   Normal
  per-node stats
      nr_kernel_stack 304
      nr_page_table_pages 1
  pages free     192156
        min      878
        low      1097
        high     1316
        spanned  196608
        present  196608
        managed  193112
        protection: (0, 2048, 2048)
      nr_free_pages 192156
      nr_free_cma  0
  pagesets
    cpu: 0
              count: 458
              high:  1097
              batch: 63
  vm stats threshold: 8
  start_pfn:           393216
# meminfo
MemTotal:        1034592 kB
MemFree:         1029972 kB
HighTotal:        262144 kB
HighFree:         261348 kB
LowTotal:         772448 kB
LowFree:          768624 kB
Slab:               1196 kB
SReclaimable:        200 kB
SUnreclaim:          996 kB
KernelStack:         304 kB
PageTables:            4 kB
VmallocTotal:     245760 kB
VmallocUsed:          16 kB
VmallocChunk:          0 kB
