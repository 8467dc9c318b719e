/* SPDX-License-Identifier: MIT */
/*
 * Semihosting: calls to the host that runs or debugs us (Arm's "Semihosting for AArch32 and AArch64").
 * QEMU answers with -semihosting-config enable=on,target=native. Without a host the SVC
 * arrives at our own vector, which answers -1: so asking is always safe once the vectors stand.
 */
#ifndef ASM_SEMIHOSTING_H
#define ASM_SEMIHOSTING_H

#define SEMIHOSTING_SVC		0x123456	/* the SVC's immediate, in ARM state */
#define SYS_OPEN		0x01
#define SYS_CLOSE		0x02
#define SYS_WRITE		0x05
#define SYS_TMPNAM		0x0d
#define SYS_TIME		0x11
#define SYS_EXIT_EXTENDED	0x20
#define ADP_STOPPED_APPLICATION_EXIT	0x20026

#ifndef __ASSEMBLER__
#include <lib/types.h>

/*
 * Ask the host (ARM DUI 0203, semihosting): operation @op, whose arguments are in @block. Return:
 * its answer; -1 if there is no host. Context: ARM code; the vectors stand.
 */
static inline long semihosting_call(unsigned long op, const void *block)
{
	register unsigned long r0 __asm__("r0") = op;
	register const void *r1 __asm__("r1") = block;

	/* An SVC from SVC mode overwrites LR. */
	__asm__ volatile("svc %2" : "+r"(r0) : "r"(r1), "i"(SEMIHOSTING_SVC) : "memory", "lr", "cc");
	return r0;
}

/* Is there a host that listens? Context: the vectors stand. */
bool semihosting_present(void);
#endif

#endif
