#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# `mm kmap' and `mm fixmap' show what the kernel's own reports show: with nothing mapped, and with pages that have an
# address for long and for a moment.

use strict;
use warnings;
use Gdb;
use Pagewalk;
use Test::More;

# The suite "kmap" leaves many pages in their slots, and in its last test one is in use.
my $talk = talk({ ram => 1024, cpus => 2, append => 'batch test=kmap early_ioremap_test' },
    'break run_tests', 'continue', 'mm kmap', kernel_says('show_kmap()'),
    'break report_kmaps', 'continue',
    'print __kmap_local_pfn(0x91234)', 'print __kmap_local_pfn(0x60000)',
    'mm kmap', kernel_says('show_kmap()'), 'mm fixmap', kernel_says('show_fixmap()'));

in_order($talk->answer('mm kmap'), [ $talk->said(0) ], 'nothing is mapped');
like($talk->answer('mm kmap'), qr/^0 of 512 slots are mapped, 0 of them in use\.$/m, '... and so it says');
my $kmap = $talk->answer('mm kmap', 1);
in_order($kmap, [ $talk->said(1) ], 'pages are mapped');
like($kmap, qr/^ *\d+ 0xbf[ef]\w{5} \w{5}     1 test_\d+$/m, '... one is in use, with who mapped it');
like($kmap, qr/^ *\d+ 0xbf[ef]\w{5} \w{5}     0 test_\d+$/m, '... one is not any more');
like($kmap, qr/^\d+ of 512 slots are mapped, 1 of them in use\.$/m, '... and they are counted');
like($kmap, qr/^    1 init +0     0 91234\n    1 init +0     1 60000$/m, "... and the thread's own, by level");
my $fixmap = $talk->answer('mm fixmap');
in_order($fixmap, [ $talk->said(2) ], 'the slots of the fixmap');
like($fixmap, qr/0xfffde000 -> 0x91234000 RW NX MEM\/CACHED\/WBWA, kmap_local 0 of CPU 0$/m, '... with their names');
like($fixmap, qr/-> 0x60000000 ro NX MEM\/CACHED\/WBWA, early_ioremap 0, page 0$/m, '... one that booting left');

done_testing();
