#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The one place that knows QEMU's command line.
#
#    scripts/qemu.sh MODE [OPTION]... [-- QEMU ARGUMENT...]
#
#    interactive   serial line and QEMU's monitor on this terminal; the machine can reboot
#    batch         serial line on standard input and output, watched for hangs (watch.pl). The exit
#                  status is the guest's; 124 after a hang, 125 for a report without its last line
#    debug         serial line on standard input and output; waits for gdb, which a QEMU argument -gdb
#                  lets in, before the first instruction
#    print         only print the command line of batch mode
#
#    --image FILE     what to boot: a flat binary, or an ELF (build/kernel.bin)
#    --ram MIB        16 to 1024 (128)
#    --cpus N         1 to 4 (1)
#    --append TEXT    the kernel's command line
#    --expect REGEX   batch: success also needs a line of output that matches
#    --reboot         batch: let the guest reboot, which otherwise ends QEMU
#
# QEMU names the program (qemu-system-arm). Works with QEMU 4.2 to 10.

set -eu

here=$(dirname "$0")
qemu=${QEMU:-qemu-system-arm}
image=build/kernel.bin
ram=128
cpus=1
append=
expect=
no_reboot=-no-reboot

fail()
{
    echo "$0: $*" >&2
    exit 2
}

# in_range NAME VALUE LOW HIGH UNIT
in_range()
{
    case $2 in
        '' | *[!0-9]* | ?????*) fail "$1=$2 is not a number from $3 to $4$5" ;;
    esac
    if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
        fail "$1=$2: the board takes $3 to $4$5"
    fi
}

# The board's sound chip opens the host's sound card unless told otherwise, and QEMU says a lot about it. Before
# QEMU 5 it could only be told by an environment variable, which QEMU 8 no longer knows.
silence_audio()
{
    major=$("$qemu" --version | sed -n '1s/.*version \([0-9]*\).*/\1/p')
    if [ "${major:-5}" -lt 5 ]; then
        QEMU_AUDIO_DRV=none
        export QEMU_AUDIO_DRV
        audio=
    else
        audio="-audiodev none,id=snd0 -global pl041.audiodev=snd0"
    fi
}

[ $# -gt 0 ] || fail "which mode? interactive, batch, debug or print"
mode=$1
shift
while [ $# -gt 0 ]; do
    case $1 in
        --) shift; break ;;
        --reboot) no_reboot=; shift ;;
        --image | --ram | --cpus | --append | --expect)
            [ $# -gt 1 ] || fail "$1 needs a value"
            case $1 in
                --image) image=$2 ;;
                --ram) ram=$2 ;;
                --cpus) cpus=$2 ;;
                --append) append=$2 ;;
                --expect) expect=$2 ;;
            esac
            shift 2 ;;
        *) fail "unknown option $1" ;;
    esac
done

in_range RAM "$ram" 16 1024 " MiB"
in_range CPUS "$cpus" 1 4 ""
command -v "$qemu" >/dev/null || fail "$qemu is not installed: run scripts/setup.sh run"
[ -r "$image" ] || fail "$image does not exist: run make"
silence_audio

case $mode in
    interactive) console="-nographic" ;;
    batch | print) console="-display none -serial stdio -monitor none $no_reboot" ;;
    debug) console="-display none -serial stdio -monitor none -S" ;;
    *) fail "unknown mode $mode" ;;
esac

# Semihosting carries the exit status; target=native keeps gdb out of it.
# shellcheck disable=SC2086 # $audio and $console are several words
set -- -M vexpress-a9 -m "$ram" -smp "$cpus" -net none $audio $console \
    -semihosting-config enable=on,target=native -kernel "$image" ${append:+-append "$append"} "$@"

case $mode in
    interactive)
        echo "Leave QEMU with Ctrl-a x."
        exec "$qemu" "$@" ;;
    debug) exec "$qemu" "$@" ;;
    batch)
        [ ! -t 0 ] || exec </dev/null
        exec perl "$here/watch.pl" "$expect" "$qemu" "$@" ;;
    print)
        printf '%s' "$qemu"
        for argument; do
            case $argument in
                *[!A-Za-z0-9_/.,=:+-]*) printf " '%s'" "$argument" ;;
                *) printf ' %s' "$argument" ;;
            esac
        done
        echo ;;
esac
