#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Every command at every moment: at reset with RAM full of junk, in the boot stub, while each allocator owns memory,
# after a panic, and on a CPU that never woke up. None fails otherwise than in words.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Gdb;
use Pagewalk;
use Test::More;

use constant { PAGE_OFFSET => 0xc0000000, PHYS_OFFSET => 0x60000000, JUNK => "\x5a\xa5\xff\x01" };

my @all = ('mm memblock', 'mm bootmem', 'mm zones', 'mm buddy', 'mm page 0x60010', 'mm pt 0xc0010000',
    'mm layout');

# No answer may be a traceback, or an error that is not about memory.
sub no_accident {
    my ($talk, $name) = @_;
    my @bad = grep { /Traceback|Python|Error occurred|cannot make sense|gdb: / } @{$talk->{list}};
    is("@bad", '', "$name: every answer is in words");
}

# A file of junk for what the image leaves out: .bss.
sub junk_in_bss {
    my $symbol = symbols();
    my $file = tempdir(CLEANUP => 1) . '/junk';
    open(my $out, '>:raw', $file) or die "$file: $!\n";
    print $out JUNK x (($symbol->{_end} - $symbol->{__bss_start}) / length(JUNK));
    close($out) or die "$file: $!\n";
    my $at = $symbol->{__bss_start} - PAGE_OFFSET + PHYS_OFFSET;
    return [ '-device', sprintf("loader,file=$file,addr=0x%x,force-raw=on", $at) ];
}

my $stub = talk({ qemu => junk_in_bss() }, 'p $pc', @all, 'break __create_page_tables', 'continue', @all);
no_accident($stub, 'the boot stub, RAM full of junk');
for my $n (0, 1) {
    my $when = $n ? 'in the boot stub' : 'at reset';
    my $off = 'the boot stub has not turned the MMU on';
    like($stub->answer('mm memblock', $n),
        qr/^memblock: not yet initialised: $off\. Its static first state:\n memory\.cnt  = 0x1, of at most \d+\n/,
        "memblock $when");
    like($stub->answer('mm bootmem', $n), qr/^bootmem: not yet initialised: $off\.$/, "bootmem $when");
    like($stub->answer('mm zones', $n), qr/^the zones are not yet initialised: $off\.$/, "zones $when");
    like($stub->answer('mm buddy', $n), qr/^the zones are not yet initialised: $off\.$/, "buddy $when");
    like($stub->answer('mm page 0x60010', $n),
        qr/^pfn 0x60010: physical 0x60010000, virtual 0xc0010000\nthere is no mem_map yet: $off$/,
        "page $when");
    like($stub->answer('mm layout', $n),
        qr/lowmem  : 0xc0000000 - not known yet.*^The MMU is off: addresses are physical\./ms,
        "layout $when");
}

my $boot = talk({ ram => 256 },
    'break start_kernel', 'continue', @all,
    'break paging_init', 'continue', @all,
    'break free_area_init_node', 'continue', @all, 'mm page 0x61000',
    'break mem_init', 'continue', @all, 'mm page 0x61000',
    'break rest_init', 'continue', @all, 'mm page 0x61000', 'mm page mem_map + 0x1000',
    'mm page start_kernel',
    'break kernel_exit', 'continue', 'mm page start_kernel');
no_accident($boot, 'booting');

like($boot->answer('mm memblock', 0),
    qr/^memblock: not yet initialised: arm_memblock_init\(\) has not run\.$/m,
    'memblock before arm_memblock_init()');
like($boot->answer('mm memblock', 1), qr/^memblock: owns memory; it allocates top-down, below 0x70000000\n/,
    'memblock owns memory');
like($boot->answer('mm page 0x60010', 1),
    qr/^there is no mem_map yet; by memblock it is reserved: the kernel's text$/m,
    '... and knows whose a page is');
like($boot->answer('mm bootmem', 1), qr/^bootmem: not yet initialised: memory belongs to memblock\.$/,
    'bootmem while memblock owns memory');
like($boot->answer('mm zones', 1), qr/free_area_init_node\(\) has not run; memory belongs to memblock\.$/,
    'the zones while memblock owns memory');
