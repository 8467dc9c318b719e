#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# RAM is not zero when a real board starts. Here all of it is filled before entry, but for what the boot
# loader itself puts there:
#
#    0x60000000  boot loader's code and ATAGs
#    0x60001000  junk             (the boot page tables come here)
#    0x60010000  image, up to _edata
#    _edata      junk up to the end of RAM

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

use constant { RAM_START => 0x60000000, JUNK_START => 0x60001000, IMAGE_START => 0x60010000, MIB => 1 << 20 };

my $directory = tempdir(CLEANUP => 1);

# A file of @bytes bytes, the pattern repeated.
sub junk_file {
    my ($name, $pattern, $bytes) = @_;
    my $path = "$directory/$name";
    open(my $file, '>:raw', $path) or die "$path: $!\n";
    for (my $left = $bytes; $left > 0; $left -= length($pattern)) {
        print $file substr($pattern, 0, $left) or die "$path: $!\n";
    }
    close($file) or die "$path: $!\n";
    return $path;
}

sub loader {
    my ($file, $address) = @_;
    return ('-device', sprintf('loader,file=%s,addr=%#x,force-raw=on', $file, $address));
}

sub boots_on {
    my ($name, $ram, $pattern) = @_;
    my $image_end = IMAGE_START + -s build_path('kernel.bin');
    my $below = junk_file('below', $pattern, IMAGE_START - JUNK_START);
    my $above = junk_file('above', $pattern, RAM_START + $ram * MIB - $image_end);

    self_tests_pass(boot(ram => $ram, qemu => [ loader($below, JUNK_START), loader($above, $image_end) ]), $name);
}

srand(1);
my $random = pack('L*', map { int(rand(1 << 32)) } 1 .. MIB / 4);
boots_on('64 MiB of ones', 64, "\xff" x MIB);
boots_on('256 MiB of noise', 256, $random);

done_testing();
