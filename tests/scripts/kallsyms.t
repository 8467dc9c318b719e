#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# scripts/kallsyms.sh: of which function it notes that it is Thumb code, whichever compiler made the symbols.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

my $dir = tempdir(CLEANUP => 1);

# Gives it symbols "TYPE NAME", each 16 bytes behind the one before; at one address if there are several. Return: the
# sizes that it writes. Bit 0 says Thumb code.
sub sizes {
    my $address = 0xc0010000;
    open(my $file, '>', "$dir/symbols") or die "$dir/symbols: $!\n";
    for my $place ([ 'T _stext' ], @_, [ 'T _etext' ]) {
        printf $file "%08x %s\n", $address, $_ for @$place;
        $address += 16 unless "@$place" eq 'T _stext';
    }
    close($file) or die "$dir/symbols: $!\n";
    my ($sizes) = qx(sh scripts/kallsyms.sh <$dir/symbols) =~ /^kallsyms_sizes:\n((?:\t\.short \d+\n)+)/m;
    return [ ($sizes // '') =~ /\d+/g ];
}

my @wanted = (16, 16, 17, 17, 16);
is_deeply(sizes([ 't $a', 'T arm' ], [ 't arm_too' ], [ 't $t', 'T thumb' ], [ 't $d', 't thumb_too' ], [ 't $a', 'T arm_again' ]), \@wanted,
    'GCC writes $a and $t');
is_deeply(sizes([ 't $a.0', 'T arm' ], [ 't arm_too' ], [ 't $t.1', 'T thumb' ], [ 't $d.2', 't thumb_too' ], [ 't $a.13', 'T arm_again' ]),
    \@wanted, 'clang numbers them');
is_deeply(sizes([ 't $t.1', 'T thumb' ], [ 't $arm', 'T thumb_too' ]), [ 17, 17 ], 'another name that begins like one is none');

done_testing();
