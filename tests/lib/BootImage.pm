# SPDX-License-Identifier: MIT
#
# A boot loader for tests, which passes whatever it is told to. QEMU's own always passes a correct
# tag list, so the kernel is wrapped into an ELF, for which QEMU makes none, together with what is
# to be passed:
#
#    0x60008000  a stub: sets r1 and r2, jumps to the kernel
#    0x60010000  kernel.bin
#    anywhere    tag lists, initrds and other bytes
#
#    my $file = boot_image(at => { 0x60000100 => tag_list(core(), mem(64 << 20, 0x60000000)) });
#
# Tags are strings of bytes; a test that wants a broken one packs its own with words().

package BootImage;

use strict;
use warnings;
use Exporter qw(import);
use File::Temp;
use Pagewalk;

our @EXPORT = qw(boot_image words tag tag_list core mem initrd2 cmdline revision serial none
    ATAG_CORE ATAG_MEM ATAG_INITRD2 ATAG_SERIAL ATAG_REVISION ATAG_CMDLINE MACHINE LIST);

use constant {
    ATAG_CORE     => 0x54410001,
    ATAG_MEM      => 0x54410002,
    ATAG_INITRD2  => 0x54420005,
    ATAG_SERIAL   => 0x54410006,
    ATAG_REVISION => 0x54410007,
    ATAG_CMDLINE  => 0x54410009,
    MACHINE       => 0x8e0,         # vexpress
    LIST          => 0x60000100,    # where QEMU puts its list
    STUB          => 0x60008000,
    KERNEL        => 0x60010000,
};

sub words { return pack('V*', @_) }

# A tag with a size that is right.
sub tag { my ($tag, $bytes) = @_; return words(2 + length($bytes) / 4, $tag) . $bytes }
sub core { return tag(ATAG_CORE, words(1, 4096, 0)) }
sub mem { my ($size, $start) = @_; return tag(ATAG_MEM, words($size, $start)) }
sub initrd2 { my ($start, $size) = @_; return tag(ATAG_INITRD2, words($start, $size)) }
sub revision { return tag(ATAG_REVISION, words(@_)) }
sub serial { my ($low, $high) = @_; return tag(ATAG_SERIAL, words($low, $high)) }
sub cmdline { my ($text) = @_; return tag(ATAG_CMDLINE, pack('Z' . (length($text) + 4 & ~3), $text)) }
sub none { return words(0, 0) }
sub tag_list { return join('', @_, none()) }

# ldr r1, =machine; ldr r2, =atags; ldr pc, =KERNEL
sub stub {
    my ($r1, $r2) = @_;
    return words(0xe59f1004, 0xe59f2004, 0xe59ff004, $r1, $r2, KERNEL);
}

# An ELF of segments at physical addresses, entered at $entry.
sub elf {
    my ($entry, %at) = @_;
    my @addresses = sort { $a <=> $b } keys %at;
    my $offset = 52 + 32 * @addresses;
    my ($headers, $contents) = ('', '');
    for (@addresses) {
        my $size = length($at{$_});
        $headers .= words(1, $offset + length($contents), $_, $_, $size, $size, 7, 4);
        $contents .= $at{$_};
    }
    return pack('a4 C4 x8 v2 V5 v6', "\x7fELF", 1, 1, 1, 0, 2, 40, 1, $entry, 52, 0, 0x05000200,
        52, 32, scalar(@addresses), 40, 0, 0) . $headers . $contents;
}

# Options: r1, r2 as the kernel gets them; at, bytes by address. Return: an object that is the
# file's name, and removes the file when it goes.
sub boot_image {
    my (%option) = (r1 => MACHINE, r2 => LIST, at => {}, @_);
    my $file = File::Temp->new(SUFFIX => '.elf');
    binmode($file);
    print $file elf(STUB,
        %{$option{at}},
        STUB()   => stub(@option{qw(r1 r2)}),
        KERNEL() => read_file(build_path('kernel.bin')));
    close($file);
    return $file;
}

1;
