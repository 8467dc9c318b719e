#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The prompt: its commands, its editing, what it says of mistakes.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

my $prompt = qr/^pagewalk> /m;
my $board = start(append => 'test=none', reboot => 1);

ok($board->wait_for($prompt), 'there is a prompt after booting');
unlike($board->{output}, qr/^ok /m, 'test=none runs no tests');

like($board->answer('help'), qr/^  help .*^  test .*^  reboot .*^  poweroff /ms, 'help lists the commands');
like($board->answer('help poweroff'), qr/\A  poweroff .*\n\z/, 'help of a command shows its line');
is($board->answer('help nonsense'), qq(help: no command "nonsense"\n), 'help of no command says so');
is($board->answer('nonsense'), "nonsense: no such command; try help\n", 'an unknown command is named');
like($board->answer('mm nonsense'), qr/\Amm nonsense: no such command; try help\n  mm \w/, '... and of a group, its siblings are shown');
is($board->answer('poweroff now'), "usage: poweroff \n", 'a superfluous argument gets the usage, and nothing is done');
is($board->answer('a b c d e f g h i'), "more than 8 words\n", 'a line of too many words is refused');
is($board->answer(''), '', 'an empty line does nothing');
is($board->answer('   # a comment'), '', 'a comment does nothing');
is($board->answer("nonsensf\be"), "nonsense: no such command; try help\n", 'backspace rubs out a character');
is($board->answer("\b\b\x7fhelp x\x15nonsense"), "nonsense: no such command; try help\n", '^U rubs out the line');
is($board->answer("\e[Anon\e[1;5Dsense"), "nonsense: no such command; try help\n", 'arrow keys are ignored');
$board->send("poweroff\x03");
ok($board->wait_for(qr/poweroff\^C\npagewalk> \z/m), '^C gives up the line');
is($board->answer('x' x 300), 'x' x 127 . ": no such command; try help\n", 'a line that is too long is cut');

