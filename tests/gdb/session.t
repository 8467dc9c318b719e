#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# `make gdb` as a person has it: a machine that is halted at reset, Ctrl-C that stops it and not QEMU, a stop before the
# machine ends, and nothing left behind, whoever ends first. script(1) plays the terminal.

use strict;
use warnings;
use File::Temp qw(tempdir);
use IPC::Open2;
use Pagewalk;
use Test::More;

system('script -qec true /dev/null </dev/null >/dev/null 2>&1') == 0
    or plan(skip_all => 'there is no script(1) with options of Linux');

$SIG{HUP} = 'DEFAULT';          # nohup(1) has it ignored, by all that are begun here: then no terminal goes away
$ENV{TERM} = 'dumb';
$ENV{HOME} = $ENV{TMPDIR} = tempdir(CLEANUP => 1);      # whatever is left behind is left here

my ($to, $from, $pid, $seen);
END { kill('HUP', $pid) if $pid }

sub begin {
    my ($options) = @_;
    my $command = "scripts/gdb.sh --elf " . build_path('kernel.elf') . " --image " . build_path('kernel.bin') . " $options";
    $pid = open2($from, $to, 'script', '-qec', $command, '/dev/null');
    $seen = '';
}

# Waits for what matches, from where the last wait ended. A session that hangs ends the test.
sub wait_for {
    my ($regex) = @_;
    my $text = '';
    local $SIG{ALRM} = sub { die "no $regex in:\n$seen$text\n" };
    alarm(600);
    while ($text !~ $regex) {
        sysread($from, $text, 4096, length($text)) or last;
    }
    alarm(0);
    $text =~ tr/\r//d;
    $seen .= $text;
    return $text =~ $regex ? $text : undef;
}

sub type { syswrite($to, $_[0]) }

sub answer {
    my ($line) = @_;
    type("$line\n");
    return wait_for(qr/\n\(gdb\) $/) // '';
}

sub ends {
    wait_for(qr/\z a/x);        # reads to the end
    waitpid($pid, 0);
    my @left = glob("$ENV{TMPDIR}/pagewalk-*");
    return "@left";
}

# What gdb and QEMU say to each other from now on goes to a file.
sub listen_to_protocol {
    my $file = "$ENV{TMPDIR}/protocol";
    answer($_) for "set logging file $file", 'set logging debugredirect on', 'set logging enabled on', 'set debug remote 1';
    return $file;
}

# A machine that stands at a breakpoint. It was seen once, in hundreds of sessions, that it stopped there again, without
# having moved: who types has to continue twice then, and here is said what was asked of QEMU, and answered.
sub runs_to_its_end {
    my $protocol = listen_to_protocol();
    for my $try (1 .. 2) {
        type("continue\n");
        my $text = wait_for(qr/The machine has ended\.|\n\(gdb\) $/) // '';
        return 1 if $text =~ /The machine has ended\./;
        diag("stopped once more:\n$text", -e $protocol ? read_file($protocol) : ());
    }
    return 0;
}

begin("--append 'test=none'");
like(wait_for(qr/\n\(gdb\) $/), qr/stands before its first instruction.*help mm/s,
    'the session begins with what to try');
like(answer('print $pc'), qr/= .*0x60000000/, 'the machine is halted at reset');
like(answer('break __enable_mmu'), qr/2 locations/, 'the boot stub has its symbols');
like(answer('continue'), qr/__enable_mmu \(\) at boot\/head\.S/, '... and stops');
like(answer('stepi 10'), qr/__mmap_switched \(\) at boot\/head\.S/,
    'what is advised to try works: ten steps to the high half');
type("continue\n");
ok(wait_for(qr/^pagewalk> /m), 'what the kernel prints is shown');
type("\x03");
like(wait_for(qr/\n\(gdb\) $/), qr/SIGINT/, 'Ctrl-C stops the machine');
like(answer('mm buddy'), qr/lists, nr_free and NR_FREE_PAGES agree/,
    '... at a moment when it can be looked at');
my ($console) = $seen =~ /cat > (\S+)/;
ok(-p $console, 'there is a pipe to the prompt of the kernel');
open(my $typing, '>', $console);
syswrite($typing, "mm zones\n");
close($typing);
type("continue\n");
ok(wait_for(qr/^Node 0, zone   Normal.*^pagewalk> /ms), '... through which it can be typed to');
type("\x03");
wait_for(qr/\n\(gdb\) $/);
type("quit\n");
is(ends(), '', 'quit ends gdb and machine, and leaves nothing behind');

begin("--append 'batch test=none'");
wait_for(qr/\n\(gdb\) $/);
like(answer('continue'), qr/kernel_exit \(status=.*0\)/, 'the machine stops before it ends');
ok(runs_to_its_end(), 'when the machine ends');
is(ends(), '', '... gdb ends too, and leaves nothing behind');

sub text_of {
    my ($path) = @_;
    open(my $file, '<', $path) or return '';
    return join('', <$file>);
}

# Of all processes; `ps' is not everywhere.
sub command_lines {
    return split(/\n/, qx(ps ax -o args)) unless -e '/proc/self/cmdline';
    return map { text_of($_) } glob('/proc/[0-9]*/cmdline');
}

begin("--append 'test=none'");
wait_for(qr/\n\(gdb\) $/);
type("continue\n");
wait_for(qr/^pagewalk> /m);
kill('KILL', $pid);
waitpid($pid, 0);
undef $pid;
my $left = -1;
for (1 .. 6000) {
    $left = grep { /\Q$ENV{TMPDIR}\E/ } command_lines();
    last if !$left && !(() = glob("$ENV{TMPDIR}/pagewalk-*"));
    select(undef, undef, undef, 0.1);
}
is($left, 0, 'a terminal that goes away takes gdb and machine with it');
is(join(' ', glob("$ENV{TMPDIR}/pagewalk-*")), '', '... and leaves nothing behind');

done_testing();
