#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The bare ELF: no ATAGs, so no command line, and RAM is found by trying. With several CPUs: tests/boot/smp.t.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $board = start(image => build_path('kernel.elf'), ram => 64);
ok($board->wait_for(qr/^pagewalk> /m), '64 MiB: boots to the prompt');
$board->send("poweroff\n");
my $run = $board->finish;
self_tests_pass($run, '64 MiB');
like($run->{output}, qr/^# passed [1-9]/m, '... all self-tests ran');

$board = start(image => build_path('kernel.elf'), ram => 1024);
ok($board->wait_for(qr/^# suite: /m), '1024 MiB: boots, and begins its self-tests');
$run = $board->stop;
numbers_add_up($run, '... all of it is found');
like($run->{output}, qr/^Memory: \d+K\/1048576K available/m, '... to the last page');

done_testing();
