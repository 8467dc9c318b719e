#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# `mm owner` in gdb says of pages and call chains what the kernel says.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

# Without what only one of the two gives: the size of a function, the line of its source.
sub comparable {
    return map { s{(\+0x\w+)/0x\w+$}{$1}r =~ s/^( \S+)  \S+:\d+$/$1/r } @_;
}

sub agree {
    my ($answer, $said, $name) = @_;
    is_deeply([ comparable(split(/\n/, $answer)) ], [ comparable(@$said) ], $name);
}

my $talk = talk({ ram => 16, append => 'batch test=page_debug page_owner=1' },
    'break page_owner_leaks if page_owners != 0', 'continue',
    'mm owner', kernel_says('show_page_owner()'),
    'continue', 'mm owner', kernel_says('show_page_owner()'),
    'mm owner mem_map', kernel_says('dump_page_owner(mem_map)'),
    'mm owner 0x60c00', kernel_says('dump_page_owner(mem_map + 0xc00)'));

agree($talk->answer('mm owner'), [ $talk->said(0) ], 'the summary, while a page is allocated');
like($talk->answer('mm owner'), qr/^1 times, 1 pages, .*:\n careless_driver\+\S+  \S+:\d+\n test_\d+\S+  \S*page_debug_test\.c:\d+\n/m,
    '... with the place in the source');
agree($talk->answer('mm owner', 1), [ $talk->said(1) ], 'the summary, when it is freed');
agree($talk->answer('mm owner mem_map'), [ $talk->said(2) ], 'a page that was never allocated');
agree($talk->answer('mm owner 0x60c00'), [ $talk->said(3) ], 'a page by its number');

my $off = talk({}, 'break kernel_exit', 'continue', 'mm owner', 'mm owner 0x60100');
like($off->answer($_), qr/^the kernel keeps no page owners: boot it with page_owner=1$/m, "$_ without page_owner=1")
    for 'mm owner', 'mm owner 0x60100';

done_testing();
