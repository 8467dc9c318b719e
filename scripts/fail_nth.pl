#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Every suite with each of its allocations failing in turn, on machines of several kinds, and what came of it.
#
#    fail_nth.pl BUILD NAME=KERNEL...    images (kernel.bin), each called NAME; their objects are beside them, or in BUILD
#
# A place is a call of an allocator. The list has those of the kernel itself; those in the tests are counted.
# Single objects fail, too: slab_debug=A. The seed is given, and instructions are counted, so a run is the same each time;
# CPUs take turns. Exit status: 1 if a test fails, if something was not given back, or if nothing failed at some place.

use strict;
use warnings;
use File::Basename qw(dirname);
use FindBin;

my $suites_of_allocators = 'buddy,compound,kswapd,misuse,numa,page_debug,page_wait,pcp,pcpsmp,slowpath,soak,zones,'
    . 'slab,slabexhaust,slabsmp,slabsoak,vmalloc,vmallocexhaust,vmallocstress';
my $suites_of_objects = 'buddy,compound,kmap,kmap_local,kmemleak,mempool,mm,slab,slabexhaust,vmalloc,zones';
my $suites_on_cpus = 'pcpsmp,slab,slabexhaust,slabsmp,slabsoak,vmallocstress';
my $holes = 'mem=24M mem=8M@0x62800000 dma_zone=8M vmalloc=968M';

# Each machine: what it is, MiB of RAM, CPUs, what goes onto its command line, and the allocators of objects that it is
# for. What has nothing to do with objects fails in the same places with each of them.
my @machines = (
    [ '16 MiB',                       16, 1, '', 'slab' ],
    [ 'holes, high memory, ZONE_DMA', 48, 1, $holes, 'slab' ],
    [ 'holes, high memory, ZONE_DMA', 48, 1, "$holes test=$suites_of_objects", 'slub slob' ],
    [ 'three CPUs',                   64, 3, "test=$suites_of_allocators", 'slab' ],
    [ 'three CPUs',                   64, 3, "test=$suites_on_cpus", 'slub slob' ],
);

my ($build, @kernels) = @ARGV;
@kernels = map { [ /^([a-z]+)=(.+)$/ ] } @kernels;
die "usage: $0 BUILD NAME=KERNEL...\n" if !@kernels || grep { !@$_ } @kernels;
-r $_->[1] or die "$0: $_->[1] does not exist: run make\n" for @kernels;

# The functions of a kernel that are not in its tests.
sub functions {
    my ($image) = @_;
    my $nm = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . 'nm';
    my @objects = map { my $dir = $_; map { glob("$dir/$_") } qw(arch/arm/*/*.o boot/*.o kernel/*.o lib/*.o mm/*.o mm/*/*.o) }
        dirname($image), $build;
    open(my $pipe, '-|', $nm, @objects) or die "$nm: $!\n";
    my @names = map { /^[0-9a-f]+ [tT] (\S+)$/ ? $1 : () } <$pipe>;
    close($pipe) or die "$0: $nm cannot read the objects of $image: status $?\n";
    return @names;
}

# Runs all tests on a machine, and adds what came of it to the account.
sub run_machine {
    my ($account, $image, $what, $ram, $cpus, $append) = @_;
    my $command = "$FindBin::Bin/qemu.sh batch --image $image --ram $ram --cpus $cpus --expect '^# passed ' "
        . "--append 'batch seed=1 fail_nth=each page_owner=1 slab_debug=A $append' -- -icount shift=0,align=off,sleep=off";
    my $log = `$command </dev/null`;
    my $status = $?;
    my ($leaked) = $log =~ /^# fail_nth: \d+ places: .*; leaks: (\w+)\r?$/m;
    my ($failed) = $log =~ /^# (\d+) allocations were made to fail\r?$/m;
    my ($passed) = $log =~ /^# passed (\d+) of /m;

    while ($log =~ /^# fail_nth: ([^+\s]+)(\+\S+) for (\w+): reached (\d+), failed (\d+)\r?$/mg) {
        my ($name, $where, $kind) = ($1, $2, $3);
        my $known = $account->{functions}{$name};
        my $place = $account->{places}{$known ? "$name, $kind" : "a test, $name$where, $kind"} //= [ 0, 0 ];
        $place->[0] += $4;
        $place->[1] += $5;
    }
    if ($status || !defined $leaked || $leaked ne 'none') {
        print STDERR map({ "$_\n" } $log =~ /^((?:# .* not so: |not ok |page_owner: ).*)$/mg), substr($log, -2000), "\n";
        print STDERR "repeat with: $command\n";
        $account->{bad} = 1;
    }
    $account->{failures} += $failed // 0;
    $account->{leaks} += $leaked =~ /^\d+$/ ? $leaked : 0 if defined $leaked;
    $account->{tests} += $passed // 0;
    printf("%-30s %5d tests %7d failures injected   leaks: %s\n", $what, $passed // 0, $failed // 0, $leaked // '?');
}

# Return: is all well?
sub run_kernel {
    my ($name, $image) = @_;
    my $account = { places => {}, failures => 0, leaks => 0, tests => 0, bad => 0,
        functions => { map { $_ => 1 } functions($image) } };
    print "SLAB=$name\n\n";
    run_machine($account, $image, @$_[0 .. 3]) for grep { $_->[4] =~ /\b$name\b/ } @machines;

    my $places = $account->{places};
    my @never = grep { !$places->{$_}[1] } sort(keys(%$places));
    my @of_kernel = grep { !/^a test/ } sort(keys(%$places));
    print "\nPlaces in the kernel                             reached     failed\n";
    printf("%-44s %11d %10d\n", $_, @{$places->{$_}}) for @of_kernel;
    printf("\n%d places in the kernel, %d in tests; never made to fail: %s\n", scalar(@of_kernel), keys(%$places) - @of_kernel,
        join('; ', @never) || 'none');
    printf("%s: %d failures injected in %d tests; leaks: %s\n\n", $name, $account->{failures}, $account->{tests}, $account->{leaks} || 'none');
    return !$account->{bad} && !@never;
}

$| = 1;
exit((grep { !run_kernel(@$_) } @kernels) ? 1 : 0);
