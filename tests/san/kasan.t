#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# A kernel that checks each access (make SAN=kasan): what tests/kernel/kasan_test.c does wrong on purpose is reported, in
# the form that Linux's reports have, whole; and nothing else is: all suites pass, on machines that have all that large
# ones have; and with what else looks after memory.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Gdb;
use Pagewalk;
use Test::More;
use lib 'scripts';
use Junk;

my %image = (slab => build_path('kasan/kernel.bin'), map { $_ => build_path("kasan/$_/kernel.bin") } qw(slub slob));
plan skip_all => 'no SAN=kasan kernel was built' if grep { !-e $_ } values(%image);

my $border = '={66}';
my $hex = '[0-9a-f]{8}';

# The reports in a log.
sub reports {
    my ($log) = @_;
    return $log =~ /^$border\n(BUG: KASAN: .*\n(?:.*\n)*?)$border\n/mg;
}

# What is wrong with how a report reads; '' if nothing is.
sub flaws {
    my ($report) = @_;
    my @flaws;
    my ($kind, $place) = $report =~ /\ABUG: KASAN: ([a-z-]+) in (\w+\+0x\w+\/0x\w+)\n/ or return 'no first line';
    my ($access, $addr) = $report =~ /^(Read of size \d+|Write of size \d+|Free) (?:at|of) addr ($hex) by task \w+(?:\/\d+)?\/\d+$/m
        or return 'no second line';
    push(@flaws, 'no call trace') unless $report =~ /^Call trace:\n\[<$hex>\] \(.*\n(?:\[<.*\n)+/m;
    push(@flaws, 'nobody allocated it') if $kind =~ /slab|double/ && $report !~ /^(?:Allocated by task \d+:\n \w+\+|The buggy address belongs to page )/m;
    push(@flaws, 'nobody freed it') if $kind eq 'double-free' && $report !~ /^Freed by task \d+:\n \w+\+/m;
    push(@flaws, 'no owner') unless $kind =~ /vmalloc/ || $report =~ /^The buggy address belongs to /m;
    push(@flaws, 'no shadow') unless $report =~ /^Memory state around the buggy address:\n(?:[ >]$hex:(?: [0-9a-f]{2}){16}\n(?: +\^\n)?)+\z/m;

    # The mark stands under the byte about the first bad address, which is no zero.
    my ($row, $bytes, $mark) = $report =~ /^>($hex):((?: [0-9a-f]{2}){16})\n( +)\^$/m or return join(', ', @flaws, 'no mark');
    my $index = (length($mark) - length(">$row: ")) / 3;
    my $granule = hex($row) + $index * 8;
    push(@flaws, 'the mark is between two bytes') if $index != int($index);
    push(@flaws, 'the mark is elsewhere') unless $granule >= hex($addr) - 7 && $granule < hex($addr) + 32;
    push(@flaws, 'the marked byte may be used') if substr($bytes, int($index) * 3 + 1, 2) eq '00';
    return join(', ', @flaws);
}

# What some tests mean to provoke: an expect_report() each, but those in loops and by all CPUs.
sub meant {
    my $nr = () = join('', @_) =~ /^\t+expect_report\("/mg;
    return $nr;
}

# Where KASAN knows nothing of objects, because slab_debug= or SLAB=slob have them, there are those of pages, stacks and variables.
my (undef, @tests) = split(/^(?=TEST\()/m, read_file('tests/kernel/kasan_test.c'));
my $meant = meant(@tests);
my $without_objects = meant(grep { !/NEEDS_OBJECTS/ } @tests);
cmp_ok($meant, '>', 20, 'many accesses are wrong on purpose');
cmp_ok($without_objects, '>', 8, '... of those that have to do with no objects, too');

my $directory = tempdir(CLEANUP => 1);

for ([ 'slab', { ram => 64 }, 'test=all' ],
    [ 'slub', { ram => 64 }, 'test=all' ],
    [ 'slab', { ram => 96, cpus => 4, qemu => in_turns() }, join(' ', memory_suites() . ',kasan,kmap,mm,vmalloc', low_border()) ],
    [ 'slob', { ram => 32, cpus => 2 }, 'test=kasan,mempool,slab,slab_misuse,slabexhaust,soakall,vmalloc' ],
    [ 'slab', { ram => 32 }, 'test=exhaust,kasan,kswapd,numa,page_debug,slab,slab_misuse,slabexhaust slab_debug=FZPU page_poison=1 page_owner=1' ],
    [ 'slub', { ram => 32 }, 'test=kasan,slab,vmalloc page_poison=1' ],
    [ 'slab', { ram => 16, qemu => [ junk($directory, $image{slab}, 16, noise(5)) ] }, 'test=exhaust,kasan,slabexhaust,vmalloc' ],
    [ 'slab', { ram => 64, cpus => 2, qemu => in_turns() }, 'test=kasan,numa,pcp,vmallocexhaust numa=fake=4 vmalloc=16M' ]) {
    my ($slab, $options, $append) = @$_;
    my $run = boot(%$options, image => $image{$slab}, append => $append);
    self_tests_pass($run, "SLAB=$slab, $options->{ram} MiB, $append");
    my @reports = reports($run->{output});
    is(() = $run->{output} =~ /^BUG: KASAN: /mg, scalar(@reports), '... and no report is cut short');
    cmp_ok(scalar(@reports), '>=', $slab eq 'slob' || $append =~ /slab_debug/ ? $without_objects : $meant, '... and what was meant is reported');
    my @strange = grep { !/^BUG: KASAN: \S+ in (?:test_\d+|overrun_\w+|strnlen|memcmp|careless_close)\+/ } @reports;
    is("@strange", '', '... nothing else');
    is_deeply([ grep { $_ ne '' } map { my $flaws = flaws($_); $flaws && "$flaws:\n$_" } @reports ], [], '... each as it should read');
}

# The prompt.
my $board = start(ram => 64, image => $image{slab}, append => 'test=none kasan_quarantine=64K');
$board->wait_for(qr/^pagewalk> /m);
like($board->answer('mm layout'), qr/^    kasan   : 0xb6e00000 - 0xbf000000   \(   130 MiB\)$/m, 'mm layout has the shadow');
like($board->answer('mm kasan'), qr/^quarantine: \d+ objects, \d+ KiB of at most 64; 0 reports\n\z/, 'mm kasan: the quarantine, with the limit that was asked for');
like($board->answer('mm kasan 0xc0010000'), qr/^c0010000: shadow 00 at b7002000, may be used\n/, 'mm kasan: an address that may be used');
like($board->answer('mm kasan 0xfef09000'), qr/^fef09000: shadow 00 at \w+ \(the page of zeros\), may be used\n/, '... one without a shadow of its own');
like($board->answer('mm kasan 0x1000'), qr/^00001000 has no shadow: memory from bf000000 on has\n/, '... one without any');
like($board->answer('mm kasan x'), qr/^usage: mm kasan \[ADDR\]/m, '... none');

# gdb.
my $talk = talk({ ram => 64, kernel => 'kasan' }, 'break kernel_exit', 'continue', 'mm layout', kernel_says('show_layout()'));
like($talk->answer('mm layout'), qr/^    kasan   : 0xb6e00000 - 0xbf000000 /m, "gdb's mm layout has the shadow");
in_order($talk->answer('mm layout'), [ $talk->said(0) ], '... and all else that the kernel says');

done_testing();
