#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What a person may type: help, completion, and mistakes, which are answered in one sentence.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

my @commands = qw(memblock owner iomem whatis bootmem zones buddy page pageblocks pcp pt layout threads
    watermarks zonelist fragmentation slab slabs obj vmalloc kmap fixmap);

my $alone = gdb_alone('mm', 'help mm pt', (map { "help mm $_" } @commands), 'complete mm ', 'complete mm b',
    'complete mm pt start_ker', 'mm memblock', 'mm nonsense', 'mm pt 0', 'list', 'show confirm');
for my $command (@commands) {
    like($alone->answer('mm'), qr/^mm $command -- [A-Z].*\.$/m, "mm lists $command with a summary");
    like($alone->answer("help mm $command"), qr/^[A-Z].*\.\n(?:.*\n)*Usage: mm $command/,
        "... which has help");
}
is_deeply([ sort(split(/\n/, $alone->answer('complete mm '))) ], [ map { "mm $_" } sort @commands ],
    'the commands are completed');
is_deeply([ sort(split(/\n/, $alone->answer('complete mm b'))) ], [ 'mm bootmem', 'mm buddy' ],
    '... by their beginning');
like($alone->answer('complete mm pt start_ker'), qr/^mm pt start_kernel$/m,
    'so are symbols where an address is wanted');
is($alone->answer('mm memblock'), "no machine is connected: start one with `make gdb`\n",
    'without a machine');
is($alone->answer('mm nonsense'), "mm has no command `nonsense`. Try `help mm`.\n",
    'a command that does not exist');
like($alone->answer('list'), qr/start_kernel/, 'the first list shows start_kernel()');

my $talk = talk({}, 'break kernel_exit', 'continue', 'mm pt', 'mm page', 'mm page  ', 'mm buddy now',
    'mm pt nonsense', 'mm pt memblock',
    'mm pt 0x100000000', 'mm pt -1', 'mm page 5', 'mm page 0xf0000000', 'mm page 0xfef09000',
        'mm page 0x9fffffff',
    'mm page (struct page *)4', 'mm pt 1 +', 'mm page printk',
    'mm zonelist', 'mm zonelist GFP_NONSENSE', 'mm zonelist GFP_KERNEL|0x2000000', 'mm zonelist 0xd0 | __GFP_DMA');
my %wanted = (
    'mm pt'              => 'what address? Usage: mm pt VADDR|dump',
    'mm page'            => 'what address? Usage: mm page ADDR|PFN',
    'mm page  '          => 'what address? Usage: mm page ADDR|PFN',
    'mm buddy now'       => '`now`: this command takes no argument',
    'mm pt nonsense'     => '`nonsense` is not an address: No symbol "nonsense" in current context.',
    'mm pt memblock'     => '`memblock` is a structure; for where it is, write `&memblock`',
    'mm pt 0x100000000'  => '`0x100000000` is 0x100000000: more than 32 bits',
    'mm page 5'          => 'pfn 0x00005 is not in mem_map, which goes from 0x60000 to 0x67fff',
    'mm page 0xf0000000' => '0xf0000000 is neither lowmem, nor RAM, nor a pfn, and nothing is mapped there',
    'mm page 0xfef09000' => '0xfef09000 is physical 0x10009000, which is not RAM',
    'mm page 0x9fffffff' => 'pfn 0x9ffff is not in mem_map, which goes from 0x60000 to 0x67fff',
    'mm page (struct page *)4' => '`(struct page *)4` = 0x00000004 is not in mem_map',
    'mm zonelist'        => 'which flags? Usage: mm zonelist GFP',
    'mm zonelist GFP_NONSENSE' => '`GFP_NONSENSE` is no GFP_ or __GFP_ flag, and no number of them',
    'mm zonelist GFP_KERNEL|0x2000000' => '`0x2000000` has bits that no flag has',
);
for my $command (sort keys %wanted) {
    is($talk->answer($command), "$wanted{$command}\n", "$command is answered in a sentence");
}
like($talk->answer('mm zonelist 0xd0 | __GFP_DMA'), qr/^From node 0, gfp 0xd1, zones up to Normal:$/m, 'a mask may be put together');
like($talk->answer('mm pt 1 +'), qr/^`1 \+` is not an address: .*\n\z/, 'so is an expression without an end');
like($talk->answer('mm pt -1'), qr/^\[ffffffff\] TTBR0/, 'a negative number is an address');
like($talk->answer('mm page printk'), qr/^kept since boot: the kernel's text$/m, 'a function is an address');

my $freed = talk({}, 'break kernel_exit', 'continue', 'set var $a = __get_free_pages(0xd0, 1)', 'mm page $a + 0x1000',
    'call free_pages($a, 1)', 'mm page $a', 'mm page $a + 0x1000');
like($freed->answer('mm page $a + 0x1000'), qr/^allocated, as a page behind the first of its block$/m,
    'a page behind the first of a block');
like($freed->answer('mm page $a'), qr/^free: on a list of CPU 0, in a block of order 1 that begins at pfn 0x\w{5}$/m,
    'a page on a per-CPU list');
like($freed->answer('mm page $a + 0x1000', 1), qr/^free: on a list of CPU 0, in a block of order 1/m, '... all of its block');

done_testing();
