# SPDX-License-Identifier: MIT
#
# What the boot tests share: start the board, talk to it, judge its report.
#
#    my $run = boot(ram => 64, append => 'test=buddy');      # until QEMU ends
#    self_tests_pass($run, '64 MiB');
#    numbers_add_up($run, '64 MiB');
#
#    my $board = start(append => 'test=none');               # a conversation
#    $board->wait_for(qr/^pagewalk> /m);
#    $board->send("meminfo\n");
#    my $run = $board->finish;
#
# Options of start() and boot(): ram, cpus, append, image, reboot as scripts/qemu.sh has them; qemu, a
# list of further arguments for QEMU. boot() adds `batch` to the command line.
#
# A run has: output (what came over the serial line, without CRs), errors (what QEMU and its watchdog
# said), status, and command (what to type to repeat it).

package Pagewalk;

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp qw(tempfile);
use IO::Select;
use Test::More;

our @EXPORT = qw(boot start self_tests_pass numbers_add_up diag_run gdb gdb_server wait_for_gdb_server in_turns memory_suites low_border soak
    build_dir build_path read_file tool symbols);

my $top = abs_path(dirname(__FILE__) . '/../..');
chdir($top) or die "$top: $!\n";

sub build_dir { return $ENV{PAGEWALK_BUILD} // 'build' }
sub build_path { return build_dir() . "/$_[0]" }

sub read_file {
    my ($path) = @_;
    open(my $file, '<:raw', $path) or die "$path: $!\n";
    local $/;
    return scalar <$file>;
}

# What a program of the cross toolchain prints: tool('nm', 'build/kernel.elf').
sub tool {
    my ($name, @arguments) = @_;
    my $program = ($ENV{CROSS_COMPILE} // 'arm-none-eabi-') . $name;
    open(my $pipe, '-|', $program, @arguments) or die "$program: $!\n";
    local $/;
    my $text = <$pipe>;
    close($pipe) or die "$program @arguments: status $?\n";
    return $text;
}

# The symbols of the kernel by name, as numbers.
sub symbols {
    my ($elf) = @_;
    my %symbols;
    for (split(/\n/, tool('nm', $elf // build_path('kernel.elf')))) {
        $symbols{$2} = hex($1) if /^([0-9a-f]+) \w (\S+)$/;
    }
    return \%symbols;
}

# Does somebody listen at a socket? Its file is there a moment earlier; where Linux does not tell, that must do.
sub is_listened_to {
    my ($socket) = @_;
    open(my $sockets, '<', '/proc/net/unix') or return -S $socket;
    return grep { /^\S+ \S+ \S+ 00010000 .* \Q$socket\E$/ } <$sockets>;
}

# Waits until a board lets gdb in. Dies if it does not within ten minutes.
sub wait_for_gdb_server {
    my ($socket) = @_;
    for (1 .. 6000) {
        return if is_listened_to($socket);
        select(undef, undef, undef, 0.1);
    }
    die "no board listens at $socket\n";
}

# Runs gdb on a board that was started with the arguments of gdb_server(), and a list of commands. Return: what
# gdb printed.
sub gdb {
    my ($socket, @commands) = @_;
    wait_for_gdb_server($socket);
    my ($program) = grep { system("command -v $_ >/dev/null") == 0 }
        $ENV{GDB} // (), qw(gdb-multiarch arm-none-eabi-gdb gdb);
    die "no gdb\n" unless $program;
    my @arguments = map { ('-ex', $_) } 'set architecture arm', "target remote $socket", @commands;
    open(my $pipe, '-|', "$program " . join(' ', map { "'$_'" } '-nx', '-batch', @arguments) . ' 2>&1')
        or die "$program: $!\n";
    local $/;
    return scalar(<$pipe>) // '';
}

# QEMU's arguments to wait for gdb at the first instruction.
sub gdb_server {
    my ($socket) = @_;
    return [ '-S', '-gdb', "unix:$socket,server=on,wait=off" ];
}

# QEMU's arguments to run CPUs one after the other, always in the same way: none waits for one that the host does
# not run at the moment.
sub in_turns { return [ '-icount', 'shift=0,align=off,sleep=off' ] }

# A soak (tests/kernel/soak.h), CPUs in turns. Passes, with at least so many operations. Return: operations, rounds,
# CPUs, operations in interrupts, requests that failed, and a digest of all that was given out.
sub soak {
    my ($name, $suite, $ops, %options) = @_;
    my $run = boot(qemu => in_turns(), %options, append => join(' ', "test=$suite", "soak=$ops", $options{append} // ()));
    self_tests_pass($run, $name);
    my @found = $run->{output} =~ /^# (\d+) operations in (\d+) rounds on (\d) CPUs, (\d+) of them in interrupts; (\d+) requests failed; digest 0x(\w+)$/m;
    cmp_ok($found[0] // 0, '>=', $ops, "$name: $ops operations");
    cmp_ok($found[3] // 0, '>', $ops / 50, '... many of them in interrupts');
    return @found;
}

# The parameter that names the suites of memory management. Those of threads and CPUs spend their time waiting.
sub memory_suites {
    return 'test=' . join(',', qw(bootmem buddy compound devmem exhaust ioremap isolation kswapd memblock misuse numa page_debug
        page_wait pcp pcpsmp percpu pgtable slab slabexhaust slabsmp slabsoak
        slowpath soak zones));
}

# The parameter with which high memory begins behind 32 MiB: a machine of 48 MiB has all that one of 1024 MiB has, and
# nobody waits while its pages are touched one by one.
sub low_border { return 'vmalloc=968M' }

sub shell_words {
    return join(' ', map { /^[\w.,=\/:+-]+$/ ? $_ : "'$_'" } @_);
}

# Starts the board. Return: an object of this package, for the conversation.
sub start {
    my %option = (image => build_path('kernel.bin'), @_);
    my @command = ('scripts/qemu.sh', 'batch');
    for my $name (qw(image ram cpus append)) {
        push(@command, "--$name", $option{$name}) if defined $option{$name};
    }
    push(@command, '--reboot') if $option{reboot};
    push(@command, '--', @{$option{qemu}}) if $option{qemu};

    my $self = bless({ output => '', seen => 0, command => shell_words(@command) }, __PACKAGE__);
    $self->{error_file} = tempfile();
    pipe(my $child_in, $self->{to}) or die "pipe: $!\n";
    pipe($self->{from}, my $child_out) or die "pipe: $!\n";
    $self->{pid} = fork() // die "fork: $!\n";
    if ($self->{pid} == 0) {
        open(STDIN, '<&', $child_in) && open(STDOUT, '>&', $child_out)
            && open(STDERR, '>&', $self->{error_file}) or die "open: $!\n";
        close($_) for $self->{to}, $self->{from};
        exec(@command) or die "$command[0]: $!\n";
    }
    close($_) for $child_in, $child_out;
    return $self;
}

# Return: false at the end of output.
sub read_more {
    my ($self) = @_;
    my $got = sysread($self->{from}, my $text, 65536);
    $text =~ tr/\r//d if $got;
    $self->{output} .= $text if $got;
    return $got;
}

# Waits until what came since the last wait_for() matches. The watchdog ends a guest that hangs. Return: success.
sub wait_for {
    my ($self, $regex) = @_;
    while (1) {
        if (substr($self->{output}, $self->{seen}) =~ $regex) {
            $self->{seen} += $+[0];
            return 1;
        }
        $self->read_more or return 0;
    }
}

sub send {
    my ($self, $text) = @_;
    local $SIG{PIPE} = 'IGNORE';
    syswrite($self->{to}, $text);
}

# What the prompt answers to a line, without the echo.
sub answer {
    my ($self, $line) = @_;
    my $from = length($self->{output});
    $self->send("$line\n");
    $self->wait_for(qr/^pagewalk> $/m) or return "no answer to $line";
    my $text = substr($self->{output}, $from);
    $text =~ s/^.*\n//;
    $text =~ s/^pagewalk> \z//m;
    return $text;
}

# Waits for the end. Return: the run.
sub finish {
    my ($self) = @_;
    1 while $self->read_more;
    waitpid($self->{pid}, 0);
    my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    seek($self->{error_file}, 0, 0);
    my $errors = do { local $/; readline($self->{error_file}) // '' };
    return { %$self{qw(output command)}, errors => $errors, status => $status };
}

# Ends a board that would not end by itself. Return: the run.
sub stop {
    my ($self) = @_;
    kill('TERM', $self->{pid});
    return $self->finish;
}

sub boot {
    my %option = @_;
    $option{append} = join(' ', 'batch', $option{append} // ());
    return start(%option)->finish;
}

# What helps to understand a failure: what the guest found wrong, the end of the log, the errors, and how to repeat it.
sub diag_run {
    my ($run) = @_;
    my @lines = split(/\n/, $run->{output});
    my @wrong = grep { /^not ok |^# .* not so: / } splice(@lines, 0, -30);
    diag(join("\n", @wrong > 20 ? (@wrong[0 .. 19], '...') : @wrong, @lines, $run->{errors}, "repeat with: $run->{command}"));
}

# A subtest of the guest's tests. Passes if all of them pass, and the report is whole: a plan that is
# kept, the last line, and exit status 0.
sub self_tests_pass {
    my ($run, $name) = @_;
    my $passed = subtest $name => sub {
        my ($count, $skipped) = (0, 0);
        for ($run->{output} =~ /^((?:not )?ok \d+ - .*)$/mg) {
            my ($not, $number, $sentence, $skip) = /^(not )?ok (\d+) - (.*?)(?: # SKIP (.*))?$/;
            $count++;
            $skipped++ if defined $skip;
            is($number, $count, 'tests are numbered without a gap') if $number != $count;
            ok(!$not, defined $skip ? "$sentence (skipped: $skip)" : $sentence);
        }
        my ($plan) = $run->{output} =~ /^1\.\.(\d+)/m;
        is($plan, $count, 'the plan is kept');
        my ($passes, $of, $skips) = $run->{output} =~ /^# passed (\d+) of (\d+)(?:, skipped (\d+))?$/m;
        is_deeply([ $passes, $of, $skips // 0 ], [ $count - $skipped, $count, $skipped ],
            'the last line counts the same');
        is($run->{status}, 0, 'the exit status is 0');
    };
    diag_run($run) unless $passed;
    return $passed;
}

sub sum {
    my $total = 0;
    $total += $_ for @_;
    return $total;
}

# A subtest of the story that the boot log tells of memory: each bank, each zone, and who has what, add up to
# the same. Return: the pages that are present, of lowmem and of high memory.
sub numbers_add_up {
    my ($run, $name) = @_;
    my $log = $run->{output};
    my %present = (Normal => 0, HighMem => 0);
    my $passed = subtest $name => sub {
        my @bank_kib = $log =~ /^Memory bank \d+: \S+ +(\d+) KiB \w+$/mg;
        my %holes = $log =~ /^  \w+ +\[mem (\S+)\] \d+ pages, (\d+) of them holes$/mg;
        my ($all_present, $all_managed, $all_reserved) = (0, 0, 0);

        while ($log =~ /^  (\w+) +\[mem (0x(\w+)-0x(\w+))\] spanned (\d+) present (\d+) managed (\d+) reserved (\d+)$/mg) {
            my ($zone, $range, $start, $end) = ($1, $2, hex($3), hex($4));
            my ($spanned, $present, $managed, $reserved) = ($5, $6, $7, $8);
            is($spanned * 4096, $end + 1 - $start, "$zone spans its range");
            is($present + ($holes{$range} // 0), $spanned, "$zone: present + holes = spanned");
            is($managed + $reserved, $present, "$zone: managed + reserved = present");
            $present{$zone} += $present;
            $all_present += $present;
            $all_managed += $managed;
            $all_reserved += $reserved;
        }
        is(sum(@bank_kib), $all_present * 4, 'the banks are what is present');

        my ($reserved, $by_whom) = $log =~ /^Reserved: (\d+) pages = (.*)$/m;
        is($reserved, $all_reserved, 'as many pages are reserved as the zones say');
        is(sum($by_whom =~ /(?:^|\+ )(\d+) \w/g), $reserved, '... and each has a holder');

        my ($free) = $log =~ /^buddy: owner of memory after bootmem: (\d+) pages free$/m;
        is($free, $all_managed, 'what is managed is free');
        my @kib = $log =~ /^Memory: (\d+)K\/(\d+)K available .* (\d+)K reserved, (\d+)K highmem\)$/m;
        is_deeply(\@kib, [ map { $_ * 4 } $free, $all_present, $all_reserved, $present{HighMem} ],
            'the line "Memory:" says the same');
    };
    diag_run($run) unless $passed;
    return @present{qw(Normal HighMem)};
}

1;
