#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# All allocators at once, for some minutes or operations, on a machine whose RAM is full of junk: docs/soak.md.
#
#    soak.pl [OPTION]... [-- QEMU ARGUMENT...]
#
#    --image FILE      the kernel (build/kernel.bin)
#    --ram MIB         16 to 1024 (128)
#    --cpus N          1 to 4 (4)
#    --minutes N       of the machine's time (5)
#    --ops N           so many operations instead
#    --seed N          of all that is random, junk included; by default another one each time
#    --mode MODE       parallel: CPUs at once, as fast as the host is; or
#                      turns: one after the other, in the same way each time, for turns of some microseconds
#    --append TEXT     more of the kernel's command line
#
# A key ends it, in order. Exit status: the guest's, 0 if nothing was found; 124 if it hung.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use Getopt::Long;
use lib $FindBin::Bin;
use Junk;

my %option = (image => 'build/kernel.bin', ram => 128, cpus => 4, minutes => 5, mode => 'parallel', append => '',
    seed => int(rand(0x7fffffff)) + 1);

GetOptions(\%option, 'image=s', 'ram=i', 'cpus=i', 'minutes=s', 'ops=s', 'seed=s', 'mode=s', 'append=s')
    or die "usage: $0 [OPTION]..., see its first lines\n";

# A number, 0x... too.
sub number {
    my ($name) = @_;
    my $text = $option{$name};
    my $value = $text =~ /^0x[0-9a-f]{1,8}$/i ? hex($text) : $text =~ /^[1-9]\d{0,9}$/ ? $text : 0;
    die "$0: $name $text is not a number from 1 to 0x7fffffff\n" if $value < 1 || $value > 0x7fffffff;
    return $value;
}

my %modes = (parallel => [ '', [] ], turns => [ ' turns=3', [ '-icount', 'shift=0,align=off,sleep=off' ] ]);
my $mode = $modes{$option{mode}} or die "$0: mode $option{mode}: there are parallel and turns\n";
my ($turns, $arguments) = @$mode;
my $seed = number('seed');
my $length = defined $option{ops} ? 'soak=' . number('ops') : 'soak_minutes=' . number('minutes');
die "$0: $option{image} does not exist: run make\n" unless -r $option{image};

my $directory = tempdir('soak-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my @junk = junk($directory, $option{image}, $option{ram}, noise($seed));
my $append = join(' ', grep { length } "batch test=soakall $length seed=$seed$turns", $option{append});
my @console = -t STDIN && -t STDOUT ? ('interactive') : ('batch', '--expect', '^# passed ');

print "# seed $seed, mode $option{mode}, $option{ram} MiB, $option{cpus} CPUs. A key ends it.\n";
STDOUT->flush();
my $status = system("$FindBin::Bin/qemu.sh", @console, '--image', $option{image}, '--ram', $option{ram}, '--cpus', $option{cpus},
    '--append', $append, '--', @$arguments, @junk, @ARGV);
my $how = defined $option{ops} ? "OPS=$option{ops}" : "MINUTES=$option{minutes}";
print "# repeat with: make soak $how SEED=$seed MODE=$option{mode} RAM=$option{ram} CPUS=$option{cpus}\n" if $status;
exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
