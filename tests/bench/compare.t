#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# How figures are kept and judged (scripts/BenchFigures.pm), with made-up ones; and what bench.pl says to wrong arguments.

use strict;
use warnings;
use lib 'scripts';
use BenchFigures;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my %old = (page => { 'GFP_KERNEL pair' => [100], 'zeroed pair' => [300] }, space => { 'KiB taken' => [ 800, 2400, 8500 ] });

# The committed figures with some of them changed.
sub with {
    my (%changes) = @_;
    my %new = map { my $section = $_; ($section => { %{$old{$section}} }) } keys(%old);
    $new{page}{$_} = $changes{$_} for keys(%changes);
    return \%new;
}

sub judged { return verdict(compare_figures(\%old, shift, { space => [ '64 MiB', '256 MiB', '1024 MiB' ] })) }

is_deeply([ judged(with()) ], [ '', 0 ], 'the same figures are no matter');
is_deeply([ judged(with('GFP_KERNEL pair' => [102], 'zeroed pair' => [294])) ], [ '', 0 ], 'nor are 2 % in either direction');

my ($says, $failed) = judged(with('GFP_KERNEL pair' => [103]));
is($failed, 1, 'a row that is 3 % worse is a failure');
like($says, qr/^Worse .*:\n    page: GFP_KERNEL pair: 103, was 100 \(\+3\.0 %\)\n/, '... with its name, figures and percentage');
like($says, qr/make bench-update/, '... and how to commit to it');

($says, $failed) = judged(with('GFP_KERNEL pair' => [90]));
is($failed, 0, 'a row that is 10 % better is none');
like($says, qr/^Better .*no failure:\n    page: GFP_KERNEL pair: 90, was 100 \(-10\.0 %\)\n.*make bench-update/s, '... but it is told');

my $grown = with();
$grown->{space}{'KiB taken'} = [ 800, 2400, 9000 ];
like((judged($grown))[0], qr/^    space: KiB taken \(1024 MiB\): 9000, was 8500/m, 'of several figures it is said which');

my $less = with();
delete($less->{page}{'zeroed pair'});
($says, $failed) = judged($less);
is($failed, 1, 'a row that is not measured any more is a failure');
like($says, qr/^    page: zeroed pair: 300, now not measured$/m, '... with its name');
($says, $failed) = judged(with('new pair' => [1]));
is($failed, 1, 'so is a new row without a committed figure');
like($says, qr/^    page: new pair: 1$/m, '... with its name');
my @several = map { { contention => { 'order 9 pairs' => $_ } } } [ 300, 400 ], [ 300, 470 ], [ 300, 490 ], [ 310, 400 ];
is((verdict(compare_figures($several[0], $several[1], {})))[1], 0, 'by several CPUs a row may wander by 20 %');
is((verdict(compare_figures($several[0], $several[2], {})))[1], 1, '... but by no more');
is((verdict(compare_figures($several[0], $several[3], {})))[1], 1, '... and not by one CPU');
($says, $failed) = verdict(compare_figures({ c => { locks => [0] } }, { c => { locks => [1] } }, {}));
is($failed, 1, 'more than nothing is worse');

is_deeply([ differences(with(), with()) ], [], 'two runs that count the same do not differ');
is_deeply([ differences(with(), with('zeroed pair' => [301])) ], ['page: zeroed pair: 300 in one run, 301 in the other'],
    'by one instruction they do');
is(scalar(differences(with(), $less)), 1, '... and by a row');

my @rows = ({ section => 'page', name => 'zeroed pair', most => [299] }, { section => 'space', name => 'KiB taken', most => [ 1000, 2400, 8000 ] });
is_deeply([ above_targets(\@rows, \%old) ], [ 'page: zeroed pair: 300, at most 299', 'space: KiB taken: 8500, at most 8000' ],
    'figures above their targets are named');

# Rows of the other allocators that are above their target have a reason, and no others.
my @objects = ({ section => 'slab', name => 'pair of 8', most => [40] });
my @above = others_above(\@objects, { slab => { 'pair of 8' => [ 41, 40, 50 ] } }, qw(slab slub slob));
is_deeply(\@above, [ { allocator => 'slob', name => 'pair of 8', ours => 50, most => 40 } ], 'another allocator is above a target');
is_deeply([ reasons_amiss(\@above) ], ['slob: pair of 8: 50, at most 40, and no reason why'], '... which needs a reason');
is_deeply([ reasons_amiss(\@above, { allocator => 'slob', pattern => 'pair of .' }) ], [], '... and has it');
is(scalar(reasons_amiss(\@above, { allocator => 'slub', pattern => 'pair of .' })), 2, '... but not that of another one, which is one too many');
is_deeply([ reasons_amiss([ others_above([ read_rows('scripts/bench_rows.tsv') ], read_figures('scripts/bench_figures.tsv'), qw(slab slub slob)) ],
    read_reasons('scripts/bench_reasons.tsv')) ], [], 'each committed figure above its target has a reason, and each reason such a figure');

write_figures("$dir/figures", \%old, { compiler => 'gcc 1', emulator => 'QEMU 1.0' });
is_deeply(read_figures("$dir/figures"), \%old, 'figures that were written are read again');
my $made_with = toolchain_of("$dir/figures");
is(other_toolchain($made_with, { compiler => 'gcc 1', emulator => 'QEMU 1.0' }), undef, '... and made with the same tools');
is(other_toolchain($made_with, { compiler => 'gcc 1', emulator => 'QEMU 2.0' }),
    'emulator is QEMU 2.0, the committed figures were made with QEMU 1.0', '... or with others, which has a name');
like(this_toolchain()->{compiler}, qr/gcc/, 'there is a compiler');
like(this_toolchain()->{emulator}, qr/^QEMU \d+\.\d+$/, '... and an emulator');

my $all = qx(scripts/bench.pl show 2>&1);
is($?, 0, 'each row has a committed figure') or diag($all);
my $number = qr/\d[\d,]*/;
like($all, qr/^\Q$_\E +$number +$number +$number +$number +\d+ %$/m, "there is $_ beside both of Linux's") for 'GFP_KERNEL pair', 'pair of 64', 'vmalloc pair, 1 page';
like($all, qr/^\Q$_\E +$number +$number +$number\n    Linux +$number +$number +$number\n    at most/m, "there is $_ at each size")
    for 'paging_init()', 'KiB taken after booting';
like(qx(scripts/bench.pl show page nonsense 2>&1), qr/no table nonsense; there are: boot /, 'a table that is not there is named');
like(qx(scripts/bench.pl run $dir 2>&1), qr{there is no \S+/bare\.bin: make bench builds it}, 'so is a kernel that was not built');
like(qx(scripts/bench.pl run 2>&1), qr/^usage/, 'wrong arguments are answered by the right ones');

done_testing();
