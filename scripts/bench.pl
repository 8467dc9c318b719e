#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What booting and the page allocator cost, in instructions, beside Linux and beside what we mean to reach.
#
#    bench.pl BUILD-DIRECTORY      holds a kernel built with DEBUG=0: bare.bin, and with the benchmarks bench.bin
#
# boot_mark() notes the time since reset in the board's 24 MHz counter; how instructions are told from that, and
# how operations are measured, says scripts/Bench.pm.
#
# Linux: 6.1.192, vexpress_defconfig without modules, SLUB, on the same machine under the same QEMU.
# Exit status: 1 if one of our figures is above its target.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Bench;

my @rams = (64, 256, 1024);
my ($build) = @ARGV;
die "usage: $0 BUILD-DIRECTORY\n" unless defined $build && -r "$build/bare.bin" && -r "$build/bench.bin";

# Milestones since reset.
my @since_reset = (
    [ 'MMU on',         'mmu_on' ],
    [ 'start_kernel()', 'start_kernel' ],
    [ 'memblock ready', 'memblock' ],
    [ 'bootmem ready',  'bootmem' ],
    [ 'zones ready',    'zones' ],
    [ 'buddy ready',    'buddy' ],
    [ 'kmalloc ready',  'slab' ],
);

# Phases: name, from, to, Linux's instructions and our targets at each size.
my @phases = (
    [ 'entry to start_kernel()', 'entry', 'start_kernel', [ (50_688) x 3 ], [ (20_000) x 3 ] ],
    [ 'arm_memblock_init()', 'arguments', 'memblock', [ (180_649) x 3 ], [ (10_000) x 3 ] ],
    [ 'paging_init()', 'memblock', 'zones',
        [ 1_857_653, 6_682_053, 25_815_399 ], [ 150_000, 500_000, 2_000_000 ] ],
    [ 'mem_init()', 'mm_init', 'buddy',
        [ 665_875, 2_310_660, 41_399_013 ], [ 50_000, 150_000, 500_000 ] ],
    [ 'kmem_cache_init()', 'slab_init', 'slab', [ (68_050) x 3 ], [ (20_000) x 3 ] ],
    [ 'memory management, all', 'start_kernel', 'slab',
        [ 4_300_000, 10_800_000, 69_000_000 ], [ 400_000, 900_000, 3_000_000 ] ],
);

# Operations of the page allocator on the largest machine: name, Linux's instructions (undef: not known), our
# target (undef: none).
my @page_operations = (
    [ 'GFP_KERNEL pair',           472,    120 ],
    [ 'GFP_HIGHUSER pair',         409,    120 ],
    [ 'GFP_HIGHUSER_MOVABLE pair', 405,    120 ],
    [ 'burst of 512, alloc',       262,    110 ],
    [ 'burst of 512, free',        218,    110 ],
    [ 'burst of 4096, alloc',      376,    160 ],
    [ 'burst of 4096, free',       434,    160 ],
    [ 'order 1 pair',              561,    280 ],
    [ 'order 2 pair',              602,    280 ],
    [ 'order 3 pair',              693,    280 ],
    [ 'order 4 pair',              1_335,  300 ],
    [ 'order 5 pair',              undef,  undef ],
    [ 'order 6 pair',              3_191,  320 ],
    [ 'order 7 pair',              undef,  undef ],
    [ 'order 8 pair',              undef,  undef ],
    [ 'order 9 pair',              19_730, 320 ],
    [ 'order 10 pair',             38_589, 320 ],
    [ 'zeroed pair',               939,    330 ],
);

# And of caches of objects. Linux: the better of SLUB and SLAB.
my @slab_operations = (
    [ 'pair of 32',             88,    44 ],
    [ 'pair of 64',             88,    44 ],
    [ 'pair of 128',            88,    44 ],
    [ 'pair of 256',            88,    44 ],
    [ 'pair of 1024',           88,    44 ],
    [ 'burst of 32, alloc',     64,    32 ],
    [ 'burst of 64, alloc',     63,    32 ],
    [ 'burst of 128, alloc',    69,    35 ],
    [ 'burst of 256, alloc',    71,    40 ],
    [ 'burst of 1024, alloc',   111,   60 ],
    [ 'burst of 32, free',      71,    35 ],
    [ 'burst of 64, free',      69,    35 ],
    [ 'burst of 128, free',     74,    37 ],
    [ 'burst of 256, free',     74,    40 ],
    [ 'burst of 1024, free',    137,   60 ],
    [ 'kmalloc(variable) pair', 140,   70 ],
    [ 'kmalloc(64) pair',       114,   55 ],
    [ 'kmalloc(16384) pair',    779,   350 ],
    [ 'kzalloc(64) pair',       138,   69 ],
    [ 'kzalloc(4096) pair',     516,   258 ],
);

