#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# TLB maintenance the other way, by interrupts (`tlb=ipi'), with every unmapping checked on every CPU
# (`tlb_check=1'): all that changes mappings still holds, and what was left in a TLB on purpose is named.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $run = boot(cpus => 4, append => 'tlb=ipi tlb_check=1 test=tlb,mm,pgtable,smp,stacks');
self_tests_pass($run, 'tlb=ipi tlb_check=1');
like($run->{output}, qr/^tlb_check: CPU $_ reads 0xfffe8000, where nothing is mapped: 00000000$/m,
    "a translation that CPU $_ had kept is named") for 0 .. 3;
like($run->{output}, qr/WARNING: .*\n.*a flush of fffe8000-fffeb000 is missing\n(?:.*\n)*?.*\(test_\d+/m,
    'and so is who forgot to flush');

my @wrong = ('tlb=sometimes', 'tlb_check=2');
my $refused = boot(append => join(' ', 'batch test=none', @wrong));
like($refused->{output}, qr/^(?!Kernel command line).*\Q$_\E/m, "$_ is named") for @wrong;

done_testing();
