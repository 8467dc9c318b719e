#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum's bugs: translations: TLBs and page tables.

use strict;
use warnings;
use Museum;

exhibits('tlb');
