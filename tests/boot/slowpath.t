#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What the console says when a request gets no memory, and that the kernel goes on.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $run = boot(append => 'test=slowpath');
self_tests_pass($run, 'the slow path');
my @reports = $run->{output} =~ /^(init: page allocation failure: order:0, mode:0x4000d0\n(?:(?!^ok).*\n)*)/mg;
is(@reports, 1, 'one request failed without __GFP_NOWARN, and there is one report');
like($reports[0], qr/\A.*\nasked for by fail_aloud\+0x\w+\/0x\w+\nCall trace:\n/, '... which says what, and by whom');
like($reports[0], qr/^\[<\w+>\] \(alloc_slowly.*\) from \[<\w+>\] \(fail_aloud/m, '... with the call chain');
my ($free, $min) = $reports[0] =~ /^Node 0 Normal free:(\d+)kB min:(\d+)kB low:\d+kB high:\d+kB /m;
is($free, $min, '... and how much is free: as much as min');
like($reports[0], qr/^Node 0 Normal: (?:\d+\*\d+kB (?:\(\w+\) )?){11}= ${free}kB$/m, '... in which blocks');

for (0, 30000) {
    self_tests_pass(boot(append => "test=exhaust,kswapd,slowpath min_free_kbytes=$_"), "min_free_kbytes=$_");
}
my $set = boot(append => 'test=none min_free_kbytes=8000');
like($set->{output}, qr/^watermark: min_free_kbytes 8000, \d+ pages kept/m, 'min_free_kbytes= sets it');
my $much = boot(ram => 16, append => 'test=none min_free_kbytes=8000');
like($much->{output}, qr/min_free_kbytes=8000 is more than half of lowmem: limiting to 7\d{3}$/m,
    '... to half of lowmem at most');
for my $bad ('', '-1', 'all', '5000000000') {
    my $run = boot(append => "test=none min_free_kbytes=$bad");
    like($run->{output}, qr/min_free_kbytes=\Q$bad\E['"]/, "min_free_kbytes=$bad is named");
    is($run->{status}, 0, '... and survived');
}

done_testing();
