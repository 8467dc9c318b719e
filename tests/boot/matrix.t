#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The self-tests pass on machines of every size, with one CPU and with four.

use strict;
use warnings;
use Pagewalk;
use Test::More;

for my $ram (16, 64, 128, 256, 512, 768, 1024) {
    self_tests_pass(boot(ram => $ram), "$ram MiB");
}
self_tests_pass(boot(ram => 128, cpus => 4), '128 MiB, four CPUs');

done_testing();
