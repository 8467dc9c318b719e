# SPDX-License-Identifier: MIT
#
# The figures of `make bench`: how they are kept, and compared.
#
#    scripts/bench_rows.tsv       what rows there are, beside what of Linux's, and our targets; written by hand
#    scripts/bench_figures.tsv    what this tree takes, as `make bench-update` measured it: the committed figures
#
# Figures are $figures->{SECTION}{ROW} = [ numbers ]: one, or one for each size, each number of CPUs, each allocator. Of all
# of them less is better.

package BenchFigures;

use strict;
use warnings;
use Exporter qw(import);
use FindBin;

our @EXPORT = qw(read_rows read_figures write_figures parse_figures figures_text differences compare_figures verdict above_targets
    read_reasons others_above is_reason_of reasons_amiss
    this_toolchain toolchain_of other_toolchain);

# What a figure may differ by before it is told. Where CPUs wait for each other, any change has them meet in other places, so
# that the figures of several CPUs wander.
use constant { LIMIT_PERCENT => 2, LIMIT_OF_SEVERAL_CPUS => 20 };
my %races = map { $_ => 1 } qw(contention slabrace);

sub slurp_lines {
    my ($file) = @_;
    open(my $in, '<', $file) or die "$file: $!\n";
    chomp(my @lines = <$in>);
    return @lines;
}

