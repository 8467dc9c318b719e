#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum's bugs. Accesses that harm nobody yet.

use strict;
use warnings;
use Museum;

exhibits('kasan');
