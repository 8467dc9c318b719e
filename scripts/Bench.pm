# SPDX-License-Identifier: MIT
#
# What the scripts that count instructions share: a board that is measured, and tables.
#
# QEMU's -icount shift=6 advances the guest's clock by 64 ns with each instruction, so the board's 24 MHz
# counter goes up by 64 * 0.024 = 1.536 at each: more than one, so the number of instructions can be told
# exactly. Two runs give the same figures. Operations are measured in loops (tests/kernel/bench.h), less what an
# empty loop takes.

package Bench;

use strict;
use warnings;
use Exporter qw(import);
use File::Basename qw(dirname);

our @EXPORT = qw(run_board measure_operations measure_races instructions with_commas row row_of_numbers KNOWN_LENGTH);

use constant { TICKS_PER_INSTRUCTION => 1.536, ICOUNT => 'shift=6,align=off,sleep=off' };
use constant KNOWN_LENGTH => 100;    # of the loop that comes first

# What a machine with this kernel, so many MiB and so many CPUs prints.
sub run_board {
    my ($image, $ram, $append, $cpus) = @_;
    open(my $board, '-|', dirname(__FILE__) . '/qemu.sh', 'batch', '--image', $image,
        '--ram', $ram, '--cpus', $cpus // 1, '--append', "batch $append", '--', '-icount', ICOUNT) or die "qemu.sh: $!\n";
    my @lines = <$board>;
    close($board) or die "the board ended with status ", $? >> 8, "\n";
    return @lines;
}

# Instructions for an operation by its name, as a benchmark of the kernel's measures them in loops.
sub measure_operations {
    my ($build, $ram, $suite) = @_;
    my %ticks;
    for my $line (run_board("$build/bench.bin", $ram, "test=none bench=$suite")) {
        $ticks{$1} = $3 / $2 if $line =~ /^# bench \w+ (.+): (\d+) in (\d+) ticks/;
    }
    my $empty = $ticks{loop} // die "the board has no benchmark $suite\n";
    my %cost = map { $_ => int(($ticks{$_} - $empty) / TICKS_PER_INSTRUCTION + 0.5) } keys %ticks;
    die "a loop of ", KNOWN_LENGTH, " instructions has $cost{'loop of 100'}, so the figures are wrong\n"
        if $cost{'loop of 100'} != KNOWN_LENGTH;
    return \%cost;
}

# What a machine with so many CPUs measures while all of them are at it, by operation: instructions of all CPUs
# for one operation; and, if the suite says so, how often a zone's lock was taken for it.
sub measure_races {
    my ($build, $ram, $suite, $cpus) = @_;
    my (%cost, $taken);
    for my $line (run_board("$build/bench.bin", $ram, "test=none bench=$suite", $cpus)) {
        $taken = $1 if $line =~ /^# $suite: zone locks were taken (\d+) times/;
        next unless $line =~ /^# bench $suite (.+): (\d+) in (\d+) ticks/;
        my $ops = $cpus * $2;
        $cost{$1} = { instructions => $3 / $ops / TICKS_PER_INSTRUCTION, taken => ($taken // 0) / $ops };
    }
    return \%cost;
}

# The least number of instructions that make the counter show @ticks.
sub instructions {
    my ($ticks) = @_;
    my $whole = int($ticks / TICKS_PER_INSTRUCTION);
    return $whole * TICKS_PER_INSTRUCTION < $ticks ? $whole + 1 : $whole;
}

sub with_commas {
    my ($number) = @_;
    1 while $number =~ s/^(\d+)(\d{3})/$1,$2/;
    return $number;
}

sub row { printf("%-28s" . '%14s' x (@_ - 1) . "\n", @_) }

sub row_of_numbers {
    my ($name, @numbers) = @_;
    row($name, map { with_commas($_) } @numbers);
}

1;