# And of the vmalloc area.
my @vmalloc_operations = (
    [ 'vmalloc pair, 1 page',      2_201,   900 ],
    [ 'vmalloc pair, 4 pages',     3_246,   1_500 ],
    [ 'vmalloc pair, 16 pages',    7_766,   3_500 ],
    [ 'vmalloc pair, 64 pages',    25_869,  12_000 ],
    [ 'vmalloc pair, 256 pages',   182_362, 48_000 ],
    [ 'vmap pair, 16 pages',       3_439,   1_500 ],
    [ 'vm_map_ram pair, 16 pages', undef,   undef ],
    [ 'area pair among 10',        undef,   undef ],
    [ 'area pair among 10,000',    undef,   undef ],
);

# And of addresses of device registers.
my @ioremap_operations = ([ 'ioremap + iounmap of a page', 1_417, 650 ]);

# Copying and filling memory: name, the loads, stores and merges that are needed at least, our target.
my @string_operations = (
    [ 'memcpy of 16',             2,     40 ],
    [ 'memcpy of 64',             4,     45 ],
    [ 'memcpy of 300',            20,    70 ],
    [ 'memcpy of 4096',           256,   500 ],
    [ 'memcpy of 300, shifted',   170,   250 ],
    [ 'memcpy of 4096, shifted',  2_304, 2_800 ],
    [ 'memmove of 4096',          256,   600 ],
    [ 'memmove of 4096, shifted', 2_304, 2_800 ],
    [ 'memset of 16',             1,     30 ],
    [ 'memset of 64',             2,     45 ],
    [ 'memset of 300',            10,    60 ],
    [ 'memset of 4096',           128,   250 ],
);

# And of the TLB and of address spaces, of which nothing is known of Linux's.
my @tlb_operations = (
    'flush of a page', 'flush of a page, this CPU', 'flush of 4 pages', 'flush of 16 pages', 'flush of 63 pages',
    'flush of 64 pages', 'flush of everything', 'switch to another mm and back', 'vmalloc fault, with a flush',
);

# And of high memory.
my @kmap_operations = (
    [ 'kmap_local pair, lowmem',       51,    12 ],
    [ 'kmap_local pair, highmem',      334,   110 ],
    [ 'kmap_atomic pair, highmem',     undef, undef ],
    [ 'kmap pair, lowmem',             38,    12 ],
    [ 'kmap pair, highmem, same page', 233,   90 ],
    [ 'kmap pair, 1024 pages in turn', 512,   220 ],
    [ 'clear_page',                    423,   180 ],
    [ 'copy_page',                     698,   330 ],
    [ 'clear_highpage',                741,   300 ],
    [ 'copy_highpage',                 1_304, 560 ],
);

# Operations that each of several CPUs does at the same time.
my @cpu_counts = (1, 2, 4);
my @contended_operations = ('GFP_KERNEL pairs', 'order 3 pairs', 'bursts of 512', 'order 9 pairs');

my @taken = ([ 5_616, 7_296, 13_984 ], [ 1_000, 2_500, 9_000 ]);    # KiB
my @mm_text = (442_137, 96_000);                                    # bytes
my $mm_debugging = qr{/(?:fail_page_alloc|kmemleak\w*|page_(?:debug|owner|poison)|slab_(?:debug|pattern|track)|stack_depot|whatis)\.o$};
my $over = 0;

sub tool {
    my ($name, @arguments) = @_;
    my $program = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . $name;
    open(my $pipe, '-|', $program, @arguments) or die "$program: $!\n";
    return <$pipe>;
}

# The notes that the suite "bootmark" leaves on a machine of that size.
sub measure {
    my ($ram) = @_;
    my %at;
    for my $line (run_board("$build/bare.bin", $ram, 'test=bootmark')) {
        $at{$1} = $2 if $line =~ /^# mark (\w+) (\d+)/;
        @at{qw(present free)} = ($1, $2) if $line =~ /^# pages present (\d+) free (\d+)/;
        @at{qw(page zone)} = ($1, $2)
            if $line =~ /^# bytes of struct page (\d+), of struct zone (\d+)/;
    }
    return \%at;
}

# Ours, Linux's and the target, a line each.
sub compare {
    my ($name, $ours, $linux, $target) = @_;
    row_of_numbers($name, @$ours);
    row_of_numbers('    Linux', @$linux);
    row_of_numbers('    at most', @$target);
    for my $i (0 .. $#$ours) {
        next if $ours->[$i] <= $target->[$i];
        print "    ABOVE the target: ", with_commas($ours->[$i]), "\n";
        $over = 1;
    }
}

# A table with a line for each operation. The loop of known length comes first.
sub compare_operations {
    my ($title, $suite, @operations) = @_;
    compare_beside([ "Instructions, $title", 'Linux' ], $suite, @operations);
}

