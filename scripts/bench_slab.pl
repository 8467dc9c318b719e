#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The allocators of objects beside each other and beside Linux's two: instructions, on one CPU and on several at
# once, and memory.
#
#    bench_slab.pl NAME=BUILD-DIRECTORY...      slab=build/bench slub=build/bench/slub ...
#
# Each directory holds a kernel built with DEBUG=0 and SLAB=NAME. `make bench-slab' builds them and calls this.
#
# Linux's instructions: 6.1.192, measured as bench.pl says, with its SLAB and its SLUB. What Linux's objects lose
# of memory follows from how it lays out slabs (mm/slab.c, calculate_slab_order(); mm/slub.c, calculate_order());
# for SLAB it is what that Linux's /proc/slabinfo shows, for sizes that occur there.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Bench;

use constant { RAM => 1024, PAGE => 4096, LINUX_CPUS => 4 };

my @builds = map { [ split(/=/, $_, 2) ] } @ARGV;
die "usage: $0 NAME=BUILD-DIRECTORY...\n" if !@builds || grep { !defined $_->[1] || !-r "$_->[1]/bench.bin" } @builds;
my @names = map { $_->[0] } @builds;

# Operations: name, instructions of Linux's SLAB, of its SLUB.
my @operations = (
    (map { [ "pair of $_", 88, 120 ] } 32, 64, 128, 256, 1024),
    [ 'burst of 32, alloc', 64, 70 ], [ 'burst of 64, alloc', 63, 78 ], [ 'burst of 128, alloc', 69, 86 ],
    [ 'burst of 256, alloc', 71, 104 ], [ 'burst of 1024, alloc', 157, 111 ],
    [ 'burst of 32, free', 71, 107 ], [ 'burst of 64, free', 69, 112 ], [ 'burst of 128, free', 74, 119 ],
    [ 'burst of 256, free', 74, 131 ], [ 'burst of 1024, free', 142, 137 ],
    [ 'kmalloc(variable) pair', 140, 171 ], [ 'kmalloc(64) pair', 114, 145 ], [ 'kmalloc(16384) pair', 782, 779 ],
    [ 'kzalloc(64) pair', 138, 168 ], [ 'kzalloc(4096) pair', 516, 546 ],
);

# Operations of all CPUs at once.
my @cpu_counts = (1, 2, 4);
my @races = ((map { "pairs of $_" } 32, 64, 128, 256, 1024), 'bursts of 64', 'kmalloc(variable) pairs');

sub compare_operations {
    my @cost = map { measure_operations($_->[1], RAM, 'slab') } @builds;
    row('Instructions', 'Linux SLAB', 'Linux SLUB', @names);
    for (@operations) {
        my ($name, @linux) = @$_;
        row_of_numbers($name, @linux, map { $_->{$name} // die "$name was not measured\n" } @cost);
    }
}

# Instructions of all CPUs for one operation: what the others' being there adds.
sub compare_races {
    row('All CPUs at once', map { $_ == 1 ? '1 CPU' : "$_ CPUs" } @cpu_counts);
    my @cost;
    for my $build (@builds) {
        push(@cost, [ map { measure_races($build->[1], RAM, 'slabrace', $_) } @cpu_counts ]);
    }
    for my $name (@races) {
        print "$name\n";
        for my $i (0 .. $#builds) {
            my @at = map { $_->{$name} // die "$name was not measured\n" } @{$cost[$i]};
            row("    $names[$i]", map { sprintf('%.0f', $_->{instructions}) } @at);
        }
    }
}

# --- Memory ---

# Objects in a slab of Linux's SLAB, and its pages: the lowest order, up to 1, at which no more than an eighth is
# left over. Each object has one byte of a list, which has its place in a free object if that is long enough.
sub linux_slab {
    my ($size) = @_;
    my ($pages, $num) = (1);
    while (1) {
        my $bytes = $pages * PAGE;
        $num = int($bytes / $size);
        $num = int($bytes / ($size + 1)) if $num > $size;
        last if $num && (($bytes - $num * $size) * 8 <= $bytes || $pages >= 2);
        $pages *= 2;
    }
    return ($num, $pages);
}

sub order_pages {
    my ($bytes) = @_;
    my $pages = 1;
    $pages *= 2 while $pages * PAGE < $bytes;
    return $pages;
}

# Of its SLUB: the lowest order, up to 3, at which no more than a share is left over and there are enough objects;
# if there is none, a larger share will do, and then fewer objects.
sub linux_slub {
    my ($size) = @_;
    my $bits = length(sprintf('%b', LINUX_CPUS));
    my $most = int(8 * PAGE / $size);
    my $enough = 4 * ($bits + 1);
    $enough = $most if $enough > $most;
    for (; $enough > 1; $enough--) {
        for my $share (16, 8, 4) {
            for (my $pages = order_pages($enough * $size); $pages <= 8; $pages *= 2) {
                my $num = int($pages * PAGE / $size);
                return ($num, $pages) if ($pages * PAGE % $size) * $share <= $pages * PAGE;
            }
        }
    }
    my $pages = order_pages($size);
    return (int($pages * PAGE / $size), $pages);
}

sub lost_by {
    my ($layout, $size) = @_;
    my ($num, $pages) = $layout->(int(($size + 7) / 8) * 8);
    return sprintf('%.1f', $pages * PAGE / $num - $size);
}

# What the board says: the sizes in order, bytes lost of an object of each, and the share of kmalloc()ed memory.
sub measure_space {
    my ($build) = @_;
    my (@sizes, %lost, $kmalloc);
    for my $line (run_board("$build/bench.bin", RAM, 'test=none bench=slabspace')) {
        if ($line =~ /^# space (\d+): (\d+) objects in (\d+) pages/) {
            push(@sizes, $1);
            $lost{$1} = sprintf('%.1f', $3 * PAGE / $2 - $1);
        }
        $kmalloc = sprintf('%.1f%%', 100 * (1 - $1 / ($2 * PAGE))) if $line =~ /^# space kmalloc: (\d+) bytes in (\d+) pages/;
    }
    return { sizes => \@sizes, lost => \%lost, kmalloc => $kmalloc // die "the board has no benchmark slabspace\n" };
}

sub compare_space {
    my @space = map { measure_space($_->[1]) } @builds;
    row('Bytes lost of an object', 'Linux SLAB', 'Linux SLUB', @names);
    for my $size (@{$space[0]{sizes}}) {
        row("    of $size", lost_by(\&linux_slab, $size), lost_by(\&linux_slub, $size), map { $_->{lost}{$size} } @space);
    }
    # Linux's: of what it gives out, what was not asked for; what slabs lose besides is not in it.
    row('kmalloc() of 2 to 4096 bytes', '25.0%', '25.0%', map { $_->{kmalloc} } @space);
}

compare_operations();
print "\n";
compare_races();
print "\n";
compare_space();
