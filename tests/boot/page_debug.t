#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Boots with pages looked after: every suite passes, whatever is on, and the reports name the culprits.

use strict;
use warnings;
use List::Util qw(sum);
use Pagewalk;
use Test::More;

# Each test that empties the machine has every byte written and looked at, so the machines are small.
for ([ 'page_poison=1', 16 ], [ 'page_owner=1 ' . low_border(), 40 ], [ 'page_poison=on page_owner=on ' . low_border(), 40 ]) {
    my ($append, $ram) = @$_;
    my $run = boot(ram => $ram, append => $append);
    self_tests_pass($run, "all suites with $append, $ram MiB");
    unlike($run->{output}, qr/# SKIP page_poison/, '... none skipped for want of poison') if $append =~ /poison/;
    unlike($run->{output}, qr/# SKIP page_owner/, '... or for want of owners') if $append =~ /owner/;
}

my $run = boot(append => 'page_poison=1 page_owner=1 test=page_debug');
numbers_add_up($run, 'the boot log adds up with the records in it');
like($run->{output}, qr/^page_owner: 512 KiB at \w+, 16 bytes for each of 32768 pages$/m, 'the records are announced');

# Lines that follow one another; each is the whole of its line.
sub lines { return join('\n', '(?m:^' . shift(), @_) . '$)' }

# Suites run in the first thread, whose call chain begins where the scheduler switched to it.
my @chain = ('(?: .*\n)* kernel_init\+\S+\n kthread_entry\+\S+\n ret_from_fork\S+');
my @had_by = ('page last allocated via order 0, gfp_mask 0xd0, cpu 0, serial \d+');
my $write = lines('BUG: Bad page state: page was written to while it was free  pfn:\w+', 'page:.*', 'page flags:.*',
    'allocated by test_\d+\S+', 'page_owner tracks the page as freed', @had_by, ' test_\d+\S+', @chain,
    'page last freed, cpu 0', ' test_\d+\S+', @chain,
    'pagealloc: memory corruption: 1 bytes differ between (\w+) and \1, the first is 0x78, not 0xaa',
    '\w+: aa aa aa aa 78(?: aa){11}');
like($run->{output}, qr/$write/, 'a write to a free page: where, what, and who had it');
my $leak = lines('1 times, 1 pages, the first is pfn:\w+, order 0, gfp_mask 0xd0, cpu 0:', ' careless_driver\S+', @chain);
like($run->{output}, qr/$leak/, 'a leak: how much, and the call chain');
my $twice = lines('BUG: Bad page state: page is free: freed twice  pfn:\w+', 'page:.*', 'page flags:.*',
    'freed by test_\d+\S+', 'page_owner tracks the page as freed', @had_by, ' careless_driver\S+', @chain,
    'page last freed, cpu 0', ' test_\d+\S+', @chain);
like($run->{output}, qr/$twice/, 'freed twice: who allocated it, and who freed it first');

my $board = start(append => 'test=none page_owner=1');
$board->wait_for(qr/^pagewalk> /m);
$board->send("mm owner\n");
ok($board->wait_for(qr/^page_owner: \d+ pages are allocated; \d+ different call chains so far$/m),
    'mm owner shows the sum');
my ($owned) = $board->{output} =~ /^page_owner: (\d+) pages are allocated/m;
is($owned, sum($board->{output} =~ /^\d+ times, (\d+) pages, /mg), '... of what each call chain has');
$board->send("meminfo\n");
ok($board->wait_for(qr/^PageTables: +\d+ kB$/m), '... of which all are stacks of threads, page tables or slabs:');
my $kb = sum($board->{output} =~ /^(?:KernelStack|PageTables|Slab): +(\d+) kB$/mg);
is($owned, $kb / 4, '... meminfo has the same number');
like($board->{output}, qr/^ alloc_thread_stack\S+\n(?: .*\n)* rest_init\S+\n start_kernel/m,
    '... the first of them since start_kernel()');
$board->send("mm owner 0x60100000\n");
ok($board->wait_for(qr/^page_owner tracks the page as never allocated$/m), '... or a page, by its address');
$board->send("mm owner 5\n");
ok($board->wait_for(qr/^owner: 0x5 is no page of RAM/m), '... and says if there is no such page');
$board->send("poweroff\n");
is($board->finish->{status}, 0, '... and goes on');

my $off = boot(append => 'page_poison=maybe page_owner test=page_debug');
like($off->{output}, qr/page_poison.*maybe/, 'a value that is none is named');
like($off->{output}, qr/^# \d+ places test page_debug_key, which is off$/m, '... and everything stays off');
is($off->{status}, 0, '... and is survived');

done_testing();
