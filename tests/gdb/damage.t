#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Structures that are damaged on purpose: the commands end, and name what is broken and where.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

my $stopped = ['break kernel_exit', 'continue'];

# A machine that stands behind the commands @$before; then @damage is done, and one mm command asked.
sub damage {
    my ($name, $before, $damage, $command, $wanted) = @_;
    my $talk = talk({}, @$before, @$damage, $command);
    my $answer = $talk->answer($command);
    ok($answer =~ $wanted, $name) or diag(map { "$_\n" } @$damage, "wanted: $wanted", "got:\n", $answer);
    unlike(join('', @{$talk->{list}}), qr/Traceback|Python|cannot make sense/, '... in words');
}

# The free list of the largest blocks: $l its head, $a and $b its first two links.
my @list = ('set var $l = &contig_page_data.node_zones[1].free_area[10].free_list[2]',
    'set var $a = $l->next', 'set var $b = $a->next',
    'set var $page = (struct page *)((char *)$b - (int)&((struct page *)0)->lru)');

sub damage_list {
    my ($name, $change, $wanted) = @_;
    damage($name, $stopped, [ @list, @$change ], 'mm buddy', $wanted);
}

my $where = qr/^broken: zone Normal, order 10, Movable: /m;
my $pfn = qr/pfn 0x\w{5}/;

damage_list('a free list that is a cycle without its head', ['set var $b->next = $a'],
    qr/${where}link 3: $pfn -> 0x\w+ leads back to link 1, $pfn: a cycle without the head$/m);
damage_list('a link that points to itself', ['set var $b->next = $b'],
    qr/${where}link 3: $pfn -> 0x\w+ leads back to link 2, $pfn: a cycle without the head$/m);
damage_list('a link to an odd address', ['set var $b->next = (void *)0xdeadbeef'],
    qr/${where}link 3: $pfn -> 0xdeadbeef is not aligned$/m);
damage_list('a link to no memory', ['set var $b->next = (void *)0xdeadbee0'],
    qr/${where}link 3: $pfn -> 0xdeadbee0 is not an address of lowmem$/m);
damage_list('a link to NULL', ['set var $l->next = (void *)0'],
    qr/${where}link 1: the head -> 0x00000000 is not an address of lowmem$/m);
