# SPDX-License-Identifier: MIT
#
# What the tests in tests/fail_nth/ share: make fail-nth, of one allocator of objects each.
#
#    nothing_is_lost('slub', 'new_slab, pages');    # with the places that this one has and others have not

package FailNth;

use strict;
use warnings;
use Exporter qw(import);
use Pagewalk;
use Test::More;

our @EXPORT = qw(nothing_is_lost);

# The kernel with an allocator of objects; undef if it was not built.
sub kernel_with {
    my ($slab) = @_;
    my $usual = read_file(build_path('flags')) =~ /-DCONFIG_\U$slab\E=1/;
    my $image = build_path($usual ? 'kernel.bin' : "$slab/kernel.bin");
    return -e $image ? $image : undef;
}

# Every suite with each of its allocations failing in turn, those of single objects, too: nothing crashes, nothing is lost,
# and nothing that can fail never did.
sub nothing_is_lost {
    my ($slab, @own) = @_;
    my $image = kernel_with($slab) // plan(skip_all => "SLAB=$slab was not built: make other-slabs");
    open(my $pipe, '-|', 'scripts/fail_nth.pl', build_dir(), "$slab=$image") or die "scripts/fail_nth.pl: $!\n";
    my $summary = do { local $/; <$pipe> // '' };
    close($pipe);
    is($?, 0, "SLAB=$slab: each allocation of the suites failing in turn");
    my @machines = $summary =~ /^\S.* (\d+) failures injected   leaks: none$/mg;
    is(@machines, $slab eq 'slab' ? 3 : 2, '... on each machine');
    cmp_ok($_, '>', 200, '... and many were made to fail') for @machines;
    like($summary, qr/never made to fail: none\n$slab: \d+ failures injected in \d+ tests; leaks: none\n\n\z/,
        '... all of them, without a leak');
    my ($in_kernel) = $summary =~ /^(\d+) places in the kernel/m;
    cmp_ok($in_kernel, '>=', 16, '... in the kernel, too:');
    like($summary, qr/^$_ +[1-9]\d* +[1-9]\d*$/m, "... $_")
        for 'pgd_alloc, pages', 'mm_alloc, objects', 'alloc_slot, pages',
        'kmem_cache_create, objects', 'alloc_vmap_area, objects', 'mempool_create_node, objects', @own;
    diag($summary) unless Test::More->builder->is_passing;
    done_testing();
}

1;
