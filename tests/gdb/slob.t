#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What gdb says of caches and objects of SLAB=slob: what kmalloc() returned, free blocks, one that was written to, objects
# with pages of their own; and that it agrees with the kernel.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

plan skip_all => 'SLAB=slob was not built beside another' unless -e build_path('slob/kernel.elf');

my $stopped = ['break kernel_exit', 'continue'];
my $take = 'set var $a = __kmalloc(100, 0xd0)';
my $keep = 'set var $b = __kmalloc(100, 0xd0)';     # in the same page, which is not empty then

sub talk_slob {
    my ($options, @commands) = @_;
    return talk({ kernel => 'slob', %$options }, @$stopped, @commands);
}

subtest 'a block on its way' => sub {
    my $talk = talk_slob({}, $take, $keep, 'mm obj $a', 'mm obj $a + 8', 'mm slabs kmalloc', 'call kfree($a)', 'mm obj $a',
        'mm obj start_kernel', 'mm slab', kernel_says('show_slabinfo()'));
    like($talk->answer('mm obj $a'),
        qr/^page \w{8} of free_slob_small, \d+ bytes free, shared by all caches\nin use: kmalloc\(\) returned it, 100 bytes$/m,
        'in use');
    like($talk->answer('mm obj $a + 8'), qr/^in use; whose it is, and where it begins, is not known$/m, 'an address inside of it');
    my $slabs = $talk->answer('mm slabs kmalloc');
    like($slabs, qr/^kmalloc: \d+ objects of any size, among those of other caches$/m, 'its cache');
    like($slabs, qr/^free_slob_small: \d+ pages\n(?:  full .*\n)*  partial  page \w{8}  \d+ bytes free, units \S/m, 'its page');
    unlike($slabs, qr/broken/, '... which is whole');
    like($talk->answer('mm obj $a', 1), qr/^free: a block of \d+ bytes at 0x\w{8}$/m, 'freed');
    like($talk->answer('mm obj start_kernel'), qr/^0x\w{8} lies in no slab$/m, 'no object: a function');
    in_order($talk->answer('mm slab'), [ $talk->said(0) ], 'slabinfo');
};

subtest 'a free block that was written to' => sub {
    my $talk = talk_slob({}, $take, $keep, 'call kfree($a)', 'set var *(unsigned short *)((unsigned)$a & ~4095) = 0xffff',
        'mm slabs kmalloc', 'mm obj $b', 'mm slab');
    my $broken = qr/^broken: page \w{8}: the free block at unit \d+$/m;
    like($talk->answer('mm slabs kmalloc'), $broken, 'is told');
    like($talk->answer('mm obj $b'), qr/^in use: kmalloc\(\) returned it, 100 bytes\n$broken/m, '... wherever one looks');
    like($talk->answer('mm slab'), qr/^kmalloc /m, '... and all else is shown');
};

subtest 'objects that are looked after have pages of their own' => sub {
    my $talk = talk_slob({ append => 'batch test=none slab_debug' }, $take, 'mm obj $a + 112', 'mm slabs kmalloc-112',
        'call kfree($a)', 'mm obj $a', 'mm slab', kernel_says('show_slabinfo()'));
    like($talk->answer('mm obj $a + 112'), qr/offset 112 \(behind its end\): in use\nallocated by 0x\w{8}/,
        'who allocated it');
    like($talk->answer('mm slabs kmalloc-112'), qr/^  slab \w{8}  1 in use, free: 1-\d+$/m, 'its slab');
    like($talk->answer('mm obj $a'), qr/offset 0: free\nallocated by 0x\w{8}.*\nfreed by 0x\w{8}/, '... and who freed it');
    in_order($talk->answer('mm slab'), [ $talk->said(0) ], 'slabinfo');
};

done_testing();
