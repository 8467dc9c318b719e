#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs AFL++ on a host test that takes its decisions from bytes (tests/host/input.h).
#
#    scripts/fuzz.sh run TARGET MINUTES PROGRAM OUT     look for failures, from what tests/corpus/TARGET has
#    scripts/fuzz.sh keep TARGET PROGRAM OUT            tests/corpus/TARGET becomes the fewest and shortest
#                                                       inputs that go wherever any known one went; those
#                                                       that somebody gave a name stay
#
# What fails is said at the end, with the command that shows it. Exit status of `run`: 1 if anything does.

set -eu

action=$1 target=$2
corpus=tests/corpus/$target
export AFL_SKIP_CPUFREQ=1 AFL_ALLOW_TMP=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1
limits="-t 20000 -m none"       # milliseconds: a hang detector

# Something to begin with: random bytes for each test that there may be in a program.
make_seeds()
{
    mkdir -p "$1"
    for test in 0 1 2 3 4 5 6 7 10 11 12 13 14 15 16 17; do
        # shellcheck disable=SC2059 # the format is the byte
        { printf "\\$test"; head -c 120 /dev/urandom; } >"$1/random-$test"
    done
}

run()
{
    minutes=$1 program=$2 out=$3
    case $minutes in
    '' | 0* | *[!0-9]* | ?????*)
        echo "$0: MINUTES=$minutes is not a number from 1 to 9999" >&2
        exit 2
        ;;
    esac
    rm -rf "$out"
    mkdir -p "$out"
    seeds=$corpus
    if ! [ -d "$corpus" ]; then
        seeds=$out/seeds
        make_seeds "$seeds"
    fi
    # The words that the test itself makes texts of.
    sed -n '/words\[\] = {/,/};/p' "tests/host/${target%-*}_fuzz_test.c" | grep -o '"[^"\]\+"' | sort -u >"$out/words" || true
    # shellcheck disable=SC2086 # several words
    nice afl-fuzz -i "$seeds" -o "$out" -x "$out/words" $limits -G 1024 -V $((minutes * 60)) -- "$program" >"$out/log" 2>&1 || {
        tail -n 20 "$out/log" >&2
        exit 2
    }
    awk -F ' *: *' '{ value[$1] = $2 }
        END { printf "%s: %d executions in %d s, %d inputs found to add to %d, %d crashes, %d hangs\n", target,
            value["execs_done"], value["run_time"], value["corpus_found"], value["corpus_count"] - value["corpus_found"],
            value["saved_crashes"], value["saved_hangs"] }' target="$target" "$out/default/fuzzer_stats"
    found=0
    for input in "$out"/default/crashes/id* "$out"/default/hangs/id*; do
        [ -f "$input" ] || continue
        found=1
        echo "See: V=1 $program INPUT=$input"
    done
    return $found
}

keep()
{
    program=$1 out=$2
    rm -rf "$out/all" "$out/least"
    mkdir -p "$out/all"
    for input in "$corpus"/* "$out"/default/queue/id*; do
        [ ! -f "$input" ] || cp "$input" "$out/all/$(sha1sum <"$input" | cut -c 1-12)"
    done
    # shellcheck disable=SC2086 # several words
    afl-cmin -e -i "$out/all" -o "$out/least" $limits -- "$program" >"$out/cmin.log" 2>&1 || {
        tail -n 20 "$out/cmin.log" >&2
        exit 2
    }
    for input in "$corpus"/*; do
        case ${input##*/} in           # the others are called by their sum
            *[!0-9a-f]*) [ ! -f "$input" ] || cp "$input" "$out/least" ;;
        esac
    done
    rm -rf "$corpus"
    mkdir -p "$(dirname "$corpus")"
    chmod 644 "$out/least"/*
    mv "$out/least" "$corpus"
    echo "$corpus: $(find "$corpus" -type f | wc -l) inputs, $(cat "$corpus"/* | wc -c) bytes"
}

shift 2
case $action in
    run) run "$@" ;;
    keep) keep "$@" ;;
    *) echo "usage: see $0" >&2; exit 2 ;;
esac
