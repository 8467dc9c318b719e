#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The board's prompt, and all lines that fuzzing the host's has found worth keeping (tests/corpus/shell): each is answered,
# and afterwards the kernel is what it was.

use strict;
use warnings;
use Pagewalk;
use Test::More;

# What is meant to end or to change the machine is left out.
my %seen;
my @lines = grep { /^[ -~]+$/ && !/^\s*(?:crash|soak|test|reboot|poweroff|devmem(?:\s+\S+){3})\b/ && !$seen{$_}++ }
    map { split(/[\r\n]/, read_file($_) =~ s/\A.//sr) } sort glob('tests/corpus/shell/*');
cmp_ok(scalar(@lines), '>=', 50, 'there are lines');

my $board = start(append => 'test=none', ram => 64, cpus => 2);
$board->wait_for(qr/^pagewalk> /m);
my ($total) = $board->answer('meminfo') =~ /^MemTotal: +(\d+) kB$/m;
my @silent = grep { $board->answer($_) =~ /^no answer to / } @lines;
is_deeply(\@silent, [], 'each line is answered');
$board->answer("delete $_") for 0 .. 7;
like($board->answer('meminfo'), qr/^MemTotal: +$total kB$/m, 'the memory is what it was');
like($board->answer('mm pt check'), qr/ violations: 0$/m, 'the page tables are right');
like($board->answer('test lib,buddy'), qr/^# passed (\d+) of \1/m, 'self-tests pass');
$board->send("poweroff\n");
my $run = $board->finish;
is($run->{status}, 0, 'the machine can be switched off');
unlike($run->{output}, qr/^(?:Internal error|kernel BUG|WARNING|Kernel panic)/m, 'nothing was reported');

done_testing();
