#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The figures of `make bench`, measured now: the same in each run, none above its target, none worse than the committed ones.

use strict;
use warnings;
use lib 'scripts';
use BenchFigures;
use Gdb;
use Pagewalk;
use Test::More;

my $build = build_path('bench');
my $says = qx(scripts/bench.pl check $build 2>&1);
is($? >> 8, 0, 'two runs agree, no row is above its target, none became worse by more than 2 %');
diag($says) if $says ne '';    # also what became better, and why nothing was compared
SKIP: {
    my ($why) = $says =~ /^SKIPPED, (.*)/m;
    skip($why, 1) if $why;
    pass('they were compared with the committed figures');
}

# What is committed says the same of the CPUs as docs/pcp.md does.
my $figures = read_figures('scripts/bench_figures.tsv');
for my $name ('GFP_KERNEL pairs', 'bursts of 512', 'order 9 pairs') {
    my ($one, $two, $four) = @{$figures->{contention}{$name}};
    cmp_ok(2 * $one / $two, '>', 1, "$name: two CPUs do more than one");
    cmp_ok(4 * $one / $four, '>', 2 * $one / $two, '... and four more than two');
    cmp_ok(4 * $one / $four, '<=', 4.05, '... but not more than four times as much');
}
my ($one, undef, $four) = @{$figures->{contention}{'GFP_KERNEL pairs'}};
cmp_ok(4 * $one / $four, '>', 3.8, 'CPUs that find their pages on their own lists do not disturb each other');

# What debugging costs where it is off: nothing, since no instruction asks for the flags of a cache.
my $elf = build_path('bench/bench.elf');
my $gdb = find_gdb();
my ($flags) = qx($gdb -nx -batch -ex 'print (int)&((struct kmem_cache *)0)->flags' $elf 2>&1) =~ /= (\d+)/;
ok($flags, 'the flags of a cache have a place in it');
for my $function (qw(run_pairs kmem_cache_free kfree __kmalloc)) {
    my $code = tool('objdump', '-d', "--disassemble=$function", $elf);
    like($code, qr/<$function>:\n(?:.+\n){8}/, "$function has instructions");
    unlike($code, qr/\tldr\S*\t\w+, \[\w+, #$flags\]|slab_debug/, '... none of them is about debugging');
}

done_testing();
