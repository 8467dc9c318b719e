#!/bin/sh
# SPDX-License-Identifier: MIT
# What README.md and docs/ quote is what a run prints. The chapter on sanitizers quotes their kernels: tests/san/listings.t.
exec "$(dirname "$0")/../../scripts/listings.pl" README.md $(ls docs/*.md | grep -v '^docs/sanitizers\.md$')
