#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Judges what was executed.
#
#    scripts/coverage.pl MERGED.json REASONS TABLE FILTERED.json
#
#    MERGED.json     what gcovr found, of all builds and runs
#    REASONS         what cannot or need not be reached, scripts/coverage-unreached.txt:
#                        FILE FUNCTION: why
#                        FILE FUNCTION return -ENOMEM: why
#                    with `sometimes` in front of FILE, where it is reached in some runs only
#    TABLE           lines and branches of each file; those of each directory are printed, too
#    FILTERED.json   MERGED.json without the branches of assertions, for gcovr's HTML pages
#
# An assertion, BUG_ON() or VM_BUG_ON(), has a branch for each part of its condition that is there to be never taken.
# The total is given with them and without; the latter counts.
#
# Fails if a total is below its floor; if a line that returns NULL or -E... in mm/ is not reached, and has no reason of
# its own; and if a reason is there for something that is reached. Other lines without a reason are listed.

use strict;
use warnings;
use JSON::PP;

my %floor = (lines => 95, branches => 85);
my $assertion = qr/^\s*(?:VM_)?BUG_ON\(/;
my $refusal = qr/^\s*(return (?:NULL|-E\w+|ERR_PTR\(-E\w+\)));/;

@ARGV == 4 or die "usage: $0 MERGED.json REASONS TABLE FILTERED.json\n";
my ($merged, $reasons, $table, $filtered) = @ARGV;

sub read_lines {
    my ($path) = @_;
    open(my $file, '<', $path) or die "$path: $!\n";
    return readline($file);
}

# What has a reason: {"FILE FUNCTION"} or {"FILE FUNCTION return ..."}.
sub read_reasons {
    my %excused;
    for (grep { !/^(#|$)/ } read_lines($reasons)) {
        my ($sometimes, $what, $why) = /^(sometimes )?(\S+ \w+(?: return \S+)?): +(\S.*)$/ or die "$reasons: what is this? $_";
        die "$reasons: $what is there twice\n" if $excused{$what};
        $excused{$what} = { sometimes => $sometimes };
    }
    return \%excused;
}

sub share {
    my ($reached, $of) = @_;
    return $of ? 100 * $reached / $of : 100;
}

# FILE of it, lines, reached, %, branches, reached, %.
sub row {
    my ($name, $count) = @_;
    return sprintf("%-28s %7d %8d %6.1f %9d %8d %6.1f\n", $name,
        map { ($count->{$_}, $count->{"$_ reached"}, share($count->{"$_ reached"}, $count->{$_})) } qw(lines branches));
}

sub heading {
    return sprintf("%-28s %7s %8s %6s %9s %8s %6s\n", $_[0], 'lines', 'reached', '%', 'branches', 'reached', '%');
}

my $report = decode_json(join('', read_lines($merged)));
my $excused = read_reasons();
my (%sum, %unexplained, @rows);

# What is not reached and has no reason is noted in %unexplained, what has one in its reason.
sub judge_line {
    my ($path, $function, $number, $text, $reached) = @_;
    my $what = "$path $function";
    $what .= " $1" if $path =~ /^mm\// && $text =~ $refusal;
    if (my $reason = $excused->{$what}) {
        $reason->{needed} ||= !$reached;
    } elsif (!$reached) {
        push(@{$unexplained{$what}}, $number);
    }
}

for my $file (sort { $a->{file} cmp $b->{file} } @{$report->{files}}) {
    my $path = $file->{file};
    my ($directory) = $path =~ /^(.*)\//;
    my @text = read_lines($path);
    my @functions = sort { $a->{lineno} <=> $b->{lineno} } @{$file->{functions}};
    my (%count, $function);

    for my $line (sort { $a->{line_number} <=> $b->{line_number} } @{$file->{lines}}) {
        my $number = $line->{line_number};
        my $text = $text[$number - 1] // '';
        my @branches = @{$line->{branches}};
        next if $line->{'gcovr/noncode'} || $line->{'gcovr/excluded'};
        $function = shift(@functions)->{name} while @functions && $functions[0]{lineno} <= $number;
        judge_line($path, $function // '-', $number, $text, $line->{count} > 0);
        my %found = (lines => 1, 'lines reached' => $line->{count} > 0,
            'all branches' => scalar(@branches), 'all branches reached' => scalar(grep { $_->{count} > 0 } @branches));
        @branches = @{$line->{branches} = []} if $text =~ $assertion;
        $found{branches} = @branches;
        $found{'branches reached'} = grep { $_->{count} > 0 } @branches;
        for my $name (keys %found) {
            $_->{$name} += $found{$name} for \%count, $sum{$directory} //= {}, $sum{total} //= {};
        }
    }
    push(@rows, row($path, \%count)) if $count{lines};
}

open(my $out, '>', $table) or die "$table: $!\n";
print $out heading('file'), @rows, row('all', $sum{total});
close($out) or die "$table: $!\n";
open($out, '>', $filtered) or die "$filtered: $!\n";
print $out encode_json($report);
close($out) or die "$filtered: $!\n";

my $total = delete $sum{total};
print heading('directory'), (map { row($_, $sum{$_}) } sort keys %sum), row('all', $total);
printf("With assertions, %d of %d branches, %.1f %%.\n", @$total{'all branches reached', 'all branches'},
    share(@$total{'all branches reached', 'all branches'}));

my @errors;
for my $what (sort keys %unexplained) {
    my ($path, $function) = split(/ /, $what, 2);
    my $gap = "$path:" . join(',', @{$unexplained{$what}}) . ": $function: not reached, and $reasons does not say why";
    if ($function =~ / return /) {
        push(@errors, $gap);
    } else {
        print "$gap\n";
    }
}
for my $what (sort keys %$excused) {
    push(@errors, "$reasons: $what: is reached") unless $excused->{$what}{needed} || $excused->{$what}{sometimes};
}
for my $kind (qw(lines branches)) {
    my $reached = share($total->{"$kind reached"}, $total->{$kind});
    push(@errors, sprintf('%.1f %% of %s is less than %d %%', $reached, $kind, $floor{$kind})) if $reached < $floor{$kind};
}
print STDERR "$_\n" for @errors;
exit(@errors ? 1 : 0);
