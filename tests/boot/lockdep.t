#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# CPUs that really lock each other out: the report is there before the silence, with both call chains.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $line = qr/[^\n]*\n/;
my $held = qr/^\d locks held by \S+ \(\d+\):\n #0: tests\/kernel\/deadlock\.c:\d+, \w+, taken at \w+\+$line/m;

sub says_before_it_hangs {
    my ($kind, $report) = @_;
    my $board = start(cpus => 2, append => "batch test=none crash=$kind");
    my $said = $board->wait_for(qr/$report.*$held.*?^---\[ end/ms);
    my $run = $board->stop;
    ok($said, "crash=$kind is reported, with both chains and the locks held") or diag_run($run);
}

my $chain = qr/(?:    \w+\+0x\w+\/0x\w+\n)+/;
says_before_it_hangs('deadlock-order', qr/^\[\ possible\ circular\ locking\ dependency\ detected\ \]\n
    $line$chain but\ the\ other\ way\ round,\ last\ step\ first:\n
    \ \ $line$chain/mx);
says_before_it_hangs('deadlock-irq', qr/^\[\ inconsistent\ lock\ state\ \]\n
    \S+\ was\ taken\ in\ an\ interrupt,\ in\n$chain
    \S+\ was\ taken\ with\ interrupts\ enabled,\ in\n$chain/mx);
says_before_it_hangs('deadlock-self', qr/^\[ possible recursive locking detected \]\n$line/m);
says_before_it_hangs('deadlock-cross', qr/^\[\ HARDIRQ-safe\ ->\ HARDIRQ-unsafe\ lock\ order\ detected\ \]\n
    \S+\ was\ taken\ in\ an\ interrupt,\ in\n$chain
    \S+\ was\ taken\ with\ interrupts\ enabled,\ in\n$chain
    $line\ \ $line$chain/mx);

done_testing();
