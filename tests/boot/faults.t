#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# A fault explains itself: for each way to die that the kernel knows, what it must say, in this order, before
# it stops with a failing exit status. <name> stands for an address of the function of that name.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $null = 'Unable to handle kernel NULL pointer dereference at virtual address';
my $paging = 'Unable to handle kernel paging request at virtual address';
my $chain = 'kthread_entry\+0x\w+/0x\w+\) from .* \(ret_from_fork';

my %says = (
    'data-null' => [ "$null 00000008 when read", 'Verdict: NULL pointer: a member at offset 8',
        'DFSR = 0x005: section translation fault', 'PC is at data_null' ],
    'data-memset' => [ "$null 00000000 when write", 'Verdict: NULL pointer', 'DFSR = 0x805', 'PC is at memset',
        'LR is at data_memset', '\(memset\+.*\) from .* \(data_memset' ],
    'data-user' => [ "$paging 5f800000 when read", 'Verdict: user address from kernel mode', 'PC is at data_user' ],
    'data-unmapped' => [ "$paging ff001000 when write", 'Verdict: nothing is mapped there', 'DFSR = 0x805' ],
    'data-mm-user' => [ "$paging 5f800000 when read", 'Verdict: user address from kernel mode: nothing is mapped there in mm \w{8}',
        'DFSR = 0x005', 'no section and no page table', 'PC is at data_mm_user' ],
    'data-mm-kernel' => [ "$paging \\w+ when read", 'Verdict: nothing is mapped there: vmalloc area', 'DFSR = 0x005',
        'no section and no page table' ],
    'mm-left' => [ 'kernel BUG at kernel/sched\.c', 'careless \(\d+\) ends, and still uses mm' ],
    'data-write-text' => [ "$paging <printk> when write", 'Verdict: write to read-only kernel text',
        'DFSR = 0x80[df]: \w+ permission fault' ],
    'data-write-rodata' => [ "$paging <__start_rodata> when write", 'Verdict: write to read-only kernel constants',
        'DFSR = 0x80[df]' ],
    'data-write-vectors' => [ "$paging ffff0000 when write", 'Verdict: write to read-only vectors',
        'DFSR = 0x80f: page permission fault' ],
    'data-list-poison' => [ "$null 00000104 when write", 'Verdict: use of a deleted list entry \(LIST_POISON1\)' ],
    'vmalloc-overrun' => [ "$paging \\w+000 when write", 'Verdict: overran vmalloc area 0x\w+000-0x\w+000 by 1 bytes, '
        . 'allocated by vmalloc_overrun\+', 'DFSR = 0x80[57]', 'PC is at vmalloc_overrun' ],
    'vmalloc-freed' => [ "$paging \\w+000 when read", 'Verdict: use after vfree: area 0x\w+000-0x\w+000, '
        . 'allocated by vmalloc_use_after_free\+\S+, was freed by vmalloc_use_after_free\+', 'DFSR = 0x00[57]' ],
    'data-printk' => [ "$paging 5f800000 when read", 'Verdict: user address from kernel mode', '\) from .* \(vprintk' ],
    'data-unaligned' => [ "$paging \\w+[13579bdf] when read", 'Verdict: the address is not aligned',
        'DFSR = 0x001: alignment fault' ],
    'exec-null' => [ "$null 00000000 when execute", 'Verdict: call through a NULL pointer', 'IFSR = 0x005',
        'PC is at 0x0', 'LR is at exec_null', '\(0x0\) from .* \(exec_null' ],
    'exec-unmapped' => [ "$paging ff001000 when execute", 'Verdict: nothing is mapped there', 'IFSR = 0x005',
        '\(0xff001000\) from .* \(exec_unmapped' ],
    'exec-data' => [ "$paging \\w+ when execute", 'Verdict: execute of never-execute kernel data',
        'IFSR = 0x00[df]: \w+ permission fault' ],
    'exec-rodata' => [ "$paging <__start_rodata> when execute",
        'Verdict: execute of never-execute kernel constants', 'IFSR = 0x00[df]' ],
    'exec-init' => [ "$paging <crash_init_function> when execute",
        'Verdict: access to freed init code: crash_init_function was __init', 'IFSR = 0x00[df]' ],
    'undef' => [ 'Internal error: Oops - undefined instruction', 'PC is at undef\+', $chain,
        '^Code: .*\(e7f1d1fe\)' ],
    'undef-thumb' => [ 'Internal error: Oops - undefined instruction', 'PC is at undef_thumb\+', 'ISA Thumb',
        $chain, '^Code: .*\(de1d\)' ],
    'thumb-null' => [ "$null 00000008 when read", 'PC is at thumb_null\+', 'ISA Thumb',
        '\(thumb_null\+.*\) from .* \(crash\+',
        $chain, '^Code: .*\(\w{4}\)' ],
    'thumb-bug' => [ 'kernel BUG at tests/kernel/thumb_code\.c:\d+!', 'order >= 11: order 99',
        'PC is at thumb_bug\+', 'ISA Thumb', '\(thumb_bug\+.*\) from .* \(crash\+' ],
    'svc' => [ 'No system calls: SVC #0x90', 'Internal error: Oops - supervisor call', 'PC is at svc\+' ],
    'div-zero' => [ 'Kernel panic - not syncing: division by zero', '\) from .* \(divide_by_zero' ],
    'stack-overflow' => [ "$paging \\w+ when write", 'Verdict: stack overflow: sp \w+ ran into the guard page',
        'CPU: 0 PID: 1 Comm: init ',
        'PC is at recurse', '\(recurse_again\+.*\) from .* \(recurse\+' ],
    'stack-smash' => [ 'Kernel panic - not syncing: stack-protector: stack_smash\(\) wrote over the end of an array on its stack, '
        . 'thread init \(1\)', '\(__stack_chk_fail\+.*\) from .* \(stack_smash\+' ],
    'stack-lost' => [ "$paging ff000ffc when write", 'Verdict: the stack pointer is lost: sp ff001000',
        'PC is at stack_lost' ],
    'irq' => [ 'Interrupt ID 13, sent by CPU 0', 'Internal error: Oops - unexpected IRQ', 'PC is at irq\+' ],
    'fiq' => [ 'Interrupt ID 13, sent by CPU 0', 'Internal error: Oops - unexpected FIQ', 'PC is at fiq\+' ],
    'kmap-after' => [ "$paging fffde000 when read",
        'Verdict: nothing is mapped there: slot 1 of the fixmap, kmap_local 0 of CPU 0: unmapped, or another CPU\'s',
        'PC is at kmap_used_after\+' ],
    'kmap-overrun' => [ "$paging fffdf000 when write",
        'Verdict: over the end, or before the beginning, of a page that kmap_local_page\(\) has mapped: slot 0 of the fixmap',
        'PC is at kmap_overrun\+' ],
    'kmap-overflow' => [ (map { sprintf('init \(1\) has pfn:6000%x mapped at fff\w+, by kmap_overflow_stack\+', $_) } 0 .. 15),
        'kernel BUG at mm/kmap_local\.c', 'kmap_local: more than 16 mappings nest' ],
    'kmap-asleep' => [ 'init \(1\) has pfn:60000 mapped at fffde000, by kmap_asleep\+', 'kernel BUG at kernel/sched\.c',
        'init \(1\) schedules with preempt_count 2' ],
    'fixmap-range' => [ 'kernel BUG at arch/arm/include/asm/fixmap\.h', 'fixmap: no slot 197, there are 190',
        'PC is at fixmap_no_slot\+' ],
    'fixmap-twice' => [ 'kernel BUG at arch/arm/mm/fixmap\.c',
        'fixmap: early_ioremap 6, page 7 is to map 60001000, and maps 60000000 \(I3\)' ],
    'bug' => [ 'kernel BUG at tests/kernel/crash\.c:\d+!', 'order >= 11: order 99', 'PC is at bug\+' ],
    'panic' => [ 'Kernel panic - not syncing: asked to, by crash=panic', '\) from .* \(do_panic' ],
    'panic-all' => [ 'Kernel panic - not syncing: asked to, on CPU 0', '\) from .* \(panic_here' ],
    'panic-hung' => [ 'Kernel panic - not syncing: asked to, by crash=panic-hung', '\) from .* \(panic_hung' ],
    'nested' => [ "$null 00000000 when read", '^Fault while reporting a fault: abort at pc \w+\. Stopped\.$' ],
);
my %no_chain = map { $_ => 1 } qw(stack-overflow stack-smash stack-lost nested);    # it does not reach the first function

