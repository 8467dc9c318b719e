#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Every mistake with pages is named where it is made, with the page's state, who allocated the page and who
# freed it, by the suite "misuse". That the page is kept out of circulation, the suite sees itself.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $run = boot(ram => 64, append => 'page_owner=1 page_poison=1 test=misuse');
self_tests_pass($run, 'with page_owner=1 and page_poison=1');
unlike($run->{output}, qr/# SKIP/, '... all of it');

# What a test printed before its line "ok".
sub said {
    my ($sentence) = @_;
    my ($text) = $run->{output} =~ /(?:^ok \d+|^# suite: misuse$)(?:(?!^ok \d+).)*?\n((?:(?!^ok \d+).)*)^ok \d+ - misuse: \Q$sentence\E/ms;
    return $text // '';
}

my $chain = qr/(?: \w+\+0x\w+\/0x\w+\n)* kthread_entry\S+\n ret_from_fork\S+\n/;
my $probe = qr/page last allocated via order \d, gfp_mask 0x\w+, cpu 0, serial \d+\n careless_probe\+\S+\n$chain/;
my $remove = qr/page last freed, cpu 0\n careless_remove\+\S+\n$chain/;

# A report: what it calls the page, its state as a pattern, what is known of its owners, and what follows.
sub names {
    my ($sentence, $what, $state, $did, $owners, $more) = @_;
    my $page = qr/page:\w{8} $state  zone:(?:Normal|HighMem)\n/;
    like(said($sentence), qr/^BUG: Bad page state: \Q$what\E  pfn:\w{5}\n$page$did\+\S+\n$owners$more/m, $sentence);
}

# "count:N mapcount:N mapping:M", then flags.
sub state {
    my ($count, $mapcount, $mapping, $flags) = @_;
    return qr/count:$count mapcount:$mapcount mapping:$mapping index:0x0\npage flags: 0x\w+\($flags\)/;
}
my $clean = state(0, 0, '00000000', '');
my $was_freed = qr/page_owner tracks the page as freed\n$probe$remove/;
my $is_allocated = qr/page_owner tracks the page as allocated\n$probe(?:page last freed, cpu 0\n$chain)?/;
my $freed_by = 'freed by careless_remove';

names('freed twice: the page is on a per-CPU list', 'page is free: freed twice', $clean, $freed_by, $was_freed,
    qr/it is on a per-CPU list$/m);
names('freed twice: the page lies in a free block', 'page is free: freed twice', $clean, $freed_by, $was_freed,
    qr/it lies in the free block pfn:\w{5}, order \d+$/m);
names('freed with too small an order: the block is kept whole', 'page is freed with the wrong order', $clean,
    $freed_by, $is_allocated, qr/it was allocated with order 2, and is freed with order 1$/m);
names('freed with too large an order: the neighbour is not freed along', 'page is freed with the wrong order', $clean,
    $freed_by, $is_allocated, qr/it was allocated with order 1, and is freed with order 3$/m);
names("freed, a page of the kernel's image: it stays reserved", 'page is reserved',
    state(1, 0, '00000000', 'reserved'), $freed_by, qr/page_owner tracks the page as never allocated\n/, qr//);
names('freed, the tail of a compound page: the whole lives on', 'page is a tail of a compound page',
    state(0, 0, '00000000', 'tail'), $freed_by, $is_allocated, qr/its head is pfn:\w{5}, order 2$/m);
names('freed, a page amid a block: the block lives on', 'page is not the first of an allocated block', $clean,
    $freed_by, $is_allocated, qr/it lies in the allocated block pfn:\w{5}, order 2$/m);
names('freed with a reference left on a page of the block', 'page has references left',
    state(1, 0, '00000000', ''), $freed_by, $is_allocated, qr//);
is(said('a reference that is left on a page itself keeps it from being freed at all'), '',
    'a reference that is left is no mistake of who frees, and nothing is said');
names('freed while it is mapped', 'page is mapped', state(0, 1, '00000000', ''), $freed_by, $is_allocated, qr//);
names('freed while a mapping owns it', 'page has an owner in ->mapping', state(0, 0, qr/c\w{7}/, ''), $freed_by,
    $is_allocated, qr//);
names('freed while it is locked', 'page has flags set', state(0, 0, '00000000', 'locked'), $freed_by, $is_allocated,
    qr//);
names('its state is changed while it is free: it is not given out', 'page has flags set',
    state(0, 0, '00000000', 'dirty'), 'allocated by is_given_out', $was_freed, qr//);
names('written to while it is free: it is not given out', 'page was written to while it was free',
    state(1, 0, '00000000', ''), 'allocated by is_given_out', $was_freed,
    qr/pagealloc: memory corruption: 1 bytes differ between (\w+) and \g{-1}, the first is 0x78, not 0xaa\n\w{8}: aa aa aa aa 78(?: aa){11}$/m);
like(said('never given back: who has it is found by the call chain'),
    qr/^3 times, 7 pages, the first is pfn:\w{5}, order \d, gfp_mask 0xd0, cpu 0:\n careless_probe\S+\n$chain/m,
    'never given back: how much, and by which call chain');

# Without the parameters, and without the checks on hot paths, less is known; and all goes on as well.
self_tests_pass(boot(ram => 64, append => 'test=misuse'), 'without parameters');
self_tests_pass(boot(ram => 64, image => build_path('bench/kernel.bin'), append => $_), "DEBUG=0: $_")
    for 'test=misuse', 'page_owner=1 test=misuse';

done_testing();
