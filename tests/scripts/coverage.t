#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What `make coverage` makes of counters: boots are added up (scripts/gcda.pl), and gaps are judged
# (scripts/coverage.pl), on input of our own.

use strict;
use warnings;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;
use Pagewalk;
use Test::More;

my $scripts = qx(pwd) =~ s/\n//r . '/scripts';
my $dir = tempdir(CLEANUP => 1);

sub write_file {
    my ($path, $bytes) = @_;
    open(my $file, '>:raw', $path) or die "$path: $!\n";
    print $file $bytes;
    close($file) or die "$path: $!\n";
}

# ---- gcda.pl ----

# A .gcda: magic, version, stamp, checksum; then functions, each with its counters, or the number of those that are 0.
sub gcda {
    my ($stamp, @functions) = @_;
    my $bytes = 'adcg' . pack('a4 L<2', 'B22*', $stamp, 0x1234) . pack('L<2 L<2', 0xa1000000, 8, 1, 0);
    for my $ident (1 .. @functions) {
        my $counters = $functions[$ident - 1];
        $bytes .= pack('L<2 L<3', 0x01000000, 12, $ident, 5, 6);
        $bytes .= ref($counters) ? pack('L<l< Q<*', 0x01a10000, 8 * @$counters, @$counters)
            : pack('L<l<', 0x01a10000, -8 * $counters);
    }
    return $bytes;
}

sub record { my ($name, $bytes) = @_; return 'gcda ' . length($bytes) . " $dir/$name\n$bytes" }

sub sum_up { return qx($scripts/gcda.pl @_ 2>&1) }

write_file("$dir/boot1", record('a.gcda', gcda(7, [ 1, 2, 1 << 40 ], 2)) . record('b.gcda', gcda(8, [5])));
write_file("$dir/boot2", record('b.gcda', gcda(8, [6])) . record('a.gcda', gcda(7, 3, [ 10, 20 ])));
is(sum_up("$dir/boot1", "$dir/boot2"), '', 'boots are added up');
is(read_file("$dir/a.gcda"), gcda(7, [ 1, 2, 1 << 40 ], [ 10, 20 ]), '... counters that were left out are 0');
is(read_file("$dir/b.gcda"), gcda(8, [11]), '... in whatever order files come');

write_file("$dir/boot3", record('a.gcda', gcda(9, 3, 2)));
like(sum_up("$dir/boot1", "$dir/boot3"), qr/two builds/, 'boots of two builds are told apart');
write_file("$dir/boot4", substr(record('a.gcda', gcda(7, [ 1, 2, 3 ], 2)), 0, -5));
like(sum_up("$dir/boot4"), qr/cut short/, 'a boot that ended while it wrote is found');
write_file("$dir/boot5", "Pagewalk\n");
like(sum_up("$dir/boot5"), qr/no record/, 'so is a file of something else');

# ---- coverage.pl ----

make_path("$dir/mm");
write_file("$dir/mm/a.c", join('', map { "$_\n" }
    'int first(void)', '{', '	BUG_ON(a || b);', '	if (a)', '		return -ENOMEM;', '	return 0;', '}',
    'int second(void)', '{', '	return NULL;', '}'));

# Lines of mm/a.c by number: count, counts of branches.
sub judge {
    my ($reasons, %lines) = @_;
    my %counted = (1 => [9], 3 => [ 9, 9, 0, 9, 0 ], 4 => [ 9, 1, 8 ], 5 => [1], 6 => [8], 8 => [1], 10 => [1], %lines);
    write_file("$dir/merged.json", encode_json({ files => [ {
        file => 'mm/a.c',
        functions => [ { name => 'second', lineno => 8 }, { name => 'first', lineno => 1 } ],
        lines => [ map { {
            line_number => $_ + 0, count => $counted{$_}[0], 'gcovr/noncode' => JSON::PP::false, 'gcovr/excluded' => JSON::PP::false,
            branches => [ map { { count => $_ } } @{$counted{$_}}[1 .. $#{$counted{$_}}] ],
        } } keys %counted ],
    } ] }));
    write_file("$dir/reasons", $reasons);
    my $said = qx(cd $dir && $scripts/coverage.pl merged.json reasons table filtered.json 2>&1);
    return ($? >> 8, $said);
}

my ($status, $said) = judge("# nothing\n");
is($status, 0, 'all is reached');
like($said, qr/^all +7 +7 +100\.0 +2 +2 +100\.0$/m, '... without the branches of the assertion');
like($said, qr/^With assertions, 4 of 6 branches, 66\.7 %\.$/m, '... which are said, too');
like(read_file("$dir/table"), qr/^mm\/a\.c +7 +7 +100\.0 +2 +2 +100\.0$/m, 'the table has the file');
is(scalar(map { @{$_->{branches}} } @{decode_json(read_file("$dir/filtered.json"))->{files}[0]{lines}}), 2,
    'so have the pages');

($status, $said) = judge('', 6 => [0]);
like($said, qr/^mm\/a\.c:6: first: not reached, and reasons does not say why$/m, 'a line that is not reached is named');
is($status, 1, '... and fails if too few are reached');
like($said, qr/^85\.7 % of lines is less than 95 %$/m, '... which is said');
($status, $said) = judge("mm/a.c first: never called\n", 6 => [0]);
unlike($said, qr/not reached/, 'a reason is enough for it');

($status, $said) = judge("mm/a.c first: never called\n", 5 => [0], 6 => [0]);
like($said, qr/^mm\/a\.c:5: first return -ENOMEM: not reached/m, 'but not for an error that is returned');
($status, $said) = judge("mm/a.c second return NULL: there is always one\n", 10 => [0]);
unlike($said, qr/not reached/, 'which has a reason of its own');

($status, $said) = judge("mm/a.c first: never called\n");
is($status, 1, 'a reason for what is reached fails');
like($said, qr/^reasons: mm\/a\.c first: is reached$/m, '... and is named');
($status) = judge("sometimes mm/a.c first: another CPU must be in the way\n");
is($status, 0, 'unless it is reached only sometimes');
($status, $said) = judge("mm/a.c gone: never called\n");
like($said, qr/^reasons: mm\/a\.c gone: is reached$/m, 'a reason for what is not there fails');
like((judge("mm/a.c: never called\n"))[1], qr/what is this\?/, 'a line that is no reason fails');

($status, $said) = judge('', 4 => [ 9, 9, 0 ]);
is($status, 1, 'too few branches fail');
like($said, qr/^50\.0 % of branches is less than 85 %$/m, '... and are named');

done_testing();
