#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What booting, pages, objects and mappings cost, beside Linux and beside what we mean to reach.
#
#    bench.pl run BUILD-DIRECTORY       measure twice, and print all tables
#    bench.pl check BUILD-DIRECTORY     measure twice, and compare with the committed figures
#    bench.pl update BUILD-DIRECTORY    measure twice, and make these the committed figures
#    bench.pl show [TABLE]...           print tables of the committed figures: all, or those of these names
#
# The directory holds kernels built with DEBUG=0: bare.bin, and with the benchmarks bench.bin, slub/bench.bin and
# slob/bench.bin. How instructions are counted says scripts/Bench.pm; how figures are kept, scripts/BenchFigures.pm.
#
# Exit status: 1 if the two runs differ, if a figure is above its target (run, check), or if one is worse than the committed
# one by more than 2 % (check).

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Bench;
use BenchFigures;

my $rows_file = "$FindBin::Bin/bench_rows.tsv";
my @reasons = read_reasons("$FindBin::Bin/bench_reasons.tsv");
my $figures_file = "$FindBin::Bin/bench_figures.tsv";
my @rows = read_rows($rows_file);
my @rams = (64, 256, 1024);
my @cpu_counts = (1, 2, 4);
my @allocators = qw(slab slub slob);
my @of_rams = map { "$_ MiB" } @rams;
my @of_cpus = map { $_ == 1 ? '1 CPU' : "$_ CPUs" } @cpu_counts;

# What each figure of a row is of, where a row has several.
my %columns = (
    (map { $_ => \@of_rams } qw(boot phase space)),
    (map { $_ => \@of_cpus } qw(contention slabrace)),
    (map { $_ => \@allocators } qw(slab slabspace)),
);

# --- Measuring ---

# Milestones of booting: the row since reset that they are; and phases, from one to another.
my %milestones = (mmu_on => 'MMU on', start_kernel => 'start_kernel()', memblock => 'memblock ready', bootmem => 'bootmem ready',
    zones => 'zones ready', buddy => 'buddy ready', slab => 'kmalloc ready');

sub measure_booting {
    my ($build, $figures) = @_;
    my @at = map { measure_boot("$build/bare.bin", $_) } @rams;
    for my $mark (keys(%milestones)) {
        $figures->{boot}{$milestones{$mark}} = [ map { instructions($_->{$mark}) } @at ];
    }
    for my $name (keys(%{+PHASES})) {
        my ($from, $to) = @{PHASES->{$name}};
        $figures->{phase}{$name} = [ map { instructions($_->{$to}) - instructions($_->{$from}) } @at ];
    }
    $figures->{space} = {
        'KiB taken after booting' => [ map { ($_->{present} - $_->{free}) * 4 } @at ],
        '    bytes for each page' => [ map { sprintf('%.1f', ($_->{present} - $_->{free}) * 4096 / $_->{present}) } @at ],
    };
    my ($text, $debugging) = mm_text($build);
    $figures->{bytes} = { 'struct page' => [ $at[0]{page} ], 'struct zone' => [ $at[0]{zone} ], 'text of mm/' => [$text],
        '    debugging, beside that' => [$debugging], image_sections("$build/bare.elf") };
}

# "image: .text" and so on => its size, if it takes memory.
sub image_sections {
    my ($elf) = @_;
    return map { /^\s+\[\s*\d+\]\s+(\S+)\s+\w+\s+[0-9a-f]{8}\s+[0-9a-f]+\s+([0-9a-f]+)\s+\S+\s+\w*A/ && hex($2)
        ? ("image: $1" => [ hex($2) ]) : () } tool('readelf', '-SW', $elf);
}

