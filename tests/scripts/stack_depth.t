#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# scripts/stack_depth.pl: it adds up what it is to add up, and names what it does not know; and the kernel's own stacks
# are deep enough (make stack-depth), if its call graphs were built.

use strict;
use warnings;
use File::Temp qw(tempdir);
use Pagewalk;
use Test::More;

my $dir = tempdir(CLEANUP => 1);

sub write_file {
    my ($name, $text) = @_;
    open(my $file, '>', "$dir/$name") or die "$name: $!\n";
    print $file $text;
    close($file) or die "$name: $!\n";
}

# Runs it on functions with their bytes, calls "a b", and a table. Return: what it prints, and its status.
sub depth {
    my ($bytes, $calls, $table) = @_;
    my $graph = '';
    $graph .= qq(node: { title: "$_" label: "$_\\nx.c:1:1\\n$bytes->{$_} bytes (static)" }\n) for sort(keys(%$bytes));
    $graph .= sprintf(qq(edge: { sourcename: "%s" targetname: "%s" label: "x.c:2:3" }\n), split(/ /)) for @$calls;
    write_file('x.ci', $graph);
    write_file('table', "bytes stack 1000\nbytes thread-info 100\nbytes exception 50\nbytes room 20\nthread main\n$table");
    my $says = qx(scripts/stack_depth.pl $dir/table $dir/x.ci 2>&1);
    return ($says, $? >> 8);
}

sub refuses {
    my ($name, $why, @arguments) = @_;
    my ($says, $status) = depth(@arguments);
    isnt($status, 0, "$name is refused");
    like($says, $why, '... and it is said why');
}

my %bytes = (main => 100, 'x.c:left' => 200, 'x.c:right.part.0' => 50, leaf => 150, irq => 80, oops => 60);
my @calls = ('main x.c:left', 'main x.c:right.part.0', 'x.c:right.part.0 leaf', 'x.c:left oops');
my $table = "interrupt irq\nreport oops\n";

my ($says, $status) = depth(\%bytes, \@calls, $table);
is($status, 0, 'a shallow program fits') or diag($says);
like($says, qr/^  300 bytes  thread: main\n +100  main\n +(?:200  left|50  right\n +150  leaf)\n/m, 'its deepest path is shown');
like($says, qr/: 360 are left$/m, '... and what is left of a stack: 1000 - 100 - 300 - (50 + 80) - (50 + 60)');

refuses('a function that is too deep', qr/less than 20 bytes are left/, { %bytes, leaf => 550 }, \@calls, $table);
refuses('a call through a pointer', qr/main calls through a pointer in x\.c/, \%bytes, [ @calls, 'main __indirect_call' ], $table);
refuses('recursion', qr/recursion without a limit: main x\.c:left/, \%bytes, [ @calls, 'x.c:left main' ], $table);
refuses('assembly that is not in the table', qr/memset is neither/, \%bytes, [ @calls, 'leaf memset' ], $table);
refuses('a table that is out of date', qr/the table has gone, which is no function/, \%bytes, \@calls, "${table}at-most gone 2\n");
refuses('a table with calls that are none', qr/calls in y\.c, where there are none/, \%bytes, \@calls, "${table}calls y.c -> leaf\n");

# What the table knows counts.
sub is_left {
    my ($name, $left, @arguments) = @_;
    my ($says, $status) = depth(@arguments);
    is($status, 0, "$name: fits") or diag($says);
    like($says, qr/: $left are left$/m, "... $left bytes are left");
}

is_left('a call through a pointer', 210, \%bytes, [ @calls, 'x.c:left __indirect_call' ], "${table}calls x.c -> le*f\n");
is_left('recursion that ends', 60, \%bytes, [ @calls, 'x.c:left main' ], "${table}at-most main 2\n");
is_left('assembly', 330, \%bytes, [ @calls, 'leaf memset' ], "${table}assembly memset 30\n");
is_left('what is never called there', 360, { %bytes, 'x.c:left' => 500 }, \@calls, "${table}below main never left\n");

# The table is about what this compiler inlines, and calls by another name.
sub is_known_compiler {
    my $cc = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . 'gcc';
    my ($first) = split(/\n/, qx($cc --version));
    return "$first\n" eq read_file('docs/toolchain.txt');
}

SKIP: {
    skip('the table is for the compiler of docs/toolchain.txt', 2) unless is_known_compiler();
    skip('no call graphs were built', 2) unless -e build_path('kernel/sched.ci');
    my @sources = grep { !m{^mm/(slub|slob)/} } split(/\n/, qx(git ls-files 'boot/*.c' 'arch/arm/*.c' 'kernel/*.c' 'lib/*.c' 'mm/*.c'));
    my @graphs = grep { -e } map { build_path(s/\.c$/.ci/r) } @sources;
    my $says = qx(scripts/stack_depth.pl scripts/stack_depth.txt @graphs 2>&1);
    is($?, 0, 'the deepest paths of the kernel fit on its stacks') or diag($says);
    my ($shift) = read_file('arch/arm/include/asm/thread_info.h') =~ /^#define THREAD_SHIFT\s+(\d+)$/m;
    like($says, qr/^ *@{[ 1 << $shift ]} bytes of a stack/m, '... whose size the table knows');
}

done_testing();
