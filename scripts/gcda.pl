#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Makes .gcda files, which gcov reads, of what boots of a kernel with COVERAGE=1 wrote.
#
#    scripts/gcda.pl BOOT...
#
#    boot      the record of buddy.c, of pcp.c, ...
#    record    "gcda SIZE PATH\n", then SIZE bytes: the .gcda of that boot
#
# Counters of a file are added up over all boots, and written to PATH. The format is GCC's gcov-io.h since 12: 4 words of
# header, then TAG LENGTH DATA, where a negative length stands for so many bytes of counters that are 0.

use strict;
use warnings;

use constant { HEADER => 16, COUNTERS => 0x01a10000 };

# Return: the bytes up to the first counters, and after each array of counters up to the next; then the arrays, which
# are the same in number and size for all boots.
sub parse {
    my ($path, $bytes) = @_;
    my (@between, @arrays);
    my ($from, $at, $end) = (0, HEADER, length($bytes));

    substr($bytes, 0, 4) eq 'adcg' or die "$path: not a .gcda of a little-endian machine\n";
    while ($at + 8 <= $end) {
        my ($tag, $length) = unpack('L<l<', substr($bytes, $at, 8));
        $at += 8;
        my $inside = $length > 0 ? $length : 0;
        $at + $inside <= $end or die "$path: cut short\n";
        if ($tag == COUNTERS) {
            push(@between, substr($bytes, $from, $at - 8 - $from));
            push(@arrays, $length < 0 ? [ (0) x (-$length / 8) ] : [ unpack('Q<*', substr($bytes, $at, $length)) ]);
            $from = $at + $inside;
        }
        $at += $inside;
    }
    return { header => substr($bytes, 0, HEADER), between => [ @between, substr($bytes, $from) ], arrays => \@arrays };
}

sub add {
    my ($path, $sum, $more) = @_;
    join(',', map { scalar @$_ } @{$sum->{arrays}}) eq join(',', map { scalar @$_ } @{$more->{arrays}})
        && $sum->{header} eq $more->{header} or die "$path: of two builds; remove what boots of the former wrote\n";
    for my $i (0 .. $#{$sum->{arrays}}) {
        my ($total, $counters) = ($sum->{arrays}[$i], $more->{arrays}[$i]);
        $total->[$_] += $counters->[$_] for 0 .. $#$total;
    }
}

sub gcda {
    my ($sum) = @_;
    my @arrays = map { pack('L<l<Q<*', COUNTERS, 8 * @$_, @$_) } @{$sum->{arrays}};
    return join('', map { ($_, shift(@arrays) // ()) } @{$sum->{between}});
}

# Adds what one boot wrote.
sub add_boot {
    my ($sums, $boot) = @_;
    open(my $file, '<:raw', $boot) or die "$boot: $!\n";
    while (my $line = readline($file)) {
        my ($size, $path) = $line =~ /^gcda (\d+) (\S+)$/ or die "$boot: this is no record: $line\n";
        read($file, my $bytes, $size) == $size or die "$boot: cut short\n";
        my $record = parse($path, $bytes);
        if ($sums->{$path}) {
            add($path, $sums->{$path}, $record);
        } else {
            $sums->{$path} = $record;
        }
    }
}

@ARGV or die "usage: $0 BOOT...\n";
my %sums;
add_boot(\%sums, $_) for @ARGV;
for my $path (sort keys %sums) {
    open(my $file, '>:raw', $path) or die "$path: $!\n";
    print $file gcda($sums{$path});
    close($file) or die "$path: $!\n";
}