# Of several allocators: a row's figures side by side.
sub side_by_side {
    my ($section, @measured) = @_;
    for my $name (keys(%{$measured[0]})) {
        $section->{$name} = [ map { $_->{$name} // die "$name was not measured with all allocators\n" } @measured ];
    }
}

sub measure_allocators {
    my ($figures, @builds) = @_;
    my @cost = map { measure_operations($_, $rams[-1], 'slab') } @builds;
    for my $i (0 .. $#builds) {
        my $at = measure_boot("$builds[$i]/bench.bin", $rams[-1]);
        $cost[$i]{'kmem_cache_init()'} = instructions($at->{slab}) - instructions($at->{slab_init});
        my @races = map { measure_races($builds[$i], $rams[-1], 'slabrace', $_) } @cpu_counts;
        for my $name (keys(%{$races[0]})) {
            $figures->{slabrace}{"$name, $allocators[$i]"} = [ map { sprintf('%.1f', $_->{$name}{instructions}) } @races ];
        }
    }
    side_by_side($figures->{slab} = {}, @cost);
    side_by_side($figures->{slabspace} = {}, map { measure_space($_, $rams[-1]) } @builds);
}

sub measure_contention {
    my ($build, $section) = @_;
    my @races = map { measure_races($build, $rams[-1], 'contention', $_) } @cpu_counts;
    for my $name (keys(%{$races[0]})) {
        $section->{$name} = [ map { sprintf('%.1f', $_->{$name}{instructions}) } @races ];
        $section->{"$name, zone lock"} = [ map { sprintf('%.0f', 1000 * $_->{$name}{taken}) } @races ];
    }
}

# All figures, once.
sub measure {
    my ($build) = @_;
    my %figures;
    measure_booting($build, \%figures);
    for my $suite (qw(page vmalloc ioremap string tlb kmap)) {
        my $cost = measure_operations($build, $rams[-1], $suite);
        $figures{$suite} = { map { $_ => [ $cost->{$_} ] } keys(%$cost) };
    }
    measure_allocators(\%figures, $build, map { "$build/$_" } @allocators[1 .. $#allocators]);
    measure_contention($build, $figures{contention} = {});
    delete($figures{$_}{loop}) for keys(%figures);
    delete($figures{$_}{'loop of ' . KNOWN_LENGTH}) for keys(%figures);
    return \%figures;
}

# Every figure has a place in a table.
sub all_have_rows {
    my ($figures) = @_;
    my %known = map { ("$_->{section}: $_->{name}" => 1) } @rows;
    for my $section (keys(%$figures)) {
        my @unknown = grep { !$known{$_} } map { "$section: $_" } keys(%{$figures->{$section}});
        die "$rows_file has no row ", join(', ', @unknown), "\n" if @unknown;
    }
}

# All figures; another process measures them at the same time. Ends if the two do not agree.
sub measure_twice {
    my ($build) = @_;
    my $child = open(my $pipe, '-|') // die "fork: $!\n";
    if (!$child) {
        print figures_text(measure($build));
        exit(0);
    }
    my $one = measure($build);
    all_have_rows($one);
    my $other = parse_figures(map { s/\n//r } <$pipe>);
    close($pipe) or die "the second run failed\n";
    my @differ = differences($one, $other);
    return $one unless @differ;
    print "Two runs of the same kernels count differently:\n", map { "    $_\n" } @differ;
    exit(1);
}

# --- Tables ---

sub rows_of {
    my ($section) = @_;
    return grep { $_->{section} eq $section } @rows;
}

sub ours {
    my ($figures, $row) = @_;
    return @{$figures->{$row->{section}}{$row->{name}} // die "$row->{section}: $row->{name} was not measured\n"};
}

# The better of Linux's two.
sub linux {
    my ($row, $i) = @_;
    my @known = sort { $a <=> $b } grep { defined } map { $row->{$_}[$i] } qw(slub slab);
    return $known[0];
}

sub share {
    my ($ours, $linux) = @_;
    return '' unless $linux;
    my $percent = 100 * $ours / $linux;
    return sprintf($percent < 9.95 ? '%.1f %%' : '%.0f %%', $percent);
}

sub shown { return map { defined ? with_commas($_) : '' } @_ }

# A line for each operation. Of objects, that of the first allocator.
sub table_of_operations {
    my ($figures, $section, $title) = @_;
    row($title, 'Linux SLUB', 'Linux SLAB', 'at most', 'Pagewalk', 'of Linux');
    for my $row (rows_of($section)) {
        my ($ours) = ours($figures, $row);
        row($row->{name}, shown(map { $row->{$_}[0] } qw(slub slab most)), shown($ours), share($ours, linux($row, 0)));
    }
}

# The same where there is a floor, but no Linux.
sub table_of_floors {
    my ($figures, $section, $title) = @_;
    row($title, 'at least', 'at most', 'Pagewalk');
    row($_->{name}, shown($_->{least}[0], $_->{most}[0], ours($figures, $_))) for rows_of($section);
}

sub table_of_ours {
    my ($figures, $section, $title) = @_;
    row($title, 'Pagewalk');
    row($_->{name}, shown(ours($figures, $_))) for rows_of($section);
}

# A column for each size of machine, and under each row what is known of Linux and of our targets.
sub table_of_sizes {
    my ($figures, $section, $title) = @_;
    row($title, @of_rams);
    for my $row (rows_of($section)) {
        my @ours = ours($figures, $row);
        row($row->{name}, shown(@ours));
        row('    Linux', shown(@{$row->{slub}})) if @{$row->{slub}};
        row('    at most', shown(@{$row->{most}})) if @{$row->{most}};
        row('    of Linux', map { share($ours[$_], $row->{slub}[$_]) } 0 .. $#ours) if @{$row->{slub}};
    }
}

# Throughput is to be read as that of CPUs which run in parallel and have all done the same: see docs/pcp.md.
sub table_of_contention {
    my ($figures, $section, $title) = @_;
    row($title, @of_cpus);
    for my $row (rows_of($section)) {
        my @ours = ours($figures, $row);
        if ($row->{name} =~ /zone lock$/) {
            row('    zone lock, per 1000', @ours);
            next;
        }
        row($row->{name}, map { sprintf('%.0f', $_) } @ours);
        row('    throughput', map { sprintf('%.2f', $cpu_counts[$_] * $ours[0] / $ours[$_]) } 0 .. $#ours);
    }
}

# A column for each allocator, and one for targets, if there are any.
sub table_of_allocators {
    my ($figures, $section, $title) = @_;
    my @rows = rows_of($section);
    my @known = (qw(slub slab), (grep { @{$_->{most}} } @rows) ? 'most' : ());
    row($title, (map { +{ slub => 'Linux SLUB', slab => 'Linux SLAB', most => 'at most' }->{$_} } @known), @allocators);
    for my $row (@rows) {
        row($row->{name}, shown(map { $_->[0] } @$row{@known}), shown(ours($figures, $row)));
    }
}

# What the others take more for than the target, under the reason.
sub table_of_reasons {
    my ($figures) = @_;
    my @above = others_above(\@rows, $figures, @allocators);
    for my $reason (@reasons) {
        print "$reason->{allocator}: $reason->{why}\n";
        printf("    %-28s%8s, at most %s\n", $_->{name}, shown($_->{ours}), shown($_->{most})) for grep { is_reason_of($reason, $_) } @above;
    }
}

# Instructions of all CPUs for one operation: what the others' being there adds.
sub table_of_races {
    my ($figures, $section, $title) = @_;
    row($title, @of_cpus);
    my $last = '';
    for my $row (rows_of($section)) {
        my ($name, $allocator) = $row->{name} =~ /^(.*), (\w+)$/;
        print "$name\n" if $name ne $last;
        $last = $name;
        row("    $allocator", map { sprintf('%.0f', $_) } ours($figures, $row));
    }
}

# All tables by name: how each is made, of which section, and its title.
my @tables = (
    [ 'boot',       \&table_of_sizes,      'boot',       'Instructions since reset' ],
    [ 'phase',      \&table_of_sizes,      'phase',      'Instructions of a phase' ],
    [ 'page',       \&table_of_operations, 'page',       'Instructions, pages' ],
    [ 'slab',       \&table_of_operations, 'slab',       'Instructions, objects' ],
    [ 'vmalloc',    \&table_of_operations, 'vmalloc',    'Instructions, vmalloc area' ],
    [ 'ioremap',    \&table_of_operations, 'ioremap',    'Instructions, registers' ],
    [ 'kmap',       \&table_of_operations, 'kmap',       'Instructions, high memory' ],
    [ 'string',     \&table_of_floors,     'string',     'Copying and filling' ],
    [ 'tlb',        \&table_of_ours,       'tlb',        'TLB and address spaces' ],
    [ 'contention', \&table_of_contention, 'contention', 'All CPUs at once' ],
    [ 'allocators', \&table_of_allocators, 'slab',       'Instructions, by allocator' ],
    [ 'slabrace',   \&table_of_races,      'slabrace',   'All CPUs at once' ],
    [ 'reasons',    \&table_of_reasons,    'slab',       '' ],
    [ 'space',      \&table_of_sizes,      'space',      'Space' ],
    [ 'bytes',      \&table_of_operations, 'bytes',      'Bytes' ],
    [ 'slabspace',  \&table_of_allocators, 'slabspace',  'Bytes lost of an object' ],
);

sub print_tables {
    my ($figures, @wanted) = @_;
    my %known = map { $_->[0] => $_ } @tables;
    my $blank = '';
    for (@wanted ? @wanted : map { $_->[0] } @tables) {
        my (undef, $table, $section, $title) = @{$known{$_} // die "$0: no table $_; there are: @{[ map { $_->[0] } @tables ]}\n"};
        print $blank;
        $table->($figures, $section, $title);
        $blank = "\n";
    }
}

# --- Commands ---

# Return: the exit status.
sub tell_targets {
    my ($figures) = @_;
    my @above = (above_targets(\@rows, $figures), reasons_amiss([ others_above(\@rows, $figures, @allocators) ], @reasons));
    print "Above the target:\n", map { "    $_\n" } @above if @above;
    return @above ? 1 : 0;
}

sub check {
    my ($figures) = @_;
    my $status = tell_targets($figures);
    if (my $why = other_toolchain(toolchain_of($figures_file), this_toolchain())) {
        print "SKIPPED, not compared with the committed figures: $why\n";
        return $status;
    }
    my ($lines, $failed) = verdict(compare_figures(read_figures($figures_file), $figures, \%columns));
    print $lines;
    return $status || $failed;
}

sub build_directory {
    my ($build) = @_;
    die "usage: $0 run|check|update BUILD-DIRECTORY, or $0 show [TABLE]...\n" if !defined($build) || @_ != 1;
    for my $image ("$build/bare.bin", "$build/bench.bin", map { "$build/$_/bench.bin" } @allocators[1 .. $#allocators]) {
        die "$0: there is no $image: make bench builds it, with SLAB=slab\n" unless -r $image;
    }
    return $build;
}

my ($command, @arguments) = @ARGV;
$command //= '';
if ($command eq 'show') {
    print_tables(read_figures($figures_file), @arguments);
    exit(0);
}
my $build = $command =~ /^(run|check|update)$/ ? build_directory(@arguments) : build_directory();
my $figures = measure_twice($build);
if ($command eq 'run') {
    print_tables($figures);
    exit(tell_targets($figures));
}
exit(check($figures)) if $command eq 'check';
write_figures($figures_file, $figures, this_toolchain());
print "$figures_file has the figures of this tree. `make docs` brings them into the documents.\n";
exit(tell_targets($figures));
