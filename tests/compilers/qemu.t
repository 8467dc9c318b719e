#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Other versions of QEMU than the one that all other tests use: $QEMU_NEW, or every qemu-system-arm that is on the PATH or
# beside it as qemu-system-arm-VERSION. All suites pass on each.

use strict;
use warnings;
use Pagewalk;
use Test::More;

sub version {
    my ($program) = @_;
    return qx($program --version 2>/dev/null) =~ /^QEMU emulator version (\S+)/ ? $1 : undef;
}

my $used = version($ENV{QEMU} // 'qemu-system-arm');
my %other;
for my $program ($ENV{QEMU_NEW} // map { glob("$_/qemu-system-arm $_/qemu-system-arm-[0-9]*") } split(/:/, $ENV{PATH})) {
    my $version = -x $program ? version($program) : undef;
    $other{$version} //= $program if defined($version) && $version ne $used;
}
plan skip_all => "no QEMU but $used; name another in QEMU_NEW" unless %other;

for my $version (sort(keys(%other))) {
    local $ENV{QEMU} = $other{$version};
    for ([ { ram => 64 }, '' ], [ { ram => 48, cpus => 2, qemu => in_turns() }, memory_suites() . ' ' . low_border() ]) {
        my ($options, $append) = @$_;
        self_tests_pass(boot(%$options, append => $append), "QEMU $version, $options->{ram} MiB");
    }
}

done_testing();
