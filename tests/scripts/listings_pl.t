#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# scripts/listings.pl itself: it sees a quotation that is not true, and brings it up to date.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

plan skip_all => 'the kernel is not that of plain make' if build_dir() ne 'build';

my $file = tempdir(CLEANUP => 1) . '/page.md';
my $command = q(printf 'one 1\ntwo 2\ntwo 3\nlast 4  \n');

sub write_page {
    my ($head, @lines) = @_;
    open(my $page, '>', $file) or die "$file: $!\n";
    print $page "before\n<!-- $head -->\n```\n", map({ "$_\n" } @lines), "```\nafter\n";
    close($page) or die "$file: $!\n";
}

# Return: the exit status and what is printed.
sub listings { return (scalar qx(scripts/listings.pl @_ $file 2>&1), $? >> 8) }

sub is_true {
    my ($name, @page) = @_;
    write_page(@page);
    my ($says, $status) = listings();
    is($status, 0, "$name is true") or diag($says);
}

sub is_false {
    my ($name, $why, @page) = @_;
    write_page(@page);
    my ($says, $status) = listings();
    isnt($status, 0, "$name is not true");
    like($says, qr/^not ok 1 - .*$why/ms, '... and it is said why');
}

sub becomes {
    my ($name, $head, $old, @new) = @_;
    write_page($head, @$old);
    my ($says, $status) = listings('--update');
    is($status, 0, "$name: the update succeeds") or diag($says);
    is_deeply([ read_file($file) =~ /```\n(.*)^```/ms ], [ join('', map { "$_\n" } @new) ], "$name is brought up to date");
}

my $all = "listing: $command";
is_true('the whole output', $all, 'one 1', 'two 2', 'two 3', 'last 4');
is_true('its beginning', $all, 'one 1', '...');
is_true('its end', $all, '...', 'two 3', 'last 4');
is_true('a piece amid', $all, '...', 'two 3', '...');
is_true('two pieces', $all, 'one 1', '...', 'last 4');
is_true('lines that match a pattern', "listing[^two \\d]: $command", 'two 2', 'two 3');

is_false('a wrong line', 'says: +too 3\n# instead of: two 3', $all, 'one 1', 'two 2', 'too 3', 'last 4');
is_false('a beginning without dots', 'the output goes on: two 3', $all, 'one 1', 'two 2');
is_false('an end that is none', 'says: +two 2', $all, '...', 'two 2');
is_false('the wrong order', 'says: +one 1', $all, '...', 'last 4', '...', 'one 1', '...');
is_false('a pattern that matches nothing', 'no line that matches', "listing[three]: $command", 'three');
is_false('a command that fails', 'ended with status 2', 'listing: echo x; exit 2', 'x');
is_false('a command without output', 'ended with status 0', 'listing: true', '...');

becomes('an empty block', $all, [], 'one 1', 'two 2', 'two 3', 'last 4');
becomes('a whole block', $all, [ 'old 7' ], 'one 1', 'two 2', 'two 3', 'last 4');
becomes('a run of lines', $all, [ 'one 8', '...', 'two 9', 'last 9' ], 'one 1', '...', 'two 3', 'last 4');

write_page($all, 'one 1', '...', 'three 3');
my ($says, $status) = listings('--update');
isnt($status, 0, 'a run that cannot be found again is not replaced');
like($says, qr/says: +three 3/, '... but named');
like(read_file($file), qr/^three 3$/m, '... and stays as it was');

open(my $page, '>', $file) or die "$file: $!\n";
print $page "<!-- listing: $command -->\n\nno block\n";
close($page);
($says, $status) = listings();
isnt($status, 0, 'a listing without a block is refused');
like($says, qr/1 listing\(s\) without a block/, '... with a reason');

done_testing();
