#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Merges what tests executed on the board and on the host, and judges it.
#
#    scripts/coverage.sh BUILD       where COVERAGE=1 was built, and tests were run
#
#         BUILD/boots/* --gcda.pl--> *.gcda --gcovr--> board.json \
#                 BUILD/[*/]host/ *.gcda --gcovr-->  host.json --> merged.json --coverage.pl--> table.txt
#                                                                                    --gcovr--> index.html

set -eu

build=$1
cross=${CROSS_COMPILE:-arm-none-eabi-}
cd "$(dirname "$0")/.."

# found NAME ARGUMENT...: what gcovr finds, as BUILD/NAME.json
found()
{
    name=$1
    shift
    gcovr --root . --filter '(boot|arch/arm/mm|mm|lib)/' --json "$build/$name.json" "$@"
}

find "$build/boots" -type f -exec scripts/gcda.pl {} +
found board --gcov-executable "${cross}gcov" --exclude-directories '.*/host$' "$build"
found host --gcov-executable gcov --object-directory tests/host "$build"/host "$build"/*/host
gcovr --root . -a "$build/board.json" -a "$build/host.json" --json "$build/merged.json"

status=0
scripts/coverage.pl "$build/merged.json" scripts/coverage-unreached.txt "$build/table.txt" "$build/filtered.json" || status=$?
gcovr --root . -a "$build/filtered.json" --html-details "$build/index.html" --html-title "Pagewalk: what the tests execute"
echo "Each file: $build/table.txt; each line: $build/index.html"
exit $status
