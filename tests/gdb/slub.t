#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What gdb says of caches and objects of SLAB=slub: an object that is given out, freed, damaged; slabs of nodes and CPUs,
# and those that are full; and that it agrees with the kernel.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

plan skip_all => 'SLAB=slub was not built beside another' unless -e build_path('slub/kernel.elf');

my $stopped = ['break kernel_exit', 'continue'];
my $take = 'set var $a = __kmalloc(100, 0xd0)';
my $class = 'kmalloc-112';

sub talk_slub {
    my ($options, @commands) = @_;
    return talk({ kernel => 'slub', %$options }, @$stopped, @commands);
}

subtest 'an object on its way' => sub {
    my $talk = talk_slub({}, $take, 'mm obj $a + 5', 'mm obj $a + 110', "mm slabs $class", 'call kfree($a)',
        'mm obj $a', 'set var $b = __kmalloc(100, 0xd0)', 'mm obj 5', 'mm obj start_kernel', 'mm slabs none',
        'mm slab', kernel_says('show_slabinfo()'));
    like($talk->answer('mm obj $a + 5'),
        qr/^cache $class, slab \w{8}, 36 of 36 objects in use\nobject \d+ at 0x\w{8}, offset 5: in use$/m, 'in use');
    my $slabs = $talk->answer("mm slabs $class");
    like($slabs, qr/^$class: objects of 112 bytes, 112 apart, 36 in a slab of 1 pages, 1 names$/m, 'its cache');
    like($slabs, qr/^  of a CPU slab (\w{8})  36 in use, free: none\nCPU 0: freelist of slab \1: \d+-35$/m, 'its slab');
    unlike($slabs, qr/broken/, '... which is whole');
    like($talk->answer('mm obj $a'), qr/offset 0: free, on the freelist of CPU 0$/m, 'freed');
    like($talk->answer('mm obj 5'), qr/^0x00000005 is not an address of lowmem/, 'no object: NULL and the like');
    like($talk->answer('mm obj start_kernel'), qr/^0x\w{8} lies in no slab$/m, 'no object: a function');
    like($talk->answer('mm slabs none'), qr/^there is no cache `none`; `mm slab` lists those that exist$/m, 'no cache');
    in_order($talk->answer('mm slab'), [ $talk->said(0) ], 'slabinfo');
};

subtest 'slabs in all states' => sub {
    my $talk = talk_slub({}, (map { "set var \$o$_ = __kmalloc(4000, 0xd0)" } 0 .. 16), 'mm slabs kmalloc-4k',
        'call kfree($o0)', 'mm obj $o0', 'mm slabs kmalloc-4k');
    my $slabs = $talk->answer('mm slabs kmalloc-4k');
    is(() = $slabs =~ /^  full     slab \w{8}  8 in use, free: none$/mg, 2, 'two are full');
    like($slabs, qr/^node 0: 3 slabs, 0 partial, of which up to 6 may be empty$/m, '... of three');
    like($talk->answer('mm obj $o0'), qr/offset 0: free, and CPU 0 was the last to free it$/m, 'freed to one of these');
    like($talk->answer('mm slabs kmalloc-4k', 1), qr/^CPU 0: freed of slab \w{8}: 0$/m, '... which has not got it yet');
};

subtest 'with slab_debug' => sub {
    my $talk = talk_slub({ append => 'batch test=none slab_debug' }, $take, 'mm obj $a + 112', "mm slabs $class",
        'call kfree($a)', 'mm obj $a', 'mm slab', kernel_says('show_slabinfo()'));
    like($talk->answer('mm obj $a + 112'), qr/offset 112 \(behind its end\): in use\nallocated by 0x\w{8}/,
        'who allocated it');
    like($talk->answer("mm slabs $class"), qr/^  partial  slab \w{8}  \d+ in use, free: \d+-\d+$/m, 'its slab is a node\'s');
    like($talk->answer('mm obj $a'), qr/offset 0: free\nallocated by 0x\w{8}.*\nfreed by 0x\w{8}/, '... and who freed it');
    in_order($talk->answer('mm slab'), [ $talk->said(0) ], 'slabinfo');
};

sub damage {
    my ($name, $damage, $wanted) = @_;
    my $talk = talk_slub({ append => 'batch test=none slab_debug=F' }, $take, 'call kfree($a)',
        'set var $n = kmalloc_caches[11]->node[0]', 'set var $l = &$n->partial',
        'set var $s = (struct slab *)((char *)$l->next - 20)', @$damage, "mm slabs $class");
    like($talk->answer("mm slabs $class"), $wanted, $name);
}

damage('a list of slabs that is a cycle', ['set var $b = $l->next', 'set var $b->next = $b'],
    qr/^broken: node 0, partial: link 2: pfn 0x\w{5} -> 0x\w{8} leads back to link 1, pfn 0x\w{5}: a cycle without the head$/m);
damage('a list of slabs that leads nowhere', ['set var $l->next = (void *)0xdeadbee0'],
    qr/^broken: node 0, partial: link 1: the head -> 0xdeadbee0 is not an address of lowmem$/m);
damage('a slab that counts wrong', ['set var $s->state.inuse = 50'],
    qr/^broken: slab \w{8}: 50 in use and \d+ free are not \d+$/m);
damage('a freelist that leads nowhere', ['set var $s->state.freelist = (void *)0x41414141'],
    qr/^broken: slab \w{8}: its freelist leads to 0x41414141$/m);
damage('a freelist that is a circle', ['set var *(void **)((char *)$a + kmalloc_caches[11]->offset) = $a'],
    qr/^broken: slab \w{8}: its freelist leads back to object \d+$/m);
damage('a CPU whose slab is none',
    ['set var ((struct kmem_cache_cpu *)((char *)kmalloc_caches[11]->cpu_slab + __per_cpu_offset[0]))->base = (void *)0xc0000000'],
    qr/^broken: CPU 0, freelist: 0xc0000000 is no slab$/m);

done_testing();
