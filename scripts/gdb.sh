#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A machine that stands before its first instruction, and gdb connected to it. They end together.
#
#    scripts/gdb.sh [OPTION]... [-- QEMU ARGUMENT...]
#
#    OPTION          as for scripts/qemu.sh: --image, --ram, --cpus, --append
#    --elf FILE      the kernel with its symbols (build/kernel.elf)
#
# gdb and QEMU talk over a socket in a directory of their own, so any number of such pairs can run at once.
#
#    this terminal   <-- serial line --   QEMU   <-- socket -->   gdb   <-->   this terminal
#    DIR/console     --- serial line -->
#
# What the kernel prints appears here, among gdb's lines. What is written to DIR/console reaches its prompt. QEMU
# has a process group of its own, so that Ctrl-C reaches gdb only, which then stops the machine.
#
# GDB names the debugger; it must know ARM and Python.

set -eu

here=$(dirname "$0")
elf=build/kernel.elf
options=            # for qemu.sh, quoted for eval

fail()
{
    echo "$0: $*" >&2
    exit 2
}

quote()
{
    printf '%s\n' "$1" | sed "s/'/'\\\\''/g; 1s/^/'/; \$s/\$/'/"
}

# The first debugger that knows ARM and Python.
find_gdb()
{
    for gdb in ${GDB:-gdb-multiarch arm-none-eabi-gdb gdb}; do
        if command -v "$gdb" >/dev/null &&
            "$gdb" -nx -batch -ex 'set architecture armv7' -ex 'python import gdb' >/dev/null 2>&1; then
            return
        fi
    done
    fail "no gdb that knows ARM and Python: run scripts/setup.sh gdb"
}

# Does QEMU listen? The socket's file is there a moment earlier; where Linux does not tell, that must do.
is_listened_to()
{
    if [ -r /proc/net/unix ]; then
        grep -q "^[^ ]* [^ ]* [^ ]* 00010000 .* $directory/gdb\$" /proc/net/unix
    else
        [ -S "$directory/gdb" ]
    fi
}

# Waits for QEMU to listen, or to give up.
wait_for_socket()
{
    while ! is_listened_to; do
        kill -0 "$qemu" 2>/dev/null || fail "QEMU did not start"
        sleep 0.1
    done
}

# Waits for the end of its input, that is of this shell, whichever way it ends; then sees to QEMU.
guard()
{
    read -r _ || true
    kill -KILL "$qemu" || true      # by TERM it would say so, and it has nothing to save
    rm -rf "$directory"
}

while [ $# -gt 0 ]; do
    case $1 in
        --) shift; break ;;
        --elf) [ $# -gt 1 ] || fail "--elf needs a value"; elf=$2; shift 2 ;;
        *) options="$options $(quote "$1")"; shift ;;
    esac
done
[ -r "$elf" ] || fail "$elf does not exist: run make"
find_gdb

directory=$(mktemp -d "${TMPDIR:-/tmp}/pagewalk-XXXXXX")
mkfifo "$directory/console" "$directory/alive"
if [ -t 0 ]; then
    set -m                  # job control: a process group for each
fi
# The console is opened for reading and writing, so that it never ends.
eval "\"\$here/qemu.sh\" debug $options -- \"\$@\" -gdb \"unix:\$directory/gdb,server=on,wait=off\"" \
    '<>"$directory/console" &'
qemu=$!
guard <"$directory/alive" 2>/dev/null &
guardian=$!
exec 4>"$directory/alive"
trap 'exec 4>&-; wait "$guardian"' EXIT
wait_for_socket

status=0
# Without the query gdb thinks that it started the machine, and ends it when it ends.
exec 3>&2 2>/dev/null       # the shell has nothing to say about its jobs
"$gdb" -q "$elf" -x "$here/gdb/kernel-gdb.py" -ex 'set remote query-attached-packet off' \
    -ex "target remote $directory/gdb" -ex "python pagewalk.session.begin('$directory/console')" \
    2>&3 3>&- 4>&- || status=$?
exit "$status"
