#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The boundaries that tests/kernel/boundary_test.c attacks hold before and after init memory is given back, with and
# without the checks of DEBUG, on every CPU, whether there is high memory or not.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $build = $ENV{PAGEWALK_BUILD} // 'build';

for ([ 'the kernel' => "$build/kernel.bin" ], [ 'without checks' => "$build/bench/kernel.bin" ]) {
    my ($what, $image) = @$_;
    for ([ 'high memory' => ram => 64, append => low_border() ], [ 'none' => ram => 16, append => '' ]) {
        my ($memory, %option) = @$_;
        my $run = boot(image => $image, cpus => 4, %option, append => "test=boundary boundary=early $option{append}");
        self_tests_pass($run, "$what, high memory: $memory");
        like($run->{output}, qr/^boundary: before init memory is given back, text and constants are guarded$/m,
            '... and before init memory is given back');
    }
}

my $board = start(append => 'test=none');
$board->wait_for(qr/^pagewalk> /m);
like($board->answer('mm pt check'), qr/\A1 page directories, \d{4,} entries, \d{3,} of them map something; .*: 0 pages; violations: 0\n\z/,
    'mm pt check says what it walked, and that nothing is wrong');
$board->send("poweroff\n");
$board->finish;

done_testing();
