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

our @EXPORT = qw(run_board measure_boot measure_operations measure_races measure_space mm_text instructions with_commas tool
    row KNOWN_LENGTH TICKS_PER_INSTRUCTION PHASES);

use constant { TICKS_PER_INSTRUCTION => 1.536, ICOUNT => 'shift=6,align=off,sleep=off' };
use constant KNOWN_LENGTH => 100;    # of the loop that comes first
use constant PAGE => 4096;

# Phases of booting: from one milestone (kernel/bootmark.h) to another.
use constant PHASES => {
    'entry to start_kernel()' => [qw(entry start_kernel)],
    'arm_memblock_init()'     => [qw(arguments memblock)],
    'paging_init()'           => [qw(memblock zones)],
    'mem_init()'              => [qw(mm_init buddy)],
    'kmem_cache_init()'       => [qw(slab_init slab)],
    'memory management, all'  => [qw(start_kernel slab)],
};
use constant MM_DEBUGGING =>
    qr{/(?:fail_page_alloc|kmemleak\w*|page_(?:debug|owner|poison)|slab_(?:debug|pattern|track)|stack_depot|whatis)\.o$};

# What a machine with this kernel, so many MiB and so many CPUs prints; with more arguments for QEMU.
sub run_board {
    my ($image, $ram, $append, $cpus, @arguments) = @_;
    open(my $board, '-|', dirname(__FILE__) . '/qemu.sh', 'batch', '--image', $image,
        '--ram', $ram, '--cpus', $cpus // 1, '--append', "batch $append", '--', '-icount', ICOUNT, @arguments) or die "qemu.sh: $!\n";
    my @lines = <$board>;
    close($board) or die "the board ended with status ", $? >> 8, "\n";
    return @lines;
}

# The notes that the suite "bootmark" leaves on a machine of that size: milestones in ticks, pages, bytes.
sub measure_boot {
    my ($image, $ram) = @_;
    my %at;
    for my $line (run_board($image, $ram, 'test=bootmark')) {
        $at{$1} = $2 if $line =~ /^# mark (\w+) (\d+)/;
        @at{qw(present free)} = ($1, $2) if $line =~ /^# pages present (\d+) free (\d+)/;
        @at{qw(page zone)} = ($1, $2) if $line =~ /^# bytes of struct page (\d+), of struct zone (\d+)/;
    }
    return \%at;
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

# What objects cost in memory, by row: bytes lost of each of a size, with all that the allocator keeps for them; and the
# share that is lost of what kmalloc() takes, and of what it gives.
sub measure_space {
    my ($build, $ram) = @_;
    my %lost;
    for my $line (run_board("$build/bench.bin", $ram, 'test=none bench=slabspace')) {
        $lost{"of $1"} = sprintf('%.1f', $3 * PAGE / $2 - $1) if $line =~ /^# space (\d+): (\d+) objects in (\d+) pages/;
        $lost{'kmalloc() of 2 to 4096 bytes, %'} = sprintf('%.1f', 100 * (1 - $1 / ($2 * PAGE)))
            if $line =~ /^# space kmalloc: (\d+) bytes in (\d+) pages/;
        $lost{'kmalloc() classes, %'} = sprintf('%.1f', 100 * (1 - $1 / $2))
            if $line =~ /^# space classes: (\d+) bytes in (\d+)/;
    }
    return \%lost;
}

sub tool {
    my ($name, @arguments) = @_;
    my $program = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . $name;
    open(my $pipe, '-|', $program, @arguments) or die "$program: $!\n";
    my @lines = <$pipe>;
    close($pipe) or die "$program @arguments: status $?\n";
    return @lines;
}

# What `size` calls text, code and constants, of the objects of mm/ in the kernel, from the linker's map: those that
# the Linux that was measured has, too, and those of debugging, which it was built without. What only the benchmarks call is
# part of mm/, so it is the map of the kernel that has them.
sub mm_text {
    my ($build) = @_;
    open(my $map, '<', "$build/bench.map") or die "$build/bench.map: $!\n";
    my $text = join('', <$map>);
    $text =~ s/.*^Linker script and memory map$//ms or die "$build/bench.map is no linker's map\n";
    my ($sum, $debugging) = (0, 0);
    while ($text =~ /^ \.(?:init\.)?(?:text|rodata|ARM\.ex)\S*\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S+)$/mg) {
        my ($bytes, $object) = (hex($1), $2);
        next if index($object, "$build/mm/") != 0;
        ($object =~ MM_DEBUGGING ? $debugging : $sum) += $bytes;
    }
    return ($sum, $debugging);
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

1;
