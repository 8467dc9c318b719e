#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
#
# The museum's bugs. When memory is short.

use strict;
use warnings;
use Museum;

exhibits('watermarks');
