#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The inputs that fuzzing has found, tests/corpus/NAME/*: whatever once went a way of its own is played again, under
# sanitizers, by the host test of that name; objects by each of their allocators, whichever it was found with. And an input can fail.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

my $build = $ENV{PAGEWALK_BUILD} // 'build';
plan skip_all => 'there are no host tests on this machine' unless -x "$build/host/buddy_fuzz_test";

# Plays the files with a program. Return: its report, its exit status.
sub play {
    my ($program, @files) = @_;
    my $report = qx($program INPUT=@files 2>&1);
    return ($report, $?);
}

my @targets = map { m{([^/]+)_fuzz_test\.c$} } sort glob('tests/host/*_fuzz_test.c');
my ($inputs, $bytes) = (0, 0);

for my $target (@targets) {
    my @files = sort glob("tests/corpus/{$target,$target-*}/*");
    ok(scalar(@files), "$target: there are inputs") or next;
    $inputs += @files;
    $bytes += -s for @files;
    for my $program (grep { -x } glob("$build/{,slub/,slob/}host/${target}_fuzz_test")) {
        my ($report, $status) = play($program, @files);
        my $played = () = $report =~ /^ok /mg;
        is("$status, $played", '0, ' . @files, "$program plays each of them") or diag($report =~ s/^ok .*\n//mgr);
    }
}
cmp_ok($inputs, '<', 500, "few inputs, $inputs") ;
cmp_ok($bytes, '<', 300_000, "... and small ones, $bytes bytes");
my %is_target = map { $_ => 1 } @targets;
is_deeply([ grep { !$is_target{$_} } map { m{([^/-]+)(?:-\w+)?/\.$} } glob('tests/corpus/*/.') ], [], 'each folder of inputs has a program');

done_testing();
