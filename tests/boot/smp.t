#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# One to four CPUs, however they were started and however they run: from the boot loader's pen and from
# ours, in parallel and in turns. And what a CPU that faults says.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my @in_turns = ('-icount', 'shift=0,align=off,sleep=off');
my $suites = 'test=atomic,percpu,smp,spinlock,stacks,traps';

# All CPUs come up, and the suites pass.
sub comes_up {
    my ($run, $cpus, $name) = @_;
    like($run->{output}, qr/^SMP: $cpus of $cpus CPUs run$/m, "$name: all CPUs run");
    self_tests_pass($run, $name);
}

# One CPU runs these suites in tests/boot/matrix.t, four in turns, too; four in parallel do below.
for my $cpus (2, 3) {
    comes_up(boot(cpus => $cpus, append => $suites), $cpus, "$cpus CPUs, in parallel");
    comes_up(boot(cpus => $cpus, append => $suites, qemu => \@in_turns), $cpus, "$cpus CPUs, in turns");
}

# A bare ELF has no command line: it runs all suites, and ends at the prompt.
for my $cpus (1 .. 3) {
    my $board = start(image => build_path('kernel.elf'), cpus => $cpus);
    ok($board->wait_for(qr/^SMP: $cpus of $cpus CPUs run\n.*^# suite: /ms), "$cpus CPUs, from an ELF: all come up");
    $board->stop;
}
my $all = start(image => build_path('kernel.elf'), cpus => 4);
ok($all->wait_for(qr/^pagewalk> /m), 'four CPUs, from an ELF: boots to the prompt');
$all->send("poweroff\n");
comes_up($all->finish, 4, '4 CPUs, from an ELF');

# After a reset all CPUs wait again.
my $twice = start(cpus => 4, append => 'test=none', reboot => 1);
ok($twice->wait_for(qr/^pagewalk> /m), 'four CPUs, to the prompt');
$twice->send("reboot\n");
ok($twice->wait_for(qr/^SMP: 4 of 4 CPUs run\n.*^pagewalk> /ms), 'after a reboot all come up again');
$twice->send("poweroff\n");
is($twice->finish->{status}, 0, '... and go');

for ([ 'maxcpus=3', 3, 'percpu' ], [ 'maxcpus=1', 1, 'smp' ], [ 'maxcpus=0', 1, 'percpu' ], [ 'maxcpus=9', 4, 'percpu' ],
    [ 'nosmp', 1, 'smp' ]) {
    my ($parameter, $cpus, $suite) = @$_;
    my $run = boot(cpus => 4, append => "$parameter test=$suite");
    like($run->{output}, qr/^SMP: $cpus of 4 CPUs run$/m, "$parameter: $cpus of 4 CPUs run");
    self_tests_pass($run, $parameter);
}
my $bad = boot(cpus => 2, append => 'maxcpus=many test=none');
like($bad->{output}, qr/maxcpus=many/, 'a number of CPUs that is none is named');
like($bad->{output}, qr/^SMP: 2 of 2 CPUs run$/m, '... and all CPUs run');

# A fault on any CPU names it, reports once, and ends the machine. The interrupt that makes it meets who runs there: that is
# the idle thread, or the worker, on its way to where it waits. CPUs take turns: the others have a second to stop, which
# a busy host would not let them have.
my $end = qr/^---\[ end Kernel panic - not syncing: /m;
for ([ 'data-null', 1, 'Verdict: NULL pointer' ], [ 'stack-overflow', 2, 'Verdict: stack overflow: sp \w+' ],
    [ 'stack-lost', 3, 'Verdict: the stack pointer is lost' ], [ 'irq', 3, 'Interrupt ID 13, sent by CPU 3' ],
    [ 'fiq', 2, 'Interrupt ID 13, sent by CPU 2' ], [ 'undef', 1, 'undefined instruction' ],
    [ 'bug', 1, 'kernel BUG at' ], [ 'data-printk', 2, 'Verdict: user address from kernel mode' ]) {
    my ($kind, $cpu, $says) = @$_;
    my $run = boot(cpus => 4, append => "test=none crash=$kind\@$cpu", qemu => \@in_turns);
    my $who = $kind eq 'stack-lost' ? 'PID: -1 Comm: \?' : "PID: (?:0 Comm: swapper|\\d+ Comm: kworker)/$cpu";
    like($run->{output}, qr/$says.*^CPU: $cpu $who  .*$end/ms, "crash=$kind on CPU $cpu names CPU and thread")
        or diag_run($run);
    is(() = $run->{output} =~ /$end/g, 1, '... and is reported once');
    is($run->{status}, 1, '... and ends with a failing status');
    unlike($run->{output}, qr/did not stop/, '... after all others have stopped');
}
like(boot(cpus => 2, append => 'test=none crash=undef@3')->{output}, qr/^crash: no CPU "3" runs$/m,
    'a CPU that does not run cannot crash');

my $hung = boot(cpus => 3, append => 'test=none crash=panic-hung');
like($hung->{output}, qr/^SMP: 2 CPUs did not stop\n.*^Kernel panic - not syncing: .*$end/ms,
    'CPUs that cannot be stopped are left alone');
is($hung->{status}, 1, '... and the report comes to its end');

for my $round (1 .. 3) {
    my $run = boot(cpus => 4, append => 'test=none crash=panic-all');
    is(() = $run->{output} =~ /^Kernel panic - not syncing: asked to, on CPU \d$/mg, 1,
        "all CPUs panic, round $round: one reports");
    is(() = $run->{output} =~ /^Call trace:$/mg, 1, '... its call trace');
    is(() = $run->{output} =~ /$end/g, 1, '... to the end');
    is($run->{status}, 1, '... and the status says so');
}

done_testing();
