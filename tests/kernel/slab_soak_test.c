// SPDX-License-Identifier: MIT
/*
 * The soak of the allocator of objects as a test. See soak.h.
 *
 *    make run SUITE=slabsoak CPUS=4 RAM=64 CMDLINE='soak=10000000'       ten million operations
 */
#include <test.h>
#include "soak_run.h"

TEST_SUITE("slabsoak");

TEST("all CPUs allocate and free objects at random, in threads and interrupts, and each is accounted for")
{
	run_soak(&soak_mix_objects);
}
