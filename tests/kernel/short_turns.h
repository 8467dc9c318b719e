/* SPDX-License-Identifier: MIT */
/*
 * Short turns of CPUs under an emulator that runs them one after the other. See short_turns.c.
 */
#ifndef SHORT_TURNS_H
#define SHORT_TURNS_H

/*
 * What `turns=' asks for, in microseconds: for tests that are worth it. 0: CPUs may not take turns at
 * all, and time may be the real one.
 */
extern unsigned long turns_wanted;

/* Have turns end every @microseconds, of the machine's time; 0: when they do by themselves. */
void short_turns(unsigned int microseconds);

#endif
