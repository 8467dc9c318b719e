#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# `mm pt` against three others that walk: the kernel (show_pte_walk), the CPU (an address translation operation,
# ATS1CPR and ATS1CPW, called through pt_translate), and QEMU's monitor.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

use constant { PAR_FAULT => 1, PAGE_MASK => 0xfffff000 };

my $symbol = symbols();

# What lies at an address, as gdb and kernel both may write it; and what the kernel may do there.
my @places = (
    [ 'text',                   sprintf('0x%x', $symbol->{printk}),             'R-X' ],
    [ 'init text, given back',  sprintf('0x%x', $symbol->{__inittext_begin}),   'RW-' ],
    [ 'rodata',                 sprintf('0x%x', $symbol->{__start_rodata}),     'R--' ],
    [ 'data',                   sprintf('0x%x', $symbol->{memblock}),           'RW-' ],
    [ 'bss',                    sprintf('0x%x', $symbol->{zone_table}),         'RW-' ],
    [ 'the guard page',         sprintf('0x%x', $symbol->{boot_stack} + 0x1ffc), undef ],
    [ 'the page table',         sprintf('0x%x', $symbol->{swapper_pg_dir}),     'RW-' ],
    [ 'the vectors',            '0xffff0000', 'R-X' ],
    [ 'behind the vectors',     '0xffff1000', undef ],
    [ 'the UART',               '0xfef09000', 'RW-' ],
    [ 'a section of lowmem',    '0xc3456788', 'RW-' ],
    [ 'the last byte of lowmem', '0xc7ffffff', 'RW-' ],
    [ 'behind lowmem',          '0xc8000000', undef ],
    [ 'the vmalloc area',       '0xf0000000', undef ],
    [ 'NULL',                   '0x0',        undef ],
    [ 'the top of user space',  '0xbeffffff', undef ],
);

sub asks {
    return map { my $address = $_->[1]; (
        "mm pt $address", kernel_says("show_pte_walk($address)"),
        "print/x pt_translate($address, 0)", "print/x pt_translate($address, 1)",
        "monitor gva2gpa $address",
    ) } @places;
}

# The physical address by the CPU's PAR, or undef.
sub by_par {
    my ($answer, $address) = @_;
    my ($par) = $answer =~ /= 0x(\w+)/ or return 'no answer';
    return undef if hex($par) & PAR_FAULT;
    return hex($par) & PAGE_MASK | hex($address) & ~PAGE_MASK;
}

