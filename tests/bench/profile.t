#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# `make bench PROFILE=ROW`: every instruction of a row has a function, and their sum is the row's figure.

use strict;
use warnings;
use lib 'scripts';
use BenchFigures;
use Pagewalk;
use Test::More;

my $build = build_path('bench');

# Return: the status and what is printed.
sub profile { return (system('sh', '-c', 'exec scripts/bench_profile.pl "$0" "$1" >' . build_path('profile') . ' 2>&1', $build, shift) >> 8,
    read_file(build_path('profile'))) }

my ($status, $says) = profile('kmalloc(64)');
is($status, 0, 'a part of the name is enough for a row that has no like, and its sum is what the clock counts') or diag($says);
like($says, qr/^kmalloc\(64\) pair +instructions +calls$/m, 'the row is named');
my ($free) = $says =~ /^    kfree +(\d+)\.00 +1\.00$/m;
my ($alloc) = $says =~ /^    run_const_64 +([\d.]+) +0\.01$/m;
ok($free && $alloc, 'kfree() is called once, and kmalloc() is part of the loop, which is called once for 100') or diag($says);
my $code = tool('objdump', '-d', '--disassemble=kfree', "$build/bench.elf");
my $length = () = $code =~ /^c[0-9a-f]+:\t[0-9a-f]{8}/mg;
cmp_ok($free, '<=', $length, 'kfree() does not take more instructions than it has');
my ($sum) = $says =~ /^all +([\d.]+)$/m;
my ($figure) = $says =~ /^The clock counted (\d+)\.$/m;
cmp_ok(abs($sum - $free - $alloc), '<', 0.02, 'the sum is that of the lines');
cmp_ok(abs($sum - $figure), '<', 1, '... and the figure');

($status, $says) = profile('mem_init()');
is($status, 0, 'a phase of booting has a profile, too') or diag($says);
like($says, qr/^    __free_pages_bootmem +[\d,]+ +\d+$/m, '... with the functions that are called in it');

($status, $says) = profile('pair of 1');
isnt($status, 0, 'a name that means several rows is refused');
like($says, qr/may be any of:\n    pair of 128\n    pair of 1024\n$/, '... and these are listed');
($status, $says) = profile('GFP_KERNEL pairs');
like($says, qr/no row of one CPU's instructions is called "GFP_KERNEL pairs"; there are:\n/, 'so is one that no row has');

done_testing();