my $symbol = symbols();

# Are there lines that match the patterns, in this order? Names what is missing.
sub says_in_order {
    my ($text, @patterns) = @_;
    my $from = 0;
    for my $pattern (@patterns) {
        $pattern =~ s/<(\w+)>/sprintf('%08x', $symbol->{$1})/e;
        return "no line /$pattern/ behind \"" . (substr($text, 0, $from) =~ /(.*)\n?\z/)[0] . '"'
            if substr($text, $from) !~ /^.*(?:$pattern).*$/m;
        $from += $+[0];
    }
    return '';
}

my $list = boot(append => 'crash=list');
is($list->{status}, 0, 'crash=list is no fault');
my @kinds = $list->{output} =~ /^crash=(\S+)/mg;
@kinds = grep { !/^deadlock-/ } @kinds;    # lockdep.t's
is_deeply([ sort @kinds ], [ sort keys(%says) ], 'every kind is tested');

for my $kind (sort keys(%says)) {
    my $run = boot(append => "test=none crash=$kind");
    my @patterns = @{$says{$kind}};
    push(@patterns, $chain) unless $no_chain{$kind} || grep { $_ eq $chain } @patterns;
    push(@patterns, '^---\[ end Kernel panic - not syncing: ') unless $kind eq 'nested';
    subtest $kind => sub {
        is(says_in_order($run->{output}, @patterns), '', 'says what happened, and where');
        is($run->{status}, 1, 'the exit status says so too');
    } or diag_run($run);
}

my $unknown = boot(append => 'crash=boredom');
like($unknown->{output}, qr/^crash: no kind "boredom"; these exist:$/m, 'an unknown kind is named');
isnt($unknown->{status}, 0, '... and is a failure');

done_testing();
