#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# gdb in the boot stub: breakpoints by name before the MMU is on, and single steps over the switch.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

use constant { PAGE_OFFSET => 0xc0000000, PHYS_OFFSET => 0x60000000 };

my $symbol = symbols();

sub physical { return sprintf('0x%x', $symbol->{$_[0]} - PAGE_OFFSET + PHYS_OFFSET) }

my @steps = ('stepi', 'x/i $pc') x 16;
my $talk = talk({},
    'break probe_ram_end', 'continue', 'backtrace', 'info source', 'info frame',
    'break __enable_mmu', 'continue', 'print $pc', 'p/x $SCTLR_S & 1', 'p *&boot_stack',
    'delete', @steps, 'p/x $SCTLR_S & 1',
    'break start_kernel', 'info breakpoints', 'continue', 'backtrace 1');

like($talk->answer('break probe_ram_end'), qr/\(2 locations\)/,
    'a function of the stub is found at its physical and at its virtual address');
my $physical = physical('probe_ram_end');
like($talk->answer('continue'), qr/^Breakpoint 1\.\d, probe_ram_end \(start=.*\) at boot\/probe\.c:\d+/m,
    'a breakpoint by name stops the stub in C, with source and arguments');
like($talk->answer('backtrace'), qr/^#0 .*probe_ram_end.*\n#1 .* in _start \(\) at boot\/head\.S:\d+/,
    '... and the caller is known');

my $enable = physical('__enable_mmu');
like($talk->answer('continue', 1), qr/, __enable_mmu \(\) at boot\/head\.S:\d+/,
    'a breakpoint by name stops in assembly');
like($talk->answer('print $pc'), qr/ = .*\Q$enable\E <__enable_mmu>/, '... at the physical address');
is($talk->answer('p/x $SCTLR_S & 1'), "\$2 = 0x0\n", '... with the MMU off');
like($talk->answer('p *&boot_stack'), qr/^Cannot access memory at address 0xc0/,
    '... where gdb itself sees no lowmem');

my (@from, @to);
for my $n (0 .. 15) {
    my ($address, $name) = $talk->answer('x/i $pc', $n) =~ /0x(\w+) <(\w+)/ or next;
    push(@{hex($address) < PAGE_OFFSET ? \@from : \@to}, $name);
}
is_deeply([ keys %{{ map { $_ => 1 } @from }} ], ['__enable_mmu'],
    'single steps go on at physical addresses');
is($to[0], '__mmap_switched', '... over the switch into the high half');
is(@from + @to, 16, '... and every step is a symbol');
is($talk->answer('p/x $SCTLR_S & 1', 1), "\$3 = 0x1\n", '... with the MMU on');

unlike($talk->answer('break start_kernel'), qr/locations/,
    'what never runs with the MMU off has one address');
like($talk->answer('continue', 2), qr/, start_kernel \(\) at boot\/start_kernel\.c:\d+/,
    'the kernel is reached');

done_testing();
