/* SPDX-License-Identifier: MIT */
/*
 * Another CPU that acts in the middle of something: between two instructions, at a moment that the test
 * chooses. For code that takes no lock against it, and must be right whenever that happens:
 *
 *    for (n = 1; ; n++) {
 *            steps_begin(n, other_cpu);     one instruction, two, ..., n: other_cpu()
 *            code_to_be_tested();
 *            if (!steps_end())              it was over by then: all moments have been tried
 *                    break;
 *    }
 *
 * By the trap flag of x86, which interrupts the process after each instruction. What other_cpu() does,
 * happens at once, and all that was stored before is seen: the order in which a CPU of ARM sees the stores
 * of another is none of this.
 */
#ifndef STEPS_H
#define STEPS_H

#include <lib/types.h>

/* From here on count instructions; after @nr of them, 1 or more, call @act, once. */
void steps_begin(unsigned long nr, void (*act)(void));

/* Count no more. Return: were there so many? */
bool steps_end(void);

#endif
