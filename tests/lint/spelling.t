#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# codespell finds no wrong word in code and documents, but for ours that look like one.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

# Bits of CP15's registers; Linux's name of a page flag; of Perl's Test::More; the beginning of
# a word; "in" behind a \n.
my @ours = qw(afe tre uptodate isnt alph nin);

my @files = grep { -f && !m{\.(?:png|svg)$|^tests/corpus/} } split(/\0/, qx(git ls-files -z 2>/dev/null));
plan skip_all => 'not a git repository' unless @files;

sub misspelt {
    my @names = @_;
    open(my $pipe, '-|', 'codespell', '-L', join(',', @ours), @names) or die "codespell: $!\n";
    local $/;
    my $found = <$pipe>;
    close($pipe);
    return $found;
}

is(misspelt(@files), '', 'all words are spelt as they should be');

my $scratch = tempdir(CLEANUP => 1);
open(my $file, '>', "$scratch/text") or die "$scratch/text: $!\n";
print $file "What was allo" . "caed is found.\n";
close($file);
like(misspelt("$scratch/text"), qr/==> allocated/, '... and one that is not would be found');

done_testing();
