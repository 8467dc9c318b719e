#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What GCC's analyzer finds on the ways through memory management: NULL that is used, values that nobody wrote, ends of arrays
# that are passed. It follows calls within a file. What it cannot know is left out, each with the reason.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

# Each version of GCC finds other things, and is wrong about others.
my $gcc = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . 'gcc';
my $version = qx($gcc -dumpversion 2>&1);
plan skip_all => 'only what GCC 12 finds is known: this is ' . $version =~ s/\n//r unless $version =~ /^12\./;

# Single findings that are wrong.
my @not_faults = (
    qr/^lib\/rbtree\.c:[\d:]+ .*NULL 'sibling'/,                    # what has too few black nodes has a sibling with more of them
    qr/^arch\/arm\/mm\/create_mapping\.c:[\d:]+ .*NULL 'p\.type'/,  # check_request() has refused it
    qr/^kernel\/resource\.c:[\d:]+ .*NULL 'last'/,                  # one child at least is in conflict with the new one
    qr/^mm\/slub\/slub_node\.c:[\d:]+ .*uninitialized value '.*new\./, # read only if the slab is not isolated, and then written
);

# What it finds in files, the kernel configured for an allocator of objects.
sub faults {
    my ($slab, @files) = @_;
    my $jobs = qx(getconf _NPROCESSORS_ONLN) || 1;
    chomp($jobs);
    my $command = "$gcc -fanalyzer -std=gnu11 -O2 -ffreestanding -fno-strict-aliasing -marm -mcpu=cortex-a9 -mfloat-abi=soft "
        . "-Iinclude -Iarch/arm/include -Itests/kernel -DCONFIG_DEBUG_VM=1 -DCONFIG_\U$slab\E=1 "
        . '-fno-diagnostics-show-caret -fdiagnostics-path-format=none -S -o /dev/null';
    my @says = split(/\n/, qx(printf '%s\\n' @files | xargs -P $jobs -n 1 $command 2>&1));
    is($?, 0, "GCC reads $files[0] and what is beside it");
    return grep {
        my $line = $_;
        $line =~ /: (?:warning|error): / && !grep { $line =~ $_ } @not_faults;
    } @says;
}

# What is not part of this kernel.
my @own_build = qw(kernel/ubsan.c kernel/bugs.c arch/arm/mm/kasan_init.c);
my %rooms = (
    slab => [ map { glob("$_/*.c") } qw(boot arch/arm/mm kernel lib mm mm/slab) ],
    slub => [ glob('mm/slub/*.c') ],
    slob => [ glob('mm/slob/*.c') ],
);
for my $slab (sort(keys(%rooms))) {
    my @files = grep { my $file = $_; !grep { $file eq $_ } @own_build } @{$rooms{$slab}};
    is(join("\n", faults($slab, @files)), '', "... and finds no fault ($slab)");
}

# It does find one.
my $scratch = tempdir(CLEANUP => 1);
open(my $file, '>', "$scratch/fault.c") or die "$scratch/fault.c: $!\n";
print $file "static int *find(int a)\n{\n\treturn a ? &a : 0;\n}\n\nint f(int a);\nint f(int a)\n{\n\treturn a < 0 ? *find(0) : a;\n}\n";
close($file);
like(join("\n", faults('slab', "$scratch/fault.c")), qr/fault\.c:9:.* dereference of NULL /, '... but it finds NULL that is used');

done_testing();
