#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The figures of `make bench`: all there, the same in each run, and none above its target.

use strict;
use warnings;
use lib 'scripts';
use Bench;
use Gdb;
use Pagewalk;
use Test::More;

my $build = build_path('bench');
my $first = qx(scripts/bench.pl $build 2>&1);
my $status = $? >> 8;
my $number = qr/\d[\d,]*/;

# Not all is measured once more: one CPU, and two that are in each other's way.
my $one = measure_operations($build, 1024, 'page');
for my $name ('GFP_KERNEL pair', 'burst of 4096, free', 'order 9 pair', 'zeroed pair') {
    like($first, qr/^\Q$name\E .* @{[ with_commas($one->{$name}) ]}$/m, "another run counts the same: $name");
}
my $two = measure_races($build, 1024, 'contention', 2);
for my $name (sort keys(%$two)) {
    my $instructions = sprintf('%.0f', $two->{$name}{instructions});
    like($first, qr/^All CPUs at once.*^\Q$name\E +\d+ +$instructions +\d+$/ms, "... $name by two CPUs");
}

is($status, 0, 'no figure is above its target') or diag($first);
for my $name ('MMU on', 'memblock ready', 'bootmem ready', 'buddy ready', 'paging_init\(\)', 'KiB taken.*') {
    like($first, qr/^$name +$number +$number +$number$/m, "there is a figure for each size: $name");
}
for my $name ('GFP_KERNEL pair', 'burst of 4096, free', 'order 9 pair', 'zeroed pair') {
    like($first, qr/^$name +$number +$number +$number$/m, "there is a figure for $name");
}
for my $name ('GFP_KERNEL pairs', 'bursts of 512', 'order 9 pairs') {
    my ($two, $four) = $first =~ /^All CPUs at once.*^$name +.*?^    throughput +1\.00 +([\d.]+) +([\d.]+)$/ms;
    ok($two && $four, "$name by several CPUs is measured") or next;
    cmp_ok($two, '>', 1, '... two do more than one');
    cmp_ok($four, '>', $two, '... and four more than two');
    cmp_ok($four, '<=', 4.05, '... but not more than four times as much');
}
my ($pairs) = $first =~ /^All CPUs at once.*?^GFP_KERNEL pairs.*?^    throughput +1\.00 +[\d.]+ +([\d.]+)$/ms;
cmp_ok($pairs // 0, '>', 3.8, 'CPUs that find their pages on their own lists do not disturb each other');
like($first, qr/^loop of 100 +100$/m, 'a loop of known length has that length');
like($first, qr/^    $_ +$number$/m, "the image's $_ is measured") for qw(.text .rodata .data .bss);

# What debugging costs where it is off: nothing, since no instruction asks for the flags of a cache.
my $elf = build_path('bench/bench.elf');
my $gdb = find_gdb();
my ($flags) = qx($gdb -nx -batch -ex 'print (int)&((struct kmem_cache *)0)->flags' $elf 2>&1) =~ /= (\d+)/;
ok($flags, 'the flags of a cache have a place in it');
for my $function (qw(run_pairs kmem_cache_free kfree __kmalloc)) {
    my $code = qx(@{[ $ENV{CROSS_COMPILE} // 'arm-none-eabi-' ]}objdump -d --disassemble=$function $elf);
    like($code, qr/<$function>:\n(?:.+\n){8}/, "$function has instructions");
    unlike($code, qr/\tldr\S*\t\w+, \[\w+, #$flags\]|slab_debug/, '... none of them is about debugging');
}

done_testing();
