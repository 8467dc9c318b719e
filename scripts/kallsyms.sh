#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Make the table of function names that kernel/kallsyms.c looks in.
#
#     nm -n --special-syms kernel.elf | scripts/kallsyms.sh > kallsyms.S
#
# Reads symbols sorted by address and writes assembler text. Functions are the symbols of type t, T,
# w and W from _stext to _etext; of several at one address the first global one counts, and
# stubs of the linker's may have no name. $a and $t say where ARM and Thumb code begins: a bit for
# each function is 1 if it is Thumb code. With no input the table is empty: that is what the first
# pass of the link takes.

set -eu

LC_ALL=C exec awk '
    BEGIN {
        per_marker = 64         # kernel/kallsyms.c has the same number
        count = 0
        inside = 0
        end = ""
        marks = 0
    }

    $3 == "_stext" { inside = 1 }
    $3 == "_etext" { inside = 0; end = $1 }

    inside && $3 ~ /^[$][at]$/ {
        mark[marks] = $1
        thumb_from[marks++] = $3 == "$t"
    }

    # Neither borders of sections nor what the assembler made are functions.
    function is_border(symbol) {
        return symbol ~ /^(_s?text|__(init|exception_)text_(begin|start|end)|__vectors_end)$/
    }

    inside && $2 ~ /^[tTwW]$/ && $3 !~ /^([$.]|$)/ && !is_border($3) {
        if (count && $1 == address[count - 1]) {
            if (type[count - 1] ~ /[tw]/ && $2 ~ /[TW]/) {
                name[count - 1] = $3
                type[count - 1] = $2
            }
            next
        }
        address[count] = $1
        name[count] = $3
        type[count] = $2
        count++
    }

    END {
        print "\t.section .kallsyms, \"a\""
        print "\t.balign 4"
        print "\t.globl kallsyms_num_syms\nkallsyms_num_syms:\n\t.long " count
        print "\t.globl kallsyms_addresses\nkallsyms_addresses:"
        for (i = 0; i < count; i++)
            print "\t.long 0x" address[i]
        if (end != "")
            print "\t.long 0x" end
        print "\t.globl kallsyms_markers\nkallsyms_markers:"
        offset = 0
        for (i = 0; i < count; i++) {
            if (i % per_marker == 0)
                print "\t.long " offset
            offset += length(name[i]) + 1
        }
        print "\t.balign 4\n\t.globl kallsyms_thumb\nkallsyms_thumb:"
        for (i = m = thumb = word = 0; i < count; i++) {
            while (m < marks && mark[m] <= address[i])
                thumb = thumb_from[m++]
            word += thumb * 2 ^ (i % 32)
            if (i % 32 == 31 || i == count - 1) {
                printf "\t.long %.0f\n", word
                word = 0
            }
        }
        print "\t.globl kallsyms_names\nkallsyms_names:"
        for (i = 0; i < count; i++)
            print "\t.asciz \"" name[i] "\""
    }
'
