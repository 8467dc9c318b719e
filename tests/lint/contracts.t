#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Every public function has its contract: those that the headers in include/ and arch/arm/include/ declare or define, and
# all that are not static.
#
# A contract is a comment of the function's own, above its declaration or definition, or behind it. One comment may be the
# contract of a family: of several functions that follow it, no other comment at the left margin between, as far as no empty
# line parts them from it, or as far as it names them, as name() or at its head. A mention elsewhere is none.
#
# It has one of two forms. "name - what it does", which kernel-doc reads, has the names of all its functions at its head,
# and a line @name: for each of their parameters. Plain sentences do for what one or two can say, and name each parameter whose
# type does not tell what it is, as those of structures, page-table entries and GFP flags do. In both, each @name is a
# parameter, and what is returned is said, as "Return:", as a question, or as what the comment begins with, "The ...", "How many ...".
# Either may leave something to another: "As name()", "The opposite of name()", or "The same" as the one before.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my @files = grep { m{^(?:include|arch|mm|lib|boot|kernel)/.*\.[ch]$} } split(/\n/, qx(git ls-files 2>/dev/null));
plan skip_all => 'not a git repository' unless @files;

# Called by compiled code: the compiler's manual is their contract.
my $compiler_calls = qr/^__(?:aeabi|ubsan_handle|asan|gcov|stack_chk)_/;

# A type that says what the parameter is.
my $telling_type = qr/\b(?:struct|union|enum) \w|\b(?:pte|pmd|pud|pgd|gfp|pgprot)_t\b|\b(?!size_t|phys_addr_t|u?int\w*_t)\w+_t \*/;

# A comment that begins with what is returned.
my $noun = qr{^/\*(?:\n \*|\*\n \* .* -)? (?:the|an?|how|which|what|where|all|one|(?:number|size|bytes|pages|objects|units|ticks|CPUs|threads) )}i;

my $parens;
$parens = qr/\((?:[^()]|(??{ $parens }))*\)/;

# The parameters in a pair of parentheses: name => type.
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
    return { map { (/\(\*(?:const )?(\w+)\)/ ? $1 : /(\w+)$/ ? $1 : $_) => $_ } grep { length && $_ ne 'void' && $_ ne '...' } @words };
}

