#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# A kernel that checks for what is undefined in C (make SAN=ubsan, what-tests-need builds it): each operation that
# tests/kernel/ubsan_test.c does wrong on purpose is reported once, with its line and the words that stand behind it
# there; and nothing else is: all suites pass, on small machines that have all that large ones have.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $image = build_path('ubsan/kernel.bin');
plan skip_all => 'no SAN=ubsan kernel was built' unless -e $image;

my $source = 'tests/kernel/ubsan_test.c';
my $border = '={80}';

# The reports in a log, each as its first line and its second, without columns and addresses; '' for those without
# a call chain that leads to the runner.
sub reports {
    my ($log) = @_;
    my @found;
    while ($log =~ /^$border\nUBSAN: (\S+) in (\S+:\d+):\d+\n(.*)\n((?:.*\n)*?)$border\n/mg) {
        my ($what, $place, $values, $rest) = ($1, $2, $3, $4);
        $values =~ s/address \K[0-9a-f]{8}/<address>/;
        push(@found, $rest =~ /\ACall trace:\n\[<[0-9a-f]{8}>\] \(\w+\+.*\n(?:.*\n)*.* from .* \(run_\w+\+/
            ? "$place: $what: $values" : '');
    }
    return @found;
}

my @planted;
my $line = 0;
for (split(/\n/, read_file($source))) {
    $line++;
    push(@planted, "$source:$line: $1") if m{;\s+/\* ([a-z-]+: .*) \*/$};
}
cmp_ok(scalar(@planted), '>', 20, 'many operations are wrong on purpose');

# On two machines: a small one, with all suites; and one with high memory, CPUs and nodes, where allocators check themselves.
for ([ { ram => 16 }, 'test=all' ],
    [ { ram => 40, cpus => 2, qemu => in_turns() }, join(' ', 'test=ubsan,slab,pcp,numa,vmalloc,page_debug,misuse,slab_misuse', low_border(), 'numa=fake=2 page_owner=1 slab_debug=FZPC') ]) {
    my ($options, $append) = @$_;
    my $run = boot(%$options, image => $image, append => $append);
    self_tests_pass($run, "$options->{ram} MiB, $append");
    my @found = reports($run->{output});
    is_deeply([ sort(@found) ], [ sort(@planted) ], '... and what is wrong on purpose is reported as it should be, nothing else');
    is(() = $run->{output} =~ /^UBSAN: /mg, scalar(@found), '... and no report is cut short');
}

done_testing();
