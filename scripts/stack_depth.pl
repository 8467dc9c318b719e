#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# How deep does the kernel's stack get? From the compiler's call graphs (-fcallgraph-info=su), which know the
# functions in C, and a table that knows the rest: assembly, calls through pointers, recursion that ends.
#
#    scripts/stack_depth.pl TABLE FILE.ci...       scripts/stack_depth.txt says what a table has
#
#    thread      its entry, and the deepest path             what a thread, or booting, has on its stack
#    unpreempted struct pt_regs, __schedule(), ...           it is preempted, comes back, and frees who ran before it;
#                or lock_acquire(), ...                      or holds a spinlock, and is not preempted
#    interrupt   struct pt_regs, the handler, ...            one at most is on top: handlers run with interrupts masked
#    masked      cache_free_miss(), ...                      or nothing interrupts, since this runs with interrupts masked
#    message     printk(), ...                               counts as a report, of which it is the lesser part
#    report      struct pt_regs, do_DataAbort(), ...         and of a fault, a warning, a panic, one at most on top of that
#    the rest    must be `room'
#
# So what runs unpreempted, or masked, and reports are no part of the paths that lead to them, but counted once, on top; with
# what they themselves need of such.
#
# Fails, with a reason, if it is not; if a call through a pointer, a recursion or a function is not in the table; and
# if the table speaks of what there is not.

use strict;
use warnings;
no warnings 'recursion';

my (%frame, %calls, %by_name);              # functions in C and assembly, by title: file:name if static
my (%targets, %limit, %never, %apart, %number, %used);
my (@errors, @entries);

sub complain { push(@errors, $_[0]) }

# A title without its file and what the compiler adds to the names of its copies.
sub name_of {
    my ($title) = @_;
    return $title =~ s/^.*://r =~ s/\.(?:constprop|part|isra|cold)\b.*//r;
}

