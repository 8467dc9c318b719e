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
    $text =~ s/ && !bug\(\w+\)//g;
    $text =~ s/!bug\(\w+\) && //g;
    $text =~ s/ \|\| bug\(\w+\)//g;
    $text =~ s/ [-+] bug\(\w+\)//g;
    $text =~ s/\bbug\(\w+\) \? [^:;]* : //g;
    return $text;
}

# What a file compiles to, with the flags that the kernel's own object was made with, but for debugging information.
sub object {
    my ($source, $text, $dir) = @_;
    my ($base) = $source =~ m{([^/]+)\.c$};
    open(my $file, '>', "$dir/$base.c") or die "$dir: $!\n";
    print {$file} qq(#line 1 "$source"\n$text);
    close($file);
    my $object = build_path($source) =~ s/\.c$/.o/r;
    my $command = qx(make -n V=1 O=${\build_dir()} -W $source $object 2>/dev/null | grep -- ' -c $source ');
    $command =~ s/ -c \Q$source\E -o \S+/ -g0 -I${\($source =~ s{[^\/]+$}{}r)} -c $dir\/$base.c -o $dir\/$base.o/ or return "no command for $source";
    $command =~ s/-MMD -MP//;
    system($command) == 0 or return "$source does not compile";
    return read_file("$dir/$base.o");
}

my $dir = tempdir(CLEANUP => 1);
for my $source (@sources) {
    my $text = read_file($source);
    my $without = without_switches($text);
    is_deeply([ $without =~ /(\bbug\([A-Z_]+\))/g ], [], "$source: all switches are of a form that is known");
    ok(object($source, $text, $dir) eq object($source, $without, $dir), '... and without BUGS=1 leave nothing');
}
is_deeply([ grep { /planted_bug|plant_bug/ } keys(%{symbols()}) ], [], 'the kernel has no switchboard');

my @places = map { read_file($_) =~ /\bbug\(([A-Z_]+)\)/g } @sources;
is_deeply([ sort @places ], [ sort @names ], 'each bug has one place in the code');
is_deeply([ map { $_->{name} } Museum::table() ], \@names, 'each is in the table, in the order of the list');
is_deeply([ read_file('docs/museum.md') =~ /^## ([A-Z_]+: .*)$/mg ], [ map { "$_->[0]: $_->[1]" } @bugs ],
    '... and has a section of the chapter');

my $list = boot(image => build_path('bugs/kernel.bin'), append => 'test=none bug=list bug=BOREDOM');
my @listed = $list->{output} =~ /^bug=(\w+) /mg;
is_deeply(\@listed, [ @names, @names ], 'bug=list lists them, and so does a name that none has');
like($list->{output}, qr/^bug: there is none called "BOREDOM"; these exist:$/m, '... which is named');
like(boot(append => "test=none bug=$names[0]")->{output}, qr/^(?!Kernel command line).*bug=$names[0]/m,
    'a kernel without them does not know the parameter');

done_testing();
