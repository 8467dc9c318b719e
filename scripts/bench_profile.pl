#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Where the instructions of one row of `make bench` are: by function, with the calls of each.
#
#    bench_profile.pl BUILD-DIRECTORY ROW      ROW: its name, or a part that no other row's has
#
# QEMU executes one instruction at a time and writes down the address of each; the row's benchmark is the only one
# that runs. Of that list counts
#
#    an operation         what lies between the entry of the benchmark's loop and its return, less an empty loop; of the
#                         samples, the one in the middle
#    a phase of booting   what lies between two calls of boot_mark() (kernel/bootmark.h)
#
# which is what the clock counts, too: the sum is compared with it, since a profile of something else is worse than
# none. The list is some hundred megabytes long, and goes through a pipe.
#
# Exit status: 1 if the sum is not the row's figure.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Bench;
use BenchFigures;
use File::Temp qw(tempdir);
use List::Util qw(sum0);
use POSIX qw(mkfifo);

use constant { RAM => 1024, LOAD_OFFSET => 0x60000000, PAGE_OFFSET => 0xc0000000, IMAGE_BASE => 0xc0010000 };
use constant BENCH_CASE => 'L<8';    # struct bench_case: suite, name, ops, samples, before, run, after, report

my ($build, $wanted) = @ARGV;
die "usage: $0 BUILD-DIRECTORY ROW\n" if @ARGV != 2;

# --- Which row ---

my %operations = map { $_ => 1 } qw(page slab vmalloc ioremap kmap string tlb);
my @rows = grep { $_->{section} eq 'phase' || $operations{$_->{section}} && $_->{name} !~ /\(\)$/ }
    read_rows("$FindBin::Bin/bench_rows.tsv");
my @found = grep { $_->{name} eq $wanted } @rows;
@found = grep { index($_->{name}, $wanted) >= 0 } @rows if !@found;
die "$0: no row of one CPU's instructions is called \"$wanted\"; there are:\n", map { "    $_->{name}\n" } @rows if !@found;
die "$0: \"$wanted\" may be any of:\n", map { "    $_->{name}\n" } @found if @found > 1;
my $row = $found[0];
my $kernel = $build . ($row->{section} eq 'phase' && -r "$build/bare.bin" ? '/bare' : '/bench');
die "$0: there is no $kernel.bin: make bench builds it\n" unless -r "$kernel.bin";

# --- Functions ---

my (@starts, @names);
for (tool('nm', '-n', "$kernel.elf")) {
    next unless /^([0-9a-f]{8}) [tTwW] (\S+)$/;
    if (@starts && $starts[-1] == hex($1)) {
        $names[-1] = $2;
    } else {
        push(@starts, hex($1));
        push(@names, $2);
    }
}
my %address = map { $names[$_] => $starts[$_] } 0 .. $#names;
my (%function_at, %is_start);

# The function that an address belongs to. Before the MMU is on, addresses are physical.
sub function_at {
    my ($pc) = @_;
    return $function_at{$pc} //= do {
        my $address = hex($pc) < PAGE_OFFSET ? hex($pc) + LOAD_OFFSET : hex($pc);
        my ($low, $high) = (0, scalar(@starts));
        while ($high - $low > 1) {
            my $middle = int(($low + $high) / 2);
            ($starts[$middle] <= $address ? $low : $high) = $middle;
        }
        $is_start{$pc} = $starts[$low] == $address;
        $address >= 0xffff0000 ? '(exception vectors)' : $names[$low];
    };
}

# The addresses of the loop of a benchmark, and operations in a sample, as the kernel has them.
sub bench_case {
    my ($suite, $name) = @_;
    open(my $in, '<:raw', "$kernel.bin") or die "$kernel.bin: $!\n";
    my $image = do { local $/; <$in> };
    my ($start, $stop) = map { my $symbol = $_; map { /^([0-9a-f]+) \w \Q$symbol\E$/ ? hex($1) : () } tool('nm', "$kernel.elf") }
        qw(__start_bench_cases __stop_bench_cases);
    my $text = sub { unpack('Z*', substr($image, $_[0] - IMAGE_BASE, 100)) };
    for (my $at = $start; $at < $stop; $at += 32) {
        my ($of, $called, $ops, undef, undef, $run) = unpack(BENCH_CASE, substr($image, $at - IMAGE_BASE, 32));
        return ($run, $ops) if $text->($of) eq $suite && $text->($called) eq $name;
    }
    die "$0: this kernel has no benchmark \"$name\" of $suite\n";
}

# --- The list of instructions ---

