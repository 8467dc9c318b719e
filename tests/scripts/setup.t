#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# scripts/setup.sh on machines that lack things: a folder of stand-ins is all the PATH there is. What the
# stand-ins are called with is written to a log.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

my @everything = qw(make arm-none-eabi-gcc arm-none-eabi-ld qemu-system-arm perl prove shellcheck pyflakes3 codespell clang-format cppcheck
    gdb-multiarch gcc clang);

# Runs setup.sh GOAL. Options: has, programs that exist; uname, what it says of system and machine; uid.
# Return: output, exit status, what the stand-ins were asked to do.
sub setup {
    my ($goal, %option) = @_;
    my ($system, $machine) = @{$option{uname} // [qw(Linux x86_64)]};
    my $uid = $option{uid} // 0;
    my $bin = tempdir(CLEANUP => 1);
    my %script = (
        uname => qq([ "\$1" = -s ] && echo $system || echo $machine),
        id    => "echo $uid",
        sudo  => qq(echo "sudo \$*" >>$bin/log; exec "\$@"),
        env   => q{while case $1 in *=*) true ;; *) false ;; esac; do shift; done; exec "$@"},
        gcc   => 'cat >/dev/null; exit ' . ($option{gcc_status} // 0),
        gdb   => q([ "$*" = "-nx -batch -ex set architecture armv7" ] || exit; echo ") . ($option{gdb_says} // '') . '"',
    );
    for my $name (@{$option{has}}, qw(uname id env)) {
        open(my $file, '>', "$bin/$name") or die "$bin/$name: $!\n";
        print $file "#!/bin/sh\n", $script{$name} // qq(echo "$name \$*" >>$bin/log), "\n";
        close($file);
        chmod(0755, "$bin/$name");
    }
    symlink('/bin/cat', "$bin/cat");
    my $output = qx(PATH=$bin CROSS_COMPILE=arm-none-eabi- QEMU= GDB= HOSTCC= /bin/sh scripts/setup.sh $goal 2>&1);
    return ($output, $? >> 8, -e "$bin/log" ? read_file("$bin/log") : '');
}

sub without {
    my %lacking = map { $_ => 1 } @_;
    return [ grep { !$lacking{$_} } @everything ];
}

my ($output, $status, $log);

for my $goal (qw(build run lint test ci)) {
    ($output, $status, $log) = setup($goal, has => \@everything);
    is_deeply([ $output, $status, $log ], [ '', 0, '' ], "$goal: nothing is said or done when nothing is missing");
}

($output, $status, $log) = setup('run', has => [ 'apt-get', 'make' ]);
like($output, qr/^Missing: arm-none-eabi-gcc arm-none-eabi-ld qemu-system-arm\nInstalling /,
    'what is missing is said before anything is installed');
is($log, "apt-get update -q\napt-get install -q -y --no-install-recommends"
    . " gcc-arm-none-eabi binutils-arm-none-eabi qemu-system-arm\n", '... and installed by root with apt-get');

($output, $status, $log) = setup('build', has => [ 'apt-get', 'make' ]);
unlike($log, qr/qemu/, 'build does not ask for QEMU');

my $without_two = [ 'apt-get', @{without('gdb-multiarch', 'shellcheck')} ];
for ([ test => 'gdb-multiarch' ], [ lint => 'shellcheck' ], [ ci => 'gdb-multiarch shellcheck' ]) {
    my ($goal, $packages) = @$_;
    ($output, $status, $log) = setup($goal, has => $without_two);
    like($log, qr/-recommends $packages$/m, "$goal asks for $packages");
}

($output, $status, $log) = setup('fuzz', has => [ 'apt-get', @everything ]);
like($log, qr/-recommends afl\+\+$/m, 'fuzz asks for AFL++, which nothing else does');

my @plain_gdb = ('apt-get', 'gdb', @{without('gdb-multiarch')});
($output, $status, $log) = setup('test', has => \@plain_gdb, gdb_says => 'Undefined item: "armv7".');
like($log, qr/ gdb-multiarch$/m, '... and for another gdb where the one that is there does not know ARM');
($output, $status, $log) = setup('test', has => \@plain_gdb);
is($log, '', '... but not where it does');

($output, $status, $log) = setup('test', has => [ 'apt-get', @everything ], gcc_status => 1);
like($log, qr/ gcc-multilib$/m, 'test asks for what 32-bit programs need');
($output, $status, $log) = setup('test', has => [ 'apt-get', @everything ], gcc_status => 1,
    uname => [qw(Linux aarch64)]);
is($log, '', '... but not on a machine that cannot run them');

($output, $status, $log) = setup('run', has => [ 'apt-get', 'sudo', @{without('qemu-system-arm')} ], uid => 1000);
like($log, qr/^sudo apt-get update.*^sudo env .*apt-get install .* qemu-system-arm$/ms, 'a user installs through sudo');
($output, $status, $log) = setup('run', has => [ 'apt-get', @{without('qemu-system-arm')} ], uid => 1000);
like($output, qr/^Install with:\n    su -c 'apt-get install qemu-system-arm'$/m, '... or is told what to type');
is($status, 1, '... and that is a failure');

for ([ 'Fedora', 'dnf', 'sudo dnf install arm-none-eabi-gcc-cs', [qw(Linux x86_64)] ],
    [ 'Arch', 'pacman', 'sudo pacman -S --needed arm-none-eabi-gcc', [qw(Linux x86_64)] ],
    [ 'macOS', 'brew', 'brew install qemu arm-none-eabi-gcc', [qw(Darwin arm64)] ]) {
    my ($name, $manager, $command, $uname) = @$_;
    ($output, $status, $log) = setup('run', has => [ $manager, 'make' ], uname => $uname);
    like($output, qr/^Install with:\n    \Q$command\E /m, "$name: the command is printed");
    is($status, 1, '... and that is a failure');
    is($log, '', '... and nothing is installed');
}

($output, $status) = setup('run', has => ['make']);
like($output, qr/not known here/, 'elsewhere, what is wanted is listed');
is($status, 1, '... and that is a failure');

($output, $status) = setup('nonsense', has => []);
is($status, 2, 'an unknown goal is refused');

done_testing();
