#!/bin/sh
# SPDX-License-Identifier: MIT
# Barriers and maintenance stand in the machine code in the order that the architecture asks for.
exec "$(dirname "$0")/../../scripts/barriers.pl" "${PAGEWALK_BUILD:-build}/kernel.elf"
