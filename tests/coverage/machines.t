#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Machines and parameters that reach much of memory management in little time: for `make coverage`, whose kernel is slower
# and larger. What each of them must come to is judged as elsewhere; tests/boot/ has more machines.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $slabs = 'test=slab,slabexhaust,slabsmp,slab_misuse,mempool,kmemleak';
my @turns = (qemu => in_turns());

# Parameters that are refused, and some that are not.
my @refused = qw(memblock memblock=loud movable_node=yes kernelcore=some movablecore fail_nth=none page_poison=maybe
    page_owner=perhaps fallback=never tlb=none tlb_check=2 slab_debug=! vmalloc=none vmalloc
    dma_zone=none dma_zone numa=all);
my $run = boot(ram => 64, append => "test=none memblock=debug movable_node bootmem_debug @refused");
like($run->{output}, qr/^Malformed early option '\Q$_\E'/m, "$_ is refused") for @refused;
like($run->{output}, qr/^memblock_reserve: \[0x/m, 'memblock=debug shows what is reserved');
like($run->{output}, qr/^bootmem::\w+ /m, 'bootmem_debug shows what is asked for');
is($run->{status}, 0, '... and all of them are survived');
for ([ 'test=' . 'x' x 300, qr/^Malformed option 'test=x+\.*'/m ], [ 'batch=1', qr/^Malformed option 'batch=1'/m ],
    [ 'min_free_kbytes=few', qr/^Malformed option 'min_free_kbytes=few'/m ]) {
    my ($append, $says) = @$_;
    like(boot(ram => 64, append => "test=none $append")->{output}, $says, substr($append, 0, 10) . ' is refused');
}

# What an address is.
my $board = start(ram => 64, cpus => 2, append => 'test=vmalloc,slab dma_zone=8M page_owner=1 ' . low_border());
$board->wait_for(qr/^pagewalk> /m) or die "no prompt\n";
my $symbols = symbols();
my ($stack) = $board->answer('mm threads') =~ /^ +\d+ kworker\/0 +S +0 ([0-9a-f]{8}) /m;
my %is = (
    0x00000010 => qr/NULL page, never mapped$/m,
    0x00010000 => qr/user space$/m,
    0x60010000 => qr/user space\n  not mapped\n  as a physical address, 0x60010000: Kernel code\+0x/,
    0xbf7f0000 => qr/gap above user space$/m,
    0xbf800000 => qr/modules area$/m,
    0xbfe01000 => qr/kmap slot 1, (?:\d+ users|nobody's)$/m,
    0xc000f000 => qr/swapper_pg_dir, the entry for 0xc0000000-0xc00fffff$/m,
    0xfec00000 => qr/device window 0xfec00000-0x\w+, mapped for good$/m,
    0xfef09018 => qr/physical 0x10009018: uart0\+0x18$/m,
    0xfff00000 => qr/fixmap area, no slot$/m,
    0xfffdf000 => qr/fixmap slot \d+, \w/,
    0xfffef000 => qr/gap that is never mapped$|fixmap area, no slot$/m,
    0xffff0004 => qr/exception vectors, offset 0x4$/m,
    0xff000000 => qr/gap that is never mapped$|nobody's$/m,
    0xffbff000 => qr/area of stacks, nobody's$|stack of/m,
    hex($stack) => qr/ of kworker\/0, pid \d+/,
    hex($stack) & ~0x3fff => qr/ of kworker\/0, pid \d+/,
    (hex($stack) & ~0x3fff) + 0x1000 => qr/guard page of(?: the stack of)? kworker\/0, pid \d+/,
    $symbols->{_stext} => qr/kernel text.*\n(?:.*\n)*.*kept since boot: the kernel's text$/m,
    $symbols->{__inittext_begin} => qr/init text, given back.*\n(?:.*\n)*  page 0x\w+, zone DMA: (?:free|allocated)/,
    $symbols->{__start_rodata} => qr/kernel constants \(rodata\)\n(?:.*\n)*.*kept since boot: the kernel's rodata$/m,
    $symbols->{__initdata_begin} => qr/init data, given back$/m,
    $symbols->{_sdata} + 0x10000 => qr/data/,
    $symbols->{__bss_start} => qr/kernel data \(bss\)\n(?:.*\n)*.*kept since boot: the kernel's data and bss$/m,
);
for my $address (sort { $a <=> $b } keys %is) {
    my $line = sprintf('mm whatis 0x%08x', $address);
    like($board->answer($line), $is{$address}, $line);
}
$board->answer("mm whatis $_") for map { sprintf('0x%08x', 0xc0000000 + ($_ << 17)) } 0 .. 255;
my ($start) = $board->{output} =~ /VMALLOC_START (0x\w+)/;
for ([ hex($start) - 0x10000, qr/gap between lowmem and the vmalloc area$/m ], [ hex($start) + 0x400000, qr/vmalloc area, nobody's$/m ]) {
    my $line = sprintf('mm whatis 0x%08x', $_->[0]);
    like($board->answer($line), $_->[1], $line);
}
like($board->answer($_->[0]), $_->[1], $_->[0]) for
    [ 'mm pt check', qr/^\d+ page directories, \d+ entries, / ],
    [ 'mm vmalloc', qr/^0xf/m ], [ 'mm pt dump', qr/^---\[ /m ], [ 'mm pt 0xc0010000', qr/kernel R-X/ ], [ 'mm pt 0xfef09000', qr/DEV\/SHARED/ ],
    [ 'mm kmap', qr/^/ ], [ 'mm fixmap', qr/^/ ], [ 'mm zonelist GFP_HIGHUSER_MOVABLE', qr/HighMem/ ], [ 'mm tlb', qr/^/ ],
    [ 'slabtop', qr/^/ ], [ 'mm slab', qr/^# name|^slabinfo/m ], [ 'mm owner', qr/^page_owner: /m ], [ 'mm fragmentation', qr/^Node 0/m ],
    [ 'meminfo', qr/^HighTotal:/m ], [ 'mm mem', qr/^Mem-Info:$/m ];
$board->send("poweroff\n");
is($board->finish->{status}, 0, '... and the machine ends well');

for ([ ram => 40, append => low_border() ],
    [ ram => 64, cpus => 4, @turns, append => memory_suites() . ' numa=fake=3 dma_zone=8M movablecore=12M' ],
    [ ram => 64, append => 'test=zones,numa,slowpath,slab numa=fake=4 numa_zonelist_order=zone kernelcore=40M' ],
    [ ram => 64, append => 'test=zones,slowpath,buddy mem=20484K mem=30724K@0x61810000 movablecore=16M fallback=steal-exact' ],
    [ ram => 32, append => 'test=page_debug,misuse,slab,slab_misuse page_poison=1 page_owner=1 slab_debug' ],
    [ ram => 32, cpus => 2, append => $slabs ],
    [ ram => 32, append => 'test=ioremap,stacks fail_nth=each slab_debug=A' ],
    [ ram => 16, append => 'test=kmemleak fail_nth=1' ],
    [ ram => 16, cpus => 2, @turns, append => 'test=asid' ],
    [ ram => 64, cpus => 4, append => 'test=tlb,mm,pgtable,smp,stacks tlb=ipi tlb_check=1' ]) {
    self_tests_pass(boot(@$_), join(' ', map { ref ? () : $_ } @$_));
}
for my $slab (qw(slub slob)) {
    self_tests_pass(boot(ram => 48, image => build_path("$slab/kernel.bin"), append => "$slabs $_"), "$slab $_")
        for '', 'slab_debug numa=fake=2', 'slub_min_order=1 slub_max_order=2 slub_min_objects=20 slab_nomerge';
}

done_testing();