# What a file declares or defines at its left margin: the name of each, the words in front, parameters, its comment or that of its
# family, the function with another comment before it, where it stands, and whether it is public.
sub functions {
    my ($name, $text) = @_;
    $text =~ s{^#(?:[^\n]*\\\n)*[^\n]*}{ join("\n", ('#') x (1 + $& =~ tr/\n//)) }gme;
    my $exported = $name =~ m{\binclude/};
    my @lines = split(/\n/, $text);
    my ($comment, $close, @found) = ('', 0);
    for (my $i = 0; $i < @lines; $i++) {
        $close = 0 if $lines[$i] eq '';
        if ($lines[$i] =~ m{^/\*}) {
            $comment = '';
            $comment .= "$lines[$i++]\n" while $lines[$i] !~ m{\*/};
            $comment .= $lines[$i];
            $close = 1;
        }
        next if $lines[$i] !~ /^\w/;
        my ($first, $words) = ($i, $lines[$i]);
        $words .= ' ' . $lines[++$i] while $words !~ /[;{]/ && $i < $#lines && $lines[$i + 1] ne '';
        my $behind = $words =~ s{\s*(/\*.*\*/)$}{} ? $1 : '';
        my $defines = $words =~ s/\{.*//s;
        $words =~ s/\b__(?:printf|aligned|section|attribute__|alloc_size) ?$parens//g;
        my ($type, $function, $list) = $words =~ /^((?:\w+[\s*]+)+)(\w+)($parens)[\s\w]*;?\s*$/ or next;
        next if $type =~ /\b(?:typedef|register)\b/;
        my $its = $behind || ($close || $comment =~ /\b\Q$function\E\(/ || heads($comment)->{$function} ? $comment : '');
        my ($before) = grep { $_->{comment} && $_->{comment} ne $its } reverse(@found);
        push(@found, {
            name => $function, type => $type, parameters => parameters($list), comment => $its, where => "$name:" . ($first + 1),
            public => $type =~ /\bstatic\b/ ? $exported : $exported || ($defines && $name =~ /\.c$/),
            before => $before,
        });
    }
    return @found;
}

# The functions at the head of a comment for kernel-doc; none is at that of another comment.
sub heads {
    my ($comment) = @_;
    my ($names) = $comment =~ m{^/\*\*\n \* (\w+(?:(?:,| and|,\n \*) \w+)*) - };
    return { map { $_ => 1 } split(/,?(?:\n \*)? (?:and )?/, $names // '') };
}

# What is wrong with the contracts in files, which are given as name => text.
sub faults {
    my (%text_of) = @_;
    my @all = map { functions($_, $text_of{$_}) } sort { ($b =~ /\.h$/) <=> ($a =~ /\.h$/) || $a cmp $b } keys(%text_of);
    # The contract of each: the first one, those of headers in front; but rather one for kernel-doc. And whom a comment is about.
    my (%contract, %family);
    for (grep { $_->{comment} } @all) {
        my $has = $contract{$_->{name}};
        $contract{$_->{name}} = $_ if !$has || (%{heads($_->{comment})} && !%{heads($has->{comment})});
        push(@{$family{$_->{comment}}}, $_);
    }
    # The comments that say it: its own, and those that this one leaves something to.
    my $told_by;
    $told_by = sub {
        my ($of, $seen) = @_;
        return if !$of || $seen->{$of}++;
        my @others = map { $contract{$_} } map { /(\w+)/g } $of->{comment} =~ /\b(?:as|opposite of) ((?:\w+\(\)(?:, | and | or )?)+)/gi;
        push(@others, $of->{before}) if $of->{comment} =~ /\bthe (?:same|opposite)(?! of)\b/i;
        return ($of->{comment}, map { $told_by->($_, $seen) } @others);
    };
    my (%seen, @wrong);
    for my $found (grep { $_->{public} && $_->{name} !~ $compiler_calls && !$seen{$_->{name}}++ } @all) {
        my ($function, $type, $parameters) = @$found{qw(name type parameters)};
        my $wrong = sub { push(@wrong, "$found->{where}: $function()" . join('', @_)) };
        my $contract = $contract{$function};
        $wrong->(' has no contract'), next if !$contract;
        my $comment = $contract->{comment};
        my $formal = %{heads($comment)};
        $wrong->(' is not named at the head of its contract') if $formal && !heads($comment)->{$function};
        my @told_by = $told_by->($contract, {});
        my %listed = map { $_ => 1 } map { /\w+/g } $comment =~ /^ \* (\@\w+(?:, \@\w+)*):/mg;
        for my $parameter (sort(keys(%$parameters))) {
            next if $formal ? $listed{$parameter} : grep({ /\b\Q$parameter\E\b/ } @told_by) || $parameters->{$parameter} =~ $telling_type;
            $wrong->(": its contract does not name \@$parameter");
        }
        my %is = map { %{$_->{parameters}} } @{$family{$comment}};
        $wrong->(": its contract names \@$_, which it has not got") for grep { !$is{$_} } $comment =~ /(?<!\w)\@(\w+)/g;
        next if $type =~ /\bvoid(?: __\w+)* $/ || $type =~ /\b__noreturn\b/;
        $wrong->(': its contract does not say what is returned') unless grep { /\breturns?\b|\?/i || /$noun/i } @told_by;
    }
    return @wrong;
}

is(join("\n", faults(map { $_ => read_file($_) } @files)), '', 'each public function has its contract, and that is whole');

# Contracts that are missing, or not whole, are found; and no others.
my $formal = "/**\n * f - find it\n * \@a: where\n *\n * Return: it.\n */\nint f(int a);\n";
my $family = "/**\n * f, g - find it\n * \@a: where\n * \@b: or where\n *\n * Return: it.\n */\nint f(int a);\nint g(int b);\n";
my $inline = "static inline int f(int a)\n{\n\treturn a;\n}\n";
for ([ 'a whole one', $formal ],
    [ 'a family', $family ],
    [ 'prose', "/* Find \@a. Return: it. */\nint f(int a);\n" ],
    [ 'one behind', "int f(int a);\t/* where \@a is */\n" ],
    [ 'one for two', "/* Find \@a, here or there. Return: it. */\nint g(int a);\nint f(int a);\n" ],
    [ 'one that names what follows', "/* The index of \@a: f(), g(). */\n$inline\n" . $inline =~ s/f/g/r ],
    [ 'a question', "/**\n * f - is it there?\n * \@a: where\n */\nbool f(int a);\n" ],
    [ 'nothing to return', "/**\n * f - find it\n * \@a: where\n */\nvoid f(int a);\n" ],
    [ 'one that leaves it to another', "$formal\n/* As f(), elsewhere. */\nint g(int a);\n" ],
    [ 'one that leaves it to the one before', "$formal\n/* The same elsewhere. */\nint g(int a);\n" ],
    [ 'a type that tells', "/* Is it there? */\nbool f(const struct page *page, pte_t pte);\n" ],
    [ 'a declaration, and a definition', { 'include/x.h' => $formal, 'mm/x.c' => "int f(int a)\n{\n\treturn a;\n}\n" } ],

    [ 'none', "int f(int a);\n", 'f() has no contract' ],
    [ 'none of an inline function', $inline, 'f() has no contract' ],
    [ 'none of what a C file exports', { 'mm/x.c' => "void f(void)\n{\n}\n" }, 'f() has no contract' ],
    [ 'a line between', "/* Find \@a. Return: it. */\n\nint f(int a);\n", 'f() has no contract' ],
    [ 'a mention elsewhere', "/* For \@a: not as f() does, which comes later. Return: it. */\nint g(int a);\n\n/* One more. */\n\nint f(int a);\n",
        'f() has no contract' ],
    [ 'one behind that another names it', "/* Find \@a. Return: it. */\nint g(int a);\n\nint f(int a);\n", 'f() has no contract' ],
    [ 'one that is not at the head', $family =~ s/f, g/f/r, 'g() is not named at the head of its contract' ],
    [ 'a parameter that is not named', $formal =~ s/f\(int a\)/f(int a, int b)/r, 'f(): its contract does not name @b' ],
    [ 'one that is only mentioned', $formal =~ s/f\(int a\)/f(int a, int b)/r =~ s/where/where, or \@b/r, 'f(): its contract does not name @b' ],
    [ 'one of a family', $family =~ s/ \* \@b.*\n//r, 'g(): its contract does not name @b' ],
    [ 'one that prose does not name', "/* Find it. Return: it. */\nint f(struct page *page, int a);\n", 'f(): its contract does not name @a' ],
    [ 'a size, which its type does not tell', "/* Fill it. */\nvoid f(size_t bytes);\n", 'f(): its contract does not name @bytes' ],
    [ 'one that the other does not name', "$formal\n/* As f(). */\nint g(int b);\n", 'g(): its contract does not name @b' ],
    [ 'a parameter that is gone', $formal =~ s/f\(int a\)/f(void)/r, 'f(): its contract names @a, which it has not got' ],
    [ 'one that is gone from prose', "/* Find \@a. */\nvoid f(void);\n", 'f(): its contract names @a, which it has not got' ],
    [ 'a result that is not said', $formal =~ s/ \*\n \* Return: it.\n//r, 'f(): its contract does not say what is returned' ],
    [ 'one that prose does not say', "/* Find \@a. */\nint f(int a);\n", 'f(): its contract does not say what is returned' ]) {
    my ($what, $text, $fault) = @$_;
    my @found = map { s/^[^ ]* //r } faults(ref($text) ? %$text : ('include/x.h' => $text));
    is_deeply(\@found, [ $fault // () ], "... $what: " . ($fault // 'right'));
}

done_testing();
