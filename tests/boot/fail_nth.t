#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Each allocation of some suites fails in turn, those of single objects, too (slab_debug=A): nothing crashes, nothing is
# lost, and nothing that can fail never did. A leak that gdb plants is found. All suites, on several machines, have a stage
# of their own: tests/fail_nth/. See also tests/host/fail_nth_test.c and slab_fail_test.c.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

my $each = boot(ram => 32, qemu => in_turns(), append => 'fail_nth=each page_owner=1 slab_debug=A seed=1 test=failnth,compound,mm,mempool,slab,vmalloc');
self_tests_pass($each, 'each allocation fails in turn');
my $is_each = like($each->{output}, qr/^# fail_nth: (\d+) places: \d+ for pages, \d+ for objects; \1 made to fail; leaks: none$/m,
    '... at each place, without a leak');
my ($failures) = $each->{output} =~ /^# (\d+) allocations were made to fail$/m;
cmp_ok($failures // 0, '>', 300, '... many of them,');
$is_each &= like($each->{output}, qr/^# fail_nth: $_\+\S+ for \w+: reached [1-9]\d*, failed [1-9]\d*$/m, "... in $_()")
    for qw(pgd_alloc mm_alloc mempool_create_node), read_file(build_path('flags')) =~ /-DCONFIG_COVERAGE=1/ ? () : 'alloc_vmap_area';
# In the third of its runs, and by the first allocation, where the third is to fail.
$is_each &= like($each->{output}, qr/^# fail_nth: seldom\+\S+ for pages: reached 1, failed 1$/m, '... and at one that is reached only once');
diag($each->{output} =~ /^# fail_nth: .*\n/mg) unless $is_each;

# What is lost when an allocation fails is reported: the function that would free a block is left out once.
my $socket = tempdir(CLEANUP => 1) . '/gdb';
my $board = start(append => 'batch test=compound fail_nth=each page_owner=1', qemu => gdb_server($socket));
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
