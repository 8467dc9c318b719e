#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What gdb finds in memory is what the kernel itself says at the same moment: on small and large machines, with
# holes, with every zone, at each stage of booting.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

my @machines = (
    [ '16 MiB', { ram => 16 } ],
    [ '1024 MiB, with high memory', { ram => 1024 } ],
    [ 'holes, and every zone', { ram => 1024,
        append => 'batch test=none mem=100M mem=64M@0x68000000 mem=512M@0x80000000 dma_zone=32M movablecore=64M' } ],
);

# The pages that are looked at, as pfns from the start of RAM: free, of the image, a page table, of mem_map, last.
my @pages = (0, 1, 12, 16, 80, 400, 2000, 4095);

sub pages_by_gdb { return map { sprintf('mm page 0x%x', 0x60000 + $_) } @pages }
sub pages_by_kernel { return map { kernel_says("dump_page(mem_map + $_)") } @pages }

# What the shell's command calls: a list from each node.
sub zonelist_calls {
    my ($append, $mask) = @_;
    return map { sprintf('show_zonelist(%d, 0x%x)', $_, $mask) } 0 .. ($append =~ /fake=(\d)/ ? $1 - 1 : 0);
}

for my $machine (@machines) {
    my ($name, $options) = @$machine;
    subtest $name => sub {
        my $talk = talk($options,
            'break bootmem_init', 'continue',
            'mm memblock', 'set var memblock_debug = 1', kernel_says('memblock_dump_all()'),
            'break mem_init', 'continue',
            'mm bootmem', 'print bootmem_nr_free(bootmem_node_data)', 'mm zones',
            kernel_says('show_zoneinfo()'),
            'break kernel_exit', 'continue',
            'mm buddy', kernel_says('show_buddyinfo()'),
            'mm zones', kernel_says('show_zoneinfo()'),
            'mm pcp', kernel_says('show_pcp()'),
            'mm pageblocks', kernel_says('show_pageblocks()'),
            'mm memblock', kernel_says('memblock_dump_all()'),
            'mm layout', kernel_says('show_layout()'),
            pages_by_gdb(), pages_by_kernel(),
            'mm threads', kernel_says('show_threads()'),
            'mm fragmentation', kernel_says('show_fragmentation()'),
            'mm slab', kernel_says('show_slabinfo()'),
            'mm vmalloc', kernel_says('show_vmallocinfo()'));

        in_order($talk->answer('mm memblock'), [ $talk->said(0) ], "memblock's lists while it owns memory");
        my $bootmem = $talk->answer('mm bootmem');
        my ($free, $reserved) = $bootmem =~ /pages: (\d+) free, (\d+) reserved/;
        my ($says) = $talk->answer('print bootmem_nr_free(bootmem_node_data)') =~ /= (\d+)/;
        is($free, $says, "bootmem's free pages while it owns memory");
        my %runs = (free => 0, reserved => 0);
        $runs{$1} += $2 while $bootmem =~ /^  (free|reserved) .* (\d+) pages$/mg;
        is_deeply(\%runs, { free => $free, reserved => $reserved },
            '... are those of the runs that are shown');
        in_order($talk->answer('mm zones'), [ $talk->said(1) ], 'the zones before anything is free');

        in_order($talk->answer('mm buddy'), [ $talk->said(2) ], 'free blocks by order');
        like($talk->answer('mm buddy'), qr/^\d+ pages are free; lists, nr_free and NR_FREE_PAGES agree\.$/m,
            '... and the lists have as many');
        in_order($talk->answer('mm zones', 1), [ $talk->said(3) ], 'the zones');
        in_order($talk->answer('mm pcp'), [ $talk->said(4) ], 'the per-CPU lists');
        like($talk->answer('mm pcp'), qr/^\d+ pages are on per-CPU lists; lists and count agree\.$/m,
            '... and their pages are as many as counted');
        in_order($talk->answer('mm pageblocks'), [ $talk->said(5) ], 'the types of pageblocks');
        in_order($talk->answer('mm memblock', 1), [ $talk->said(6) ], "memblock's lists after the hand-over");
        in_order($talk->answer('mm layout'), [ $talk->said(7) ], 'the address map');
        in_order($talk->answer('mm threads'), [ $talk->said(8 + @pages) ], 'the threads');
        in_order($talk->answer('mm fragmentation'), [ $talk->said(9 + @pages) ], 'the indices of fragmentation');
        in_order($talk->answer('mm slab'), [ $talk->said(10 + @pages) ], 'the caches of objects');
        in_order($talk->answer('mm vmalloc'), [ map { s{(\+0x\w+)/0x\w+}{$1}r } $talk->said(11 + @pages) ],
            'the areas of the vmalloc area');
        for my $n (0 .. $#pages) {
            in_order($talk->answer((pages_by_gdb())[$n]), [ $talk->said(8 + $n) ], "page $pages[$n] of RAM");
        }
    };
}

subtest 'watermarks, and zonelists by gfp mask' => sub {
    my %mask = ('GFP_KERNEL' => 0xd0, 'GFP_HIGHUSER|__GFP_THISNODE' => 0x600d2, 'GFP_HIGHUSER_MOVABLE' => 0x200da,
        'GFP_DMA' => 1, '0x200d2' => 0x200d2);
    my @names = sort keys %mask;
    for my $append ('numa=fake=3 dma_zone=16M movablecore=200M', '') {
        my $talk = talk({ ram => 1024, append => "batch test=none $append" },
            'break kernel_exit', 'continue', 'mm watermarks', kernel_says('show_watermarks()'),
            map { my $name = $_; ("mm zonelist $name", map { kernel_says($_) } zonelist_calls($append, $mask{$name})) } @names);
        in_order($talk->answer('mm watermarks'), [ $talk->said(0) ], "watermarks, $append");
        my $per_mask = () = zonelist_calls($append, 0);
        for my $n (0 .. $#names) {
            my @said = map { $talk->said(1 + $n * $per_mask + $_) } 0 .. $per_mask - 1;
            in_order($talk->answer("mm zonelist $names[$n]"), \@said, "the zones for $names[$n], $append");
        }
    }
};

subtest 'three nodes, each with zones of its own' => sub {
    my $talk = talk({ ram => 1024, append => 'batch test=none numa=fake=3 dma_zone=16M movablecore=200M' },
        'break kernel_exit', 'continue',
        'mm buddy', kernel_says('show_buddyinfo()'), 'mm zones', kernel_says('show_zoneinfo()'),
        'mm page 0x9ffff', kernel_says('dump_page(mem_map + 0x3ffff)'));
    in_order($talk->answer('mm buddy'), [ $talk->said(0) ], 'free blocks by order');
    in_order($talk->answer('mm zones'), [ $talk->said(1) ], 'the zones');
    is(() = $talk->answer('mm zones') =~ /^Node 2, zone/mg, 4, '... those of the last node are there');
    in_order($talk->answer('mm page 0x9ffff'), [ $talk->said(2) ], 'the last page of RAM');
    like($talk->answer('mm page 0x9ffff'), qr/^node 2, zone Movable/m, '... names its node');
};

done_testing();
