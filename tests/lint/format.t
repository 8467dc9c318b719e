#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The parts of .clang-format that are no matter of taste: how statements are indented, which tokens have a blank between
# them, and on which line a brace stands. clang-format is asked what it would replace; where a line ends is the
# author's choice, and so is how tables, macros, comments behind code and continued lines are aligned.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

my @files = split(/\n/, qx(git ls-files '*.c' '*.h' 2>/dev/null));
plan skip_all => 'not a git repository' unless @files;

my $scratch = tempdir(CLEANUP => 1);

sub write_file {
    my ($name, $text) = @_;
    open(my $file, '>', "$scratch/$name") or die "$scratch/$name: $!\n";
    print $file $text;
    close($file);
    return "$scratch/$name";
}

# Lines end where the author ends them.
my $style = write_file('style', read_file('.clang-format') =~ s/^(ColumnLimit): .*/$1: 0/mr);

# Lines that clang-format does not understand, or which have a style of their own.
my @own_style = (
    qr/^\s*#/,                          # a macro; and so are the lines that continue it, see judge()
    qr/\b(?:class|new)\b/,              # words of C++
    qr/^_Static_assert/,                # A * B in it is taken for a declaration
    qr/^PTE_BIT_FUNC/,                  # an operator alone
    qr/^typedef \w+ \(\w+\)\(/,         # a function type
    qr/\*const \w+\[\]\)\(/,            # an array of function pointers
    qr/\* __init \w+\(/,                # attributes stand apart
    qr/\bfor \(.*; \)/,                 # the third part is left out, and that shows
    qr/\{ \[0 \.\.\. /,                   # a designator within one
    qr/^\t\.macro\b/,                   # assembler
);

my %entity = (lt => '<', gt => '>', amp => '&', quot => '"', apos => "'");

# What is wrong where @$old stands between @$before and @$after, and clang-format would have @$new; '' for nothing.
sub judge {
    my ($before, $old, $new, $after) = @_;
    return '' if $before =~ /(?:\A|\n)#(?:[^\n]*\\\n)*[^\n]*\z/;
    my $starts_line = $old =~ /\n/;
    if ($starts_line != ($new =~ /\n/)) {
        return 'the brace belongs on the line before' if $starts_line && $before =~ /\)\z/ && $after =~ /^\{/;
        return 'the brace belongs on a line of its own' if !$starts_line && $before =~ /\)\z/ && $after =~ /^\{[^}\n]*\n/;
        return 'else belongs behind the brace' if $starts_line && $before =~ /\}\z/ && $after =~ /^(?:else|while)\b/;
        return '';
    }
    if (!$starts_line) {
        return '' if $after =~ m{^/[*/]} || (length($old) && length($new));
        return length($new) ? 'a blank is missing' : 'a blank is too much';
    }
    # The indentation of a statement: behind another, a brace, a label, or what controls it.
    1 while $before =~ s{\s*/\*(?:(?!\*/).)*\*/\z}{}s;
    return '' unless $before =~ /[;{}]\z|\b(?:else|do)\z|\n\t*(?:case [^\n?]*|\w+):\z/
        || $before =~ /\n\t*(?:\} )?(?:else )?(?:if|for|while|switch|\w*for_each\w*) ?(\((?:[^()\n]|(?1))*\))\z/;
    return ($old =~ /([^\n]*)\z/)[0] ne ($new =~ /([^\n]*)\z/)[0] ? 'the indentation is wrong' : '';
}

# What is wrong in the files, as "file:line: what: the line".
sub faults {
    my @names = @_;
    open(my $pipe, '-|', 'clang-format', "--style=file:$style", '--output-replacements-xml', @names) or die "clang-format: $!\n";
    my ($name, $text, @found, %seen);
    while (<$pipe>) {
        if (/^<\?xml/) {
            $name = shift(@names);
            $text = read_file($name);
        }
        my ($offset, $length, $new) = /^<replacement offset='(\d+)' length='(\d+)'>(.*)<\/replacement>/ or next;
        $new =~ s/&(?:#(\d+)|(\w+));/defined($1) ? chr($1) : $entity{$2}/ge;
        # All blanks between two tokens, where the replacement may be some of them.
        my ($before, $old, $after) = (substr($text, 0, $offset), substr($text, $offset, $length), substr($text, $offset + $length));
        my ($left, $right) = ($before =~ s/([ \t\n]*)\z// ? $1 : '', $after =~ s/\A([ \t\n]*)// ? $1 : '');
        my $what = judge($before, "$left$old$right", "$left$new$right", $after) or next;
        my $nr = ($before =~ tr/\n//) + ("$left$old$right" =~ tr/\n//);
        my $line = (split(/\n/, $text))[$nr];
        push(@found, "$name:" . ($nr + 1) . ": $what: $line") unless $seen{"$name:$nr"}++ || grep { $line =~ $_ } @own_style;
    }
    close($pipe) or die "clang-format: status $?\n";
    is_deeply(\@names, [], 'clang-format has read all files');
    return @found;
}

is(join("\n", faults(@files)), '', 'the code is formatted as .clang-format has it');

my %declared = map { $_ => 1 } read_file('.clang-format') =~ /^  - (\w+)$/mg;
my @loops = map { read_file($_) =~ /^#define (\w*for_each\w*)\(/mg } @files;
is_deeply([ grep { !$declared{$_} } @loops ], [], '... which knows all macros that are loops');

# Each fault is found: a line of this program is as good as what stands behind it is bad.
my @bad = (
    [ "\tfree(a);",            "\t  free(a);",              'the indentation is wrong' ],
    [ "\tif (a)\n\t\tfree(a);", "\tif (a)\n\tfree(a);",     'the indentation is wrong' ],
    [ "\tif (a)",              "\tif(a)",                   'a blank is missing' ],
    [ "\ta = b + 1;",          "\ta = b+1;",                'a blank is missing' ],
    [ "\tfree(a);",            "\tfree( a);",               'a blank is too much' ],
    [ "\tchar *a;",            "\tchar * a;",               'a blank is too much' ],
    [ "\t} else {",            "\t}\n\telse {",             'else belongs behind the brace' ],
    [ "\tif (a) {",            "\tif (a)\n\t{",             'the brace belongs on the line before' ],
    [ "int f(char *b)\n{",     "int f(char *b) {",          'the brace belongs on a line of its own' ],
);
my $good = <<'END';
int f(char *b)
{
	char *a;

	if (a)
		free(a);
	if (a) {
		a = b;
	} else {
		a = b + 1;
	}
	a = b + 1;
	free(a);
	return 0;
}
END
is_deeply([ faults(write_file('good.c', $good)) ], [], 'a small program has no fault');
for (@bad) {
    my ($right, $wrong, $what) = @$_;
    my $found = join("\n", faults(write_file('bad.c', $good =~ s/^\Q$right\E/$wrong/mr)));
    like($found, qr/\A[^\n]*: \Q$what\E: [^\n]*\z/, '... and of these one: ' . $wrong =~ s/[\t\n]+/ /gr);
}

done_testing();
