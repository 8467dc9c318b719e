#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# Keeps what the documents quote equal to what a run prints.
#
#    scripts/listings.pl FILE.md...            compare, print TAP
#    scripts/listings.pl --update FILE.md...   run the commands and write what they print
#
# A quotation is a comment with a command, then a fenced block:
#
#    <!-- listing: make -s run RAM=64 SUITE=none -->
#    ```
#    mem_map: ...
#    ...
#    ```
#
# The command runs in the project's root by sh. A line of three dots in the block stands for any number
# of lines left out; --update keeps a block's first and last line and its dots by what stands around them. With
# "listing[PATTERN]:" only those lines of the output count that match the Perl pattern.
#
# Figures depend on the compiler: if it is not the one that docs/toolchain.txt names, digits are
# not compared.

use strict;
use warnings;
use FindBin;

chdir "$FindBin::Bin/.." or die "$0: cannot go to the project's root: $!\n";

my $update = @ARGV && $ARGV[0] eq '--update' ? shift : 0;
die "usage: $0 [--update] FILE.md...\n" unless @ARGV;

my $cc = ($ENV{CROSS_COMPILE} || 'arm-none-eabi-') . 'gcc';
my $toolchain_file = 'docs/toolchain.txt';
my %output;        # command -> lines
my ($tests, $failed) = (0, 0);

sub slurp {
    my ($file) = @_;
    open my $in, '<', $file or return '';
    local $/;
    return scalar <$in>;
}

sub toolchain {
    my ($first) = split /\n/, `$cc --version 2>/dev/null`;
    return defined $first ? "$first\n" : "none\n";
}

# What a command prints, without the carriage returns of the serial line.
sub lines_of {
    my ($command, $pattern) = @_;
    unless ($output{$command}) {
        my $text = `($command) </dev/null 2>&1`;
        $text =~ s/\r//g;
        $output{$command} = [ split /\n/, $text ];
    }
    return grep { !defined $pattern || /$pattern/ } @{ $output{$command} };
}

sub masked {
    my ($line) = @_;
    $line =~ s/\b0x[0-9a-f]+\b|\b[0-9a-f]{8}\b|\d+/#/g;
    $line =~ s/ +/ /g;
    return $line;
}

# Does the block stand in the output, its lines one after another but for the dots? Return: the first line
# that does not, or undef.
sub first_difference {
    my ($block, $lines, $mask) = @_;
    my @have = map { $mask ? masked($_) : $_ } @$lines;
    my ($at, $loose) = (0, 0);
    for my $line (@$block) {
        if ($line eq '...') {
            $loose = 1;
            next;
        }
        my $want = $mask ? masked($line) : $line;
        if ($loose) {
            $at++ while $at < @have && $have[$at] ne $want;
        }
        return $line if $at >= @have || $have[$at] ne $want;
        $at++;
        $loose = 0;
    }
    return $loose || $at == @have ? undef : "(the output goes on: $lines->[$at])";
}

# The block anew: each run of quoted lines keeps its length and is found again by its masked text.
sub refreshed {
    my ($block, $lines) = @_;
    return @$lines unless grep { $_ eq '...' } @$block;
    my ($at, @new) = (0);
    for my $line (@$block) {
        if ($line eq '...') {
            push @new, $line;
            next;
        }
        my $i = $at;
        $i++ while $i < @$lines && masked($lines->[$i]) ne masked($line);
        die "$0: cannot find again: $line\n" if $i == @$lines;
        push @new, $lines->[$i];
        $at = $i + 1;
    }
    return @new;
}

my $same_compiler = slurp($toolchain_file) eq toolchain();

for my $file (@ARGV) {
    my $text = slurp($file) or die "$0: cannot read $file\n";
    $text =~ s{(<!--\ listing(?:\[(.*?)\])?:\ (.*?)\ -->\n```\w*\n)(.*?)(^```)}{
        my ($head, $pattern, $command, $body, $tail) = ($1, $2, $3, $4, $5);
        my @block = split /\n/, $body;
        my @lines = lines_of($command, $pattern);
        if ($update) {
            $body = join '', map { "$_\n" } refreshed(\@block, \@lines);
        } else {
            my $difference = first_difference(\@block, \@lines, !$same_compiler);
            $tests++;
            $failed++ if defined $difference;
            print defined $difference ? 'not ok' : 'ok', " $tests - $file quotes: $command\n";
            print "# not in the output: $difference\n# refresh with: make docs\n" if defined $difference;
        }
        "$head$body$tail";
    }gmsex;
    next unless $update;
    open my $out, '>', $file or die "$0: cannot write $file: $!\n";
    print $out $text;
    close $out or die "$0: cannot write $file: $!\n";
}

if ($update) {
    open my $out, '>', $toolchain_file or die "$0: cannot write $toolchain_file: $!\n";
    print $out toolchain();
    close $out;
    exit 0;
}
print "# figures are not compared: this compiler is not the one of $toolchain_file\n" unless $same_compiler;
print "1..$tests\n";
exit($failed ? 1 : 0);