like($board->answer('test lib'), qr/^# suite: lib\n.*^ok 1 - lib: .*^# passed (\d+) of \1$/ms, 'test runs a suite');
like($board->answer('test lib,nonsense'), qr/\Atest: no suite "nonsense"\nsuites:.* lib/, 'an unknown suite is named');


like($board->answer('interrupts'), qr/^ +CPU0 *\n +29: +[1-9]\d* +GIC  twd\n +37: .* uart0\nIPI0: +0 /,
    'interrupts has the format of /proc/interrupts');
like($board->answer('meminfo'), qr/^MemTotal: +\d+ kB\nMemFree: /, 'meminfo has the format of /proc/meminfo');
like($board->answer('mm layout'), qr/^    lowmem  : 0xc0000000 - 0xc8000000   \(   128 MiB\)$/m, 'mm layout shows lowmem');
like($board->answer('mm memblock'), qr/^ memory\[0x0\]\t\[0x60000000-0x67ffffff\]/m, 'mm memblock shows RAM');
like($board->answer('mm zones'), qr/^Node 0, zone +Normal$/m, 'mm zones shows the zones');
like($board->answer('mm buddy'), qr/^Node 0, zone +Normal +(\d+ +){11}$/m, 'mm buddy shows free blocks of each order');
like($board->answer('mm pcp'), qr/^Node 0, zone +Normal, cpu 0: count \d+ high \d+ batch \d+$/m, 'mm pcp shows each CPU\'s lists');
like($board->answer('mm pagetypeinfo'), qr/^Number of blocks type +Unmovable /m, 'mm pagetypeinfo counts by type');
like($board->answer('mm pageblocks'), qr/^  0x60000000 [UEMRCIuemrci]{32}$/m, 'mm pageblocks has a letter for each');
like($board->answer('vmstat'), qr/^nr_free_pages \d+\n(?:.*\n)*pgfree \d+$/m, 'vmstat shows counters and events');
my $min_free = ($board->answer('sysctl vm.min_free_kbytes') =~ /\Avm\.min_free_kbytes = (\d+)\n\z/)[0];
my ($lowmem) = $board->answer('meminfo') =~ /^LowTotal: +(\d+) kB$/m;
my $half = int($lowmem / 2);
is($board->answer('sysctl'), "vm.lowmem_reserve_ratio = 256 32 32\nvm.min_free_kbytes = $min_free\n" .
    "vm.percpu_pagelist_fraction = 0\n", 'sysctl lists the settings');
is($board->answer('sysctl vm.min_free_kbytes 4000'), "vm.min_free_kbytes = 4000\n", '... and sets one');
like($board->answer('mm watermarks'), qr/^Node 0, zone   Normal: free \d+ min 1000 low 1250 high 1500$/m, '... at once');
is($board->answer("sysctl vm.min_free_kbytes @{[$half + 1]}"),
    "sysctl: vm.min_free_kbytes cannot be that: 0 to $half, which is half of lowmem\n", '... but not to everything');
is($board->answer('sysctl vm.min_free_kbytes many'), "sysctl: vm.min_free_kbytes: \"many\" is no number that it can have: " .
    "0 to $half, which is half of lowmem\n", '... nor to a word');
is($board->answer('sysctl vm.min_free_kbytes 1 2'),
    "sysctl: vm.min_free_kbytes has 1 values, not 2: 0 to $half, which is half of lowmem\n", '... nor to two');
is($board->answer('sysctl vm.min_free_kbytes'), "vm.min_free_kbytes = 4000\n", '... which changes nothing');
$board->answer("sysctl vm.min_free_kbytes $min_free");
is($board->answer('sysctl vm.percpu_pagelist_fraction 7'),
    "sysctl: vm.percpu_pagelist_fraction cannot be that: 0, or at least 8\n", 'a fraction that is too small is refused');
is($board->answer('sysctl vm.percpu_pagelist_fraction 100'), "vm.percpu_pagelist_fraction = 100\n", '... another is set');
is($board->answer('sysctl vm.lowmem_reserve_ratio 256 0 32'), "sysctl: vm.lowmem_reserve_ratio cannot be that: " .
    "for DMA, Normal and HighMem, 1 to 1048576 each\n", 'a ratio of 0 is refused');
is($board->answer('sysctl vm.lowmem_reserve_ratio 256 16 32'), "vm.lowmem_reserve_ratio = 256 16 32\n", '... three others are set');
like($board->answer('sysctl vm.nonsense'), qr/\Asysctl: no setting "vm\.nonsense"; there are\nvm\.lowmem/, 'a name that is none is named');

like($board->answer('mm watermarks'), qr/^  asked for +kept +unhindered +GFP_KERNEL .*\n +Normal +0( +\d+){6}\n/m,
    'mm watermarks shows who may take how much');
is($board->answer('mm zonelist'), "usage: mm zonelist GFP\n", 'mm zonelist needs a mask');
like($board->answer('mm zonelist GFP_HIGHUSER|__GFP_THISNODE'), qr/\AFrom node 0, gfp 0x600d2, zones up to HighMem, this node only:
  Node 0, zone   Normal  distance 10  free \d+\n\z/, '... by name');
like($board->answer('mm zonelist 0xd0'), qr/\AFrom node 0, gfp 0xd0, zones up to Normal:\n/, '... or number');
is($board->answer('mm zonelist GFP_KERNEL|GFP_NONSENSE|1'), "zonelist: \"GFP_NONSENSE|1\" begins with no GFP_ or __GFP_ flag, " .
    "and no number of them\n", '... and names what is neither');
is($board->answer('vmallocinfo'), $board->answer('mm vmalloc'), 'vmallocinfo shows what mm vmalloc does');
like($board->answer('vmallocinfo'), qr/^0x[0-9a-f]{8}-0x[0-9a-f]{8} +\d+ /, '... areas');
like($board->answer('mm mem'), qr/^Mem-Info:$/m, 'mm mem shows the summary');
like($board->answer('mm threads'), qr/^ +1 init +R   0 [0-9a-f]{8} +\d+ +\d+ +\d+ -$/m, 'mm threads shows who runs the prompt');
like($board->answer('mm threads'), qr/^ +\d+ kworker\/0 +S   0 [0-9a-f]{8} +\d+ +\d+ +\d+ worker_thread$/m,
    '... and where the others sleep');
like($board->answer('mm bootmem'), qr/^bootmem gave its pages to the buddy system/, 'mm bootmem says where its memory is');
is($board->answer('mm page 0xc0100000'), $board->answer('mm page 0x60100'), 'mm page takes an address');
is($board->answer('mm page 0x60100000'), $board->answer('mm page 0x60100'), '... a physical address, or a page frame number');
like($board->answer('mm page 5'), qr/^page: 0x5 is no page of RAM/, '... and says if there is no such page');
is($board->answer('mm page five'), "usage: mm page ADDR|PFN\n", '... and what it wants if it is no number');

$board->send("reboot\n");
ok($board->wait_for(qr/^Pagewalk: .*^pagewalk> /ms), 'reboot starts the kernel anew');
is($board->answer('nonsense'), "nonsense: no such command; try help\n", '... and the prompt works again');
$board->send("poweroff\n");
is($board->finish->{status}, 0, 'poweroff ends QEMU with status 0');

# The machine is halted at reset while this is typed, so that it comes before the kernel looks at the UART.
my $socket = tempdir(CLEANUP => 1) . '/gdb';
$board = start(append => 'test=none', qemu => gdb_server($socket));
$board->send("poweroff\n");
gdb($socket, 'detach');
$board->wait_for(qr/^pagewalk> .*\n/m);
like($board->stop->{output}, qr/^pagewalk> poweroff$/m, 'what is typed before the kernel runs is not lost');

done_testing();
