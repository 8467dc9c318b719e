#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What can be checked of the style by reading: licence lines, blanks, and scripts that shellcheck, perl and pyflakes find no
# fault with.

use strict;
use warnings;
use Pagewalk;
use Test::More;
use Text::Tabs;

my @files = grep { -f } split(/\0/, qx(git ls-files -z 2>/dev/null));
plan skip_all => 'not a git repository' unless @files;

my @text = grep { !m{\.(png|svg)$|^LICENSE$|^tests/corpus/} } @files;
my %text_of = map { $_ => read_file($_) } @text;

# Names the files for which the condition does not hold.
sub all_files {
    my ($name, $holds, @of) = @_;
    is_deeply([ grep { !$holds->($text_of{$_}) } @of ], [], $name);
}

my @code = grep { m{\.(c|h|S|sh|pl|pm|t|awk|py)$|(^|/)Makefile$} } @text;
my @kernel = grep { m{\.[chS]$} } @text;
all_files('each file of code names its licence in its first two lines',
    sub { $_[0] =~ /\A(?:#!.*\n)?.*SPDX-License-Identifier: MIT/ }, @code);
all_files('no line ends in blanks', sub { $_[0] !~ /[ \t]$/m }, @text);
all_files('each file ends with a newline', sub { $_[0] =~ /\n\z/ || $_[0] eq '' }, @text);
all_files('C and assembler are indented with tabs', sub { $_[0] !~ /^ {8}/m }, @kernel);

# One limit: .clang-format's. The messages that are expected of UBSan stand behind the code.
my ($columns) = read_file('.clang-format') =~ /^ColumnLimit: (\d+)$/m;
like(read_file('CONTRIBUTING.md'), qr/\blines of up to $columns\b/, 'CONTRIBUTING.md has the same limit of columns as .clang-format');
all_files("no line of C or assembler is longer than $columns columns, but for strings",
    sub { !grep { length > $columns && !/"/ } map { expand($_) } split(/\n/, $_[0]) }, grep { $_ ne 'tests/kernel/ubsan_test.c' } @kernel);

my @shell = grep { $text_of{$_} =~ m{\A#!/bin/(?:ba)?sh} } @text;
is(qx(shellcheck @shell 2>&1), '', 'shellcheck finds no fault with the shell scripts');
for my $script (grep { $text_of{$_} =~ m{\A#!\S+.*perl} } @text) {
    my $says = qx(perl -Itests/lib -cw $script 2>&1);
    is($says, "$script syntax OK\n", "perl finds no fault with $script");
}

my @python = grep { /\.py$/ } @text;
my @found = grep { /^([^:]+):(\d+):/ && (split(/\n/, $text_of{$1}))[$2 - 1] !~ /# noqa: / } split(/\n/, qx(pyflakes3 @python 2>&1));
is(join("\n", @found), '', 'pyflakes finds no fault with the Python scripts, but for what is marked there with its reason');

done_testing();
