#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What the policies of `fallback=' do to memory, side by side: the figures of bench=frag (tests/kernel/
# frag_bench.c), means over its seeds.
#
#    frag.pl BUILD-DIRECTORY [MIB]...      the directory holds a kernel, best one built with DEBUG=0

use strict;
use warnings;
use FindBin;
use List::Util qw(sum);

my @policies = ('split', 'steal-exact', 'nogroup');
my @points = ('load', 'quiet', 'rest');
my ($build, @rams) = @ARGV;
die "usage: $0 BUILD-DIRECTORY [MIB]...\n" unless defined $build && -r "$build/kernel.bin";
@rams = (64, 256) if !@rams;

# What a machine prints under a policy: load => [ a hash for each seed ]; and the loads in their order.
sub measure {
    my ($ram, $policy) = @_;
    my (%runs, @loads);
    open(my $board, '-|', "$FindBin::Bin/qemu.sh", 'batch', '--image', "$build/kernel.bin", '--ram', $ram,
        '--append', "batch test=none bench=frag fallback=$policy") or die "qemu.sh: $!\n";
    for my $line (<$board>) {
        my ($load, $fill, $rest) = $line =~ /^# frag (\w+) (\d+)% seed (.*)$/ or next;
        my %run = $rest =~ /(\w+) (\d+)(?= |$)/g;
        @{$run{$1}}{qw(got best unusable)} = ($2, $3, $4) while $rest =~ m{(\w+) (\d+)/(\d+) (\d\.\d+)}g;
        my $name = "$load, $fill% full";
        push(@loads, $name) unless $runs{$name};
        push(@{$runs{$name}}, \%run);
    }
    close($board) or die "the board ended with status ", $? >> 8, "\n";
    die "$ram MiB, $policy: no figures\n" unless @loads;
    return (\%runs, @loads);
}

sub mean { return sum(@_) / @_ }

sub row { printf("%-36s" . '%14s' x (@_ - 1) . "\n", @_) }

# The cells of a row: what a function makes of each policy's runs.
sub compare {
    my ($name, $cell, @runs) = @_;
    row($name, map { $cell->(@$_) } @runs);
}

sub report {
    my ($ram, $load, @runs) = @_;
    row("$ram MiB, $load", @policies);
    compare('requests that failed',
        sub { sprintf('%.1f%%', 100 * sum(map { $_->{failed} } @_) / sum(map { $_->{requests} } @_)) }, @runs);
    compare('blocks from another type', sub { sprintf('%.0f', mean(map { $_->{fallbacks} } @_)) }, @runs);
    compare('pageblocks with unmovable pages', sub {
        sprintf('%.0f of %.0f', mean(map { $_->{unmovable} } @_), mean(map { $_->{pageblocks} } @_))
    }, @runs);
    for my $point (@points) {
        compare("order 9 to be had, $point", sub {
            my @at = map { $_->{$point} } @_;
            sprintf('%.0f of %.0f', mean(map { $_->{got} } @at), mean(map { $_->{best} } @at));
        }, @runs);
    }
    for my $point (@points) {
        compare("unusable for order 9, $point",
            sub { sprintf('%.2f', mean(map { $_->{$point}{unusable} } @_)) }, @runs);
    }
    print "\n";
}

for my $ram (@rams) {
    my (@by_policy, @loads);
    for my $policy (@policies) {
        (my $runs, @loads) = measure($ram, $policy);
        push(@by_policy, $runs);
    }
    for my $load (@loads) {
        report($ram, $load, map { $_->{$load} } @by_policy);
    }
}
