#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The leak scan: its suite passes on machines of all kinds, its report says who lost what, and what the suites of
# objects leave behind is nothing.

use strict;
use warnings;
use Pagewalk;
use Test::More;

for my $options ({ ram => 16 }, { ram => 64, cpus => 4, append => 'numa=fake=4' }, { ram => 1024, cpus => 2 }) {
    self_tests_pass(boot(%$options, append => join(' ', 'test=kmemleak', $options->{append} // ())),
        join(', ', "$options->{ram} MiB", ($options->{cpus} // 1) . ' CPUs', $options->{append} // ()));
}

my $run = boot(ram => 64, append => 'slab_debug test=kmemleak');
self_tests_pass($run, 'with slab_debug');
my $dump = qr/  hex dump \(first 32 bytes\):\n(?:    \w\w(?: \w\w){15}\n){2}/;
my $chain = qr/(?:   \S+\+0x\w+\/0x\w+\n)*   kthread_entry\S+\n   ret_from_fork\S+\n/;
like($run->{output}, qr/^unreferenced object 0xc\w{7} \(size 100\), forgetful\n$dump  allocated by lose_one\+\S+ on CPU 0, \d+ ticks ago\n$chain/m,
    'a leak: where, how large, of which cache, what is in it, and who allocated it');
like($run->{output}, qr/^unreferenced object 0xc\w{7} \(size 32768\), pages\n$dump/m, '... and a large one');
like($run->{output}, qr/^unreferenced object 0x\w{8} \(size 12288\), vmalloc\n$dump  allocated by lose_area\+/m,
    '... and an area');
like($run->{output}, qr/^kmemleak: 3 of \d+ objects are suspected to be leaks, 300 bytes; \d+ KiB looked at$/m, 'the sum');

my $board = start(ram => 64, cpus => 2, append => 'test=slab,slab_misuse,mempool,kmemleak');
$board->wait_for(qr/^pagewalk> /m) or die "no prompt\n";
$board->send("kmemleak scan\n");
ok($board->wait_for(qr/^pagewalk> $/m), 'kmemleak scan, at the prompt');
like((split(/kmemleak scan\n/, $board->{output}))[-1], qr/^kmemleak: 0 of \d+ objects are suspected/m,
    '... finds nothing after the suites of objects');
$board->send("poweroff\n");
is($board->finish->{status}, 0, '... and the machine ends well');

done_testing();
