#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The runner of the self-tests tells bad from good. All tests pass, so gdb stops one and does the damage: a check
# that fails, a page that is not given back, a warning. Each must be in the report and in the exit status.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

my $socket = tempdir(CLEANUP => 1) . '/gdb';

# A run of the suite "lib" in which gdb executes the commands, once the first test begins.
sub damaged_run {
    my (@commands) = @_;
    my $board = start(append => 'batch test=lib seed=0x1234', qemu => gdb_server($socket));
    my $gdb_says = gdb($socket, 'file ' . build_path('kernel.elf'), 'hbreak run_one', 'continue',
        'delete', @commands, 'delete', 'detach');
    my $run = $board->finish;
    unlink($socket);
    $run->{errors} .= $gdb_says;
    return $run;
}

sub fails {
    my ($name, $because, @commands) = @_;
    my $run = damaged_run(@commands);
    subtest $name => sub {
        like($run->{output}, qr/^# \S+_test\.c:\d+: not so: $because.*\n(?:# .*\n)*not ok 1 - lib: /m,
            'the report says what is wrong, and which test');
        like($run->{output}, qr/^# repeat with: make run SUITE=lib CMDLINE='seed=0x00001234'$/m,
            '... and how to repeat it');
        unlike($run->{output}, qr/^not ok (?!1 )/m, 'the other tests pass');
        my ($passed, $of) = $run->{output} =~ /^# passed (\d+) of (\d+)$/m;
        is($passed, $of - 1, 'the last line counts the failure');
        is($run->{status}, 1, 'the exit status is 1');
    } or diag_run($run);
}

fails('a check that does not hold', 'EXPECT',
    'hbreak test_check', 'continue', 'set $r0 = 0');
fails('a page that is not given back', 'as many pages are free after the test as before it',
    'hbreak nr_free_pages', 'continue', 'continue', 'finish', 'set $r0 = $r0 - 1');
fails('a warning that is left', 'as many warnings after the test as before it',
    'hbreak test_check', 'continue', 'set var warn_count = warn_count + 1');
fails('interrupts that are left masked otherwise', 'interrupts are masked after the test as before it',
    'hbreak test_check', 'continue', 'set $cpsr = $cpsr ^ 0x80');

my $unknown = boot(append => 'test=lib,nonsense');
like($unknown->{output}, qr/^test: no suite "nonsense"\nsuites: .*lib/m, 'an unknown suite is named');
is($unknown->{status}, 1, '... and is a failure');

my ($seed) = boot(append => 'test=lib seed=42')->{output} =~ /^(# seed .*)/m;
is($seed, '# seed 0x0000002a', 'the seed can be given');

done_testing();
