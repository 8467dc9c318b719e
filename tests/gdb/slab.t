#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What gdb says of caches and objects: an object that is given out, freed, damaged; and lists of slabs that are torn.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

my $stopped = ['break kernel_exit', 'continue'];

subtest 'an object on its way' => sub {
    my $talk = talk({}, @$stopped, 'set var $a = __kmalloc(100, 0xd0)', 'mm obj $a + 5', 'mm obj $a + 110',
        'mm slabs kmalloc-112', 'call kfree($a)', 'mm obj $a', 'mm obj 5', 'mm obj start_kernel', 'mm slabs none');
    like($talk->answer('mm obj $a + 5'),
        qr/^cache kmalloc-112, slab \w{8}, \d+ of 36 objects in use\nobject \d+ at 0x\w{8}, offset 5: in use$/m,
        'in use');
    like($talk->answer('mm slabs kmalloc-112'), qr/^kmalloc-112: objects of 112 bytes, 112 apart, 36 in a slab of 1 pages/m,
        'its cache');
    like($talk->answer('mm slabs kmalloc-112'), qr/^  partial  slab \w{8}  colour 0  \d+ in use, free: \d+-35$/m, 'its slab');
    like($talk->answer('mm slabs kmalloc-112'), qr/^CPU 0: \d+ objects$/m, 'the array');
    like($talk->answer('mm obj $a'), qr/offset 0: free, in the array of CPU 0$/m, 'freed');
    like($talk->answer('mm obj 5'), qr/^0x00000005 is not an address of lowmem/, 'no object: NULL and the like');
    like($talk->answer('mm obj start_kernel'), qr/^0x\w{8} lies in no slab$/m, 'no object: a function');
    like($talk->answer('mm slabs none'), qr/^there is no cache `none`; `mm slab` lists those that exist$/m, 'no cache');
};

subtest 'with slab_debug' => sub {
    my $talk = talk({ append => 'batch test=none slab_debug' }, @$stopped,
        'set var $a = __kmalloc(100, 0xd0)', 'mm obj $a + 112', 'call kfree($a)', 'mm obj $a',
        'mm slab', kernel_says('show_slabinfo()'));
    like($talk->answer('mm obj $a + 112'), qr/offset 112 \(behind its end\): in use\nallocated by 0x\w{8}/, 'who allocated it');
    like($talk->answer('mm obj $a'), qr/offset 0: free\nallocated by 0x\w{8}.*\nfreed by 0x\w{8}/, '... and who freed it');
    in_order($talk->answer('mm slab'), [ $talk->said(0) ], 'slabinfo');
};

my @slab = ('set var $a = __kmalloc(100, 0xd0)', 'set var $n = kmalloc_caches[11]->node',
    'set var $l = &$n->slabs_partial');

sub damage {
    my ($name, $damage, $wanted) = @_;
    my $talk = talk({}, @$stopped, @slab, @$damage, 'mm slabs kmalloc-112');
    like($talk->answer('mm slabs kmalloc-112'), $wanted, $name);
}

damage('a list of slabs that is a cycle', ['set var $b = $l->next', 'set var $b->next = $b'],
    qr/^broken: node 0, partial: link 2: pfn 0x\w{5} -> 0x\w{8} leads back to link 1, pfn 0x\w{5}: a cycle without the head$/m);
damage('a list of slabs that leads nowhere', ['set var $l->next = (void *)0xdeadbee0'],
    qr/^broken: node 0, partial: link 1: the head -> 0xdeadbee0 is not an address of lowmem$/m);
damage('a slab that counts wrong', ['set var ((struct slab *)((char *)$l->next - 20))->inuse = 50'],
    qr/^broken: slab \w{8}: 50 in use and \d+ free are not 36$/m);
damage('an array that ends before it begins',
    ['set var ((struct array_cache *)((char *)kmalloc_caches[11]->cpu_cache + __per_cpu_offset[0]))->top = 0'],
    qr/^broken: an array from 0x\w{8} to 0x00000000$/m);

done_testing();
