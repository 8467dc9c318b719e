#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Sees to the tools that a goal needs.
#
#    scripts/setup.sh build|run|gdb|lint|test|coverage|ci|fuzz
#
#    build     cross compiler and binutils, make
#    run       and QEMU
#    gdb       and gdb
#    lint      as for build, and what reads the code: perl, prove, shellcheck,
#              pyflakes, codespell, clang-format, cppcheck
#    test      as for gdb, and a host compiler that makes 32-bit programs (x86 only), perl, prove
#    coverage  as for test, and gcovr
#    ci        all of these but gcovr
#    fuzz      as for build, a host compiler that makes 32-bit programs, AFL++
#
# On Debian and its like it installs what is missing, after saying what: as root, or through sudo. Elsewhere it
# prints the command that does. Nothing is remembered: when all is there, this takes a few milliseconds.

set -eu

goal=${1:-}
cross=${CROSS_COMPILE:-arm-none-eabi-}
missing=            # what is missing, for people
packages=           # the same as Debian packages

# need NAME PACKAGE: the program NAME, or else PACKAGE
need()
{
    command -v "$1" >/dev/null && return
    missing="$missing $1"
    packages="$packages $2"
}

# The gdb of a distribution knows its own machine, and ARM on some.
need_gdb()
{
    for gdb in ${GDB:-gdb-multiarch arm-none-eabi-gdb gdb}; do
        command -v "$gdb" >/dev/null || continue
        [ "$gdb" = gdb ] || return 0
        case $(gdb -nx -batch -ex 'set architecture armv7' 2>&1) in
            *ndefined*) ;;
            *) return 0 ;;
        esac
    done
    missing="$missing gdb-multiarch"
    packages="$packages gdb-multiarch"
}

# The host tests are 32-bit programs with AddressSanitizer; only x86 hosts can make and run them.
need_host_compiler()
{
    case $(uname -s)-$(uname -m) in
        Linux-x86_64 | Linux-i?86) ;;
        *) return ;;
    esac
    need "${HOSTCC:-gcc}" "gcc libc6-dev"
    echo 'int main(void) { return 0; }' |
        "${HOSTCC:-gcc}" -m32 -fsanitize=address,undefined -x c - -o /dev/null 2>/dev/null && return
    missing="$missing 32-bit-C-libraries"
    packages="$packages gcc-multilib"
}

case $goal in
    build | run | gdb | lint | test | coverage | ci | fuzz) ;;
    *) echo "usage: $0 build|run|gdb|lint|test|coverage|ci|fuzz" >&2; exit 2 ;;
esac

# wanted_for GOAL...: is the goal one of these?
wanted_for()
{
    case " $* ci " in *" $goal "*) true ;; *) false ;; esac
}

need make make
need "${cross}gcc" gcc-arm-none-eabi
need "${cross}ld" binutils-arm-none-eabi
if wanted_for run gdb test coverage; then
    need "${QEMU:-qemu-system-arm}" qemu-system-arm
fi
if wanted_for gdb test coverage; then
    need_gdb
fi
if wanted_for lint test coverage; then
    need perl perl
    need prove perl
fi
if wanted_for lint; then
    need shellcheck shellcheck
    need pyflakes3 pyflakes3
    need codespell codespell
    need clang-format clang-format
    need cppcheck cppcheck
fi
if wanted_for test coverage fuzz; then
    need_host_compiler
fi
if [ "$goal" = coverage ]; then
    need gcovr gcovr
fi
if [ "$goal" = fuzz ]; then
    need afl-fuzz afl++
fi
if [ "$goal" = ci ]; then
    need clang clang
fi
[ -n "$missing" ] || exit 0

echo "Missing:$missing"

# Prints what to type, and stops.
tell()
{
    echo "Install with:"
    echo "    $*"
    exit 1
}

install_with_apt()
{
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || tell "su -c 'apt-get install$packages'"
        as_root=sudo
    fi
    echo "Installing$packages, with ${as_root:+$as_root }apt-get"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -q
    # shellcheck disable=SC2086 # several words
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends $packages
}

if [ "$(uname -s)" = Darwin ]; then
    tell "brew install qemu arm-none-eabi-gcc arm-none-eabi-gdb make shellcheck   # then use gmake for make"
elif command -v apt-get >/dev/null; then
    install_with_apt
elif command -v dnf >/dev/null; then
    tell "sudo dnf install arm-none-eabi-gcc-cs arm-none-eabi-binutils-cs qemu-system-arm gdb make" \
        "gcc glibc-devel.i686 libasan.i686 libubsan.i686 perl perl-Test-Harness ShellCheck"
elif command -v pacman >/dev/null; then
    tell "sudo pacman -S --needed arm-none-eabi-gcc arm-none-eabi-binutils arm-none-eabi-gdb" \
        "qemu-system-arm make gcc lib32-gcc-libs perl shellcheck"
else
    echo "This system is not known here. Wanted: GNU Make 4, GCC and binutils for arm-none-eabi,"
    echo "qemu-system-arm; for the tests gdb for ARM, a host GCC with -m32, perl, shellcheck."
    exit 1
fi
