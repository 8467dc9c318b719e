#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The kernel compiled by clang (make CC=clang), without a warning: it boots, and all suites pass, on one CPU
# and on two with high memory.

use strict;
use warnings;
use Pagewalk;
use Test::More;

plan skip_all => 'no clang here' if system('command -v clang >/dev/null');

my $dir = build_path('clang');
my $says = qx(make --no-print-directory O=$dir CC=clang SAN= WERROR=1 all 2>&1);
is($?, 0, 'clang compiles the kernel, without a warning') or diag($says);
like(tool('objdump', '-s', '-j', '.comment', "$dir/kernel.elf") =~ s/^ \S+ (?:\S+ ){1,4} ?//mgr =~ s/\n//gr, qr/clang/, '... it did');
self_tests_pass(boot(image => "$dir/kernel.bin", ram => 64), 'compiled by clang');
self_tests_pass(boot(image => "$dir/kernel.bin", ram => 64, cpus => 2, append => low_border()), '... with two CPUs and high memory');

done_testing();