sub read_table {
    my ($path) = @_;
    open(my $table, '<', $path) or die "$path: $!\n";
    while (<$table>) {
        s/#.*//;
        my ($word, $name, @rest) = split or next;
        shift(@rest) if @rest && $rest[0] eq '->';
        if ($word eq 'calls') { push(@{$targets{$name}}, @rest) }
        elsif ($word eq 'assembly') { $frame{$name} = shift(@rest); $calls{$name} = { map { $_ => 1 } @rest[1 .. $#rest] } }
        elsif ($word eq 'at-most') { $limit{$name} = $rest[0] }
        elsif ($word =~ /^(?:unpreempted|masked|message|report)$/) { $apart{$name} = $word; push(@entries, [ $word, $name ]) }
        elsif ($word eq 'below') { $never{$name}{$_} = 1 for @rest[1 .. $#rest] }
        elsif ($word eq 'bytes') { $number{$name} = $rest[0] }
        elsif ($word eq 'thread' || $word eq 'interrupt') { push(@entries, [ $word, $name ]) }
        else { die "$path:$.: what is $word?\n" }
    }
}

my %sites;                                   # title -> the files in which it calls through pointers

sub read_graph {
    my ($path) = @_;
    open(my $graph, '<', $path) or die "$path: $!\n";
    while (<$graph>) {
        if (/^node: \{ title: "([^"]+)" label: "[^"]*?(\d+) bytes \((\w+)[^"]*"/) {
            $frame{$1} = $2;
            complain("$1 has a frame without limit") if $3 ne 'static';
        } elsif (/^edge: \{ sourcename: "([^"]+)" targetname: "__indirect_call" label: "([^":]+):/) {
            $sites{$1}{$2} = 1;
        } elsif (/^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"/) {
            $calls{$1}{$2} = 1;
        }
    }
}

# All functions that a name, or a pattern with *, of the table stands for.
sub functions {
    my ($pattern) = @_;
    return @{$by_name{$pattern} // []} if $pattern !~ /\*/;
    my $regex = join('.*', map { quotemeta } split(/\*/, $pattern, -1));
    return map { @{$by_name{$_}} } grep { /^$regex$/ } sort(keys(%by_name));
}

sub resolve_pointers {
    for my $title (sort(keys(%sites))) {
        for my $file (sort(keys(%{$sites{$title}}))) {
            my ($place) = grep { $targets{$_} } "$file:" . name_of($title), $file;
            complain("$title calls through a pointer in $file, which the table does not know") unless $place;
            my $known = $place && $targets{$place};
            $used{$place // ''} = 1;
            $calls{$title}{$_} = 1 for map { functions($_) } grep { $_ ne 'nothing' } @{$known // []};
        }
    }
    for my $file (sort(keys(%targets))) {
        complain("the table has calls in $file, where there are none") unless $used{$file};
        for (grep { $_ ne 'nothing' } @{$targets{$file}}) {
            complain("the table has $_, which is no function") unless functions($_);
        }
    }
    for (sort(keys(%limit), keys(%never), map({ keys(%$_) } values(%never)), map { $_->[1] } @entries)) {
        complain("the table has $_, which is no function") unless $by_name{$_};
    }
}

# Is a function counted on top of a path, instead of in it?
sub is_apart {
    my ($name, $passed) = @_;
    my $kind = $apart{$name} // return 0;
    return $passed->{thread} if $kind eq 'unpreempted';
    return !$passed->{report} && !$passed->{masked} if $kind eq 'masked';
    return !$passed->{report} if $kind eq 'message';
    return 1;
}

my (%deepest, %on_path);

# The deepest path from a function, as its bytes and the functions; @$passed has how often the path that leads
# here has passed each function that recurs.
sub deepest {
    my ($title, $passed) = @_;
    my $name = name_of($title);
    if (!defined $frame{$title}) {
        complain("$title is neither in C nor in the table");
        $frame{$title} = 0;
    }
    my %passed = %$passed;
    if ($limit{$name}) {
        return [ 0 ] if ($passed{$name} // 0) >= $limit{$name};
        $passed{$name}++;
    }
    $passed{$name} = 1 if $never{$name};
    my $key = join(' ', $title, map { "$_=$passed{$_}" } sort(keys(%passed)));
    return $deepest{$key} if $deepest{$key};
    if ($on_path{$key}) {
        my @cycle = sort { $on_path{$a} <=> $on_path{$b} } grep { $on_path{$_} >= $on_path{$key} } keys(%on_path);
        complain('recursion without a limit: ' . join(' ', map { (split(/ /))[0] } @cycle));
        return [ 0 ];
    }
    $on_path{$key} = 1 + keys(%on_path);
    my $below = [ 0 ];
    for my $callee (sort(keys(%{$calls{$title} // {}}))) {
        next if is_apart(name_of($callee), \%passed) || grep { $never{$_} && $never{$_}{name_of($callee)} } keys(%passed);
        my $path = deepest($callee, \%passed);
        $below = $path if $path->[0] > $below->[0];
    }
    delete($on_path{$key});
    my ($bytes, @path) = @$below;
    return $deepest{$key} = [ $frame{$title} + $bytes, $title, @path ];
}

sub show {
    my ($kind, $path) = @_;
    my ($bytes, @path) = @$path;
    printf("%5d bytes  %s: %s\n", $bytes, $kind, name_of($path[0]));
    printf("     %5d  %s\n", $frame{$_}, name_of($_)) for @path;
}

my ($table, @graphs) = @ARGV;
die "usage: $0 TABLE FILE.ci...\n" unless @graphs;
read_table($table);
read_graph($_) for @graphs;
push(@{$by_name{name_of($_)}}, $_) for sort(keys(%frame));
resolve_pointers();

# Each entry with its deepest path, the deepest first.
my @kinds = qw(thread unpreempted interrupt masked message report);
my %of_kind = map { $_ => [] } @kinds;
for my $entry (@entries) {
    my ($kind, $name) = @$entry;
    push(@{$of_kind{$kind}}, map { deepest($_, { $kind => 1 }) } functions($name));
}
my $sum = 0;
for my $kind (@kinds) {
    my @paths = sort { $b->[0] <=> $a->[0] } @{$of_kind{$kind}};
    next unless @paths;
    show($kind, $paths[0]);
    printf("%5d bytes  %s: %s\n", $_->[0], $kind, name_of($_->[1])) for @paths[1 .. $#paths];
    next if $kind eq 'message';         # reports have messages, too
    $sum += $paths[0][0] + ($kind eq 'thread' || $kind eq 'masked' ? 0 : $number{exception});
}
my $left = $number{stack} - $number{'thread-info'} - $sum;
printf("%5d bytes of a stack, %d for the thread_info, %d for the deepest of each kind with %d for each exception: %d are left\n",
    $number{stack}, $number{'thread-info'}, $sum, $number{exception}, $left);
complain("less than $number{room} bytes are left") if $left < $number{room};
my %seen;
print(STDERR "$0: $_\n") for grep { !$seen{$_}++ } @errors;
exit(@errors ? 1 : 0);
