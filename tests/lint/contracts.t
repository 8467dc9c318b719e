#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Every public function has its contract: those that the headers in include/ and arch/arm/include/ declare or define, and
# all that are not static.
#
# A contract is a comment above the function's declaration or definition, or behind it; one comment may stand above
# several that follow each other without an empty line, or name them as name(), in the same file. In the form that begins with
# "name - what it does", which kernel-doc reads, it names each parameter as @name and no other, and says what is
# returned: by "Return:", by a question or a noun for what it does, or as another function.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my @files = grep { m{^(?:include|arch|mm|lib|boot|kernel)/.*\.[ch]$} } split(/\n/, qx(git ls-files 2>/dev/null));
plan skip_all => 'not a git repository' unless @files;

# Called by compiled code: the compiler's manual is their contract.
my $compiler_calls = qr/^__(?:aeabi|ubsan_handle|asan|gcov|stack_chk)_/;

my $parens;
$parens = qr/\((?:[^()]|(??{ $parens }))*\)/;

sub parameters {
    my ($list) = @_;
    $list = substr($list, 1, -1);
    my ($depth, @words) = (0, '');
    for my $c (split(//, $list)) {
        $depth += $c eq '(' ? 1 : $c eq ')' ? -1 : 0;
        push(@words, ''), next if $c eq ',' && !$depth;
        $words[-1] .= $c;
    }
    s/\[.*?\]//g, s/^\s+|\s+$//g for @words;
    return map { /\(\*(?:const )?(\w+)\)/ ? $1 : /(\w+)$/ ? $1 : $_ } grep { length && $_ ne 'void' && $_ ne '...' } @words;
}

# What @$text declares or defines at its left margin: lists of [ name, words in front, parameters, comment, line, is it public? ].
sub functions {
    my ($name, $text) = @_;
    $text =~ s{^#(?:[^\n]*\\\n)*[^\n]*}{ join("\n", ('#') x (1 + $& =~ tr/\n//)) }gme;
    my $exported = $name =~ m{\binclude/};
    my @lines = split(/\n/, $text);
    my ($comment, @found) = ('');
    for (my $i = 0; $i < @lines; $i++) {
        $comment = '' if $lines[$i] eq '';
        if ($lines[$i] =~ m{^/\*}) {
            $comment = '';
            $comment .= "$lines[$i++]\n" while $lines[$i] !~ m{\*/};
            $comment .= $lines[$i];
        }
        next if $lines[$i] !~ /^\w/;
        my ($first, $words) = ($i, $lines[$i]);
        $words .= ' ' . $lines[++$i] while $words !~ /[;{]/ && $i < $#lines && $lines[$i + 1] ne '';
        my $behind = $words =~ s{\s*(/\*.*\*/)$}{} ? $1 : '';
        my $defines = $words =~ s/\{.*//s;
        $words =~ s/\b__(?:printf|aligned|section|attribute__|alloc_size) ?$parens//g;
        my ($type, $function, $list) = $words =~ /^((?:\w+[\s*]+)+)(\w+)($parens)[\s\w]*;?\s*$/ or next;
        next if $type =~ /\b(?:typedef|register)\b/;
        my $public = $type =~ /\bstatic\b/ ? $exported : $exported || ($defines && $name =~ /\.c$/);
        push(@found, [ $function, $type, [ parameters($list) ], $comment || $behind, "$name:" . ($first + 1), $public ]);
    }
    return @found;
}

# What is wrong with the contracts in files, which are given as name => text.
sub faults {
    my (%text_of) = @_;
    my (%contract, %mentioned, @public, @wrong);
    for my $name (sort(keys(%text_of))) {
        for my $found (functions($name, $text_of{$name})) {
            my ($function, undef, undef, $comment, undef, $public) = @$found;
            push(@{$contract{$function}}, $comment) if $comment;
            push(@public, $found) if $public;
        }
        $mentioned{"$name: $_"} = 1 for map { /\b(\w+)\(/g } $text_of{$name} =~ m{/\*.*?\*/}gs;
    }
    my %seen;
    for (@public) {
        my ($function, $type, $parameters, undef, $where) = @$_;
        next if $seen{$function}++ || $function =~ $compiler_calls;
        my @contracts = @{$contract{$function} // []};
        push(@wrong, "$where: $function() has no contract") unless @contracts || $mentioned{$where =~ s/:.*//r . ": $function"};
        my ($formal) = grep { m{^/\*\*\n \* (?:[\w, ]*\b)?\Q$function\E\b[\w, ]* - } } @contracts or next;
        my %named = map { $_ => 1 } $formal =~ /^ \* \@(\w+):/mg;
        my %is = map { $_ => 1 } @$parameters;
        push(@wrong, "$where: $function(): its contract does not name \@$_") for grep { $formal !~ /\@$_\b/ } @$parameters;
        push(@wrong, "$where: $function(): its contract names \@$_, which it has not got") for
            grep { !$is{$_} && $formal !~ / - .*, .* - / && $formal !~ m{^ \* \w+, } } sort(keys(%named));
        push(@wrong, "$where: $function(): its contract does not say what is returned") if
            $type !~ /\bvoid(?: __\w+)* $/ && $type !~ /\b__noreturn\b/ && $formal !~ /\breturns?\b|\bAs \w+\(\)/i &&
            $formal !~ /^ \* .* - (?:.*\?|(?:the|an?|how many|number of|size of) )/m;
    }
    return @wrong;
}

is(join("\n", faults(map { $_ => read_file($_) } @files)), '', 'each public function has its contract, and that is whole');

# Contracts that are missing, or not whole, are found.
my $formal = "/**\n * f - find it\n * \@a: where\n *\n * Return: it.\n */\nint f(int a);\n";
for ([ 'a whole one', $formal, undef ],
    [ 'prose', "/* Find it. */\nint f(int a);\n", undef ],
    [ 'one behind', "int f(int a);\t/* find it */\n", undef ],
    [ 'one for two', "/* Find it, here or there. */\nint g(int a);\nint f(int a);\n", undef ],
    [ 'one that names it', "/* f() finds it. */\n\nint f(int a);\n", undef ],
    [ 'a question', "/**\n * f - is it there?\n * \@a: where\n */\nbool f(int a);\n", undef ],
    [ 'nothing to return', "/**\n * f - find it\n * \@a: where\n */\nvoid f(int a);\n", undef ],
    [ 'none', "int f(int a);\n", 'f() has no contract' ],
    [ 'none of an inline function', "static inline int f(int a)\n{\n\treturn a;\n}\n", 'f() has no contract' ],
    [ 'a line between', "/* Find it. */\n\nint f(int a);\n", 'f() has no contract' ],
    [ 'a parameter that is not named', $formal =~ s/f\(int a\)/f(int a, int b)/r, 'f(): its contract does not name @b' ],
    [ 'a parameter that is gone', $formal =~ s/f\(int a\)/f(void)/r, 'f(): its contract names @a, which it has not got' ],
    [ 'a result that is not said', $formal =~ s/ \*\n \* Return: it.\n//r, 'f(): its contract does not say what is returned' ]) {
    my ($what, $text, $fault) = @$_;
    my @found = map { s/^[^ ]* //r } faults('include/x.h' => $text);
    is_deeply(\@found, [ $fault // () ], "... $what: " . ($fault // 'right'));
}

done_testing();
