#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# scripts/qemu.sh and scripts/watch.pl: bad values are refused by name, the exit status is the guest's to the
# last bit, and a guest that hangs is ended.

use strict;
use warnings;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use lib 'scripts';
use HostShare;
use Pagewalk;
use Test::More;

sub run {
    my ($command) = @_;
    my $output = qx($command 2>&1 </dev/null);
    return ($output, $? >> 8);
}

sub refused {
    my ($options, $message) = @_;
    my ($output, $status) = run("scripts/qemu.sh $options");
    like($output, qr/\A\S*qemu\.sh: $message/, "refused: $options");
    is($status, 2, '... with status 2');
}

refused('batch --ram 15', 'RAM=15: the board takes 16 to 1024 MiB');
refused('batch --ram 1025', 'RAM=1025: the board takes 16 to 1024 MiB');
refused('batch --ram 64M', 'RAM=64M is not a number');
refused("batch --ram ''", 'RAM= is not a number');
refused('batch --ram 99999999999999999999', 'RAM=9+ is not a number');
refused('batch --cpus 0', 'CPUS=0: the board takes 1 to 4');
refused('batch --cpus 5', 'CPUS=5: the board takes 1 to 4');
refused('batch --cpus', '--cpus needs a value');
refused('batch --image nowhere', 'nowhere does not exist: run make');
refused('batch --colour', 'unknown option --colour');
refused('slowly', 'unknown mode slowly');
refused('', 'which mode');

my $image = build_path('kernel.bin');
my ($output, $status) = run("scripts/qemu.sh print --image $image --ram 16 --append 'a b' -- -S");
like($output, qr/^\S+ -M vexpress-a9 -m 16 -smp 1 .* -append 'a b' -S$/, 'print prints the command line');
($output, $status) = run("scripts/qemu.sh interactive --image $image --append test=none -- -version");
like($output, qr/\ALeave QEMU with Ctrl-a x\.\n/, 'interactive begins with how to leave');

# The watchdog passes on what a program says and how it ends; it need not be QEMU.
sub watched {
    my ($expect, $script) = @_;
    return run("perl scripts/watch.pl '$expect' sh -c '$script'");
}

for my $code (0, 1, 3, 42, 255) {
    ($output, $status) = watched('', "echo hello; exit $code");
    is($status, $code, "exit status $code arrives as $code");
    like($output, qr/^hello$/m, '... and the output too');
}
($output, $status) = watched('', 'kill -9 $$');
is($status, 128 + 9, 'death by signal 9 arrives as 137');
like($output, qr/^# .*gcc.* \d+\.\d+/m, 'a failure names the versions of the tools');
($output, $status) = watched('^# passed ', 'echo "# passed 3 of 3"');
is($status, 0, 'success, with the line that is expected');
($output, $status) = watched('^# passed ', 'printf "# passed 3 of 3"; exit 0');
is($status, 125, 'success without the whole line that is expected is none');
($output, $status) = run("perl scripts/watch.pl '' /nonexistent/qemu");
is($status, 126, 'a program that cannot be run');

# Whatever ends the watchdog, QEMU ends with it.
my $pid_file = tempdir(CLEANUP => 1) . '/pid';
for (['INT', 130], ['TERM', 143], ['HUP', 129]) {
    my ($signal, $expected) = @$_;
    my $board = start(append => 'test=none', qemu => [ '-pidfile', $pid_file ]);
    $board->wait_for(qr/^pagewalk> /m);
    my $qemu = int(read_file($pid_file));
    ok(kill(0, $qemu), 'QEMU runs');
    kill($signal, $board->{pid});
    is($board->finish->{status}, $expected, "... and SIG$signal ends its watchdog");
    ok(!kill(0, $qemu), '... and QEMU with it');
}
my ($pid) = run('{ perl scripts/watch.pl "" sh -c \'echo $$; while echo again; do :; done\' | head -n 1; }');
ok($pid > 1 && !kill(0, int($pid)), '... also when nobody reads its output');

# At the prompt, with nothing to read, the guest goes nowhere.
my $hung = start(append => 'test=none')->finish;
is($hung->{status}, 124, 'a guest that stands still is ended with status 124');
like($hung->{errors}, qr/^The guest hangs: .*\nCPU#0\nR00=[0-9a-f]{8} /m, '... and its registers are shown');

# What computes in silence is ended by the time that it had of a processor, not by the clock.
my $dir = tempdir(CLEANUP => 1);
my $hasty = read_file('scripts/watch.pl') =~ s/SILENCE_SECONDS => \K600/1/r;
open(my $file, '>', "$dir/watch.pl") or die "$dir/watch.pl: $!\n";
print $file $hasty =~ s/\$FindBin::Bin/'scripts'/r;
close($file);
($output, $status) = run("perl $dir/watch.pl '' sh -c 'while :; do :; done'");
is($status, 124, 'what works for too long without a word is ended');
like($output, qr/^The guest hangs: nothing printed for 1 seconds of work\.$/m, '... for that reason');
($output, $status) = run("perl $dir/watch.pl '' sh -c 'sleep 3; exit 5'");
is($status, 5, '... and what waits as long is not');

# The threads of a process as Linux shows them: nanoseconds that each ran and waited for a CPU, and its state.
sub threads {
    my @threads = @_;
    for my $nr (0 .. $#threads) {
        my ($ran, $waited, $state) = @{$threads[$nr]};
        make_path("$dir/7/task/$nr");
        for ([ schedstat => "$ran $waited 1\n" ], [ stat => "$nr (a) b) $state 1 2\n" ]) {
            open(my $out, '>', "$dir/7/task/$nr/$_->[0]") or die "$dir: $!\n";
            print $out $_->[1];
            close($out);
        }
    }
}

threads([ 1e9, 0, 'S' ], [ 3e9, 0, 'R' ]);
open($file, '>', "$dir/7/schedstat") or die "$dir: $!\n";
my $share = HostShare->new(7, $dir);
ok($share->look, 'threads that did not wait were served');
is($share->seconds, 3, '... and the busiest counts');
threads([ 1e9, 0, 'S' ], [ 3.2e9, 0.01e9, 'R' ]);
ok($share->look, '... so is one that sleeps, and one that ran');
threads([ 1e9, 0, 'S' ], [ 3.4e9, 0.2e9, 'R' ]);
ok(!$share->look, '... not one that waited for long');
threads([ 1e9, 0, 'S' ], [ 3.4e9, 0.2e9, 'R' ]);
ok(!$share->look, '... nor one that is ready and has not run, whose waiting was not charged yet');
threads([ 1e9, 0, 'R' ], [ 3.5e9, 0.2e9, 'S' ]);
ok(!$share->look, '... whichever it is');
ok(abs($share->seconds - 3.5) < 1e-6, '... and time is what it ran');
$share = HostShare->new(8, $dir);
ok($share->look, 'where nothing is told, all are served');
cmp_ok(abs($share->seconds - time), '<', 60, '... and time is the clock\'s');

done_testing();
