#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Keeps what the documents quote equal to what a run prints.
#
#    listings.pl FILE.md...            compare, print TAP
#    listings.pl --update FILE.md...   run the commands and write what they print
#
# A quotation is a comment with a command, then a fenced block:
#
#    <!-- listing: scripts/qemu.sh batch --ram 64 --append "batch test=none" -->
#    ```
#    mem_map: ...
#    ...
#    ```
#
# The command runs in the project's root by sh, once for all blocks that quote it, without standard input. Its
# status must be 0, or 1, with which a machine ends that died on purpose. With "listing[PATTERN]:" only those
# lines of what it prints count that match the Perl pattern; blanks at the end of a line never do.
#
# A block quotes all of the lines, or runs of them: a line of three dots stands for any number of lines left
# out. --update fills an empty block, or one without dots, with all lines; where there are dots, each run keeps
# its length, and is found again by what it says beside its figures.
#
# Figures depend on the compiler: if it is not the one that docs/toolchain.txt names, they are not compared. They
# are those of a kernel that plain `make` builds; for another one nothing is compared at all.

use strict;
use warnings;
use FindBin;
use List::Util qw(max min);

use constant { TIME_LIMIT => 1800, DOTS => '...' };

my $toolchain_file = 'docs/toolchain.txt';
my $listing = qr{
    ^<!--\ listing (?:\[(?<pattern>[^\n]*?)\])? :\ (?<command>[^\n]*?) \ -->\n
    (?<fence>```\w*\n) (?<body>(?:(?!```)[^\n]*\n)*) ```$
}mx;
my %output;    # command -> what it printed, or a reason why not

chdir("$FindBin::Bin/..") or die "$0: cannot go to the project's root: $!\n";
my $update = @ARGV && $ARGV[0] eq '--update' ? shift : 0;
die "usage: $0 [--update] FILE.md...\n" unless @ARGV;

sub slurp {
    my ($file) = @_;
    open(my $in, '<', $file) or return;
    local $/;
    return scalar <$in>;
}

sub spew {
    my ($file, $text) = @_;
    open(my $out, '>', $file) or die "$0: $file: $!\n";
    print $out $text;
    close($out) or die "$0: $file: $!\n";
}

sub toolchain {
    my $cc = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . 'gcc';
    my ($first) = split(/\n/, `$cc --version 2>/dev/null` // '');
    return ($first // 'none') . "\n";
}

# Why the kernel in build/ is not the one that the documents quote; undef if it is.
sub other_kernel {
    return 'it was built elsewhere' if ($ENV{PAGEWALK_BUILD} // 'build') ne 'build';
    return 'it has no debug checks' if (slurp('build/flags') // '') =~ /CONFIG_DEBUG_VM=0/;
    return;
}

# Runs a command. Return: { text => what it printed } or { error => why that cannot be used }.
sub run {
    my ($command) = @_;
    my $pid = open(my $pipe, '-|') // die "$0: fork: $!\n";
    if ($pid == 0) {
        setpgrp(0, 0);
        open(STDIN, '<', '/dev/null');
        open(STDERR, '>&', \*STDOUT);
        exec('sh', '-c', $command) or exit(127);
    }
    my $text = eval {
        local $SIG{ALRM} = sub { die "timeout\n" };
        alarm(TIME_LIMIT);
        local $/;
        my $all = <$pipe> // '';
        alarm(0);
        $all;
    };
    if (!defined($text)) {
        kill('TERM', -$pid);
        close($pipe);
        return { error => 'did not end within ' . TIME_LIMIT . ' seconds' };
    }
    close($pipe);
    my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    $text =~ s/\r//g;
    return { text => $text } if $status <= 1 && $text ne '';
    my @last = split(/\n/, $text);
    splice(@last, 0, -10);
    return { error => join("\n", "ended with status $status after printing:", @last) };
}

# The lines of a command's output that count. Dies with a reason.
sub lines_of {
    my ($command, $pattern) = @_;
    my $run = $output{$command} //= run($command);
    die "$run->{error}\n" if $run->{error};
    my @lines = split(/\n/, $run->{text});
    s/\s+$// for @lines;
    @lines = grep { /$pattern/ } @lines if defined($pattern);
    die "prints no line that matches /$pattern/\n" if !@lines;
    return @lines;
}

sub masked {
    my ($line) = @_;
    $line =~ s/\bpfn:[0-9a-f]+\b|\b0x[0-9a-f]+\b|\b[0-9a-f]{8}\b|\d+/#/g;
    $line =~ s/ +/ /g;
    return $line;
}

# The block's runs of lines, each a list; the dots lie between them.
sub runs_of {
    my @runs = ([]);
    for my $line (@_) {
        if ($line eq DOTS) {
            push(@runs, []);
        } else {
            push(@{$runs[-1]}, $line);
        }
    }
    return @runs;
}

# Where a run stands in @$lines, from $first to $last; undef if it does not.
sub find_run {
    my ($run, $lines, $first, $last, $same) = @_;
    for my $at ($first .. min($last, @$lines - @$run)) {
        return $at unless grep { !$same->($run->[$_], $lines->[$at + $_]) } 0 .. $#$run;
    }
    return;
}

# The first line of a run that is not where the run comes closest to standing, in words.
sub difference {
    my ($run, $lines, $first, $last, $same) = @_;
    my ($best, $best_at) = (-1, $first);
    for my $at ($first .. $last) {
        my $n = 0;
        $n++ while $n < @$run && $at + $n < @$lines && $same->($run->[$n], $lines->[$at + $n]);
        ($best, $best_at) = ($n, $at) if $n > $best;
    }
    my $instead = $lines->[$best_at + $best] // '(the end)';
    return "says:    $run->[$best]\ninstead of: $instead\n";
}

# Finds each run of a block in the output: the first begins it and the last ends it, unless dots do. Return: the
# places. Dies with what is not there.
sub place_runs {
    my ($runs, $lines, $same) = @_;
    my ($at, @places) = (0);
    for my $i (0 .. $#$runs) {
        my $run = $runs->[$i];
        my $ends = $i == $#$runs && $i > 0 && @$run;
        my $first = $ends ? max($at, @$lines - @$run) : $at;
        my $last = $i == 0 ? 0 : $#$lines + 1;
        my $place = find_run($run, $lines, $first, $last, $same)
            // die difference($run, $lines, $first, $last, $same);
        push(@places, $place);
        $at = $place + @$run;
    }
    die "ends, but the output goes on: $lines->[$at]\n" if @$runs == 1 && $at < @$lines;
    return @places;
}

# A block anew.
sub refreshed {
    my ($block, $lines) = @_;
    my @runs = runs_of(@$block);
    return @$lines if @runs == 1;
    my @places = place_runs(\@runs, $lines, sub { masked($_[0]) eq masked($_[1]) });
    my @new;
    for my $i (0 .. $#runs) {
        push(@new, DOTS) if $i;
        push(@new, @{$lines}[$places[$i] .. $places[$i] + $#{$runs[$i]}]) if @{$runs[$i]};
    }
    return @new;
}

# All listings of a file: hashes with pattern, command, body. Dies at what looks like one and is none.
sub listings_in {
    my ($file, $text) = @_;
    my @found;
    push(@found, {%+}) while $text =~ /$listing/g;
    my $meant = () = $text =~ /^<!-- listing/mg;
    die "$0: $file: ", $meant - @found, " listing(s) without a block, or badly written\n" if $meant != @found;
    return @found;
}

my $same_compiler = (slurp($toolchain_file) // '') eq toolchain();
my ($tests, $failed) = (0, 0);

sub compare_file {
    my ($file, $text) = @_;
    my $same = $same_compiler ? sub { $_[0] eq $_[1] } : sub { masked($_[0]) eq masked($_[1]) };
    for my $l (listings_in($file, $text)) {
        my $ok = eval {
            my @lines = lines_of(@$l{qw(command pattern)});
            place_runs([ runs_of(split(/\n/, $l->{body})) ], \@lines, $same);
            1;
        };
        $tests++;
        print $ok ? 'ok' : 'not ok', " $tests - $file quotes: $l->{command}\n";
        next if $ok;
        $failed++;
        print map { "# $_\n" } split(/\n/, "the block $@"), 'refresh the documents with: make docs';
    }
}

sub update_file {
    my ($file, $text) = @_;
    listings_in($file, $text);
    $text =~ s{$listing}{
        my %l = %+;
        my $head = defined($l{pattern}) ? "listing[$l{pattern}]" : 'listing';
        my @new = eval { refreshed([ split(/\n/, $l{body}) ], [ lines_of(@l{qw(command pattern)}) ]) };
        if ($@) {
            $failed++;
            print STDERR "$file: $l{command}: $@";
        } else {
            $l{body} = join('', map { "$_\n" } @new);
        }
        "<!-- $head: $l{command} -->\n$l{fence}$l{body}```";
    }ge;
    spew($file, $text);
}

my @documents = ('README.md', glob('docs/*.md'));
my @given = grep { my $file = $_; grep { $_ eq $file } @documents } @ARGV;
if ($update) {
    my $why = other_kernel();
    die "$0: the kernel in build/ is not what the documents quote: $why\n" if $why;
    die "$0: this is another compiler than in $toolchain_file: refresh all documents, by make docs\n"
        if !$same_compiler && @given && @given < @documents;
} elsif (my $why = other_kernel()) {
    print "1..0 # SKIP the kernel is not what the documents quote: $why\n";
    exit(0);
}
for my $file (@ARGV) {
    my $text = slurp($file) // die "$0: $file: $!\n";
    $update ? update_file($file, $text) : compare_file($file, $text);
}
if ($update) {
    spew($toolchain_file, toolchain()) if @given && !$failed && !$same_compiler;
} else {
    print "# figures are not compared: this compiler is not the one of $toolchain_file\n" unless $same_compiler;
    print "1..$tests\n";
}
exit($failed ? 1 : 0);
