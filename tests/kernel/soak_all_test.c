// SPDX-License-Identifier: MIT
/*
 * The soak of everything at once as a test. See soak.h, and docs/soak.md.
 *
 *    make soak MINUTES=5 SEED=7                                           with RAM full of junk
 *    make run SUITE=soakall CPUS=4 RAM=64 CMDLINE='soak=1000000'          a million operations
 */
#include <mm/kmemleak.h>
#include <test.h>
#include "soak_run.h"

TEST_SUITE("soakall");

TEST("all allocators at once, on all CPUs, in threads and interrupts: every page and object is accounted for")
{
	struct kmemleak_result before, after;

	ASSERT(kmemleak_scan(&before) == 0);
	run_soak(&soak_mix_all);
	ASSERT(kmemleak_scan(&after) == 0);
	EXPECT_EQ(after.nr_leaks, before.nr_leaks);
}
