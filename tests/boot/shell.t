#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The prompt: its commands, its editing, what it says of mistakes.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $prompt = qr/^pagewalk> /m;
my $board = start(append => 'test=none', reboot => 1);

# What the prompt answers to a line, without the echo.
sub answer {
    my ($line) = @_;
    my $from = length($board->{output});
    $board->send("$line\n");
    $board->wait_for(qr/^pagewalk> $/m) or return "no answer to $line";
    my $text = substr($board->{output}, $from);
    $text =~ s/^.*\n//;
    $text =~ s/^pagewalk> \z//m;
    return $text;
}

ok($board->wait_for($prompt), 'there is a prompt after booting');
unlike($board->{output}, qr/^ok /m, 'test=none runs no tests');

like(answer('help'), qr/^  help .*^  test .*^  reboot .*^  poweroff /ms, 'help lists the commands');
like(answer('help poweroff'), qr/\A  poweroff .*\n\z/, 'help of a command shows its line');
is(answer('help nonsense'), qq(help: no command "nonsense"\n), 'help of no command says so');
is(answer('nonsense'), "nonsense: no such command; try help\n", 'an unknown command is named');
is(answer('poweroff now'), "usage: poweroff \n", 'a superfluous argument gets the usage, and nothing is done');
is(answer('a b c d e f g h i'), "more than 8 words\n", 'a line of too many words is refused');
is(answer(''), '', 'an empty line does nothing');
is(answer('   # a comment'), '', 'a comment does nothing');
is(answer("nonsensf\be"), "nonsense: no such command; try help\n", 'backspace rubs out a character');
is(answer("\b\b\x7fhelp x\x15nonsense"), "nonsense: no such command; try help\n", '^U rubs out the line');
is(answer("\e[Anon\e[1;5Dsense"), "nonsense: no such command; try help\n", 'arrow keys are ignored');
is(answer("poweroff\x03"), '', '^C gives up the line');
is(answer('x' x 300), 'x' x 127 . ": no such command; try help\n", 'a line that is too long is cut');

like(answer('test lib'), qr/^# suite: lib\n.*^ok 1 - lib: .*^# passed (\d+) of \1$/ms, 'test runs a suite');
like(answer('test lib,nonsense'), qr/\Atest: no suite "nonsense"\nsuites:.* lib/, 'an unknown suite is named');

$board->send("reboot\n");
ok($board->wait_for(qr/^Pagewalk: .*^pagewalk> /ms), 'reboot starts the kernel anew');
is(answer('nonsense'), "nonsense: no such command; try help\n", '... and the prompt works again');
$board->send("poweroff\n");
is($board->finish->{status}, 0, 'poweroff ends QEMU with status 0');

done_testing();
