#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Every suite with each of its allocations failing in turn, those of single objects, too (slab_debug=A): nothing
# crashes, nothing is lost, and nothing that can fail never did. A leak that gdb plants is found. See also
# tests/boot/slab.t, and tests/host/fail_nth_test.c and slab_fail_test.c.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

my $summary = do { local $/; open(my $pipe, '-|', 'scripts/fail_nth.pl', build_path('kernel.bin')) or die; <$pipe> };
is($?, 0, 'make fail-nth: all suites, each allocation failing in turn');
my @machines = $summary =~ /^\S.* (\d+) failures injected   leaks: none$/mg;
is(@machines, 3, '... on three machines');
cmp_ok($_, '>', 1000, '... and many were made to fail') for @machines;
like($summary, qr/never made to fail: none\n\d+ failures injected in \d+ tests; leaks: none\n\z/, '... all of them, without a leak');
my ($in_kernel) = $summary =~ /^(\d+) places in the kernel/m;
cmp_ok($in_kernel, '>=', 18, '... in the kernel, too:');
like($summary, qr/^$_ +[1-9]\d* +[1-9]\d*$/m, "... $_")
    for 'pte_alloc_one_kernel, pages', 'pgd_alloc, pages', 'mm_alloc, objects', 'alloc_slot, pages', 'cache_grow, pages',
    'kmem_cache_create, objects', 'alloc_vmap_area, objects', 'mempool_create_node, objects';

# What is lost when an allocation fails is reported: the function that would free a block is left out once.
my $socket = tempdir(CLEANUP => 1) . '/gdb';
my $board = start(append => 'batch test=compound fail_nth=each page_owner=1', qemu => gdb_server($socket));
select(undef, undef, undef, 0.1) until -S $socket;
my $gdb_says = gdb($socket, 'file ' . build_path('kernel.elf'), 'hbreak run_failing', 'continue', 'delete',
    'hbreak put_page', 'continue', 'set $pc = $lr', 'delete', 'detach');
my $leaky = $board->finish;
like($leaky->{output}, qr/not so: as many pages are free after the test as before it/, 'a leak is reported')
    or diag($gdb_says);
like($leaky->{output}, qr/not so: .*\n(?:.*\n)*? test_\d+\+/, '... and who has the page');
like($leaky->{output}, qr/^# fail_nth: .*; leaks: 1$/m, '... and counted');
is($leaky->{status}, 1, '... and a failure');

my $third = boot(append => 'fail_nth=3 test=compound');
self_tests_pass($third, 'the third allocation of each test failing');
like($third->{output}, qr/^# [1-9]\d* allocations were made to fail$/m, '... where there are three');
like($third->{output}, qr/^# fail_nth: \S+\+0x\S+ for pages: reached [1-9]\d*, failed [1-9]\d*$/m, '... with a name');

unlike(boot(append => 'test=compound')->{output}, qr/made to fail/, 'without the parameter none fails');
for my $value ('0', 'some', '0x80000000', '') {
    my $run = boot(append => "fail_nth=$value test=lib");
    like($run->{output}, qr/fail_nth.*\Q$value\E/, "fail_nth=$value is named");
    is($run->{status}, 0, '... and survived');
}

done_testing();
