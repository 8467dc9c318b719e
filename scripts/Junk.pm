# SPDX-License-Identifier: MIT
#
# RAM is not zero when a real board starts. QEMU's arguments to have all of it filled before entry, but for what the
# boot loader itself puts there:
#
#    0x60000000  boot loader's code and ATAGs
#    0x60001000  junk             (the boot page tables come here)
#    0x60010000  image, up to _edata
#    _edata      junk up to the end of RAM
#
#    my $directory = tempdir(CLEANUP => 1);
#    my @arguments = junk($directory, 'build/kernel.bin', 64, noise(7));

package Junk;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT = qw(junk noise);

use constant { RAM_START => 0x60000000, JUNK_START => 0x60001000, IMAGE_START => 0x60010000, MIB => 1 << 20 };

# A file of @bytes bytes, the pattern repeated.
sub junk_file {
    my ($path, $pattern, $bytes) = @_;
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

# The arguments, for an image and so many MiB of RAM, and a pattern that is repeated. The files are in the directory.
sub junk {
    my ($directory, $image, $ram, $pattern) = @_;
    my $image_end = IMAGE_START + -s $image;
    my $below = junk_file("$directory/below", $pattern, IMAGE_START - JUNK_START);
    my $above = junk_file("$directory/above", $pattern, RAM_START + $ram * MIB - $image_end);
    return (loader($below, JUNK_START), loader($above, $image_end));
}

# A MiB of random words, the same for the same seed everywhere: xorshift, as rand() differs from host to host.
sub noise {
    my ($seed) = @_;
    my $word = ($seed & 0xffffffff) || 1;
    return pack('L<*', map {
        $word ^= $word << 13 & 0xffffffff;
        $word ^= $word >> 17;
        $word ^= $word << 5 & 0xffffffff;
    } 1 .. MIB / 4);
}

1;
