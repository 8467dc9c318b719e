/* SPDX-License-Identifier: MIT */
/*
 * What the CPU says about an abort, and what that means.
 *
 * The fault status registers, DFSR for data and IFSR for instruction fetches, short-descriptor
 * format (ARM DDI 0406C B4.1.52, B4.1.96):
 *
 *     31        13  12   11   10   9 8  7       4 3       0
 *    +------------+----+----+-----+---+---------+---------+
 *    |            |ExT |WnR |FS[4]|   | domain  | FS[3:0] |      WnR and domain in DFSR only
 *    +------------+----+----+-----+---+---------+---------+
 */
#ifndef ASM_FAULT_H
#define ASM_FAULT_H

#include <asm/ptrace.h>
#include <lib/types.h>

#define FSR_FS3_0		0x00f
#define FSR_FS4			(1 << 10)
#define FSR_WRITE		(1 << 11)
#define FSR_DOMAIN_SHIFT	4
#define FSR_DOMAIN_MASK		0xf
#define NR_FSR_CODES		32
#define FS_TRANSLATION_L1	0x05	/* of fsr_fs(): no level-1 entry */

/* The 5-bit status code, FS[4:0], of @fsr. */
static inline unsigned int fsr_fs(unsigned int fsr)
{
	return (fsr & FSR_FS3_0) | (fsr & FSR_FS4) >> 6;
}

enum fault_kind {
	FAULT_OTHER,		/* reserved, debug, implementation defined */
	FAULT_ALIGNMENT,
	FAULT_TRANSLATION,	/* a descriptor on the way is invalid */
	FAULT_ACCESS_FLAG,
	FAULT_DOMAIN,
	FAULT_PERMISSION,	/* mapped, but not for this access */
	FAULT_EXTERNAL,		/* the memory system answered with an error */
};

enum fault_access {
	ACCESS_READ,
	ACCESS_WRITE,
	ACCESS_EXECUTE,
};

struct fsr_info {
	enum fault_kind kind;
	const char *name;
};

/**
 * fsr_lookup - a fault status in words
 * @fsr: DFSR or IFSR as read
 *
 * Return: its entry in the table; reserved codes have one too, that says so.
 */
const struct fsr_info *fsr_lookup(unsigned int fsr);

/* An access that failed. */
struct fault {
	unsigned long addr;
	enum fault_access access;
	enum fault_kind kind;
	const struct pt_regs *regs;	/* of the code that tried */
};

/**
 * fault_verdict - what was wrong with an access, in one sentence
 * @buf: receives the sentence, without a newline
 * @size: bytes at @buf
 * @f: the access
 *
 * Goes by the region of the address map that the address is in. Context: any.
 */
void fault_verdict(char *buf, size_t size, const struct fault *f);

#endif
