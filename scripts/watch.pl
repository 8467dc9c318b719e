#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Runs QEMU, passes on what it prints, and ends with its status.
#
#    watch.pl EXPECT QEMU ARGUMENT...
#
# Whether the guest hangs is told by its progress, not by the clock: while it prints nothing, its registers are
# looked at through QEMU's monitor. A guest that works shows ever new states; one that is stuck shows
# one, or the few of a tight loop, however slow the host is. A look does not count if QEMU was kept waiting for a CPU
# of the host meanwhile (HostShare.pm): a loop that waits for the next tick shows few states for long then. Only a
# guest that computes in silence beyond all reason is stopped by time: the processor's, for the clock goes on while the host does
# something else.
#
# Exit status: QEMU's, which is the guest's; 124 if it hung; 125 if it succeeded without a line that
# matches EXPECT (unless that is empty); 126 if QEMU cannot be run; 128 + n if QEMU or we died of signal n.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use IO::Select;
use IO::Socket::UNIX;
use lib $FindBin::Bin;
use HostShare;
use POSIX qw(WIFEXITED WEXITSTATUS WTERMSIG);

use constant {
    CHECK_SECONDS   => 0.5,    # between two looks at the registers
    CHECKS          => 40,     # so many looks in a row that show no more than...
    STATES_OF_LOOP  => 8,      # ...so many different states are a hang
    SILENCE_SECONDS => 600,    # of one of QEMU's threads: the last resort
};

my ($expect, @command) = @ARGV;
die "usage: watch.pl EXPECT QEMU ARGUMENT...\n" unless @command;

my $directory = tempdir('pagewalk-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $socket_path = "$directory/monitor";
my $qemu;       # its process id
my $monitor;    # the connection to its monitor, once there is one

sub start_qemu {
    pipe(my $reader, my $writer) or die "pipe: $!\n";
    $qemu = fork() // die "fork: $!\n";
    if ($qemu == 0) {
        open(STDOUT, '>&', $writer) or POSIX::_exit(126);
        close($_) for $reader, $writer;
        $SIG{PIPE} = 'DEFAULT';
        exec { $command[0] } @command,
            '-chardev', "socket,id=watch,path=$socket_path,server=on,wait=off",
            '-mon', 'chardev=watch,mode=readline'
            or print STDERR "$command[0]: $!\n";
        POSIX::_exit(126);
    }
    close($writer);
    return $reader;
}

# Leaves nothing behind, whatever ends us.
sub stop_qemu {
    return unless $qemu;
    kill('KILL', $qemu);
    waitpid($qemu, 0);
    $qemu = undef;
}

$SIG{INT}  = sub { stop_qemu(); exit(130) };
$SIG{TERM} = sub { stop_qemu(); exit(143) };
$SIG{HUP}  = sub { stop_qemu(); exit(129) };
$SIG{PIPE} = 'IGNORE';    # QEMU may end while its monitor is asked
END { my $status = $?; stop_qemu() if defined $qemu; $? = $status }

# What the monitor says up to its next prompt; undef if it does not answer.
sub monitor_answer {
    my $text = '';
    while ($text !~ /\(qemu\) $/) {
        IO::Select->new($monitor)->can_read(10) or return undef;
        sysread($monitor, $text, 65536, length($text)) or return undef;
    }
    return $text;
}

# The registers of all CPUs, or undef.
sub registers {
    if (!$monitor) {
        $monitor = IO::Socket::UNIX->new(Peer => $socket_path) or return undef;
        defined(monitor_answer()) or return undef;
    }
    syswrite($monitor, "info registers -a\n") or return undef;
    my $text = monitor_answer() // return undef;
    return join("\n", $text =~ /^(CPU#\d+|R\d\d=.*|PSR=.*?)\s*$/mg);
}

sub version_of {
    my ($program) = @_;
    my ($first) = split(/\n/, `$program --version 2>&1` // '');
    return $first // "$program: no version";
}

sub report_versions {
    my $cc = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . 'gcc';
    print STDERR "# $_\n" for version_of($command[0]), version_of($cc);
}

sub hung {
    my ($why, $state) = @_;
    print STDERR "\nThe guest hangs: $why.\n", $state // '', "\n";
    stop_qemu();
    report_versions();
    exit(124);
}

# Copies what QEMU prints until it ends. Return: whether a line matched EXPECT.
sub copy_output {
    my ($reader) = @_;
    my $ready = IO::Select->new($reader);
    my $share = HostShare->new($qemu);
    my ($line, $matched) = ('', $expect eq '');
    my ($silent_since, @states);

    while (1) {
        if ($ready->can_read(CHECK_SECONDS)) {
            sysread($reader, my $text, 65536) or return $matched;
            syswrite(STDOUT, $text) // exit(141);    # nobody reads any more
            $line .= $text;
            while ($line =~ s/^(.*?)\r?\n//) {
                $matched ||= $1 =~ /$expect/;
            }
            ($silent_since, @states) = ();
            next;
        }
        my $was_served = $share->look;
        $silent_since //= $share->seconds;
        my $state = registers();
        hung('nothing printed for ' . SILENCE_SECONDS . ' seconds of work', $state)
            if $share->seconds - $silent_since > SILENCE_SECONDS;
        push(@states, $state) if defined $state && $was_served;
        my %different = map { $_ => 1 } @states;
        hung('its CPUs stand still or turn in a small loop', $states[-1])
            if @states == CHECKS && keys(%different) <= STATES_OF_LOOP;
        shift(@states) if @states == CHECKS;
    }
}

my $matched = copy_output(start_qemu());
waitpid($qemu, 0);
$qemu = undef;
my $status = WIFEXITED($?) ? WEXITSTATUS($?) : 128 + WTERMSIG($?);
if ($status == 0 && !$matched) {
    print STDERR "\nThe guest ended with status 0, but its report has no line that matches /$expect/.\n";
    $status = 125;
}
report_versions() if $status != 0;
exit($status);
