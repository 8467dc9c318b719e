#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum itself: its switches leave nothing in a kernel without BUGS=1, each bug stands in the list, in the table,
# in the chapter and at one place of the code, and a name that no bug has is told so.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Museum;
use Pagewalk;
use Test::More;

my @bugs = Museum::bugs();
my @names = map { $_->[0] } @bugs;
my @sources = split(/\n/, qx(grep -rlE '\\bbug\\([A-Z_]+\\)' boot arch mm kernel lib));
@sources = grep { $_ ne 'kernel/bugs.c' } @sources;

# The source without its switches. Lines stay where they are.
sub without_switches {
    my ($text) = @_;
    $text =~ s/^\t+if \(bug\(\w+\)\)\n\t+[^\n]*;\n\t+else\n/\n\n\n/mg;    # if (bug(X)) a; else b;
    $text =~ s/^\t+if \(bug\(\w+\)\)\n\t+[^\n]*;\n/\n\n/mg;               # if (bug(X)) a;
    $text =~ s/\((\w[^()]*(?:\([^()]*\))*[^()]*) \|\| bug\(\w+\)\)/($1)/g;   # (a || bug(X))
    $text =~ s/^\t+if \(!bug\(\w+\)\)\n/\n/mg;                             # if (!bug(X)) a;
    $text =~ s/ \|\| \(bug\(\w+\) && [^()]*(?:\([^()]*\))?\)//g;             # a || (bug(X) && b)
    $text =~ s/ && !bug\(\w+\)//g;
    $text =~ s/!bug\(\w+\) && //g;
    $text =~ s/!bug\(\w+\)/1/g;
    $text =~ s/ \|\| bug\(\w+\)//g;
    $text =~ s/ [-+] bug\(\w+\)//g;
    $text =~ s/\bbug\(\w+\) \? [^:;]*? :\s+//g;
    return $text;
}

# What a text compiles to instead of a file.
sub object {
    my ($source, $text, $dir) = @_;
    return Museum::compile($source, $text, "$dir/object.o") ? read_file("$dir/object.o") : "$source does not compile";
}

my $dir = tempdir(CLEANUP => 1);
for my $source (@sources) {
    my $text = read_file($source);
    my $without = without_switches($text);
    is_deeply([ $without =~ /(\bbug\([A-Z_]+\))/g ], [], "$source: all switches are of a form that is known");
    my $normal = object($source, $text, $dir);
    ok($normal eq object($source, $without, $dir), '... and without BUGS=1 leave nothing');
    ok($normal ne object($source, "#define CONFIG_BUGS 1\n$text", $dir), '... but with it something');
}
is_deeply([ grep { /planted_bug|plant_bug/ } keys(%{symbols()}) ], [], 'the kernel has no switchboard');

my @places = map { read_file($_) =~ /\bbug\(([A-Z_]+)\)/g } @sources;
is_deeply([ sort @places ], [ sort @names ], 'each bug has one place in the code');
is_deeply([ grep { !/-again$/ } map { $_->{id} } Museum::table() ], \@names, 'each is in the table, in the order of the list');
cmp_ok(scalar(@names), '>=', 30, 'they are thirty');
is_deeply([ read_file('docs/museum.md') =~ /^## ([A-Z_]+: .*)$/mg ], [ map { "$_->[0]: $_->[1]" } @bugs ],
    '... and has a section of the chapter');

my $list = boot(image => build_path('bugs/kernel.bin'), append => 'test=none bug=list bug=BOREDOM');
my @listed = $list->{output} =~ /^bug=(\w+) /mg;
is_deeply(\@listed, [ @names, @names ], 'bug=list lists them, and so does a name that none has');
like($list->{output}, qr/^bug: there is none called "BOREDOM"; these exist:$/m, '... which is named');
like(boot(append => "test=none bug=$names[0]")->{output}, qr/^(?!Kernel command line).*bug=$names[0]/m,
    'a kernel without them does not know the parameter');

done_testing();
