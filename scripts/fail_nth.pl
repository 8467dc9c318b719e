#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Every suite with each of its allocations failing in turn, on machines of several kinds, and what came of it.
#
#    fail_nth.pl KERNEL...      images (kernel.bin), their kernel.elf and objects beside them
#
# A place is a call of an allocator. The list has those of the kernel itself; those in the tests are counted.
# Single objects fail, too: slab_debug=A. Exit status: 1 if a test fails, if something was not given back, or
# if nothing failed at some place.

use strict;
use warnings;
use File::Basename qw(dirname);
use FindBin;

my $suites_of_allocators = 'buddy,compound,kswapd,misuse,numa,page_debug,page_wait,pcp,pcpsmp,slowpath,soak,zones,'
    . 'slab,slabexhaust,slabsmp,slabsoak,vmalloc,vmallocexhaust,vmallocstress';

# Each machine: what it is, MiB of RAM, CPUs, what goes onto its command line. Several CPUs take turns: which allocation
# is the N-th is known then.
my @machines = (
    [ '16 MiB',                       16, 1, '' ],
    [ 'holes, high memory, ZONE_DMA', 48, 1, 'mem=24M mem=8M@0x62800000 dma_zone=8M vmalloc=968M' ],
    [ 'three CPUs',                   64, 3, "test=$suites_of_allocators" ],
);
my @in_turns = ('-icount', 'shift=0,align=off,sleep=off');

my @images = @ARGV or die "usage: $0 KERNEL...\n";
my (%places, %is_kernel, $bad);    # "function, for pages" => [ reached, failed ]
my ($failures, $leaks, $tests) = (0, 0, 0);

# The functions of a kernel that are not in its tests.
sub functions {
    my ($build) = @_;
    my $nm = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . 'nm';
    my $objects = join(' ', map { glob("$build/$_") } qw(arch/arm/*/*.o boot/*.o kernel/*.o lib/*.o mm/*.o mm/*/*.o));
    return `$nm $objects` =~ /^[0-9a-f]+ [tT] (\S+)$/mg;
}

sub run_machine {
    my ($image, $what, $ram, $cpus, $append) = @_;
    my $command = "$FindBin::Bin/qemu.sh batch --image $image --ram $ram --cpus $cpus --expect '^# passed ' "
        . "--append 'batch fail_nth=each page_owner=1 slab_debug=A $append'" . ($cpus > 1 ? " -- @in_turns" : '');
    my $log = `$command </dev/null`;
    my $status = $?;
    my ($leaked) = $log =~ /^# fail_nth: \d+ places: .*; leaks: (\w+)\r?$/m;
    my ($failed) = $log =~ /^# (\d+) allocations were made to fail\r?$/m;
    my ($passed) = $log =~ /^# passed (\d+) of /m;

    while ($log =~ /^# fail_nth: ([^+\s]+)(\+\S+) for (\w+): reached (\d+), failed (\d+)\r?$/mg) {
        my ($name, $where, $kind) = ($1, $2, $3);
        my $place = $places{$is_kernel{$name} ? "$name, $kind" : "a test, $name$where, $kind"} //= [ 0, 0 ];
        $place->[0] += $4;
        $place->[1] += $5;
    }
    if ($status || !defined $leaked || $leaked ne 'none') {
        print STDERR map({ "$_\n" } $log =~ /^((?:# .* not so: |not ok |page_owner: ).*)$/mg), substr($log, -2000), "\n";
        print STDERR "repeat with: $command\n";
        $bad = 1;
    }
    $failures += $failed // 0;
    $leaks += $leaked =~ /^\d+$/ ? $leaked : 0 if defined $leaked;
    $tests += $passed // 0;
    printf("%-30s %5d tests %7d failures injected   leaks: %s\n", $what, $passed // 0, $failed // 0, $leaked // '?');
}

for my $image (@images) {
    my $build = dirname($image);
    $is_kernel{$_} = 1 for functions($build);
    for my $machine (@machines) {
        my ($what, @how) = @$machine;
        run_machine($image, (@images > 1 ? "$build: " : '') . $what, @how);
    }
}

my @never = grep { !$places{$_}[1] } sort(keys(%places));
my @of_kernel = grep { !/^a test/ } sort(keys(%places));
print "\nPlaces in the kernel                             reached     failed\n";
printf("%-44s %11d %10d\n", $_, @{$places{$_}}) for @of_kernel;
printf("\n%d places in the kernel, %d in tests; never made to fail: %s\n", scalar(@of_kernel), keys(%places) - @of_kernel,
    join('; ', @never) || 'none');
printf("%d failures injected in %d tests; leaks: %s\n", $failures, $tests, $leaks || 'none');
exit($bad || @never ? 1 : 0);
