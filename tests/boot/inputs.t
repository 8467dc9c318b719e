#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# What the boot loader passed, right and wrong: each malformed input is named and survived, or
# refused. A case gives what is passed, the lines that the kernel must say, and the banks that it
# must end up with.

use strict;
use warnings;
use BootImage;
use Pagewalk;
use Test::More;

use constant MIB => 1 << 20;
use constant RAM => 0x60000000;

my $all_ram = '0x60000000-0x67ffffff';
my $line = 'batch test=none';
my $fallback = "No usable memory bank was passed: taking all RAM that answers, $all_ram";

# The end of a list that is right from here on.
sub rest { return mem(128 * MIB, RAM) . cmdline($line) . none() }

sub banks_of {
    my ($run) = @_;
    return [ $run->{output} =~ /^Memory bank \d+: (0x\w+-0x\w+) .*$/mg ];
}

# Options: list (bytes at LIST), or r2 and at, r1, ram as BootImage and Pagewalk have them; says,
# lines of the log; banks; panics, the text of a panic; no_line, if the command line is among what
# gets lost.
sub try {
    my ($name, %case) = @_;
    $case{at} //= { LIST() => $case{list} } if defined $case{list};
    my $image = boot_image(map { exists $case{$_} ? ($_ => $case{$_}) : () } qw(r1 r2 at));
    my $board = start(image => "$image", ram => $case{ram} // 128);
    my $booted = $board->wait_for(qr/^Memory: .* available|^Kernel panic/m);
    my $run = $case{no_line} ? $board->stop : $board->finish;

    my $passed = subtest $name => sub {
        ok($booted, 'comes to an end of booting');
        like($run->{output}, qr/^\Q$_\E/m, $_) for @{$case{says} // []};
        is_deeply(banks_of($run), $case{banks} // [$all_ram], 'the banks are right');
        if ($case{panics}) {
            like($run->{output}, qr/^Kernel panic - not syncing: \Q$case{panics}\E/m, 'it is refused');
            is($run->{status}, 1, 'with exit status 1');
        } else {
            unlike($run->{output}, qr/Kernel panic/, 'it boots');
            is($run->{status}, 0, 'with exit status 0') unless $case{no_line};
        }
        unlike($run->{output}, qr/ignored|cut|refused|unknown|list ends/i, 'nothing is complained of')
            unless $case{says} || $case{panics};
    };
    diag_run($run) unless $passed;
    return $run;
}

# A tag list with a broken tag in the middle, behind which it cannot be followed.
sub try_broken_tag {
    my ($name, $tag, $message) = @_;
    try($name, list => core() . mem(64 * MIB, RAM) . $tag . rest(), no_line => 1,
        says => [$message], banks => ['0x60000000-0x63ffffff']);
}

# Memory as tags: [size, start], ...
sub try_banks {
    my ($name, $banks, %more) = @_;
    try($name, list => tag_list(core(), (map { mem(@$_) } @$banks), cmdline($line)), %more);
}

# Further words of the command line, behind 128 MiB passed by a tag.
sub try_line {
    my ($name, $words, %more) = @_;
    try($name, list => tag_list(core(), mem(128 * MIB, RAM), cmdline("$line $words")), %more);
}

# --- Tag lists ---

try('a list that is right', list => core() . rest());
try('a bare ATAG_CORE, revision and serial number',
    list => words(2, ATAG_CORE) . revision(0x190) . serial(0xcafe, 0xbeef) . rest(),
    says => [ 'Board revision 0190', 'Board serial number 0000beef0000cafe' ]);
try('no ATAGs', r2 => 0, r1 => 0, no_line => 1,
    says => [ 'No ATAGs: a bare ELF, or a boot loader that passes none', $fallback ]);
try('another machine', r1 => 0x183, list => core() . rest(),
    says => ['Machine type 0x183: this kernel knows 0x8e0, ARM Versatile Express, only; going on']);
for ([ 0x10000000, 'not in RAM that is mapped, 0x60000000-0x67ffffff' ],
    [ 0xa0000000, 'not in RAM that is mapped, 0x60000000-0x67ffffff' ],
    [ LIST + 2,   'not word-aligned' ],
    [ 0x60010000, 'inside the kernel, 0x6000c000-0x' ],
    [ 0x67fffffc, 'no room for a tag' ]) {
    my ($r2, $why) = @$_;
    my $pointer = sprintf('ATAG pointer 0x%08x: ', $r2);
    try("ATAGs at $pointer$why", r2 => $r2, no_line => 1,
        says => [ $pointer . $why, 'No ATAGs are taken', $fallback ]);
}
try('ATAGs in high memory', r2 => 0x9f000000, at => { 0x9f000000 => core() . rest() }, ram => 1024,
    no_line => 1, banks => [ '0x60000000-0x8f7fffff', '0x8f800000-0x9fffffff' ],
    says => ['ATAG pointer 0x9f000000: not in RAM that is mapped, 0x60000000-0x8f7fffff']);
try('a device tree', list => pack('N2 x64', 0xd00dfeed, 72), no_line => 1,
    says => [ 'ATAG pointer 0x60000100: a device tree: not understood', $fallback ]);
try('a list that begins with another tag', list => rest(), no_line => 1,
    says => ['ATAG at 0x60000100: tag 0x54410002 of 4 words is not the ATAG_CORE of 2 or 5 that begins a list']);
try('an ATAG_CORE of 3 words', list => words(3, ATAG_CORE, 1) . rest(), no_line => 1,
    says => ['ATAG at 0x60000100: tag 0x54410001 of 3 words is not the ATAG_CORE of 2 or 5 that begins a list']);
try('nothing but zeros', list => "\0" x 64, no_line => 1,
    says => ['ATAG at 0x60000100: tag 0x00000000 of 0 words is not the ATAG_CORE']);
try('a list against the end of RAM', r2 => 0x68000000 - length(core() . rest()),
    at => { 0x68000000 - length(core() . rest()) => core() . rest() });

try_broken_tag('an ATAG_MEM that is too short', words(3, ATAG_MEM, 64 * MIB),
    'ATAG at 0x60000124: ATAG_MEM with size 3 words, needs 4: ignored, list ends here');
try_broken_tag('an ATAG_INITRD2 that is too short', words(2, ATAG_INITRD2),
    'ATAG at 0x60000124: ATAG_INITRD2 with size 2 words, needs 4: ignored, list ends here');
try_broken_tag('a tag of size 0', words(0, ATAG_MEM, 0, 0),
    'ATAG at 0x60000124: tag 0x54410002 with size 0 words, needs 2: list ends here');
try_broken_tag('a tag of size 1', words(1, ATAG_REVISION, 0),
    'ATAG at 0x60000124: tag 0x54410007 with size 1 words, needs 2: list ends here');
try_broken_tag('a tag larger than any list', words(0x1000, ATAG_CMDLINE),
    'ATAG at 0x60000124: tag 0x54410009 with size 4096 words, but only 4087 may follow: list ends here');
try_broken_tag('a tag whose size in bytes wraps to 16', words(0x40000004, ATAG_MEM, MIB, RAM),
    'ATAG at 0x60000124: tag 0x54410002 with size 1073741828 words, but only 4087 may follow: list ends here');

try('a list without end',
    list => words(2, ATAG_CORE) . mem(64 * MIB, RAM) . cmdline($line) . revision(7) x 1400,
    banks => ['0x60000000-0x63ffffff'],
    says => ['ATAG list at 0x60000100: no ATAG_NONE within 16384 bytes: list ends there']);
try('a list without end in front of the kernel', r2 => 0x6000bff0,
    at => { 0x6000bff0 => words(2, ATAG_CORE, 2, 0x54410042) }, no_line => 1,
    says => [ 'ATAG at 0x6000bff8: unknown tag 0x54410042 of 2 words: skipped',
        'ATAG list at 0x6000bff0: no ATAG_NONE within 16 bytes: list ends there', $fallback ]);
try('unknown tags', list => core() . tag(0x54410042, words(1 .. 3)) . words(2, 0x41000000) x 9 . rest(),
    says => [ 'ATAG at 0x60000114: unknown tag 0x54410042 of 5 words: skipped',
        'ATAG at 0x60000128: unknown tag 0x41000000 of 2 words: skipped',
        'ATAG list at 0x60000100: 2 more unknown tags skipped' ]);
try('another page size', list => tag(ATAG_CORE, words(1, 16384, 0)) . rest(),
    says => ['ATAG_CORE: page size 16384; this kernel has 4096']);

# --- Memory banks ---

try_banks('banks with holes between them', [ [ 16 * MIB, RAM ], [ 32 * MIB, 0x62000000 ], [ MIB, 0x67f00000 ] ],
    banks => [ '0x60000000-0x60ffffff', '0x62000000-0x63ffffff', '0x67f00000-0x67ffffff' ]);
try_banks('no bank', [], says => [$fallback]);
try_banks('banks that overlap', [ [ 64 * MIB, RAM ], [ 64 * MIB, 0x62000000 ] ],
    banks => [ '0x60000000-0x63ffffff', '0x64000000-0x65ffffff' ],
    says => ['Memory bank 0x62000000-0x65ffffff: overlaps 0x60000000-0x63ffffff: counted once']);
try_banks('a bank twice', [ [ 64 * MIB, RAM ], [ 64 * MIB, RAM ] ], banks => ['0x60000000-0x63ffffff'],
    says => ['Memory bank 0x60000000-0x63ffffff: overlaps 0x60000000-0x63ffffff: counted once']);
try_banks('a bank outside RAM', [ [ 64 * MIB, RAM ], [ 64 * MIB, 0x20000000 ], [ 64 * MIB, 0x68000000 ] ],
    banks => ['0x60000000-0x63ffffff'],
    says => [ 'Memory bank of 65536 KiB at 0x20000000: outside RAM: ignored',
        'ATAG at 0x60000124: ATAG_MEM: ignored',
        'Memory bank of 65536 KiB at 0x68000000: outside RAM: ignored' ]);
try_banks('only banks outside RAM', [ [ 64 * MIB, 0x20000000 ] ],
    says => [ 'Memory bank of 65536 KiB at 0x20000000: outside RAM: ignored', $fallback ]);
try_banks('a bank larger than RAM', [ [ 1024 * MIB, RAM ] ],
    says => ['Memory bank 0x60000000-0x9fffffff: RAM is only 0x60000000-0x67ffffff of it']);
try_banks('a bank that begins before RAM', [ [ 128 * MIB, 0x5c000000 ] ], banks => ['0x60000000-0x63ffffff'],
    says => ['Memory bank 0x5c000000-0x63ffffff: RAM is only 0x60000000-0x63ffffff of it']);
try_banks('a bank that is not page-aligned', [ [ 64 * MIB, RAM + 1 ] ], banks => ['0x60001000-0x63ffffff'],
    says => ['Memory bank 0x60000001-0x64000000: not page-aligned: cut to 0x60001000-0x63ffffff']);
try_banks('a bank of no whole page', [ [ 64 * MIB, RAM ], [ 0xfff, 0x65000000 ] ],
    banks => ['0x60000000-0x63ffffff'],
    says => ['Memory bank of 3 KiB at 0x65000000: has no whole page: ignored']);
try_banks('a bank of size 0', [ [ 64 * MIB, RAM ], [ 0, 0x65000000 ] ], banks => ['0x60000000-0x63ffffff'],
    says => ['Memory bank of 0 KiB at 0x65000000: empty: ignored']);
try_banks('a bank that wraps', [ [ 64 * MIB, RAM ], [ 0xf0000000, 0x65000000 ] ],
    banks => ['0x60000000-0x63ffffff'],
    says => ['Memory bank of 3932160 KiB at 0x65000000: reaches beyond 4 GiB: ignored']);
try_banks('more banks than there is room for', [ map { [ 2 * MIB, RAM + $_ * 4 * MIB ] } 0 .. 14 ],
    banks => [ map { sprintf('0x%08x-0x%08x', RAM + $_ * 4 * MIB, RAM + ($_ * 4 + 2) * MIB - 1) } 0 .. 13 ],
    says => ['Memory bank 0x63800000-0x639fffff: there are 14 banks already: ignored']);

my $end_of_image = (symbols()->{_end} + 4095 & ~4095) - 0x60000000;
my $image = sprintf('0x6000c000-0x%08x', $end_of_image - 1);
try_banks('the kernel outside of all banks', [ [ 64 * MIB, 0x62000000 ] ],
    banks => [ $image, '0x62000000-0x65ffffff' ],
    says => ["The kernel at $image is not in any memory bank: added back"]);
try_banks('the kernel half in a bank', [ [ 64 * MIB, 0x60011000 ] ], banks => ['0x6000c000-0x64010fff'],
    says => ["The kernel at $image is not in any memory bank: added back"]);

# --- mem= ---

for ('mem', 'mem=', 'mem=0', 'mem=abc', 'mem=12Q', 'mem=-1M', 'mem=64M@', 'mem=64M@abc', 'mem=64M@0x60000000,',
    'mem=99999999999999999999', 'mem=64M@0x10000000', 'mem=4095') {
    try_line("'$_'", $_, says => ["Malformed early option '$_': ignored"]);
}
try_line('mem= limits memory', 'mem=32M', banks => ['0x60000000-0x61ffffff']);
try_line('mem= again and again leaves holes', 'mem=16M mem=1048576@1568M mem=0x100K@0x67000000',
    banks => [ '0x60000000-0x60ffffff', '0x62000000-0x620fffff', '0x67000000-0x6703ffff' ]);
try_line('mem= that overlaps', 'mem=16M mem=16M@0x60800000',
    banks => [ '0x60000000-0x60ffffff', '0x61000000-0x617fffff' ],
    says => ['Memory bank 0x60800000-0x617fffff: overlaps 0x60000000-0x60ffffff: counted once']);
try_line('mem= after a bad one', 'mem=abc mem=32M mem=0', banks => ['0x60000000-0x61ffffff'],
    says => [ "Malformed early option 'mem=abc': ignored", "Malformed early option 'mem=0': ignored" ]);
try_line('mem= larger than RAM', 'mem=2G',
    says => ['Memory bank 0x60000000-0xdfffffff: RAM is only 0x60000000-0x67ffffff of it']);
try_line('too little memory', 'mem=1536K', banks => ['0x60000000-0x6017ffff'],
    panics => 'Too little memory: 1536 KiB of lowmem in all, the kernel takes');

# --- The command line ---

try_line('an unknown parameter', 'foo=bar baz', says => [
    "Unknown parameter 'foo=bar': ignored", "Unknown parameter 'baz': ignored" ]);
try_line('a parameter that needs a value', 'seed loglevel', says => [
    "Malformed option 'seed': needs a value: ignored", "Malformed early option 'loglevel': needs a value: ignored" ]);
for (qw(loglevel=9 loglevel=-1 loglevel=x loglevel=)) {
    try_line("'$_'", $_, says => [ 'loglevel: a number from 0 to 8 is needed',
        "Malformed early option '$_': ignored" ]);
}
try_line('a quote that is not closed', 'foo="bar baz', says => [
    'Command line: the quote at character 21 is not closed: reaches to the end',
    "Unknown parameter 'foo=bar baz': ignored" ]);
try_line('words behind --', 'foo -- mem=1M "x y"', says => [
    "Unknown parameter 'foo': ignored", q(Command line behind '--' is not for the kernel: mem=1M "x y") ]);
try_line('control characters', "foo=\x01\x1b[2J\x7f", says => [
    "Command line: 3 characters that are not text, shown as '?'", "Unknown parameter 'foo=??[2J?': ignored" ]);
my $filler = 'x' x (1023 - length("$line  mem=32M"));
try_line('a command line that just fits', "$filler mem=32M", banks => ['0x60000000-0x61ffffff'],
    says => [ "Unknown parameter '" . 'x' x 76 . "...': ignored" ]);
try_line('a command line that is too long', "y$filler mem=32M lost=1",
    says => ['Command line of 1031 characters, room for 1023: cut behind 1016, lost: mem=32M lost=1' ]);
try('a command line that is not terminated', list => core() . mem(128 * MIB, RAM)
        . tag(ATAG_CMDLINE, "$line ") . none(),
    says => ['ATAG_CMDLINE: not terminated within its 16 bytes: ends there']);
try('two command lines', list => core() . cmdline('mem=16M') . rest(),
    says => ['ATAG_CMDLINE: a second command line: replaces the first']);

# --- The initial ramdisk ---

sub try_initrd {
    my ($name, $start, $size, $why, %more) = @_;
    my $range = sprintf('0x%08x-0x%08x', $start, $start + $size - 1 & 0xffffffff);
    try($name, list => core() . initrd2($start, $size) . rest(), says => ["initrd $range: $why: ignored"], %more);
    delete $more{list};
    try_line("$name, by initrd=", sprintf('initrd=0x%x,%u', $start, $size),
        says => ["initrd $range: $why: ignored"], %more) unless $more{ram};
}

try('an initrd', list => core() . initrd2(0x62000010, 5000) . rest(),
    says => ['initrd 0x62000010-0x62001397: 8 KiB reserved']);
try_initrd('an initrd outside RAM', 0x70000000, 4096, 'not in RAM');
try_initrd('an initrd below RAM', 0x5ffff000, 8192, 'not in RAM');
try_initrd('an initrd over the end of RAM', 0x67fff000, 4097, 'not in RAM');
try_initrd('an initrd over the kernel', 0x60010000, 4096, 'overlaps the kernel');
try_initrd("an initrd that ends in the kernel's first-level table", 0x60000000, 0xc001, 'overlaps the kernel');
try_initrd('an initrd in high memory', 0x9f000000, 4096, 'not in lowmem', ram => 1024,
    list => tag_list(core(), mem(1024 * MIB, RAM), initrd2(0x9f000000, 4096), cmdline($line)),
    banks => [ '0x60000000-0x8f7fffff', '0x8f800000-0x9fffffff' ]);
try_line('an initrd that mem= cuts off', 'mem=32M initrd=0x61fff000,8192', banks => ['0x60000000-0x61ffffff'],
    says => ['initrd 0x61fff000-0x62000fff: not in RAM: ignored']);
try_line('an initrd in a hole', 'mem=32M mem=16M@0x64000000 initrd=0x62000000,1M',
    banks => [ '0x60000000-0x61ffffff', '0x64000000-0x64ffffff' ],
    says => ['initrd 0x62000000-0x620fffff: not in RAM: ignored']);
try('an initrd of size 0', list => core() . initrd2(0x62000000, 0) . rest(),
    says => [ 'initrd at 0x62000000: size 0: ignored', 'ATAG at 0x60000114: ATAG_INITRD2: ignored' ]);
try('an initrd that wraps', list => core() . initrd2(0x62000000, 0xf0000000) . rest(),
    says => ['initrd of 4026531840 bytes at 0x62000000: reaches beyond 4 GiB: ignored']);
for ('initrd', 'initrd=', 'initrd=abc', 'initrd=0x62000000', 'initrd=0x62000000,', 'initrd=0x62000000,4Kx') {
    try_line("'$_'", $_, says => ["Malformed early option '$_': ignored"]);
}

# --- The self-tests, on memory that only such inputs make ---

# The sum that tests/kernel/bootparam_test.c makes of an initrd.
sub initrd_sum {
    my ($sum) = (0);
    $sum = $sum * 31 + $_ & 0xffffffff for unpack('C*', $_[0]);
    return $sum;
}

sub try_self_tests {
    my ($name, $text, $tags, %at) = @_;
    my $list = tag_list(core(), @$tags, cmdline("batch $text"));
    my $file = boot_image(at => { LIST() => $list, %at });
    self_tests_pass(start(image => "$file", ram => 128)->finish, $name);
}

my $initrd = join('', map { chr($_ * 7 & 255) } 1 .. 10000);
my $kept = 'bootparam="kept for good" bootparam_early="kept for good"';
try_self_tests('self-tests with an initrd, which booting does not overwrite',
    'bootparam_initrd_sum=' . initrd_sum($initrd),
    [ mem(128 * MIB, RAM), initrd2(0x62000123, length($initrd)) ], 0x62000123 => $initrd);
try_self_tests('self-tests with values that handlers kept', "bootparam_early $kept",
    [ mem(128 * MIB, RAM) ]);
my @ragged = (mem(4 * MIB, RAM + 0x100800), mem(8 * MIB, RAM + 0x300800), mem(4 * MIB, RAM + 0x2000001),
    mem(0x1000, RAM + 0x3005000), mem(64 * MIB, RAM + 0x5fff000));
try_self_tests('self-tests on banks that are unaligned, overlap and leave out half of the kernel', '',
    [ @ragged, mem(0x20000, RAM) ]);
try_self_tests('self-tests of the allocators without the pages in front of the kernel',
    'test=bootmem,bootparam,buddy,memblock,zones', \@ragged);

done_testing();
