#!/bin/sh
# SPDX-License-Identifier: MIT
# What README.md and docs/ quote is what a run prints.
exec "$(dirname "$0")/../../scripts/listings.pl" README.md docs/*.md