like($boot->answer('mm bootmem', 2), qr/^bootmem: owns memory\nnode 0: pfn 0x60000-0x6ffff, 65536 pages: /,
    'bootmem owns memory');
unlike($boot->answer('mm bootmem', 2), qr/^broken/m, '... and is sound');
like($boot->answer('mm page 0x61000', 0), qr/^there is no mem_map yet; by memblock it is free$/m,
    'a page before mem_map');
like($boot->answer('mm buddy', 3),
    qr/^zones: nothing is free yet: memory belongs to bootmem until mem_init\(\)\.\n/,
    'the free lists while bootmem owns memory');
like($boot->answer('mm page 0x60010', 3),
    qr/^reserved by bootmem: the kernel's text$/m, 'a page that bootmem reserved');
like($boot->answer('mm page 0x61000', 1), qr/^free, in bootmem's hands$/m, 'a page that bootmem has free');
like($boot->answer('mm memblock', 4),
    qr/^memblock: no longer the owner of memory, which is the buddy system\. Its last state:\n/,
    'memblock after the hand-over');
like($boot->answer('mm bootmem', 4),
    qr/^bootmem: gave its pages to the buddy system, those of its bitmap too\.$/,
    'bootmem after the hand-over');
like($boot->answer('mm page 0x61000', 2),
    qr/^free: (?:the head of a block of order|inside the block of order)/m,
    'a page that is free');
is($boot->answer('mm page mem_map + 0x1000'), $boot->answer('mm page 0x61000', 2),
    'a struct page * means that page');
like($boot->answer('mm page start_kernel', 0),
    qr/^kept since boot: the kernel's init text$/m, 'a page of the init text');
like($boot->answer('mm page start_kernel', 1), qr/^free: /m, '... is free once it was given back');

my $crash = talk({ append => 'batch test=none crash=data-null' }, 'break kernel_exit', 'continue',
    'print status', @all,
    kernel_says('show_buddyinfo()'));
no_accident($crash, 'after a panic');
like($crash->answer('print status'), qr/ = 1$/, 'a panic stops at kernel_exit');
in_order($crash->answer('mm buddy'), [ $crash->said(0) ], '... where the free lists can be read');
like($crash->answer('mm buddy'), qr/^\d+ pages are free; lists, nr_free and NR_FREE_PAGES agree\.$/m,
    '... and are sound');

my $smp = talk({ cpus => 2, append => 'batch test=none maxcpus=1' }, 'break kernel_exit', 'continue', 'thread 2', 'mm buddy', 'mm pt 0xc0010000',
    'thread', @all);
no_accident($smp, 'a parked CPU');
like($smp->answer('mm buddy'), qr/^Node 0, zone   Normal /, 'a CPU that is parked sees the allocators');
like($smp->answer('mm pt 0xc0010000'), qr/^The MMU is off: 0xc0010000 is a physical address, not of RAM\.\n/,
    '... and its own MMU');
like($smp->answer('thread'), qr/^\[Current thread is 2 /, '... and stays selected');

my $idle = talk({ cpus => 2 }, 'break kernel_exit', 'continue', 'thread 2', 'mm pt 0xc0010000', 'bt', @all);
no_accident($idle, 'a CPU that idles');
like($idle->answer('mm pt 0xc0010000'), qr/^.*TTBR0 6000c06a: level-1 table at 0x6000c000$/m,
    'a CPU that idles has the kernel\'s page table');
like($idle->answer('bt'), qr/ cpu_idle /, '... and its own stack');

my $stopped = talk({ cpus => 4, append => 'batch test=none crash=bug@2' }, 'break kernel_exit', 'continue',
    'p/x __cpu_online_mask.bits', 'thread apply all bt 2');
like($stopped->answer('p/x __cpu_online_mask.bits'), qr/ = 0x4$/, 'a CPU that faults stops all others');
is(() = $stopped->answer('thread apply all bt 2') =~ / smp_stop_self /g, 3, '... for good');

my $elf = talk({ image => build_path('kernel.elf'), append => undef }, 'break run_tests', 'continue', @all);
no_accident($elf, 'a kernel that was booted as an ELF');
like($elf->answer('mm buddy'), qr/^Node 0, zone   Normal /, 'a kernel that was booted as an ELF');

done_testing();
