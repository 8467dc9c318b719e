#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# A CPU that the kernel cannot run on is told so. The board has no such CPU, so gdb stops the boot stub behind
# the instructions that read its identity, and forges what they read.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

use constant {
    PAGE_OFFSET => 0xc0000000, PHYS_OFFSET => 0x60000000,
    MIDR_ARM926 => 0x41069265,      # before the CPUID scheme
    MMFR0_PMSA  => 0x00100030,      # a memory protection unit instead of an MMU
};

my $socket = tempdir(CLEANUP => 1) . '/gdb';
my $symbol = symbols();
my $midr_read = $symbol->{__check_cpu} + 4;
my $message = qr/^Pagewalk: this CPU is not an ARMv7-A with an MMU \(VMSAv7\)\. Stopped\.$/m;

sub forge {
    my ($name, $address, $value) = @_;
    my $board = start(append => 'batch', qemu => gdb_server($socket));
    my $gdb_says = gdb($socket,
        sprintf('hbreak *%#x', $address - PAGE_OFFSET + PHYS_OFFSET), 'continue',
        sprintf('set $r0 = %#x', $value), 'delete', 'detach');
    ok($board->wait_for($message), "$name is refused") or diag($gdb_says);
    my $run = $board->stop;
    unlike($run->{output}, qr/^# |Linux|CPU: ARMv7/m, '... and nothing else happens');
    unlink($socket);
}

forge('a CPU without the CPUID scheme', $midr_read, MIDR_ARM926);
forge('a CPU without an MMU', $symbol->{__check_vmsa}, MMFR0_PMSA);

done_testing();
