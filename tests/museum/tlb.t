#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum's bugs. Translations and permissions.

use strict;
use warnings;
use Museum;

exhibits('tlb');
