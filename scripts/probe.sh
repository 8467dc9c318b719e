#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Writes what the Makefile needs to know of the compiler, as make variables.
#
#    scripts/probe.sh CC OUTPUT FLAG...      FLAGs that choose the machine
#
# Compilers from GCC 10 to 15 are asked which of the flags below they know. That takes a moment, so the
# answer is kept in OUTPUT, as long as the compiler's version and this file stay the same.

set -eu

wanted='
    -fno-tree-loop-distribute-patterns
    -fzero-init-padding-bits=unions
    -Wdeclaration-after-statement
'
wanted_small='
    -mthumb
'

cc=$1
output=$2
shift 2
machine=$*

first_line="# $("$cc" --version | head -n 1), asked by probe.sh $(cksum <"$0")"
if [ -f "$output" ] && [ "$first_line" = "$(head -n 1 "$output")" ]; then
    exit 0
fi

# A compiler built for microcontrollers only has no libgcc for this CPU, and silently takes another.
multilib=$("$cc" "$@" -print-multi-directory)
case $multilib in
    *v7-a* | .) ;;      # clang, which does not link, says "."
    *) echo "$0: $cc has no libgcc for ARMv7-A; it offers \"$multilib\", which may not run" >&2 ;;
esac

# NAME FLAG...: a variable of that name, with those of the FLAGs that the compiler knows.
ask() {
    printf '%s :=' "$1"
    shift
    for flag; do
        # shellcheck disable=SC2086
        if "$cc" $machine -Werror "$flag" -x c -c /dev/null -o /dev/null 2>/dev/null; then
            printf ' %s' "$flag"
        fi
    done
    echo
}

# PROBED_GRAPH: who calls whom, and with how much stack, into a file beside the object.
ask_for_graph() {
    if "$cc" -Werror -fcallgraph-info=su -x c -c /dev/null -o "$output.o" 2>/dev/null; then
        echo 'PROBED_GRAPH := -fcallgraph-info=su'
    fi
    rm -f "$output.o" "$output.ci"
}

mkdir -p "$(dirname "$output")"
{
    echo "$first_line"
    # shellcheck disable=SC2086
    ask PROBED $wanted
    # shellcheck disable=SC2086
    ask PROBED_SMALL $wanted_small
    ask_for_graph
} >"$output.new"
mv "$output.new" "$output"
