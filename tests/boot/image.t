#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The image: three segments of one permission each, at the right places, and the flat binary beside it.

use strict;
use warnings;
use Pagewalk;
use Test::More;

use constant { PAGE_SIZE => 4096, PAGE_OFFSET => 0xc0000000, PHYS_OFFSET => 0x60000000 };

my $elf = build_path('kernel.elf');
my $symbol = symbols($elf);
my @loads;
for (split(/\n/, tool('readelf', '-lW', $elf))) {
    push(@loads, { vaddr => hex($1), paddr => hex($2), filesz => hex($3), memsz => hex($4), flags => $5 })
        if /^\s+LOAD\s+0x\w+ 0x(\w+) 0x(\w+) 0x(\w+) 0x(\w+) ([RWE ]{3})/;
}

is_deeply([ map { $_->{flags} } @loads ], [ 'R E', 'R  ', 'RW ' ],
    'text is executable, rodata only readable, data only writable');
for (@loads) {
    my $where = sprintf('the segment at %#x', $_->{vaddr});
    is($_->{vaddr} % PAGE_SIZE, 0, "$where begins a page");
    is($_->{vaddr} - $_->{paddr}, PAGE_OFFSET - PHYS_OFFSET, "$where is loaded where lowmem shows it");
}
is($loads[0]{vaddr} + $loads[0]{memsz}, $loads[1]{vaddr}, 'rodata follows text');
is($loads[1]{vaddr} + $loads[1]{memsz}, $loads[2]{vaddr}, 'data follows rodata');

is($symbol->{$_} % PAGE_SIZE, 0, "$_ is page-aligned")
    for qw(__inittext_begin __inittext_end _etext __start_rodata __end_rodata _sdata
        __initdata_begin __initdata_end);
is($symbol->{_text}, $loads[0]{vaddr}, 'text begins at _text');
is($symbol->{__start_rodata}, $loads[1]{vaddr}, 'rodata begins at __start_rodata');
is($symbol->{_sdata}, $loads[2]{vaddr}, 'data begins at _sdata');
is($symbol->{_end}, $loads[2]{vaddr} + $loads[2]{memsz}, 'bss ends at _end');
is($symbol->{_edata}, $loads[2]{vaddr} + $loads[2]{filesz}, 'the file ends at _edata');
cmp_ok($symbol->{__bss_start}, '>=', $symbol->{_edata}, '... and bss is not in it');

my ($entry) = tool('readelf', '-hW', $elf) =~ /Entry point address:\s+0x(\w+)/;
is(hex($entry), $symbol->{_text}, 'the entry point is the first instruction');
is($symbol->{_start}, $symbol->{_text}, '... and its name is _start');

is(-s build_path('kernel.bin'), $symbol->{_edata} - $symbol->{_text},
    'the flat binary reaches from _text to _edata');

# Sections that debuggers read are listed by name in the linker script, all others lie in a segment.
my @stray = grep { !/^\.(debug_\w+|comment|ARM\.attributes|symtab|strtab|shstrtab)$/ }
    map { /^\s+\[\s*\d+\]\s+(\S+)\s+\w+\s+0{8}\s/ ? $1 : () } split(/\n/, tool('readelf', '-SW', $elf));
is_deeply(\@stray, [], 'no section lies outside of the segments');

is(tool('nm', '-u', $elf), '', 'nothing is left undefined');

done_testing();
