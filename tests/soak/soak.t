#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# make soak, for a short time: all allocators at once, on machines of several kinds, RAM full of junk. The same seed is
# the same run, digit for digit; a key ends it; and what is overwritten or lost is found. docs/soak.md says more.

use strict;
use warnings;
use File::Temp qw(tempdir);
use IPC::Open3 qw(open3);
use Pagewalk;
use Test::More;

# What scripts/soak.pl prints, and its status.
sub soak_all {
    my @arguments = @_;
    open(my $null, '<', '/dev/null') or die "/dev/null: $!\n";
    my $pid = open3('<&' . fileno($null), my $out, undef, 'scripts/soak.pl', '--image', build_path('kernel.bin'), @arguments);
    my $text = do { local $/; readline($out) // '' };
    waitpid($pid, 0);
    $text =~ tr/\r//d;
    return { output => $text, status => $? >> 8, command => "scripts/soak.pl @arguments", errors => '' };
}

# The account: what is behind the seed.
sub account {
    my ($run) = @_;
    return $run->{output} =~ /(^# suite: .*)/ms ? $1 : 'none';
}

sub passes {
    my ($name, $ops, $run) = @_;
    self_tests_pass($run, $name);
    my ($done) = $run->{output} =~ /^# (\d+) operations in \d+ rounds /m;
    cmp_ok($done // 0, '>=', $ops, '... with as many operations as were asked for');
    return $run->{output} =~ /^# (blocks .*)$/m ? { split(/,? /, $1) } : {};
}

my @turns = ('--mode', 'turns', '--seed', 7);
my $low_border = low_border();

# High memory, a zone for movable pages: everything there is to do is done.
my $done = passes('high memory, four CPUs', 150_000,
    soak_all(@turns, '--ops', 150_000, '--ram', 64, '--append', "$low_border movablecore=16M"));
cmp_ok($done->{$_} // 0, '>', 0, "... some of it with $_") for qw(blocks objects areas kmaps spaces pools cache isolation);

passes($_->[0], $_->[1], soak_all(@turns, '--ops', $_->[1], '--ram', $_->[2], '--cpus', $_->[3], '--append', $_->[4]))
    for [ 'hardly any memory, three CPUs', 60_000, 16, 3, '' ],
    [ 'two nodes', 30_000, 64, 4, 'numa=fake=2' ],
    [ 'TLBs told by interrupts, and asked', 20_000, 64, 4, "$low_border tlb=ipi tlb_check=1" ],
    [ 'pages and objects looked after', 10_000, 64, 4, 'page_owner=1 page_poison=1 slab_debug=FZP' ];
for my $slab (grep { -e build_path("$_/kernel.bin") } qw(slub slob)) {
    passes("SLAB=$slab", 30_000, soak_all(@turns, '--ops', 30_000, '--ram', 64, '--image', build_path("$slab/kernel.bin")));
}

# The same seed, twice.
my @first = (@turns, '--ops', 30_000, '--ram', 48, '--append', $low_border);
my $account = account(soak_all(@first));
like($account, qr/digest/, 'there is an account');
is(account(soak_all(@first)), $account, '... and the same seed has the same again');
isnt(account(soak_all(@first, '--seed', 8)), $account, '... another one has not');

passes('in parallel', 15_000, soak_all('--ops', 15_000, '--ram', 64));

# For an hour, unless somebody presses a key.
my $board = start(cpus => 2, append => 'batch test=soakall soak_minutes=60');
$board->wait_for(qr/^kmemleak: /m);
$board->send('q');
my $ended = $board->finish;
self_tests_pass($ended, 'a key ends it');
like($ended->{output}, qr/^# a key was pressed: the end\n# \d+ operations in \d+ rounds/m, '... with its account');

# Behind the prompt.
my $prompt = start(ram => 64, cpus => 4, append => 'test=none');
$prompt->wait_for(qr/^pagewalk> $/m);
is($prompt->answer('soak begin all'), '', 'soak begin all');
like($prompt->answer('soak halt'), qr/^soak: \d+ operations; \d+ things, \d+ pages are held, and \d+ used for that; all is well$/m,
    '... which is halted in order');
is($prompt->answer('soak end'), '', '... and ended');
$prompt->send("poweroff\n");
is($prompt->finish->{status}, 0, '... and the machine with it');

# What must be found: gdb does the damage when the function is reached; or returns from it at once, to ARM code.
my $return = 'set $pc = $lr';
my $to_arm = 'set $cpsr = $cpsr & ~0x20';
my $socket = tempdir(CLEANUP => 1) . '/gdb';

sub finds {
    my ($what, $message, $function, @damage) = @_;
    my $damaged = start(ram => 64, append => 'batch test=soakall soak=20000 seed=7', qemu => [ @{gdb_server($socket)}, @{in_turns()} ]);
    my $gdb_says = gdb($socket, 'file ' . build_path('kernel.elf'), 'hbreak soak_begin_round', 'continue', 'delete',
        "hbreak $function", 'continue', @damage, 'delete', 'detach');
    my $run = $damaged->finish;
    unlink($socket);
    like($run->{output}, $message, "$what: found") or diag($gdb_says), diag_run($run);
    is($run->{status}, 1, '... and a failure');
}

finds('a word of a block overwritten', qr/^soak: CPU 0, worker .*: pfn .*: overwritten; its first word/m, 'give_block',
    'set *(unsigned *)($r0 ? 0xc0000000 + ((unsigned)$r1 - (unsigned)mem_map) / sizeof(struct page) * 4096 : 0) = 1');
finds('a page table entry of another address space', qr/^soak: .* user address .*: shows another's word/m, 'visit_space',
    'set ((struct soak_space *)$r1)->word = 1');
finds('an address space that is not freed', qr/^soak: -?\d+ pages and -?\d+ objects are held, of /m, 'mmput', $to_arm, $return);
finds('an area that is not freed', qr/^soak: \d+ areas are held, there are \d+/m, 'iounmap', $return);
finds('an object that is not freed', qr/^soak: -?\d+ pages and -?\d+ objects are held, of /m, 'mempool_free', $to_arm, $return);

for my $bad ([ '--minutes', 'many' ], [ '--ops', 0 ], [ '--seed', 0 ], [ '--mode', 'both' ], [ '--image', 'nothing' ]) {
    my $run = soak_all(@$bad);
    like($run->{output}, qr/\Q$bad->[1]\E/, "@$bad is named");
    isnt($run->{status}, 0, '... and refused');
}
my $refused = boot(append => 'test=none soak_minutes=0');
like($refused->{output}, qr/soak_minutes.*0/, 'soak_minutes=0 is named');

done_testing();
