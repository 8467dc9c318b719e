#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Caches of objects on machines of all kinds: their suite passes with and without slab_debug, on small and large
# machines, on nodes, with allocations failing; and what slab_debug= cannot be is named and survived. The other
# allocators of objects that were built (`make other-slabs') pass the same suite, on fewer machines.

use strict;
use warnings;
use Pagewalk;
use Test::More;

for my $options ({ ram => 16 }, { ram => 48, cpus => 2, append => low_border() }, { ram => 64, cpus => 4, append => 'numa=fake=4' },
    { ram => 1024, cpus => 4, append => 'numa=fake=4' }, { ram => 128, append => 'dma_zone=32M' }) {
    for my $more ('', 'slab_debug=FZPC', 'fail_nth=each', 'page_poison=1 page_owner=1') {
        my $append = join(' ', 'test=slab', $options->{append} // (), $more);
        self_tests_pass(boot(%$options, append => $append),
            join(', ', "$options->{ram} MiB", ($options->{cpus} // 1) . ' CPUs', $append));
    }
}

self_tests_pass(boot(ram => 64, append => 'test=slab slab_debug'), 'with slab_debug, call chains included');
self_tests_pass(boot(ram => 32, append => 'test=exhaust,numa slab_debug'), 'memory used up, with caches that have some to give back');

# Each machine: options, and what goes onto the command line.
my @fewer = ([{ ram => 16 }, ''], [{ ram => 16, cpus => 2 }, 'slab_debug=FZPC'], [{ ram => 64 }, 'fail_nth=each'],
    [{ ram => 1024, cpus => 4 }, 'numa=fake=4'], [{ ram => 128, cpus => 4 }, 'dma_zone=32M numa=fake=2 slab_debug=FZP']);
for my $name (grep { -e build_path("$_/kernel.bin") } qw(slab slub slob)) {
    for (@fewer) {
        my ($options, $more) = @$_;
        self_tests_pass(boot(%$options, image => build_path("$name/kernel.bin"), append => "test=slab $more"),
            join(', ', "SLAB=$name", "$options->{ram} MiB", ($options->{cpus} // 1) . ' CPUs', $more));
    }
    self_tests_pass(boot(ram => 64, cpus => 2, image => build_path("$name/kernel.bin"), append => "test=slab_misuse,mempool,kmemleak $_"),
        "SLAB=$name, mistakes, pools and leaks, $_")
        for '', 'slab_debug';
}

my $bad = boot(append => 'test=none slab_debug=zp');
like($bad->{output}, qr/slab_debug.*zp/, 'slab_debug=zp is named');
is($bad->{status}, 0, '... and survived');

# What the prompt answers to a command, without the echo.
sub ask {
    my ($machine, $line) = @_;
    my $from = length($machine->{output});
    $machine->send("$line\n");
    $machine->wait_for(qr/^pagewalk> $/m) or die "no answer to $line\n";
    my $text = substr($machine->{output}, $from);
    $text =~ s/^.*\n//;
    return $text;
}

# What objects cost a machine that has just booted: a few pages, since arrays and most slabs come with use.
my $board = start(ram => 64, append => 'test=none');
$board->wait_for(qr/^pagewalk> /m) or die "no prompt\n";
my ($slab) = ask($board, 'meminfo') =~ /^Slab: +(\d+) kB$/m;
cmp_ok($slab, '<=', 32, 'booting takes no more than eight pages');
my $info = ask($board, 'mm slab');
like($info, qr/^slabinfo - version: 2\.1$/m, 'slabinfo has its version');
is(() = $info =~ /^kmalloc-\w+ +(?:\d+ +){5}: tunables (?: *\d+){3} : slabdata (?: *\d+){3}$/mg, 36,
    '... and a line for each size class');
like(ask($board, 'slabtop'), qr/^ +\d+ +\d+ +\d+% +\d+ +\d+ +\d+ +\d+K kmem_cache$/m, 'slabtop shows what is used');
$board->send("poweroff\n");
is($board->finish->{status}, 0, 'the machine ends well');

done_testing();
