#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What cppcheck finds in the kernel. What it says of things that it cannot know, or that are meant to be so, is left out,
# each with the reason.

use strict;
use warnings;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

# Kinds that are left out: GCC knows better, or it is a matter of taste.
my @kinds_left_out = (
    # GCC warns of these, and sees what assembly writes, which cppcheck does not.
    qw(uninitvar unassignedVariable unusedVariable unusedLabel),
    # How C is written for GCC: arithmetic with void *, and symbols of the linker's that are both ends of one array.
    qw(arithOperationsOnVoidPointer comparePointers),
    # Where a variable is declared; that & binds closer than ?:; a local name that is a function elsewhere; &*x in a macro;
    # members that are there for their size.
    qw(variableScope clarifyCalculation clarifyCondition shadowFunction shadowVariable redundantPointerOp unusedStructMember),
);

# Single findings that are wrong.
my @not_faults = (
    qr/ nullPointer: Null pointer dereference: \(.*\*\)0$/,             # typeof() of a member
    qr/^boot\/meminfo\.c:\d+: warning selfAssignment: .*'err'/,         # err = f() ?: err
    qr/ internalAstError: .*'(?:a|node|zone)'/,                         # max() and min() within an initializer
    qr/^mm\/slub\/slub_page\.c:\d+: error overlappingWriteUnion: /,     # old = new = f(), of a union
    qr/ constParameter: Parameter '(?:value|objp|stop)'/,               # the type of a callback
    qr/^kernel\/sched\.c:\d+: style constParameter: /,                  # x ?: y loses it
    qr/^arch\/arm\/mm\/map_lowmem\.c:\d+: style constParameter: /,      # start and end, written alike
    qr/^mm\/slub\/slub_merge\.c:\d+: style constParameter: .*'ctor'/,   # a function
    qr/^mm\/kmap_local_check\.c:\d+: error arrayIndexOutOfBounds: /,    # idx is at most 16, I1
    qr/^kernel\/task\.c:\d+: warning nullPointerRedundantCheck: /,      # the loop ends when there is one
    qr/^mm\/vmalloc_check\.c:\d+: warning nullPointerRedundantCheck: /, # after a return
);

# What cppcheck finds in files and folders, the kernel configured for an allocator of objects.
sub faults {
    my ($slab, @where) = @_;
    my $kept = build_path("cppcheck/$slab");
    make_path($kept);
    my $jobs = qx(getconf _NPROCESSORS_ONLN) || 1;
    chomp($jobs);
    my @command = ('cppcheck', '-q', "-j$jobs", "--cppcheck-build-dir=$kept", '--std=c11', '--platform=unix32',
        '--enable=warning,style,performance,portability', '--template={file}:{line}: {severity} {id}: {message}',
        (map { "--suppress=$_" } @kinds_left_out), qw(-Iinclude -Iarch/arm/include -Itests/kernel),
        '-DCONFIG_DEBUG_VM=1', '-DCONFIG_' . uc($slab) . '=1', qw(-D__GNUC__ -D__arm__ -D__ARM_ARCH=7), @where);
    my $says = join(' ', map { /^[\w.\/=-]+$/ ? $_ : "'$_'" } @command);
    my @found = split(/\n/, qx($says 2>&1));
    is($?, 0, "cppcheck reads $where[0] and what is beside it");
    return grep {
        my $line = $_;
        !grep { $line =~ $_ } @not_faults;
    } @found;
}

my %rooms = (
    slab => [ qw(boot arch/arm kernel lib mm/slab), glob('mm/*.c') ],
    slub => ['mm/slub'],
    slob => ['mm/slob'],
);
for my $slab (sort(keys(%rooms))) {
    is(join("\n", faults($slab, @{$rooms{$slab}})), '', "... and finds no fault ($slab)");
}

# It does find one.
my $scratch = tempdir(CLEANUP => 1);
open(my $file, '>', "$scratch/fault.c") or die "$scratch/fault.c: $!\n";
print $file "#include <mm/gfp.h>\nint f(const int *p)\n{\n\tint i = *p;\n\n\treturn p ? i : 0;\n}\n";
close($file);
like(join("\n", faults('slab', $scratch)), qr/\A.*fault\.c:4: warning nullPointerRedundantCheck: .*\z/,
    '... but it finds what is looked at before it is compared with NULL');

done_testing();