# The same by another title, beside other figures than Linux's.
sub compare_beside {
    my ($title, $suite, @operations) = @_;
    my $cost = measure_operations($build, $rams[-1], $suite);
    row(@$title, 'at most', 'Pagewalk');
    row_of_numbers('loop of ' . KNOWN_LENGTH, $cost->{'loop of 100'});
    for (@operations) {
        my ($name, $other, $target) = @$_;
        my $ours = $cost->{$name} // die "$name was not measured\n";
        row($name, map { defined ? with_commas($_) : '' } $other, $target, $ours);
        next if !defined $target || $ours <= $target;
        print "    ABOVE the target\n";
        $over = 1;
    }
}

# The same of operations that stand beside nothing.
sub show_operations {
    my ($title, $suite, @names) = @_;
    my $cost = measure_operations($build, $rams[-1], $suite);
    row($title, 'Pagewalk');
    row_of_numbers($_, $cost->{$_} // die "$_ was not measured\n") for @names;
}

# Throughput is to be read as that of CPUs which run in parallel and have all done the same: see docs/pcp.md.
sub compare_contention {
    my %cost = map { $_ => measure_races($build, $rams[-1], 'contention', $_) } @cpu_counts;
    row('All CPUs at once', map { $_ == 1 ? '1 CPU' : "$_ CPUs" } @cpu_counts);
    for my $name (@contended_operations) {
        my @at = map { $cost{$_}{$name} // die "$name was not measured\n" } @cpu_counts;
        row($name, map { sprintf('%.0f', $_->{instructions}) } @at);
        row('    zone lock, per 1000', map { sprintf('%.0f', 1000 * $_->{taken}) } @at);
        row('    throughput', map { sprintf('%.2f', $cpu_counts[$_] * $at[0]{instructions} / $at[$_]{instructions}) } 0 .. $#at);
    }
}

sub section_sizes {
    my %size;
    for (tool('readelf', '-SW', "$build/bare.elf")) {
        next unless /^\s+\[\s*\d+\]\s+(\S+)\s+\w+\s+[0-9a-f]{8}\s+[0-9a-f]+\s+([0-9a-f]+)\s+\S+\s+\w*A/;
        row_of_numbers("    $1", hex($2)) if hex($2);
    }
}

# What `size` calls text, code and constants, of the objects of mm/ in the kernel, from the linker's map: those that
# the Linux that was measured has, too, and those of debugging, which it was built without. What only the benchmarks call is
# part of mm/, so it is the map of the kernel that has them.
sub mm_text_bytes {
    open(my $map, '<', "$build/bench.map") or die "$build/bench.map: $!\n";
    my $text = join('', <$map>);
    $text =~ s/.*^Linker script and memory map$//ms or die "$build/bench.map is no linker's map\n";
    my ($sum, $debugging) = (0, 0);
    while ($text =~ /^ \.(?:init\.)?(?:text|rodata|ARM\.ex)\S*\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S+)$/mg) {
        my ($bytes, $object) = (hex($1), $2);
        next if index($object, "$build/mm/") != 0;
        ($object =~ $mm_debugging ? $debugging : $sum) += $bytes;
    }
    return ($sum, $debugging);
}

my @at = map { measure($_) } @rams;

row('Instructions since reset', map { "$_ MiB" } @rams);
for (@since_reset) {
    my ($name, $mark) = @$_;
    row_of_numbers($name, map { instructions($_->{$mark}) } @at);
}
print "\n";
row('Instructions of a phase', map { "$_ MiB" } @rams);
for (@phases) {
    my ($name, $from, $to, $linux, $target) = @$_;
    compare($name, [ map { instructions($_->{$to}) - instructions($_->{$from}) } @at ], $linux, $target);
}
print "\n";
compare_operations('pages', 'page', @page_operations);
print "\n";
compare_operations('objects', 'slab', @slab_operations);
print "\n";
compare_operations('vmalloc area', 'vmalloc', @vmalloc_operations);
print "\n";
compare_operations('registers', 'ioremap', @ioremap_operations);
print "\n";
compare_beside([ 'Copying and filling', 'at least' ], 'string', @string_operations);
print "\n";
show_operations('TLB and address spaces', 'tlb', @tlb_operations);
print "\n";
compare_operations('high memory', 'kmap', @kmap_operations);
print "\n";
compare_contention();
print "\n";
row('Space', map { "$_ MiB" } @rams);
compare('KiB taken after booting', [ map { ($_->{present} - $_->{free}) * 4 } @at ], @taken);
row('    bytes for each page', map { sprintf('%.1f', ($_->{present} - $_->{free}) * 4096 / $_->{present}) } @at);
row_of_numbers('sizeof(struct page), zone', @{$at[0]}{qw(page zone)});
print "\n";
row('Image', 'bytes');
section_sizes();
my ($mm_text_bytes, $mm_debugging_bytes) = mm_text_bytes();
compare('text of mm/', [$mm_text_bytes], [ $mm_text[0] ], [ $mm_text[1] ]);
row_of_numbers('    debugging, beside that', $mm_debugging_bytes);
exit($over);
