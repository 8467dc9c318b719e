#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# A memset, memcpy, memmove or memcmp that does not work has a name before it can do harm (boot/string_check.c). The image
# is changed for that: the function returns at once.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

use constant { BASE => 0xc0010000, BX_LR => 0xe12fff1e };

my $directory = tempdir(CLEANUP => 1);
my $symbol = symbols();

for my $function (qw(memset memcpy memmove memcmp)) {
    my $image = read_file(build_path('kernel.bin'));
    substr($image, $symbol->{$function} - BASE, 4) = pack('L<', BX_LR);
    open(my $out, '>:raw', "$directory/$function") or die "$directory/$function: $!\n";
    print $out $image;
    close($out) or die "$directory/$function: $!\n";

    my $run = boot(ram => 64, append => 'test=none', image => "$directory/$function");
    like($run->{output}, qr/^Kernel panic - not syncing: $function\(\) does not work$/m, "$function: what is wrong is said")
        or diag_run($run);
    is($run->{status}, 1, '... and the machine ends');
}

done_testing();
