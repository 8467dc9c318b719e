#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Every suite with each of its allocations failing in turn, those of single objects, too (slab_debug=A): nothing
# crashes, nothing is lost. See also tests/boot/slab.t, and tests/host/fail_nth_test.c and slab_fail_test.c.

use strict;
use warnings;
use Pagewalk;
use Test::More;

for my $options ({ ram => 16 }, { ram => 48, append => 'mem=24M mem=8M@0x62800000 dma_zone=8M ' . low_border() }) {
    my $append = join(' ', 'fail_nth=each page_owner=1 slab_debug=A', $options->{append} // ());
    my $run = boot(%$options, append => $append);
    self_tests_pass($run, "all suites, each allocation failing in turn, $append");
    my ($failed) = $run->{output} =~ /^# (\d+) allocations were made to fail$/m;
    cmp_ok($failed // 0, '>', 100, '... and many were made to fail');
}

# The suites of allocators on several CPUs, in turns: which allocation is the N-th is known then.
my $several = boot(ram => 64, cpus => 3, qemu => in_turns(),
    append => 'fail_nth=each page_owner=1 test=buddy,compound,kswapd,misuse,numa,page_debug,page_wait,pcp,pcpsmp,slowpath,soak,zones,'
        . 'slab,slabexhaust,slabsmp,slabsoak,vmalloc,vmallocexhaust,vmallocstress');
self_tests_pass($several, 'the suites of allocators on three CPUs');

my $third = boot(append => 'fail_nth=3 test=compound');
self_tests_pass($third, 'the third allocation of each test failing');
like($third->{output}, qr/^# [1-9]\d* allocations were made to fail$/m, '... where there are three');

unlike(boot(append => 'test=compound')->{output}, qr/were made to fail/, 'without the parameter none fails');
for my $value ('0', 'some', '0x80000000', '') {
    my $run = boot(append => "fail_nth=$value test=lib");
    like($run->{output}, qr/fail_nth.*\Q$value\E/, "fail_nth=$value is named");
    is($run->{status}, 0, '... and survived');
}

done_testing();
