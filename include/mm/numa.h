/* SPDX-License-Identifier: MIT */
/*
 * Memory nodes. The board has one; up to four can be made of its RAM.
 */
#ifndef MM_NUMA_H
#define MM_NUMA_H

#define MAX_NUMNODES	4
#define NUMA_NO_NODE	(-1)	/* "whichever": any node will do */

#endif
