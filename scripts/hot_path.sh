#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The instructions of a function up to its first return, numbered: where nothing stands in the way, these are
# the ones that run. Addresses, which change with every build, are left out.
#
#    scripts/hot_path.sh FUNCTION [ELF]      build/bench/bench.elf by default: `make bench-kernel`

set -eu

function=${1:?which function?}
elf=${2:-build/bench/bench.elf}

"${CROSS_COMPILE:-arm-none-eabi-}objdump" -d --no-show-raw-insn "$elf" | awk -v name="<$function>:" '
    $2 == name { inside = 1; next }
    !inside { next }
    {
        sub(/^[0-9a-f]+:\t/, "")
        sub(/ *@ .*/, "")
        if (/^mov[wt]/)
            sub(/#.*/, "#...")
        sub(/[0-9a-f]+ <.*>/, "...")
        sub(/\t/, " ")
        printf("%2d  %s\n", ++number, $0)
    }
    /^(pop {.*pc}|bx lr)/ { exit }'
