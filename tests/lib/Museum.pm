# SPDX-License-Identifier: MIT
#
# The tests of the bug museum: each bug is switched on, and must be caught by the tool that is for it.
#
#    use Museum;
#    exhibits('tlb');        # all of that section of tests/museum/exhibits.txt, which says how it is written
#
# For each: the run passes without the bug and says nothing of what is to be said with it; with the bug it fails,
# and says that; and docs/museum.md quotes what it says (blocks behind <!-- museum: NAME -->, line by line, figures
# aside). What runs print is kept in build/bugs/logs, from which update_docs() fills these blocks.

package Museum;

use strict;
use warnings;
use Exporter qw(import);
use IO::Select;
use Pagewalk;
use Test::More;

our @EXPORT = qw(exhibits);

use constant { TABLE => 'tests/museum/exhibits.txt', CHAPTER => 'docs/museum.md', SHOWN_LINES => 10, HANGS_AFTER => 300, SILENCE => 10 };

# The names and titles of include/kernel/bugs.h, in its order: [NAME, title] each.
sub bugs {
    return map { [/X\((\w+),\s*"(.*?)"\)/] } grep { /^\tX\(\w+,/ } split(/\n/, read_file('include/kernel/bugs.h'));
}

# The table: section, name, and what stands in it under a key, of which caught may be there several times. Of a name that
# comes back, the id says so.
sub table {
    my (@exhibits, $section, %seen);
    for (split(/\n/, read_file(TABLE))) {
        next if /^#|^$/;
        if (/^== (\w+)$/) {
            $section = $1;
        } elsif (/^\[(\w+)\]$/) {
            push(@exhibits, { section => $section, name => $1, id => $1 . ($seen{$1}++ ? '-again' : ''), caught => [] });
        } elsif (/^caught: +(\S.*)$/) {
            push(@{$exhibits[-1]{caught}}, $1);
        } elsif (/^(board|kasan|unseen|host|code): +(\S.*)$/) {
            $exhibits[-1]{$1} = $2;
        } else {
            die TABLE . ": not understood: $_\n";
        }
    }
    return @exhibits;
}

# A run on the board, described by words: ram=64 cpus=2 in_turns, the others are the command line. What a bug makes wait for
# ever is not waited for: with the lines that catch it there, and then silence, the board is stopped.
sub on_board {
    my ($image, $words, $bug, @caught) = @_;
    my (%option, @append);
    for (split(/ /, $words)) {
        if (/^(ram|cpus)=(\d+)$/) {
            $option{$1} = $2;
        } elsif ($_ eq 'in_turns') {
            $option{qemu} = in_turns();
        } else {
            push(@append, $_);
        }
    }
    push(@append, "bug=$bug") if $bug;
    my $board = start(%option, image => build_path($image), append => "batch @append");
    return $board->finish unless @caught;
    my $console = IO::Select->new($board->{from});
    while (1) {
        if ($console->can_read(SILENCE)) {
            $board->read_more or return $board->finish;
        } elsif (!defined missing($board->{output}, @caught)) {
            return $board->stop;
        }
    }
}

# Compiles a text instead of a file of the kernel, with the same flags, but without debugging information. Return: success.
sub compile {
    my ($source, $text, $object) = @_;
    my ($room, $base) = $source =~ m{(.*/)([^/]+)$};
    my $copy = "$object.c";
    open(my $file, '>', $copy) or die "$copy: $!\n";
    print {$file} qq(#line 1 "$source"\n$text);
    close($file);
    my ($build, $target) = (build_dir(), build_path($source) =~ s/\.c$/.o/r);
    my ($command) = grep { / -c \Q$source\E / } split(/\n/, qx(make -n V=1 O=$build -W $source $target 2>/dev/null));
    die "make has no command for $source\n" unless $command;
    $command =~ s/ -MMD -MP -c \Q$source\E -o \S+/ -g0 -I$room -c $copy -o $object/;
    my $failed = system($command);
    unlink($copy);
    return $failed == 0;
}

# The command that shows a bug, as the chapter has it.
sub command {
    my ($exhibit) = @_;
    my ($name, $part) = split(/ /, $exhibit->{host} // '', 2);
    return "scripts/barriers.pl build/bugs/$exhibit->{name}.o" if $exhibit->{code};
    return "BUG=$exhibit->{name} build/bugs/host/$name SEED=1" . ($part ? " '$part'" : '') if $name;
    my (@knobs, @append);
    for (split(/ /, $exhibit->{board} // $exhibit->{kasan})) {
        push(@knobs, uc($1) . "=$2") if /^(ram|cpus)=(\d+)$/;
        push(@knobs, "QEMUFLAGS='@{in_turns()}'") if $_ eq 'in_turns';
        push(@append, $_) unless /^(ram|cpus)=|^in_turns$/;
    }
    unshift(@knobs, 'SAN=kasan O=build/bugs/kasan') if $exhibit->{kasan};
    return "make run BUGS=1 @knobs CMDLINE='@append bug=$exhibit->{name}'";
}

# A run of a host test: its name, and the part of a sentence that chooses among its tests.
sub on_host {
    my ($words, $bug) = @_;
    my ($name, $part) = split(/ /, $words, 2);
    my $run = output_of(($bug ? "BUG=$bug " : '') . 'timeout ' . HANGS_AFTER . ' ' . build_path("bugs/host/$name") . ' SEED=1'
        . ($part ? " '$part'" : ''));
    $run->{output} =~ s{(?:\.\./)+|\btests/host/(?=\w+\.c)}{}g;    # a compiler cache compiles from elsewhere
    return $run;
}

# The machine code of a file in which no bug, or this one, is compiled in.
sub in_code {
    my ($source, $bug) = @_;
    my $object = build_path('bugs/' . ($bug // 'none') . '.o');
    my $text = read_file($source);
    $text =~ s/\bbug\($bug\)/1/g if $bug;
    compile($source, $text, $object) or die "$source does not compile\n";
    return output_of("scripts/barriers.pl $object");
}

sub output_of {
    my ($command) = @_;
    my $output = qx($command 2>&1);
    return { output => $output, errors => '', status => $? >> 8, command => $command };
}

sub run {
    my ($exhibit, $bug) = @_;
    return in_code($exhibit->{code}, $bug) if $exhibit->{code};
    return on_host($exhibit->{host}, $bug) if $exhibit->{host};
    my ($image, $words) = $exhibit->{board} ? ('bugs/kernel.bin', $exhibit->{board}) : ('bugs/kasan/kernel.bin', $exhibit->{kasan});
    return on_board($image, $words, $bug, $bug ? @{$exhibit->{caught}} : ());
}

# The first of the patterns that no line matches behind those that match the ones before; undef if all do.
sub missing {
    my ($text, @patterns) = @_;
    my $from = 0;
    for my $pattern (@patterns) {
        return $pattern if substr($text, $from) !~ /$pattern.*/m;
        $from += $+[0];
    }
    return;
}

# A line without its figures.
sub masked {
    my ($line) = @_;
    $line =~ s/\bpfn:[0-9a-f]+\b|\b0x[0-9a-f]+\b|\b[0-9a-f]{8}\b|\d+/#/g;
    $line =~ s/ +/ /g;
    return $line;
}

# What the chapter quotes of a bug: the command, and lines of what it prints, without the dots for those left out.
sub quoted {
    my ($chapter, $id) = @_;
    my ($command, $body) = $chapter =~ /^<!-- museum: $id -->\n```\n(?:\$ ([^\n]*)\n)?(.*?)^```$/ms;
    return ($command // '', grep { $_ ne '...' } split(/\n/, $body // ''));
}

# Where lines stand in a log, one behind the other. Return: the lines of the log; or the one that is not there.
sub find_lines {
    my ($log, @lines) = @_;
    my @left = split(/\n/, $log);
    my @found;
    for my $line (@lines) {
        shift(@left) while @left && masked($left[0]) ne masked($line);
        return (undef, $line) unless @left;
        push(@found, shift(@left));
    }
    return (\@found, undef);
}

my %healthy;    # how it is run -> the run without a bug

sub exhibit {
    my ($exhibit) = @_;
    my ($name, $id) = @$exhibit{qw(name id)};
    if ($exhibit->{host} && $exhibit->{host} =~ /^(\w+)/ && !-x build_path("bugs/host/$1")) {
        return ok(1, "$id # SKIP host tests are not built here");
    }
    my $well = $healthy{join(' ', map { "$_: $exhibit->{$_}" } grep { $exhibit->{$_} } qw(board kasan host code))} //= run($exhibit);
    my $ill = run($exhibit, $name);
    mkdir(build_path('bugs/logs'));
    for (['', $well], ['.log', $ill]) {
        open(my $file, '>', build_path("bugs/logs/$id") . ($_->[0] || '.well')) or die "$id: $!\n";
        print {$file} $_->[1]{output};
        close($file);
    }
    is($well->{status}, 0, "$id: without it all is well") or diag_run($well);
    is_deeply([ grep { $well->{output} =~ /$_/m } @{$exhibit->{caught}} ], [], '... and nothing is said');
    isnt($ill->{status}, 0, '... with it something fails') or diag_run($ill);
    is(missing($ill->{output}, @{$exhibit->{caught}}), undef, '... namely what is to find it') or diag_run($ill);
    is(on_board('bugs/kernel.bin', $exhibit->{unseen}, $name)->{status}, 0, '... and nothing else does') if $exhibit->{unseen};
    my ($command, @lines) = quoted(read_file(CHAPTER), $id);
    is($command, command($exhibit), '... by the command in the chapter');
    ok(@lines > 0, '... which quotes it');
    is((find_lines($ill->{output}, @lines))[1], undef, '... as it is') or diag_run($ill);
}

sub exhibits {
    my ($section) = @_;
    my @exhibits = grep { $_->{section} eq $section } table();
    die "no section $section\n" unless @exhibits;
    exhibit($_) for @exhibits;
    done_testing();
}

# What only the run with the bug says, the first lines of it.
sub symptom {
    my ($id) = @_;
    my %said = map { masked($_) => 1 } split(/\n/, read_file(build_path("bugs/logs/$id.well")));
    my @new = grep { !$said{masked($_)} && !/^bug=|^Kernel command line|^# repeat|^-+\[ cut here|^(pc|sp|r\d+) *:/ } split(/\n/, read_file(build_path("bugs/logs/$id.log")));
    splice(@new, SHOWN_LINES) if @new > SHOWN_LINES;
    return @new;
}

# Bring the figures of what the chapter quotes up to date, and fill blocks that are empty.
sub update_docs {
    my $chapter = read_file(CHAPTER);
    for my $exhibit (table()) {
        my $id = $exhibit->{id};
        my ($command, @lines) = quoted($chapter, $id);
        my ($found) = find_lines(read_file(build_path("bugs/logs/$id.log")), @lines);
        die "$id: the run does not say what the chapter quotes\n" unless $found;
        my @new = @lines ? @$found : symptom($id);
        $command = command($exhibit);
        $chapter =~ s{^(<!-- museum: $id -->\n```\n)(?:\$ [^\n]*\n)?(.*?)^```$}{
            my ($head, $body) = ($1, $2);
            $body = "x\n" x @new if $body eq '';
            "$head\$ $command\n" . join('', map { ($_ eq '...' ? $_ : shift(@new)) . "\n" } split(/\n/, $body)) . '```'
        }mse or die "$id: no block for it\n";
    }
    open(my $file, '>', CHAPTER) or die CHAPTER . ": $!\n";
    print {$file} $chapter;
    close($file);
}

1;
