#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# All of RAM is filled before entry, with ones and with noise: see scripts/Junk.pm.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;
use lib 'scripts';
use Junk;

my $directory = tempdir(CLEANUP => 1);

sub boots_on {
    my ($name, $ram, $pattern) = @_;
    self_tests_pass(boot(ram => $ram, qemu => [ junk($directory, build_path('kernel.bin'), $ram, $pattern) ]), $name);
}

boots_on('64 MiB of ones', 64, "\xff" x (1 << 20));
boots_on('256 MiB of noise', 256, noise(1));

done_testing();
