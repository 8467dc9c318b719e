#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What a hand may mistype behind `make`: the knob is named, what it takes is said, and nothing is built or run.

use strict;
use warnings;
use Test::More;

# The command, and what is to be said of it.
my @mistakes = (
    [ 'make SLAB=slap',                  qr/SLAB=slap: .*slab slub slob/ ],
    [ 'make SAN=asan',                   qr/SAN=asan: .*ubsan kasan/ ],
    [ 'make DEBUG=yes',                  qr/DEBUG=yes: it is 0 or 1/ ],
    [ 'make BUGS=2',                     qr/BUGS=2: it is 0 or 1/ ],
    [ 'make BUGS=',                      qr/BUGS=: it is 0 or 1/ ],
    [ 'make COVERAGE="0 1"',             qr/COVERAGE=0 1: it is 0 or 1/ ],
    [ 'make fuzz TARGET=budy',           qr/TARGET=budy: .*\bbuddy\b/ ],
    [ 'scripts/fuzz.sh run lib long true /nowhere', qr/MINUTES=long is not a number from 1 to 9999/ ],
    [ 'scripts/fuzz.sh run lib 0 true /nowhere',    qr/MINUTES=0 is not/ ],
    [ 'scripts/soak.pl --mode both',    qr/mode both: there are parallel and turns/ ],
    [ 'scripts/soak.pl --minutes ten',  qr/minutes ten is not a number from 1/ ],
);

delete local $ENV{MAKEFLAGS};
for my $mistake (@mistakes) {
    my ($command, $says) = @$mistake;
    my $output = qx($command 2>&1 </dev/null);
    isnt($?, 0, "$command: refused");
    like($output, $says, '... and why');
    unlike($output, qr/^\s*(?:CC|LD|AS)\b/m, '... before anything is done');
}

done_testing();
