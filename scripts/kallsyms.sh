#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Make the table of function names that kernel/kallsyms.c looks in.
#
#     nm -n --special-syms kernel.elf | scripts/kallsyms.sh > kallsyms.S
#
# Reads symbols sorted by address and writes assembler text. Functions are the symbols of type t, T,
# w and W from _stext to _etext; of several at one address the first global one counts. $a and $t say
# where ARM and Thumb code begins, with a dot and anything behind it if the compiler likes (ARM IHI 0044,
# mapping symbols): clang numbers them. With no input the table is empty: that is what the first pass of
# the link takes.
#
# Names are written by byte pair encoding: of all neighbours, the two that are found side by side most often are
# replaced by a code that is no character of a name; and so on, until codes run out. That halves them. To be
# quick, a round replaces several pairs, of which no two have a code in common.

set -eu

LC_ALL=C exec awk '
    BEGIN {
        per_marker = 64         # kernel/kallsyms.c has the same number
        name_max = 63           # KSYM_NAME_LEN - 1 of include/kernel/kallsyms.h
        size_max = 65534        # what a halfword has, but for the bit of Thumb code
        pairs_per_round = 8
        codes = 256             # a byte, and 0 is the end of a name
        count = 0
        inside = 0
        end = ""
        marks = 0
        for (code = 33; code < 127; code++)
            code_of[sprintf("%c", code)] = code
    }

    $3 == "_stext" { inside = 1 }
    $3 == "_etext" { inside = 0; end = $1 }

    inside && $3 ~ /^[$][at]([.]|$)/ {
        mark[marks] = $1
        thumb_from[marks++] = $3 ~ /^[$]t/
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

    function number(hex,    i, value) {
        value = 0
        for (i = 1; i <= length(hex); i++)
            value = value * 16 + index("123456789abcdef", substr(hex, i, 1))
        return value
    }

    # ---- Names: text[1] to text[length_of_text] are their codes, a 0 behind each ----

    function names_to_text(    i, j) {
        for (i = 0; i < count; i++) {
            for (j = 1; j <= length(name[i]) && j <= name_max; j++) {
                text[++length_of_text] = code_of[substr(name[i], j, 1)]
                is_character[text[length_of_text]] = 1
            }
            text[++length_of_text] = 0
        }
    }

    function count_pairs(    i) {
        split("", times)
        for (i = 2; i <= length_of_text; i++)
            if (text[i - 1] && text[i])
                times[text[i - 1] * codes + text[i]]++
    }

    # Return: the most frequent pair of codes that are not busy in this round, of several the first; 0 if there is none.
    function best_pair(    pair, best) {
        best = 0
        for (pair in times)
            if (times[pair] > 1 && !(int(pair / codes) in busy) && !(pair % codes in busy) &&
                (!best || times[pair] > times[best] || (times[pair] == times[best] && pair + 0 < best)))
                best = pair + 0
        return best
    }

    # Give codes to pairs, at most as many as fit in a round. Return: how many.
    function choose_pairs(    chosen, pair) {
        split("", busy)
        split("", code_of_pair)
        count_pairs()
        for (chosen = 0; chosen < pairs_per_round; chosen++) {
            while (next_code in is_character)
                next_code++
            if (next_code >= codes || !(pair = best_pair()))
                break
            busy[int(pair / codes)] = busy[pair % codes] = 1
            code_of_pair[pair] = next_code
            pair_of_code[next_code++] = pair
        }
        return chosen
    }

    function replace_pairs(    i, j, pair) {
        for (i = 1; i <= length_of_text; i++) {
            pair = text[i] * codes + text[i + 1]
            if (pair in code_of_pair)
                i++
            text[++j] = pair in code_of_pair ? code_of_pair[pair] : text[i]
        }
        length_of_text = j
    }

    # ---- What is written ----

    function label(symbol) {
        print "\t.globl " symbol "\n" symbol ":"
    }

    function write_markers(    i, name_nr, at) {
        label("kallsyms_markers")
        name_nr = 0
        at = 1
        for (i = 1; i <= length_of_text; i++) {
            if (text[i])
                continue
            if (name_nr % per_marker == 0)
                print "\t.long 0x" address[name_nr] ", " at - 1
            name_nr++
            at = i + 1
        }
        print "\t.long 0x" (end == "" ? "0" : end) ", " length_of_text
    }

    function write_sizes(    i, m, thumb, size) {
        label("kallsyms_sizes")
        address[count] = end
        m = thumb = 0
        for (i = 0; i < count; i++) {
            while (m < marks && mark[m] <= address[i])
                thumb = thumb_from[m++]
            size = number(address[i + 1]) - number(address[i])
            if (size > size_max || size % 2) {
                print name[i] " has " size " bytes" >"/dev/stderr"
                exit 1
            }
            print "\t.short " size + thumb
        }
    }

    function write_pairs(    code) {
        label("kallsyms_pairs")
        for (code = 0; code < codes; code++)
            if (code in pair_of_code)
                print "\t.byte " int(pair_of_code[code] / codes) ", " pair_of_code[code] % codes
            else
                print "\t.byte " code ", 0"
    }

    function write_names(    i, line) {
        label("kallsyms_names")
        for (i = 1; i <= length_of_text; i++) {
            line = line (line == "" ? "\t.byte " : ", ") text[i]
            if (!text[i]) {
                print line
                line = ""
            }
        }
    }

    END {
        length_of_text = 0
        next_code = 1
        names_to_text()
        while (choose_pairs())
            replace_pairs()
        print "\t.section .kallsyms, \"a\"\n\t.balign 4"
        label("kallsyms_num_syms")
        print "\t.long " count
        write_markers()
        write_sizes()
        write_pairs()
        write_names()
    }
'
