#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What the documents speak of exists: files, links, functions, targets of make. Names of Linux's that we have not
# got may stand below a heading "Where Linux differs".

use strict;
use warnings;
use Pagewalk;
use Test::More;

my @documents = grep { -f } qw(README.md CONTRIBUTING.md), glob('docs/*.md');
my @sources = split(/\n/, qx(git ls-files 2>/dev/null));
plan skip_all => 'not a git repository' unless @sources;

my %word;    # every word of the code
for my $file (grep { m{\.([chSyt]|pl|pm|py|sh|awk)$|(^|/)Makefile$} } @sources) {
    $word{$_} = 1 for read_file($file) =~ /\w+/g;
}
my %target = map { $_ => 1 } read_file('Makefile') =~ /^([\w-]+):/mg;

# The document without the parts that are about Linux, and without what a run printed.
sub about_us {
    my ($text) = @_;
    $text =~ s/^## Where Linux differs\n.*?(?=^## |\z)//msg;
    $text =~ s/^```\w*\n.*?^```$//msg;
    return $text;
}

sub missing {
    my ($exists, @names) = @_;
    my %seen;
    return [ grep { !$seen{$_}++ && !$exists->($_) } @names ];
}

for my $document (@documents) {
    my $text = read_file($document);
    my $ours = about_us($text);
    my ($directory) = $document =~ m{^(.*/)?};
    $directory //= '';

    is_deeply(missing(sub { -e "$directory$_[0]" || -e $_[0] }, grep { !/^\w+:/ } $text =~ /\]\(([^)#\s]+)/g), [],
        "$document: links lead somewhere");
    is_deeply(missing(sub { -e $_[0] || -e "include/$_[0]" || $_[0] =~ /NAME/ }, $ours =~ m{\b((?:arch|boot|docs|include|kernel|lib|linker|mm|scripts|tests)/[\w./-]*\w\.(?:[chSt]|md|pl|pm|py|sh)\b)}g),
        [], "$document: files exist");
    is_deeply(missing(sub { $word{$_[0]} }, $ours =~ /\b(\w{4,})\(\)/g), [], "$document: functions exist");
    is_deeply(missing(sub { $target{$_[0]} }, $ours =~ /\bmake ([a-z][\w-]*)\b(?= |`|$)/mg), [],
        "$document: make knows the targets") if $ours =~ /^    make /m;
}

done_testing();
