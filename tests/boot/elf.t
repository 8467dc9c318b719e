#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The bare ELF: no ATAGs, so no command line, and RAM is found by trying; all CPUs arrive at once.

use strict;
use warnings;
use Pagewalk;
use Test::More;

for ([ 64, 1 ], [ 1024, 1 ], [ 128, 4 ]) {
    my ($ram, $cpus) = @$_;
    my $name = "$ram MiB, " . ($cpus == 1 ? 'one CPU' : "$cpus CPUs");
    my $board = start(image => build_path('kernel.elf'), ram => $ram, cpus => $cpus);

    ok($board->wait_for(qr/^pagewalk> /m), "$name: boots to the prompt");
    $board->send("poweroff\n");
    my $run = $board->finish;
    self_tests_pass($run, $name);
    like($run->{output}, qr/^# passed [1-9]/m, "$name: all self-tests ran");
}

done_testing();