damage_list('a link to something that is no page', ['set var $b->next = (void *)&memblock'],
    qr/${where}link 3: $pfn -> 0x\w+ is no page's lru$/m);
damage_list('a prev pointer that does not lead back', ['set var $b->prev = $l'],
    qr/${where}link 2: prev of $pfn is 0x\w+, not 0x\w+$/m);
damage_list('a prev pointer of the head that does not lead to the last', ['set var $l->prev = $a'],
    qr/${where}prev of the head is 0x\w+, not the last link 0x\w+$/m);
damage_list('a list that ends too early disagrees with the counts',
    ['set var $a->next = $l', 'set var $l->prev = $a'],
    qr/^broken: zone Normal, order 10: nr_free = \d+, but \d+ blocks are on the lists\nbroken: zone Normal: NR_FREE_PAGES = \d+, but \d+ pages are on the lists$/m);
damage_list('a block that is not marked as free', ['set var $page->_mapcount.counter = -1'],
    qr/$where$pfn is not marked as the head of a free block \(_mapcount -1\)$/m);
damage_list('a block of another order', ['set var $page->private = 3'], qr/$where$pfn has order 3$/m);
damage_list('a block that is in use', ['set var $page->_count.counter = 2'],
    qr/$where$pfn is in use: 2 references$/m);
damage_list('a count that is wrong', ['set var contig_page_data.node_zones[1].free_area[3].nr_free = 1000'],
    qr/^broken: zone Normal, order 3: nr_free = 1000, but \d+ blocks are on the lists$/m);
damage_list('a zone without a name', ['set var *(unsigned long *)&zone_names[1] = 0x12'],
    qr/^Node 0, zone \(name at 0x00000012\?\)/m);
damage_list('a mem_map that is nowhere', ['set var mem_map = (void *)0x1000'],
    qr/^mem_map = 0x00001000 with max_mapnr = \d+ does not lie in lowmem$/m);
damage_list('a mem_map without end', ['set var max_mapnr = 0xffffffff'],
    qr/^mem_map = 0x\w+ with max_mapnr = 4294967295 does not lie in lowmem$/m);

damage('zones whose numbers do not add up', $stopped,
    ['set var contig_page_data.node_zones[1].managed_pages = 999999'],
    'mm zones', qr/^broken: zone Normal: spanned >= present >= managed >= free does not hold \(I2\)$/m);
damage('a page of a zone that does not span it', $stopped, ['set var mem_map[0x800].flags |= 0x20000000'],
    'mm page 0x60800', qr/^broken: the flags say node 0, zone Movable, which does not span the page$/m);
damage('a stage that does not exist', $stopped, ['set var mm_stage = 77'],
    'mm layout', qr/Memory belongs to nobody that is known \(mm_stage = 77\)\.$/m);

# A CPU's lists: $p, the per_cpu_pages of zone Normal; $q the head of a list that has pages, $n its first link.
my @pcp = ('set var $p = &((struct per_cpu_pageset *)((char *)contig_page_data.node_zones[1].pageset + __per_cpu_offset[0]))->pcp',
    'set var $q = &$p->lists[0]', 'set var $n = $q->next',
    'set var $page = (struct page *)((char *)$n - (int)&((struct page *)0)->lru)');
my $on_cpu = qr/^broken: zone Normal, cpu 0: /m;
for my $case (
    [ 'a count that is wrong', ['set var $p->count = 1000'], qr/${on_cpu}count is 1000, but \d+ pages are on the lists$/m ],
    [ 'a link to itself', ['set var $n->next = $n'], qr/${on_cpu}link 2: $pfn -> 0x\w+ leads back to link 1/m ],
    [ 'a link to no page', ['set var $n->next = (void *)&memblock'], qr/${on_cpu}link 2: $pfn -> 0x\w+ is no page's lru$/m ],
    [ 'a page that is in use', ['set var $page->_count.counter = 1'],
        qr/$on_cpu$pfn is not free: 1 references, _mapcount -1$/m ],
) {
    my ($name, $change, $wanted) = @$case;
    damage("per-CPU lists: $name", [ @$stopped, 'call __get_free_pages(0xd0, 0)' ], [ @pcp, @$change ], 'mm pcp', $wanted);
}

my $unmapped = talk({}, @$stopped, map({ "set var swapper_pg_dir[0x600].pgd[$_] = 0" } 0, 1),
    'print memblock.memory.cnt', 'mm memblock', 'mm buddy');
like($unmapped->answer('print memblock.memory.cnt'), qr/^Cannot access memory/,
    'without its page table gdb itself sees no lowmem');
like($unmapped->answer('mm memblock'), qr/^ memory\.cnt  = 0x1\n memory\[0x0\]\t\[0x60000000-0x67ffffff\]/m,
    '... but the commands do');
like($unmapped->answer('mm buddy'), qr/^\d+ pages are free; lists, nr_free and NR_FREE_PAGES agree\.$/m,
    '... all of them');

my $early = [ 'break paging_init', 'continue' ];
for my $case (
    [ 'more regions than the array has', ['set var memblock.reserved.cnt = 0x10000000'],
        qr/^broken: reserved\.cnt = 268435456 is not between 1 and max = 128 \(I4\)$/m ],
    [ 'more regions than memory has',
        ['set var memblock.reserved.cnt = 0x10000000', 'set var memblock.reserved.max = 0x20000000'],
        qr/^broken: reserved\.regions = 0x\w+ with 268435456 entries does not lie in lowmem$/m ],
    [ 'an array that is nowhere', ['set var memblock.memory.regions = (void *)0x10'],
        qr/^broken: memory\.regions = 0x00000010 with 1 entries does not lie in lowmem$/m ],
    [ 'regions that overlap',
        ['set var memblock.reserved.cnt = 2',
         'set var memblock.reserved.regions[1] = memblock.reserved.regions[0]'],
        qr/^broken: reserved\[1\] 0x\w+\+0x\w+ begins before the region in front of it ends at 0x\w+ \(I1\)\nbroken: reserved\.total_size = 0x\w+, but the regions have 0x\w+ bytes \(I2\)$/m ],
    [ 'a region that is empty',
        ['set var memblock.reserved.cnt = 2', 'set var memblock.reserved.regions[1].size = 0'],
        qr/^broken: reserved\[1\] 0x\w+\+0x0 is empty \(I1\)$/m ],
    [ 'a region that ends above 4 GiB', ['set var memblock.reserved.regions[0].size = 0xf0000000'],
        qr/^broken: reserved\[0\] 0x\w+\+0xf0000000 ends above 4 GiB \(I1\)$/m ],
) {
    my ($name, $change, $wanted) = @$case;
    damage("memblock: $name", $early, $change, 'mm memblock', $wanted);
}

my $middle = [ 'break free_area_init_node', 'continue' ];
for my $case (
    [ 'a list of nodes that is a cycle',
        ['set var bootmem_node_data[0].list.next = &bootmem_node_data[0].list'],
        qr/^broken: bdata_list: link 2: node 0 -> 0x\w+ leads back to link 1, node 0: a cycle without the head$/m ],
    [ 'a link to no node', ['set var bdata_list.next = (void *)0xc0010004'],
        qr/^broken: bdata_list: link 1: the head -> 0xc0010004 is no bootmem_node_data$/m ],
    [ 'a bitmap that is nowhere', ['set var bootmem_node_data[0].node_bootmem_map = (void *)4'],
        qr/^broken: node 0: node_bootmem_map = 0x00000004, \d+ bytes, does not lie in lowmem \(I7\)$/m ],
    [ 'a node that is larger than RAM', ['set var bootmem_node_data[0].node_low_pfn = 0xfffffff'],
        qr/^broken: node 0: the node has \d+ pages, RAM has 32768 \(I2\)$/m ],
    [ 'a hint behind the node', ['set var bootmem_node_data[0].hint_idx = 0x12345678'],
        qr/^broken: node 0: hint_idx = 305419896 lies behind the node \(I5\)$/m ],
    [ 'an allocation that ends in a free page', ['set var bootmem_node_data[0].last_end_off = 16'],
        qr/^broken: node 0: last_end_off = 0x10 lies in a page that is free \(I6\)$/m ],
) {
    my ($name, $change, $wanted) = @$case;
    damage("bootmem: $name", $middle, $change, 'mm bootmem', $wanted);
}

done_testing();
