#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# bench=frag: the same figures in every run, and differences between the policies that no change of the kernel's
# size hides.

use strict;
use warnings;
use List::Util qw(sum);
use Pagewalk;
use Test::More;

# What the board says under a policy, and of its figures those of one load, seed by seed.
sub frag {
    my ($policy) = @_;
    my $run = boot(ram => 64, append => "batch test=none bench=frag fallback=$policy");
    is($run->{status}, 0, "$policy: the machine ends well");
    my @lines = $run->{output} =~ /^(# frag .*)$/mg;
    is(shift(@lines) =~ /^# frag policy (\S+) zone Normal pages \d+$/ ? $1 : '', $policy, '... and says what it does');
    my $point = qr{\d+/\d+ \d\.\d{3}};
    my $counts = qr{requests \d+ failed \d+ fallbacks \d+ claims \d+ pageblocks \d+ unmovable \d+ mixed \d+};
    is(scalar(grep { m{^# frag \w+ \d+% seed \d $counts load $point quiet $point rest $point$} } @lines), 12,
        '... with figures for four loads and three seeds');
    return @lines;
}

sub total { my ($name, @lines) = @_; return sum(map { /\b$name (\d+)/ ? $1 : die "no $name: $_\n" } @lines) }
sub steady { return grep { /^# frag steady 75%/ } @_ }

my @split = frag('split');
is_deeply([ frag('split') ], \@split, 'two runs print the same figures');
my @exact = frag('steal-exact');
my @none = frag('nogroup');

cmp_ok(total('unmovable', steady(@split)), '<', total('unmovable', steady(@exact)) / 2,
    'split keeps unmovable pages together, steal-exact spreads them');
cmp_ok(total('rest', steady(@split)), '>', 2 * total('rest', steady($_ == 0 ? @exact : @none)),
    'what is left of unmovable pages leaves more large blocks under split than under ' . ('steal-exact', 'nogroup')[$_])
    for 0, 1;
is(total('fallbacks', @none), 0, 'without grouping nothing comes from another type');

my $wrong = boot(ram => 64, append => 'batch test=none fallback=worst');
like($wrong->{output}, qr/^pageblock: the policy 'worst' is neither split, steal-exact nor nogroup$/m,
    'a policy that does not exist is named');

done_testing();
