#!/bin/sh
# SPDX-License-Identifier: MIT
# What the chapter on sanitizers quotes is what their kernels print.
exec "$(dirname "$0")/../../scripts/listings.pl" docs/sanitizers.md
