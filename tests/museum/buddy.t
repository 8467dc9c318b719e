#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum's bugs. Blocks of pages.

use strict;
use warnings;
use Museum;

exhibits('buddy');
