#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Physical addresses at the prompt: who has them (iomem), what is there (devmem), and what any address is (mm whatis).
# One machine with high memory, on which the suites about the same run first.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $board = start(ram => 1024, append => 'test=string,iomem,ioremap,devmem');

ok($board->wait_for(qr/^pagewalk> $/m), 'there is a prompt');
like($board->{output}, qr/^# passed (\d+) of \1$/m, 'the suites pass, and none of their tests is skipped')
    or diag(grep { /^not ok|SKIP/ } split(/^/, $board->{output}));

# Mistakes with ioremap() are named: what, where, who, and why not.
my $probe = qr/careless_probe(?:_wc)?\+0x\w+\/0x\w+/;
my %mistakes = (
    'RAM' => qr/^ioremap: 0x1000 bytes at 0x60000000 as device, for $probe, refused: 0x60000000-0x9fffffff is RAM \(System RAM\)$/m,
    "the kernel's text" => qr/refused: 0x60010000-0x6\w+ is RAM \(Kernel code\)$/m,
    'no byte' => qr/^ioremap: 0x0 bytes at 0x48000000 as device, for $probe, refused: no byte is asked for$/m,
    'no byte at 0' => qr/^ioremap: 0x0 bytes at 0x00000000 as device, for $probe, refused: no byte is asked for$/m,
    'most of all addresses' => qr/^ioremap: 0xf0000000 bytes at 0x00000000 as device, for $probe, refused: 0x60000000-0x\w+ is RAM/m,
    'a range that wraps' => qr/0x2000 bytes at 0xfffff000 as device, for $probe, refused: it goes beyond the end of physical memory$/m,
    'a part of a page, as normal memory' => qr/0x64 bytes at 0x48000000 as \S+ memory, write-combined, for $probe, refused: not page-aligned,/m,
    'what another has as another type' => qr/write-combined, for $probe, refused: \S+ has it at 0xf\w+ as device$/m,
    "a window's registers as another type" => qr/write-combined, for $probe, refused: iotable_init\+\S+ has it at 0xfef00000 as device$/m,
    'iounmap of memory' => qr/^BUG: iounmap\(0x\w+\) by careless_remove\S+: it is in a vmalloc area of \S+, which vfree\(\) is for$/m,
    '... of the middle' => qr/^BUG: iounmap\(0x\w+\) by careless_remove\S+: it is 4096 bytes behind the beginning of the ioremap area of $probe$/m,
    '... of lowmem' => qr/^BUG: iounmap\(0xc0000000\) by careless_remove\S+: it is no address of the vmalloc area$/m,
    '... twice' => qr/^BUG: iounmap\(0x\w+\) by careless_remove\S+: it was freed by careless_remove\S+, allocated by $probe$/m,
);
like($board->{output}, $mistakes{$_}, "named: $_") for sort keys %mistakes;

# As /proc/iomem: ascending, children inside their parents, two blanks deeper.
my @lines = split(/\n/, $board->answer('iomem'));
my @parents;
for my $line (@lines) {
    my ($indent, $start, $end) = $line =~ /^((?:  )*)([0-9a-f]{8})-([0-9a-f]{8}) : \S/ or fail("a line of iomem: $line"), next;
    my $depth = length($indent) / 2;
    my $before = $parents[$depth];
    ok(hex($start) <= hex($end) && (!$depth || (hex($start) >= $parents[$depth - 1][0] && hex($end) <= $parents[$depth - 1][1]))
        && (!$before || hex($start) > $before->[1]), $line) unless $depth > @parents && fail("too deep: $line");
    splice(@parents, $depth, @parents, [ hex($start), hex($end) ]);
}
is((grep { / : System RAM$/ } @lines)[0], '60000000-9fffffff : System RAM', 'iomem has RAM');
ok((grep { /^  600100..-\w+ : Kernel code$/ } @lines), '... and the kernel in it');

# devmem
my $free = 0x70000000;                       # in lowmem, in the middle of a large free block
my $high = 0x9f000000;
is($board->answer('devmem 0x1e001008'), "0x0000043B\n", 'devmem reads 32 bits if nothing is said');
is($board->answer('devmem 0x1e001008 8'), "0x3B\n", '... or 8');
is($board->answer('devmem 0x1e001008 h'), "0x043B\n", '... or 16, also by their letters');
is($board->answer('devmem 0x1e00a000'), "0x410000C8\n", '... of a device that no window shows');
$board->send("devmem 0x10009000 8 0x21\n");
ok($board->wait_for(qr/^!pagewalk> \z/m), 'devmem writes to a device: the UART prints an exclamation mark');
for my $address ($free, $high) {
    my $name = sprintf('0x%x', $address);
    is($board->answer("devmem $name 32 0x11223344"), '', "devmem writes to RAM at $name");
    is($board->answer("devmem $name b 0xaa"), '', '... a byte');
    is($board->answer("devmem $name w"), "0x112233AA\n", '... and reads it again');
}
is($board->answer('devmem 0x50000000'), "devmem: 0x50000000 is nobody's: no RAM and no device is there; iomem lists what is\n",
    'where nothing is, it says so');
is($board->answer('devmem 0x1e000058'), "devmem: 0x1e000058 is nobody's: no RAM and no device is there; iomem lists what is\n",
    '... also behind the end of a device');
is($board->answer('devmem 0x60000002'), "devmem: 0x60000002 is not a multiple of 4 bytes\n", 'an address is aligned');
is($board->answer('devmem 0x60010000 16 0'), "devmem: 0x60010000 is Kernel code, which is mapped read-only\n",
    "the kernel's text is not written to");
is($board->answer('devmem 0x60000000 8 0x100'), "devmem: 0x100 has more than 8 bits\n", 'a value fits');
is($board->answer($_), "usage: devmem ADDRESS [WIDTH [VALUE]]\n", "bad words get the usage: $_")
    for 'devmem', 'devmem uart', 'devmem 0x10009000 9', 'devmem 0x10009000 32 on', 'devmem 1 8 2 3';

# mm whatis; that it is right is shown in tests/gdb/whatis.t.
like($board->answer('mm whatis 0xfef09018'), qr/^  physical 0x10009018: uart0\+0x18$/m, 'mm whatis knows a register');
like($board->answer('mm whatis 0xc2000000'), qr/^  page 0x62000, zone Normal: free: /m, '... and a page');
is($board->answer('mm whatis'), "usage: mm whatis ADDR\n", '... and wants an address');
is($board->answer('mm whatis printk'), "usage: mm whatis ADDR\n", '... as a number');

$board->send("poweroff\n");
is($board->finish->{status}, 0, 'nothing was broken by that');
done_testing();
