#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# `mm whatis` and `mm iomem`: gdb finds in memory what the kernel says at the same moment, for addresses of every kind.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

my $symbol = symbols();

# What lies at an address, and what the answer begins with.
my @places = (
    [ 'NULL',                     '0x0',        qr/NULL page/ ],
    [ 'user space',               '0x1000',     qr/user space\n  not mapped$/ ],
    [ 'a device, physical',       '0x10009018', qr/user space\n  not mapped\n  as a physical address, 0x10009018: uart0\+0x18$/ ],
    [ 'the modules area',         '0xbf900000', qr/modules area/ ],
    [ 'text',                     sprintf('0x%x', $symbol->{printk} + 4), qr/kernel text: printk\+0x4/ ],
    [ 'text without a name',      '0xc0010000', qr/kernel text\n/ ],
    [ 'init text',                sprintf('0x%x', $symbol->{start_kernel}), qr/init text, given back, once: start_kernel\+0x0/ ],
    [ 'rodata',                   sprintf('0x%x', $symbol->{empty_zero_page}), qr/kernel constants \(rodata\)/ ],
    [ 'data',                     sprintf('0x%x', $symbol->{memblock}), qr/kernel data\n/ ],
    [ 'bss',                      sprintf('0x%x', $symbol->{zone_table}), qr/kernel data \(bss\)/ ],
    [ 'the first stack',          sprintf('0x%x', $symbol->{boot_stack} + 0x3ff0), qr/stack of swapper\/0, pid 0, offset 0x1ff0/ ],
    [ 'its guard page',           sprintf('0x%x', $symbol->{boot_stack} + 0x1010), qr/guard page of the stack of swapper\/0/ ],
    [ 'a stack',                  '0xff802010', qr/stack of init, pid 1, offset 0x10 of 0x2000/ ],
    [ 'its guard page',           '0xff801010', qr/guard page of the stack of init, pid 1\n  not mapped$/ ],
    [ 'below that',               '0xff800010', qr/page below the guard page of init, pid 1/ ],
    [ 'no stack',                 '0xffb00010', qr/area of stacks, nobody's/ ],
    [ 'the page table',           '0xc000d004', qr/swapper_pg_dir, the entry for 0x40100000/ ],
    [ 'another one',              '0xef7ff800', qr/lowmem\n.*\n.*kept since boot: reserved\[0x\w+\] of memblock\n  page table of 0x\w+-0x\w+$/ ],
    [ 'the memory map',           sprintf('0x%x', ($symbol->{_end} + 0x2fff) & ~0xfff), qr/lowmem\n.*\n.*kept since boot: mem_map$/ ],
    [ 'a free block',             '0xc2000000', qr/lowmem\n.*\n  page 0x62000, zone Normal: free: the head of a block of order 10/ ],
    [ 'inside of it',             '0xc2001234', qr/lowmem\n.*\n  page 0x62001, zone Normal: free: inside the block of order 10 that begins at pfn 0x62000$/ ],
    [ 'behind lowmem',            '0xef800000', qr/gap between lowmem and the vmalloc area\n  not mapped$/ ],
    [ 'the vmalloc area',         '0xf0000000', qr/vmalloc area, nobody's\n  not mapped$/ ],
    [ 'a device',                 '0xfef09018', qr/device window 0xfef00000-0xfeffffff, mapped for good\n  physical 0x10009018: uart0\+0x18$/ ],
    [ 'a device without a name',  '0xfef01000', qr/device window .*\n  physical 0x10001000: nobody's$/ ],
    [ 'above the vmalloc area',   '0xff000000', qr/gap that is never mapped/ ],
    [ 'the fixmap area',          '0xfff00000', qr/fixmap area, no slot/ ],
    [ 'a slot of the fixmap',     '0xfffdf004', qr/fixmap slot 0, kmap_local 0 of CPU 0\n  not mapped$/ ],
    [ 'another one',              '0xfff90004', qr/fixmap slot 79, \w.*\n  not mapped$/ ],
    [ 'a slot of kmap()',         '0xbfe03004', qr/kmap slot 3, nobody's\n  not mapped$/ ],
    [ 'the vectors',              '0xffff0010', qr/exception vectors, offset 0x10\n  physical 0x\w+: Kernel bss/ ],
    [ 'the top',                  '0xffffffff', qr/gap that is never mapped\n  not mapped$/ ],
);

# Those of objects are found by gdb: pages on a CPU's list, of slabs, and what kmalloc() gives.
my @objects = ('kmap_high(alloc_pages(0xd2, 0)) + 8', 'vmalloc(8192) + 0x1008', 'vmalloc(8192) + 0x2000', 'ioremap(0x1e00a000, 4096)', 'ioremap(0x40000000, 0x1000000) + 0x12345', '__kmalloc(50, 0xd0) + 7', 'kmem_cache', '(char *)kmem_cache + sizeof(*kmem_cache)', '__get_free_pages(0xd0, 0)', '__get_free_pages(0x40d0, 2) + 4096');
my @commands = map { my $address = $_->[1]; ("mm whatis $address", kernel_says("show_whatis($address)")) } @places;
for my $n (0 .. $#objects) {
    push(@commands, "set \$o$n = (unsigned long)($objects[$n])", "mm whatis \$o$n", kernel_says("show_whatis(\$o$n)"));
}
my $talk = talk({ ram => 1024 }, 'break kernel_exit', 'continue', 'mm iomem', kernel_says('show_iomem()'), @commands,
    'mm whatis printk', 'mm whatis &memblock', 'mm whatis $sp');

is($talk->answer('mm iomem'), join('', map { "$_\n" } $talk->said(0)), 'the tree of resources');
for my $n (0 .. $#places) {
    my ($name, $address, $pattern) = @{$places[$n]};
    my @said = $talk->said(1 + $n);
    in_order($talk->answer("mm whatis $address"), \@said, "$name, $address");
    like(join("\n", @said), qr/^0x\w{8}: $pattern/, '... in words') or diag(join("\n", @said));
}
my @answers = map { $talk->answer("mm whatis \$o$_") } 0 .. $#objects;
in_order($answers[$_], [ $talk->said(1 + @places + $_) ], $objects[$_]) for 0 .. $#objects;
like($answers[0], qr/: kmap slot \d+, 1 users\n  physical 0x\w+: System RAM\+0x\w+\n  page 0x\w+, zone HighMem: allocated: 1 reference$/m, 'a mapping of kmap()');
like($answers[1], qr/: vmalloc area 0x\w+-0x\w+, offset 0x1008, of .*\n  physical 0x\w+: System RAM.*\n  page 0x\w+, zone HighMem: allocated/,
    'a vmalloc area, and its page');
like($answers[2], qr/: guard page of vmalloc area .*\n  not mapped$/m, '... and its guard page');
like($answers[3], qr/: ioremap area .*\n  physical 0x1e00a000: cache-controller\@1e00a000\+0x0$/m, 'registers that ioremap() mapped');
like($answers[4], qr/: ioremap area .*, offset 0x12345, .*\n  physical 0x40012345: flash\@40000000\+0x12345$/m, '... by a supersection');
like($answers[5], qr/^  object 0x\w{8} of cache kmalloc-\d+, offset 7 of \d+: in use$/m, 'an object is named with its cache');
like($answers[9], qr/allocated: a tail of the compound page at pfn 0x/, 'so is a tail of a compound page');

like($talk->answer('mm whatis printk'), qr/: kernel text: printk\+0x0\/0x\w+\n  symbol <printk>$/m, 'a function is an address');
like($talk->answer('mm whatis &memblock'), qr/: kernel data\n  symbol <memblock>$/m, 'a variable has its name');
like($talk->answer('mm whatis $sp'), qr/: stack of init, pid 1, offset /, 'a register is an address');

# Objects of another allocator.
$talk = talk({ kernel => 'slub' }, 'break kernel_exit', 'continue', 'set $o = (unsigned long)__kmalloc(50, 0xd0) + 7', 'mm whatis $o',
    kernel_says('show_whatis($o)'));
in_order($talk->answer('mm whatis $o'), [ $talk->said(0) ], 'an object of SLAB=slub');
like($talk->answer('mm whatis $o'), qr/^  object 0x\w{8} of cache kmalloc-\d+, offset 7 of \d+: in use$/m, '... is named as well');

done_testing();
