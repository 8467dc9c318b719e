#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The vmalloc area on machines of all sizes, with `vmalloc=` small and large: what the boot log says of it adds
# up, its suites pass on one CPU and on several, misuse is named, and the prompt shows it as Linux does.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $suites = 'test=vmalloc,vmallocexhaust,vmallocstress';

# What the boot log says of the area: it begins 8 MiB above lowmem at most, and has what was asked for.
sub area_is_right {
    my ($output, $reserve, $name) = @_;
    my ($start, $end, $mib) = $output =~
        /^vmalloc: VMALLOC_START 0x(\w+), VMALLOC_END 0x(\w+), VMALLOC_OFFSET 8 MiB, VMALLOC_RESERVE (\d+) MiB$/m
        or return fail("$name: the boot log tells of the vmalloc area");
    my ($lowmem) = $output =~ /^    lowmem  : 0xc0000000 - 0x(\w+)/m;
    is($mib, $reserve, "$name: $reserve MiB are reserved for it");
    like($output, qr/^    vmalloc : 0x$start - 0x$end /m, '... the map has the same borders');
    cmp_ok(hex($end) - hex($start), '>=', $reserve << 20, '... at least so much is there');
    my $gap = hex($start) - hex($lowmem);
    ok($gap > 0 && $gap <= 8 << 20, '... and 8 MiB at most lie between lowmem and it');
}

for (
    [ { ram => 64, append => 'vmalloc=64M' }, 64 ],
    [ { ram => 256, cpus => 4, append => 'vmalloc=512M' }, 512 ],
    [ { ram => 1024, cpus => 2, append => 'vmalloc=512M' }, 512 ],
    [ { ram => 1024, cpus => 4, append => 'vmalloc=64M' }, 64 ],
    [ { ram => 1024, cpus => 3, append => 'numa=fake=2', image => build_path('bench/kernel.bin') }, 240 ],
) {
    my ($options, $reserve) = @$_;
    my $name = join(', ', "$options->{ram} MiB", ($options->{cpus} // 1) . ' CPUs', $options->{append},
        $options->{image} ? 'DEBUG=0' : ());
    my $run = boot(%$options, append => "$suites $options->{append}");
    self_tests_pass($run, $name);
    area_is_right($run->{output}, $reserve, $name);
    next if $options->{image};
    my ($by, $from) = map { qr/careless_$_\+0x\w+\/0x\w+/ } qw(remove probe);
    like($run->{output}, qr/^BUG: vfree\(0x\w+\) by $by: it is 4096 bytes behind the beginning of the vmalloc area of $from$/m,
        '... vfree() of an address amid an area is named');
    like($run->{output}, qr/^BUG: vfree\(0xc0000000\) by $by: it is no address of the vmalloc area$/m, '... of lowmem, too');
    like($run->{output}, qr/^BUG: vfree\(0x\w+\) by $by: it was freed by $by, allocated by $from$/m, '... what was freed');
    like($run->{output}, qr/^BUG: vunmap\(0x\w+\) by careless_unmap\S+: it is in a vmalloc area of $from, which vfree\(\) is for$/m,
        '... vunmap() of what vmalloc() gave');
    like($run->{output}, qr/^BUG: vfree\(0x\w+\) by $by: it is in a vmap area of \S+, which vunmap\(\) is for$/m,
        '... and vfree() of what vmap() gave');
}

my $board = start(ram => 128, append => 'test=none');
$board->wait_for(qr/^pagewalk> /m) or die "no prompt\n";
$board->send("mm vmalloc\nmeminfo\n");
ok($board->wait_for(qr/^VmallocChunk: .*\npagewalk> /m), 'mm vmalloc and meminfo, at the prompt');
like($board->{output}, qr/^0xfec00000-0xfec02000    8192 iotable_init\+0x0\/0x\w+ phys=0x1e000000 ioremap\n0xfef00000-0xff000000 1048576 iotable_init\+0x0\/0x\w+ phys=0x10000000 ioremap$/m,
    '... the device windows are areas, as Linux shows them');
like($board->{output}, qr/^VmallocTotal: +892928 kB\nVmallocUsed: +0 kB\nVmallocChunk: +888832 kB$/m,
    '... and the rest is one gap');
$board->send("poweroff\n");
is($board->finish->{status}, 0, '... and the machine ends well');

done_testing();
