#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# High memory's addresses, the fixmap and the text that is patched, on four CPUs: the suites, what they report by
# name, and the prompt's commands.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $suites = 'test=kmap,kmap_local,fixmap,patch early_ioremap_test';
my $run = boot(ram => 1024, cpus => 4, append => $suites);
self_tests_pass($run, 'with high memory, four CPUs');
unlike($run->{output}, qr/# SKIP/, '... all of it');
my $said = $run->{output};

like($said, qr/^early_ioremap: 10 bytes at \w{8}, mapped by early_ioremap_test\S+, were never unmapped$/m,
    'a mapping that booting left is named when booting is over');
like($said, qr/^early_ioremap: 4 bytes at 0x60000000 refused: it is RAM/m, 'early_ioremap() of RAM is refused');
like($said, qr/^early_iounmap: 8 bytes at \w{8}, mapped with another size, by test_\d+/m, '... an iounmap of another size');
like($said, qr/^BUG: Bad kmap: kunmap of a page that is not mapped  pfn:9\w{4}\nunmapped by test_\d+\S+\nok|^BUG/m,
    'kunmap() without kmap()');
like($said, qr/^it was mapped at bf\w{6} by test_\d+, and is not used there any more$/m, '... and once too often');
like($said, qr/^kmap: pfn:\w{5} is mapped at bf\w{6}, 1 times, the last time by test_\d+$/m, 'a page that stays mapped');
like($said, qr/^BUG: Bad kmap: kunmap_local in the wrong order: \w{8}, with 2 newer mappings\nunmapped by test_\d+\S+\ninit \(1\) has pfn:\w+ mapped at \w{8}, by \w+/m,
    'kunmap_local() in the wrong order');
like($said, qr/^BUG: Bad kmap: kunmap_local of \w{8}, where nothing of this thread is mapped$/m, '... of what is not mapped');
like($said, qr/^BUG: Bad kmap: test \(\d+\) ends with 2 mappings$/m, '... never');
like($said, qr/sleeping function called from invalid context at include\/mm\/highmem\.h:\d+/, 'kmap() in an interrupt');
like($said, qr/^break: do_undefinstr\S+ it is part of what handles breakpoints$/m, 'a breakpoint that cannot be');

self_tests_pass(boot(ram => 1024, cpus => 2, image => build_path('bench/kernel.bin'), append => $suites), 'DEBUG=0');
self_tests_pass(boot(ram => 32, append => $suites), 'without high memory');

# A slot that does not exist is an error when compiling, if it is known then.
sub compile {
    my ($slot) = @_;
    my $cc = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . 'gcc';
    return qx(echo '#include <asm/fixmap.h>\nunsigned long f(void); unsigned long f(void) { return fix_to_virt($slot); }' |
        $cc -Iinclude -Iarch/arm/include -DCONFIG_DEBUG_VM=1 -DCONFIG_SLAB=1 -mcpu=cortex-a9 -std=gnu11 -O2 -ffreestanding -S -o /dev/null -x c - 2>&1);
}
is(compile('__end_of_fixed_addresses - 1'), '', 'the last slot of the fixmap compiles');
like(compile('__end_of_fixed_addresses'), qr/error: .*no such slot in enum fixed_addresses/, '... the next one does not');

# The prompt.
my $board = start(ram => 64, append => 'test=none vmalloc=992M');
$board->wait_for(qr/^pagewalk> /m);

like($board->answer('mm kmap'), qr/^0 of 512 slots are mapped, 0 of them in use\.\n  PID COMM +CPU LEVEL PFN\n\z/m, 'mm kmap');
like($board->answer('mm fixmap'), qr/^132-133 0xfff5a000-0xfff5c000 text poke\n.*^0 of 190 slots are set\.\n\z/ms, 'mm fixmap');
is($board->answer('break show_meminfo 2'), "break 0 is set\n", 'break takes a function');
like($board->answer('meminfo'), qr/\Abreak 0: show_meminfo hit 1, CPU 0, init \(1\): r0 \w{8} .*, from \w+\S*\nMemTotal/,
    '... which says that it was called, and goes on');
like($board->answer('meminfo'), qr/\Abreak 0: show_meminfo hit 2, /, '... again');
like($board->answer('meminfo'), qr/\AMemTotal/, '... and not more often than asked');
is($board->answer('break'), "break 0: show_meminfo+0x0/0x" . ($board->answer('break') =~ /0x0\/0x(\w+)/)[0] . ", hit 3 times\n", 'but it counts');
is($board->answer('break no_such_function'), "break: no function \"no_such_function\"\n", 'no such function');
like($board->answer('break 0xc0000000'), qr/: no instruction of the kernel's$/m, 'no code');
is($board->answer('delete 0'), '', 'delete takes it away');
like($board->answer('meminfo'), qr/\AMemTotal/, '... and the function is as it was');
is($board->answer('delete 0'), "delete: there is no break 0\n", '... once');

done_testing();
