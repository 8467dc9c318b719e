#!/bin/sh
# SPDX-License-Identifier: MIT
# What README.md and docs/ quote is what a run prints. But docs/sanitizers.md, which quotes other kernels: tests/san/listings.t.
exec "$(dirname "$0")/../../scripts/listings.pl" README.md docs/[!s]*.md docs/s[!a]*.md
