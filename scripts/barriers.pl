#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The orders that only machine code shows: QEMU on an x86 host keeps most of them whether they are asked for or not, and
# a board breaks them once a week. For each function below, what must stand in it, in that order, with nothing of what is
# forbidden before the first of it.
#
#    barriers.pl FILE        an object, or the kernel; prints TAP, for those of the functions that the file has

use strict;
use warnings;

# ARM DDI 0406C A3.8.3 (memory), B3.10.1 (TLB maintenance). A branch goes elsewhere: what is behind it may be left out.
my $branch = qr/^b(?!ic|fi|fc|kpt)\w*\s|^pop\s.*pc|^ldm.*pc/;
my %orders = (
    try_to_wake_up => {
        what => 'the condition is written before the state is read: DMB, then the first load',
        order => [ qr/^dmb\s+ish$/, qr/^ldr\s+\w+, \[r\d/ ],
        not_before => qr/^ldr\s+\w+, \[r\d|$branch/,
    },
    flush_tlb_all => {
        what => 'entries are written, TLBs told, and have done it: DSB, TLBIALLIS, BPIALLIS, DSB, ISB',
        order => [ qr/^dsb\s+ishst$/, qr/^mcr\s+15, 0, \w+, cr8, cr3, \{0\}/, qr/^mcr\s+15, 0, \w+, cr7, cr1, \{6\}/,
            qr/^dsb\s+ish$/, qr/^isb\b/ ],
        not_before => qr/^mcr\s+15|^bx\s+lr|^pop\s.*pc/,
    },
);

# The instructions of a file's functions, without addresses.
sub functions {
    my ($file) = @_;
    my $objdump = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . 'objdump';
    open(my $pipe, '-|', $objdump, '-d', '--no-show-raw-insn', $file) or die "$0: $objdump: $!\n";
    my (%code, $name);
    while (<$pipe>) {
        $name = $1 if /^[0-9a-f]+ <(\w+)>:$/;
        push(@{$code{$name}}, $1) if defined($name) && /^\s*[0-9a-f]+:\t(.*?)(?:\s*[@;].*)?$/;
    }
    close($pipe) or die "$0: $objdump cannot read $file\n";
    return %code;
}

# What is wrong; undef if nothing is.
sub fault {
    my ($rule, @code) = @_;
    my @order = @{$rule->{order}};
    for (my $i = 0; $i < @code && @order; $i++) {
        my $insn = $code[$i] =~ s/\t/ /gr;
        if ($insn =~ $order[0]) {
            shift(@order);
        } elsif (@order == @{$rule->{order}} && $insn =~ $rule->{not_before}) {
            return "before the first of these: $insn";
        }
    }
    return @order ? scalar(@order) . ' of them are not there, or not in this order' : undef;
}

die "usage: $0 FILE\n" unless @ARGV == 1;
my %code = functions($ARGV[0]);
my $number = 0;
my $failed = 0;
for my $name (grep { $code{$_} } sort keys(%orders)) {
    my $fault = fault($orders{$name}, @{$code{$name}});
    $number++;
    $failed++ if $fault;
    print $fault ? 'not ok' : 'ok', " $number - $name(): $orders{$name}{what}\n";
    print "# $fault\n" if $fault;
}
print "1..$number\n";
die "$0: $ARGV[0] has none of the functions\n" unless $number;
exit($failed ? 1 : 0);