# The rows in their order: hashes with section, name, and lists slub, slab, most, least.
sub read_rows {
    my ($file) = @_;
    my @rows;
    for (slurp_lines($file)) {
        next if /^(#|$)/;
        my ($section, $name, @columns) = split(/\t/, $_, -1);
        die "$file: no row: $_\n" if !defined($name) || @columns > 4;
        my %row = (section => $section, name => $name);
        @row{qw(slub slab most least)} = map { [ split(/ /, $_ // '') ] } @columns[0 .. 3];
        push(@rows, \%row);
    }
    return @rows;
}

sub parse_figures {
    my %figures;
    for (@_) {
        next if /^(#|$)/;
        my ($section, $name, $numbers) = split(/\t/);
        die "no figure: $_\n" unless defined($numbers) && $numbers =~ /^[\d.]+( [\d.]+)*$/;
        $figures{$section}{$name} = [ split(/ /, $numbers) ];
    }
    return \%figures;
}

sub figures_text {
    my ($figures) = @_;
    return join('', map { my $section = $_;
        map { "$section\t$_\t@{$figures->{$section}{$_}}\n" } sort(keys(%{$figures->{$section}})) } sort(keys(%$figures)));
}

# --- With what they were made ---

# A later GCC makes other code, another QEMU may count a wait differently. Patch levels do neither.
sub this_toolchain {
    my ($gcc) = split(/\n/, qx(@{[ $ENV{CROSS_COMPILE} // 'arm-none-eabi-' ]}gcc --version 2>/dev/null));
    my ($qemu) = qx(@{[ $ENV{QEMU} // 'qemu-system-arm' ]} --version 2>/dev/null) =~ /version (\d+\.\d+)/;
    return { compiler => $gcc // 'none', emulator => 'QEMU ' . ($qemu // 'none') };
}

sub toolchain_of {
    my ($file) = @_;
    my %toolchain = map { /^# (compiler|emulator): (.*)$/ ? ($1, $2) : () } slurp_lines($file);
    return \%toolchain;
}

# Why figures made with @$a are not to be compared with those made with @$b; undef if they are.
sub other_toolchain {
    my ($a, $b) = @_;
    my @other = grep { ($a->{$_} // '') ne ($b->{$_} // '') } qw(compiler emulator);
    return unless @other;
    return join('; ', map { "$_ is $b->{$_}, the committed figures were made with $a->{$_}" } @other);
}

sub read_figures {
    my ($file) = @_;
    return parse_figures(slurp_lines($file));
}

sub write_figures {
    my ($file, $figures, $toolchain) = @_;
    open(my $out, '>', $file) or die "$file: $!\n";
    print $out "# What the rows of `make bench` take in this tree. Written by `make bench-update`, compared by `make bench-check`.\n",
        "#\n", map({ "# $_: $toolchain->{$_}\n" } qw(compiler emulator)), "#\n# section\trow\tfigures\n", figures_text($figures);
    close($out) or die "$file: $!\n";
}

# --- Comparing ---

# "page: GFP_KERNEL pair"; of several figures, which, if that is known.
sub label {
    my ($section, $name, $i, $columns) = @_;
    return "$section: $name" . ($columns ? " ($columns->[$i])" : '');
}

# The rows in which two runs of the same differ, in words.
sub differences {
    my ($one, $other) = @_;
    my @differ;
    my %sections = map { $_ => 1 } keys(%$one), keys(%$other);
    for my $section (sort(keys(%sections))) {
        my %names = map { $_ => 1 } keys(%{$one->{$section} // {}}), keys(%{$other->{$section} // {}});
        for my $name (sort(keys(%names))) {
            my ($a, $b) = map { "@{$_->{$section}{$name} // ['nothing']}" } $one, $other;
            push(@differ, "$section: $name: $a in one run, $b in the other") if $a ne $b;
        }
    }
    return @differ;
}

# How much more @new is than @old, in percent.
sub percent_more {
    my ($old, $new) = @_;
    return $new == 0 ? 0 : 9**9**9 if $old == 0;
    return 100 * ($new - $old) / $old;
}

sub limit_of {
    my ($section, $i) = @_;
    return $races{$section} && $i > 0 ? LIMIT_OF_SEVERAL_CPUS : LIMIT_PERCENT;
}

# Committed figures and new ones: what is worse by more than the limit, what is better by more, and what only one of them has.
# @$columns: for sections whose rows have several figures, what each is of. Return: { worse, better, gone, new }, lists of lines.
sub compare_figures {
    my ($old, $new, $columns) = @_;
    my %found = map { $_ => [] } qw(worse better gone new);
    for my $section (sort(keys(%$old))) {
        for my $name (sort(keys(%{$old->{$section}}))) {
            my ($was, $is) = map { $_->{$section}{$name} } $old, $new;
            if (!$is || @$is != @$was) {
                push(@{$found{gone}}, "$section: $name: @$was, now " . ($is ? "@$is" : 'not measured'));
                next;
            }
            for my $i (0 .. $#$was) {
                my $more = percent_more($was->[$i], $is->[$i]);
                next if abs($more) <= limit_of($section, $i);
                push(@{$found{$more > 0 ? 'worse' : 'better'}}, sprintf('%s: %s, was %s (%+.1f %%)',
                    label($section, $name, $i, @$was > 1 ? $columns->{$section} : undef), $is->[$i], $was->[$i], $more));
            }
        }
    }
    for my $section (sort(keys(%$new))) {
        push(@{$found{new}}, map { "$section: $_: @{$new->{$section}{$_}}" } grep { !$old->{$section}{$_} } sort(keys(%{$new->{$section}})));
    }
    return \%found;
}

# What compare_figures() found as lines to print, and whether it is a failure.
sub verdict {
    my ($found) = @_;
    my @parts = (
        [ 'worse',  'Worse than the committed figures:' ],
        [ 'gone',   'Committed, but not measured any more:' ],
        [ 'new',    'Measured, but not committed:' ],
        [ 'better', 'Better than the committed figures, which is no failure:' ],
    );
    my $text = '';
    for (@parts) {
        my ($kind, $title) = @$_;
        $text .= join('', "$title\n", map { "    $_\n" } @{$found->{$kind}}) if @{$found->{$kind}};
    }
    my $failed = @{$found->{worse}} || @{$found->{gone}} || @{$found->{new}};
    $text .= "If that is meant, `make bench-update` makes the new figures the committed ones.\n" if $text ne '';
    return ($text, $failed ? 1 : 0);
}

# Rows whose figure is above its target, in words. Where figures are of several allocators, but one has a target, it is that
# of the first.
sub above_targets {
    my ($rows, $figures) = @_;
    my @above;
    for my $row (@$rows) {
        my $ours = $figures->{$row->{section}}{$row->{name}} // next;
        my $most = $row->{most};
        push(@above, map { "$row->{section}: $row->{name}: $ours->[$_], at most $most->[$_]" }
            grep { $ours->[$_] > $most->[$_] } 0 .. $#$most);
    }
    return @above;
}

# --- Rows above their targets for a reason ---

# Of allocators other than the first: hashes with allocator, pattern, why.
sub read_reasons {
    my ($file) = @_;
    return map { my %reason; @reason{qw(allocator pattern why)} = split(/\t/); die "$file: no reason: $_\n" unless $reason{why}; \%reason }
        grep { !/^(#|$)/ } slurp_lines($file);
}

# What allocators but the first take more for than the target of a row of section slab: hashes with allocator, name, ours, most.
sub others_above {
    my ($rows, $figures, @allocators) = @_;
    my @above;
    for my $row (grep { $_->{section} eq 'slab' && @{$_->{most}} } @$rows) {
        my $ours = $figures->{slab}{$row->{name}} // next;
        push(@above, map { { allocator => $allocators[$_], name => $row->{name}, ours => $ours->[$_], most => $row->{most}[0] } }
            grep { $ours->[$_] > $row->{most}[0] } 1 .. $#$ours);
    }
    return @above;
}

sub is_reason_of {
    my ($reason, $above) = @_;
    return $reason->{allocator} eq $above->{allocator} && $above->{name} =~ /^(?:$reason->{pattern})$/;
}

# Of these, those without a reason; and reasons of none of them; in words.
sub reasons_amiss {
    my ($above, @reasons) = @_;
    my @amiss;
    for my $row (@$above) {
        push(@amiss, "$row->{allocator}: $row->{name}: $row->{ours}, at most $row->{most}, and no reason why")
            if !grep { is_reason_of($_, $row) } @reasons;
    }
    for my $reason (@reasons) {
        push(@amiss, "$reason->{allocator}: $reason->{pattern}: a reason, but no row is above its target for it")
            if !grep { is_reason_of($reason, $_) } @$above;
    }
    return @amiss;
}

1;
