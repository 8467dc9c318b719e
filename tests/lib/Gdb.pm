# SPDX-License-Identifier: MIT
#
# What the tests of gdb's commands share: a board that waits for gdb, and gdb in batch mode on it.
#
#    my $talk = talk({ ram => 64 }, 'break mem_init', 'continue', 'mm bootmem', kernel_says('show_zoneinfo()'));
#    like($talk->answer('mm bootmem'), qr/.../);
#    is_deeply([ $talk->said(0) ], [ ... ]);
#
# kernel_says() makes the kernel itself print something, by calling a function of it from gdb; what comes over the
# serial line until it returns is found by said(), in the order of the calls. A command that is asked
# more than once has its answers in order: answer('mm buddy', 1) is the second. With the option kernel => 'slub' it is
# the kernel in that directory below the build directory.

package Gdb;

use strict;
use warnings;
use Exporter qw(import);
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

our @EXPORT = qw(talk kernel_says gdb_alone in_order find_gdb);

my $directory = tempdir(CLEANUP => 1);
my $sessions = 0;
my $elf = build_path('kernel.elf');

use constant {
    MARK      => '@@ command @@',       # in gdb's output, before each answer
    SEPARATOR => 1,                     # on the serial line, around what the kernel says
};

sub find_gdb {
    my @candidates = $ENV{GDB} ? ($ENV{GDB}) : qw(gdb-multiarch arm-none-eabi-gdb gdb);
    for my $gdb (@candidates) {
        return $gdb if system("$gdb -nx -batch -ex 'set architecture armv7' -ex 'python 1' >/dev/null 2>&1") == 0;
    }
    die "no gdb that knows ARM and Python among: @candidates\n";
}

# Runs gdb with kernel.elf, the commands under `mm`, and a list of commands. Return: an object that has the answers.
sub run_gdb {
    my @commands = @_;
    my @arguments = map { ('-ex', 'echo \n' . MARK . '\n', '-ex', $_) } @commands;
    my @command = (find_gdb(), '-nx', '-q', '-batch', $elf,
        '-x', 'scripts/gdb/kernel-gdb.py', @arguments);
    my $pid = open(my $pipe, '-|') // die "fork: $!\n";
    if ($pid == 0) {
        open(STDERR, '>&', \*STDOUT);
        exec(@command) or die "gdb: $!\n";
    }
    local $/;
    my ($greeting, @answers) = split(/^\Q@{[MARK]}\E\n/m, scalar(<$pipe>) // '');
    close($pipe);
    s/\n\z// for @answers;      # the line feed in front of the next mark
    my %answers;
    push(@{$answers{$commands[$_]}}, $answers[$_] // '') for 0 .. $#commands;
    return bless({ greeting => $greeting, answers => \%answers, list => \@answers }, __PACKAGE__);
}

sub gdb_alone { return run_gdb(@_) }

# A command list that makes the kernel evaluate an expression for what it prints.
sub kernel_says {
    my ($call) = @_;
    my $separate = sprintf('call (void)console_putc(%d)', SEPARATOR);
    return ($separate, "call (void)$call", $separate);
}

# Starts a board with options as for Pagewalk's start(), and talks to it through gdb until the list of commands ends.
sub talk {
    my ($options, @commands) = @_;
    my $socket = "$directory/" . $sessions++;
    my %options = %$options;
    my @more = @{delete $options{qemu} // []};
    my $kernel = delete $options{kernel};
    $options{image} = build_path("$kernel/kernel.bin") if $kernel;
    $elf = build_path($kernel ? "$kernel/kernel.elf" : 'kernel.elf');
    my $board = start(append => 'batch test=none', %options, qemu => [ @{gdb_server($socket)}, @more ]);
    wait_for_gdb_server($socket);
    my $self = run_gdb("target remote $socket", @commands);
    $self->{run} = $board->stop;
    $self->{run}{output} =~ s/\r//g;
    return $self;
}

# The answer to a command, the first or, with $n, a later one.
sub answer {
    my ($self, $command, $n) = @_;
    my $answer = $self->{answers}{$command}[$n // 0];
    return $answer // "(the command $command was not given)";
}

# The lines that the kernel printed in the $n-th kernel_says().
sub said {
    my ($self, $n) = @_;
    my @parts = split(chr(SEPARATOR), $self->{run}{output}, -1);
    return split(/\n/, $parts[2 * $n + 1] // "(the kernel said nothing)");
}

sub diag_talk {
    my ($self) = @_;
    diag($_) for @{$self->{list}}[-10 .. -1], "repeat with: $self->{run}{command}";
}

# Do all of the lines stand in the text, in this order? Other lines may stand between them.
sub in_order {
    my ($text, $lines, $name) = @_;
    my $at = 0;
    for my $line (@$lines) {
        my $found = index("$text\n", "$line\n", $at);
        while ($found > 0 && substr($text, $found - 1, 1) ne "\n") {
            $found = index("$text\n", "$line\n", $found + 1);
        }
        if ($found < 0) {
            fail($name);
            diag("not in its place: $line\nin:\n$text");
            return 0;
        }
        $at = $found + length($line) + 1;
    }
    return ok(@$lines > 0, $name);
}

1;
