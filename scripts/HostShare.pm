# SPDX-License-Identifier: MIT
#
# What a process gets of the host's CPUs, as Linux tells it in /proc, from one look to the next:
#
#    my $share = HostShare->new($pid);
#    my $was_served = $share->look;    # did all of its threads run whenever they wanted to?
#    $share->seconds                   # of processor time, of the thread that has had most
#
#    thread   sleeps        it had nothing to do: served
#             is ready      served if it ran since the last look, without waiting for long
#
# A thread that waits for a CPU is charged for that when it gets one: until then only its state tells. Where there is no
# such /proc, all are served, and seconds are those of the clock.

package HostShare;

use strict;
use warnings;

use constant WAIT_SECONDS => 0.1;    # between two looks: who waits longer for the host's CPUs is slow

sub new {
    my ($class, $pid, $proc) = @_;
    my $directory = ($proc // '/proc') . "/$pid";
    return bless({ directory => $directory, is_told => -e "$directory/schedstat", seconds => 0, waited => 0, ran => {} }, $class);
}

sub first_line {
    my ($path) = @_;
    open(my $file, '<', $path) or return '';
    return readline($file) // '';
}

sub look {
    my ($self) = @_;
    my ($waited, $most, $starved) = (0, 0, 0);
    for my $thread (glob("$self->{directory}/task/*")) {
        my ($ran, $wait) = first_line("$thread/schedstat") =~ /^(\d+) (\d+) / or next;
        my ($state) = first_line("$thread/stat") =~ /\) (\w) /;
        $starved ||= ($state // '') eq 'R' && defined $self->{ran}{$thread} && $self->{ran}{$thread} == $ran;
        $self->{ran}{$thread} = $ran;
        $waited += $wait / 1e9;
        $most = $ran / 1e9 if $ran / 1e9 > $most;
    }
    $self->{seconds} = $self->{is_told} ? $most : time;
    my $more = $waited - $self->{waited};
    $self->{waited} = $waited;
    return !$starved && $more < WAIT_SECONDS;
}

sub seconds { return $_[0]{seconds} }

1;