# QEMU's options to execute them one by one.
sub one_by_one {
    my ($major, $minor) = qx(@{[ $ENV{QEMU} // 'qemu-system-arm' ]} --version) =~ /version (\d+)\.(\d+)/;
    return $major > 8 || $major == 8 && $minor >= 2 ? ('-accel', 'tcg,one-insn-per-tb=on') : '-singlestep';
}

# Boots, and gives each address to $each. A device's register is accessed in a second try, and only that counts. Return: what
# the board printed.
sub trace {
    my ($append, $each) = @_;
    my $fifo = tempdir('pagewalk-XXXXXX', TMPDIR => 1, CLEANUP => 1) . '/trace';
    mkfifo($fifo, 0600) or die "$fifo: $!\n";
    my $child = open(my $board, '-|') // die "fork: $!\n";
    if (!$child) {
        print run_board("$kernel.bin", RAM, $append, 1, one_by_one(), '-d', 'exec,nochain', '-D', $fifo);
        exit(0);
    }
    open(my $list, '<', $fifo) or die "$fifo: $!\n";
    my $again = '';
    while (<$list>) {
        if (/^Trace \d+: \S+ \[[0-9a-f]+\/([0-9a-f]+)\//) {
            $each->($1) if $1 ne $again;
            $again = '';
        } elsif (/^cpu_io_recompile: rewound execution of TB to ([0-9a-f]+)/) {
            $again = $1;
        }
    }
    my @printed = <$board>;
    close($board) or die "$0: the board failed\n";
    return @printed;
}

# What happened between two places: { total, self => { function => instructions }, calls => { function => calls } }.
sub new_sample { return { total => 0, self => {}, calls => {}, last => '' } }

sub count {
    my ($sample, $pc) = @_;
    my $function = function_at($pc);
    $sample->{total}++;
    $sample->{self}{$function}++;
    $sample->{calls}{$function}++ if $is_start{$pc} && $function ne $sample->{last};
    $sample->{last} = $function;
}

# The sample in the middle of those of a benchmark's loop at $run; in the same way, of the empty loop. And the row's figure.
sub profile_operation {
    my ($run, $ops) = bench_case($row->{section}, $row->{name});
    my ($empty_run, $empty_ops) = bench_case('loop', 'loop');
    my %samples;
    my ($running, $caller, $before) = (undef, '', '');
    my @printed = trace("test=none bench=$row->{section} \"bench_row=$row->{name}\"", sub {
        my ($pc) = @_;
        if (!$running) {
            my $at = hex($pc);
            if ($at == $run || $at == $empty_run) {
                push(@{$samples{$at}}, $running = new_sample());
                $caller = function_at($before);
                count($running, $pc);
            }
            $before = $pc;
        } elsif (function_at($pc) eq $caller) {
            $running = undef;
        } else {
            count($running, $pc);
        }
    });
    my ($operation, $empty) = map { (sort { $a->{total} <=> $b->{total} } @{$samples{$_}})[ $#{$samples{$_}} / 2 ] } $run, $empty_run;
    my %ticks = map { /^# bench \w+ (.+): (\d+) in (\d+) ticks/ ? ($1, $3 / $2) : () } @printed;
    die "$0: this machine cannot do it\n", @printed unless $ticks{$row->{name}} && $operation && $empty;
    my $loop = $names[(grep { $starts[$_] == $run } 0 .. $#starts)[0]];
    $operation->{self}{$loop} -= $empty->{total} / $empty_ops * $ops;
    return ($operation, $ops, figure_of($ticks{$row->{name}} - $ticks{loop}));
}

# Instructions of so many ticks: as scripts/Bench.pm counts operations.
sub figure_of {
    my ($ticks) = @_;
    return int($ticks / TICKS_PER_INSTRUCTION + 0.5);
}

sub profile_phase {
    my ($from, $to) = @{PHASES->{$row->{name}}};
    my @marks = map { /^\s+BOOT_(\w+),/ ? lc($1) : () } do {
        open(my $in, '<', "$FindBin::Bin/../include/kernel/bootmark.h") or die "bootmark.h: $!\n";
        <$in>;
    };
    my %call = map { $marks[$_] => $_ - 1 } 0 .. $#marks;    # the first two are noted before there is a function
    my ($calls, $sample) = (0, new_sample());
    $call{entry} = 0;
    my @printed = trace('test=bootmark', sub {
        my ($pc) = @_;
        $calls++ if hex($pc) == $address{boot_mark};
        count($sample, $pc) if $calls >= $call{$from} && $calls < $call{$to} && ($calls || hex($pc) >= IMAGE_BASE - LOAD_OFFSET);
    });
    my %at = map { /^# mark (\w+) (\d+)/ ? ($1, $2) : () } @printed;
    return ($sample, 1, instructions($at{$to}) - instructions($at{$from}));
}

# --- Report ---

my ($sample, $ops, $figure) = $row->{section} eq 'phase' ? profile_phase() : profile_operation();
my %self = map { $_ => $sample->{self}{$_} / $ops } keys(%{$sample->{self}});
my $sum = sum0(values(%self));

sub shown {
    my ($number) = @_;
    return $ops == 1 ? with_commas($number) : sprintf('%.2f', $number);
}

# Functions with less than a thousandth of it are not named.
my ($many, $few) = (0, 0);
printf("%-40s%14s%14s\n", $row->{name}, 'instructions', 'calls');
for my $function (sort { $self{$b} <=> $self{$a} || $a cmp $b } keys(%self)) {
    if ($self{$function} < $sum / 1000) {
        $many++;
        $few += $self{$function};
        next;
    }
    printf("%-40s%14s%14s\n", "    $function", shown($self{$function}), shown(($sample->{calls}{$function} // 0) / $ops));
}
printf("%-40s%14s\n", "    $many others", shown($few)) if $many;
printf("%-40s%14s\n", 'all', shown($sum));
# "Entry" is noted in the fourth line of the image, and a few instructions are tried twice.
my $slack = $ops == 1 ? 20 : 1;
if (abs($sum - $figure) > $slack) {
    print "This is NOT what the clock counted: $figure\n";
    exit(1);
}
print "The clock counted $figure.\n";
