#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The kernel compiled by clang (make CC=clang), without a warning: it boots, and the suites of memory management pass.

use strict;
use warnings;
use Pagewalk;
use Test::More;

plan skip_all => 'no clang here' if system('command -v clang >/dev/null');

my $dir = build_path('clang');
my $says = qx(make --no-print-directory O=$dir CC=clang SAN= WERROR=1 all 2>&1);
is($?, 0, 'clang compiles the kernel, without a warning') or diag($says);
like(tool('objdump', '-s', '-j', '.comment', "$dir/kernel.elf") =~ s/^ \S+ (?:\S+ ){1,4} ?//mgr =~ s/\n//gr, qr/clang/, '... it did');
self_tests_pass(boot(image => "$dir/kernel.bin", ram => 64, append => memory_suites()), 'compiled by clang');

done_testing();
