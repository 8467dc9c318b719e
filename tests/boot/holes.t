#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# RAM with holes, which mem=SIZE@START leaves: the self-tests pass, what is present is what was asked for, and
# the numbers of the boot log add up. So they do when `vmalloc=` moves the border to high memory.

use strict;
use warnings;
use Pagewalk;
use Test::More;

use constant PAGES_PER_MIB => 256;

# A machine of 1 GiB with that command line: so many MiB of lowmem and of high memory must be present.
sub has {
    my ($append, $low_mib, $high_mib) = @_;
    my $run = boot(ram => 1024, append => $append);

    self_tests_pass($run, "$append: self-tests");
    my ($low, $high) = numbers_add_up($run, "$append: the log");
    is($low, $low_mib * PAGES_PER_MIB, "$append: $low_mib MiB of lowmem");
    is($high, $high_mib * PAGES_PER_MIB, "$append: $high_mib MiB of high memory");
}

has('mem=16M mem=16M@0x62000000', 32, 0);
has('mem=40M mem=64M@0x64000000 mem=1M@0x6a000000', 105, 0);
has('mem=17M mem=3M@0x61800000 mem=512K@0x70000000 mem=5M@0x7fb00000', 25.5, 0);
has('mem=80M mem=48M@0x90000000', 80, 48);
has('mem=64M mem=80M@0x8c800000', 112, 32);
has('mem=32M mem=80M@0x7c000000 vmalloc=512M', 72, 40);

done_testing();
