#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# Every mistake with objects is named, with the cache, the object, the place in it, the bytes found and expected, who
# allocated it and who freed it, by the suite "slab_misuse". That the object is kept out of use, the suite sees itself.

use strict;
use warnings;
use Pagewalk;
use Test::More;

my $run = boot(ram => 64, append => 'slab_debug test=slab_misuse');
self_tests_pass($run, 'with slab_debug');
unlike($run->{output}, qr/# SKIP/, '... all of it');

# What a test printed before its line "ok".
sub said {
    my ($sentence) = @_;
    my ($text) = $run->{output} =~ /(?:^ok \d+|^# suite: slab_misuse$)(?:(?!^ok \d+).)*?\n((?:(?!^ok \d+).)*)^ok \d+ - slab_misuse: \Q$sentence\E/ms;
    return $text // '';
}

my $chain = qr/(?:   \S+\+0x\w+\/0x\w+\n)*   kthread_entry\S+\n   ret_from_fork\S+\n/;
my $opened = qr/  allocated by careless_open\+\S+ on CPU 0, \d+ ticks ago\n$chain/;
my $closed = qr/  freed by careless_close\+\S+ on CPU 0, \d+ ticks ago\n$chain/;

# A report on an object of the cache: what, who did it, who had it, and what was found where.
sub names {
    my ($sentence, $what, $by, $users, $found) = @_;
    like(said($sentence), qr/^slab error in cache careless: c\w{7} $what$by\n$users$found/m, $sentence);
}

my $by_close = qr/, when careless_close\+\S+ gave it back/;
names('written to behind its end: found when it is freed', 'was written to behind its end', $by_close, $opened,
    qr/  object of 40 bytes, at offset 41: expected cc, found 41 cc/);
names('written to before its beginning: found when it is freed', 'was written to before its beginning', $by_close,
    $opened, qr/  object of 40 bytes, at offset -3: expected cc, found 42 cc cc/);
names('written to while it is free: found before anybody gets it', 'was written to while it was free', '',
    qr/$opened$closed/, qr/  object of 40 bytes, at offset 8: expected 6b, found 43 6b/);
names('freed twice, with another in between', 'is free already', $by_close, qr/$opened$closed/, qr//);
names('freed twice in a row, where nobody debugs', 'is free already', $by_close, qr/$opened$closed/, qr//);
like(said('freed into another cache, where nobody debugs: it stays in use'),
    qr/^slab error in cache wrong: c\w{7} is of cache careless, when test_\S+ gave it back$/m, 'freed into another cache');
names('freed by an address inside of it, where nobody debugs: it stays in use',
    qr/lies 8 bytes inside of object c\w{7}/, qr/, when careless_kfree\+\S+ gave it back/, $opened, qr//);
like(said('freed, a variable: its address is reported, and nothing else happens'),
    qr/^slab error in cache \(none\): c\w{7} is not what kmalloc\(\) returned: it is in the kernel's image, when careless_kfree\+\S+ gave it back$/m,
    'freed, a variable');
like(said('freed, something on the stack: its address is reported, and nothing else happens'),
    qr/^slab error in cache \(none\): ff\w{6} is not what kmalloc\(\) returned: it is on a stack, when careless_kfree\+\S+ gave it back$/m,
    'freed, something on the stack');
names('given back otherwise than its constructor left it: the next one gets it constructed',
    'was not given back as its constructor leaves it', $by_close, $opened,
    qr/  object of 40 bytes, at offset 0: expected \w\w, found/);
like(said('never given back: the cache is not destroyed, and says who has its objects'),
    qr/^kmem_cache_destroy: careless still has 3 objects in use:\n  2 objects, the first is c\w{7}, allocated by careless_open\+\S+ on CPU 0, \d+ ticks ago\n   open_two\+\S+\n$chain  1 objects, the first is c\w{7}, allocated by careless_open\S+ .*\n   open_with\+\S+\n/m,
    'never given back: how many, by call chain, the most first');

# Without the parameter, and without the checks on hot paths, less is known; and all goes on as well.
self_tests_pass(boot(ram => 16, append => 'test=slab_misuse'), 'without parameters');
self_tests_pass(boot(ram => 64, image => build_path('bench/kernel.bin'), append => $_), "DEBUG=0: $_")
    for 'test=slab_misuse', 'slab_debug test=slab_misuse';

done_testing();