sub compare_walks {
    my ($talk) = @_;
    for my $n (0 .. $#places) {
        my ($name, $address, $rights) = @{$places[$n]};
        subtest "$name, $address" => sub {
            my $walk = $talk->answer("mm pt $address");
            in_order($walk, [ $talk->said($n) ], "the kernel's walk");
            my ($phys) = $walk =~ /maps to 0x(\w+)/;
            $phys = hex($phys) if defined $phys;
            is(by_par($talk->answer("print/x pt_translate($address, 0)"), $address), $phys,
                "the CPU's answer");
            my $write = by_par($talk->answer("print/x pt_translate($address, 1)"), $address);
            is($write, ($rights // '') =~ /W/ ? $phys : undef, '... when asked about a write');
            my ($qemu) = $talk->answer("monitor gva2gpa $address") =~ /gpa: (?:0x)?(\w+)/;
            is(defined($qemu) ? hex($qemu) : undef, $phys, "QEMU's answer");
            if (defined $rights) {
                like($walk, qr/kernel \Q$rights\E, user ---/, "the kernel may $rights");
            } else {
                like($walk, qr/^verdict: nothing is mapped at \Q@{[sprintf('0x%08x', hex $address)]}\E$/m,
                    'the verdict is that nothing is mapped');
            }
        };
    }
}

my $talk = talk({ ram => 128 }, 'break kernel_exit', 'continue', asks(),
    'mm pt printk', 'mm pt &memblock', 'mm pt $sp', 'mm pt 0xfef09000 + 4',
    'mm pt dump', kernel_says('ptdump_walk()'));
compare_walks($talk);

my $dump = join("\n", $talk->said(scalar(@places)));
is($talk->answer('mm pt dump') =~ s/\n\z//r, $dump, 'the dump of all that is mapped is the kernel\'s, line by line');
like($dump, qr/^---\[ Kernel Mapping \]---\n0xc0000000-0xc0010000 +64K +RW NX SHD MEM\/CACHED\/WBWA$/m,
    '... in the format of kernel_page_tables');
unlike($dump, qr/RW x /, '... and nothing in it is writable and executable');

like($talk->answer('mm pt printk'),
    qr/^verdict: 0x\w+ is physical 0x\w+; the kernel reads and executes; user code has no access$/m,
    'a function is an address');
like($talk->answer('mm pt $sp'), qr/the kernel reads and writes; user/, 'a register is an address');
like($talk->answer('mm pt &memblock'), qr/Linux pte at .* PRESENT YOUNG DIRTY XN SHARED type 7/,
    'the Linux entry stands beside the hardware entry');
like($talk->answer('mm pt &memblock'),
    qr/^ +AP 001  XN 1  TEX 001 C 1 B 1  S 1  nG 0\n +normal memory, inner and outer write-back, write-allocate, inner shareable/m,
    'memory is decoded to the bit, and through PRRR and NMRR');
like($talk->answer('mm pt 0xfef09000 + 4'),
    qr/^ +device, .*shareable \(PRRR and NMRR, index 4\)\n.*maps to 0x10009004$/m,
    'so are device registers, at an address that is an expression');

subtest 'the boot page tables, before and after the switch' => sub {
    my $boot = talk({}, 'break __enable_mmu', 'mm pt 0xc0010000', 'continue', 'mm pt 0xc0010000',
        'break start_kernel', 'continue', 'mm pt 0xc0010000', 'monitor gva2gpa 0xc0010000',
        'mm pt 0x60010000', 'break paging_init', 'continue', 'mm pt 0xfef09000',
        kernel_says('show_pte_walk(0xfef09000)'));
    like($boot->answer('mm pt 0xc0010000'),
        qr/^The MMU is off.*\nTTBR0 is 00000000: there is no page table yet\.$/m,
        'at reset there is no page table');
    like($boot->answer('mm pt 0xc0010000', 1),
        qr/^The MMU is off.*kernel RWX, .*MEM\/CACHED\/WBWA.*maps to 0x60010000$/ms,
        'before the switch the table that is ready can be walked');
    like($boot->answer('mm pt 0xc0010000', 2), qr/^\[c0010000\] TTBR0.*1 MiB section.*maps to 0x60010000$/ms,
        'after it, the same table');
    like($boot->answer('monitor gva2gpa 0xc0010000'), qr/gpa: (?:0x)?60010000/, '... as QEMU sees it');
    like($boot->answer('mm pt 0x60010000'), qr/nothing is mapped/, 'the identity mapping is gone');
    in_order($boot->answer('mm pt 0xfef09000'), [ $boot->said(0) ], 'the kernel walks its boot tables alike');
};

subtest 'entries that the kernel does not make' => sub {
    my $table = 'set var swapper_pg_dir[%d].pgd[%d] = 0x%x';
    my $other = talk({}, 'break kernel_exit', 'continue',
        sprintf($table, 0x500, 0, 0x70000000 | 0x40c0e), 'mm pt 0xa0812345',        # half of a supersection
        sprintf($table, 0x501, 0, 0x3), 'mm pt 0xa0200000',
        sprintf($table, 0x502, 0, 0x5ff00001), 'mm pt 0xa0400000',
        sprintf($table, 0x503, 0, 0x60000000 | 0x0c0e | 3 << 5), 'mm pt 0xa0600000');
    like($other->answer('mm pt 0xa0812345'), qr/L1 0xa08 .*nothing/,
        'each entry of a supersection counts for itself');
    like($other->answer('mm pt 0xa0200000'), qr/type 3 is a section with PXN.*it faults$/m,
        'a type that this CPU has not');
    like($other->answer('mm pt 0xa0400000'),
        qr/a table at 0x5ff00000, which is not RAM: the page table is damaged$/m,
        'a table that is not RAM ends the walk');
    like($other->answer('mm pt 0xa0600000'),
        qr/domain 3 \(no access\).*^verdict: .*every access is a domain fault$/ms,
        'a domain without access');
};

done_testing();
