#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The inputs of tests/corpus find bugs: with one planted, the input named after it fails, and without it none does.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $build = $ENV{PAGEWALK_BUILD} // 'build';
plan skip_all => 'there are no host tests on this machine' unless -x "$build/bugs/host/buddy_fuzz_test";

for my $input (sort glob('tests/corpus/*/finds-*')) {
    my ($target, $bug) = $input =~ m{([^/]+)/finds-(\w+)$};
    my $program = "$build/bugs/host/${target}_fuzz_test";
    my $found = qx(BUG=$bug $program INPUT=$input 2>&1);
    like($found, qr/^not ok 1 - \Q$input\E$/m, "$bug: $target fails");
    like($found, qr/^# .*: not so: |BUG at|ERROR: AddressSanitizer/m, '... and says what in');
    like(qx($program INPUT=$input 2>&1), qr/^ok 1 - /m, '... and does not without it');
}

done_testing();
