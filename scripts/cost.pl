#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Runs a test file and writes down what it cost.
#
#    cost.pl FILE TEST [ARGUMENT]...      for prove -e; `make test-costs` shows FILE
#
# A line: seconds of processor time, of all that the test started and waited for, QEMU too; seconds that went by; the
# test. The former hardly depends on what else the machine does. Exit status: the test's.

use strict;
use warnings;
use Time::HiRes qw(time);

my ($file, @command) = @ARGV;
my $test = "@command";
die "usage: $0 FILE TEST [ARGUMENT]...\n" unless @command;
unshift(@command, $^X) if $command[0] =~ /\.t$/ && !-x $command[0];

my $start = time;
system({ $command[0] } @command);
my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
my ($user, $system) = (times)[2, 3];
open(my $costs, '>>', $file) or die "$file: $!\n";
printf $costs "%8.1f %8.1f  %s\n", $user + $system, time - $start, $test;
exit($status);
