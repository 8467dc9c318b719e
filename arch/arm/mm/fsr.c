// SPDX-License-Identifier: MIT
/*
 * Fault status codes in words: Table B3-23 of ARM DDI 0406C (B3.13.3), short-descriptor format.
 * DFSR and IFSR share the encoding; an instruction fetch knows only some of it. "Section" is the
 * level-1 table's, "page" the level-2 table's, as in Linux's arch/arm/mm/fsr-2level.c.
 */
#include <asm/fault.h>

static const struct fsr_info fsr_info[NR_FSR_CODES] = {
	[0x01] = { FAULT_ALIGNMENT,	"alignment fault" },
	[0x02] = { FAULT_OTHER,		"debug event" },
	[0x03] = { FAULT_ACCESS_FLAG,	"section access flag fault" },
	[0x04] = { FAULT_OTHER,		"fault on instruction cache maintenance" },
	[0x05] = { FAULT_TRANSLATION,	"section translation fault" },
	[0x06] = { FAULT_ACCESS_FLAG,	"page access flag fault" },
	[0x07] = { FAULT_TRANSLATION,	"page translation fault" },
	[0x08] = { FAULT_EXTERNAL,	"external abort" },
	[0x09] = { FAULT_DOMAIN,	"section domain fault" },
	[0x0b] = { FAULT_DOMAIN,	"page domain fault" },
	[0x0c] = { FAULT_EXTERNAL,	"external abort on the walk of the level-1 table" },
	[0x0d] = { FAULT_PERMISSION,	"section permission fault" },
	[0x0e] = { FAULT_EXTERNAL,	"external abort on the walk of the level-2 table" },
	[0x0f] = { FAULT_PERMISSION,	"page permission fault" },
	[0x10] = { FAULT_OTHER,		"TLB conflict abort" },
	[0x14] = { FAULT_OTHER,		"lockdown abort" },
	[0x16] = { FAULT_EXTERNAL,	"asynchronous external abort" },
	[0x18] = { FAULT_EXTERNAL,	"asynchronous parity error" },
	[0x19] = { FAULT_EXTERNAL,	"parity error" },
	[0x1a] = { FAULT_OTHER,		"coprocessor abort" },
	[0x1c] = { FAULT_EXTERNAL,	"parity error on the walk of the level-1 table" },
	[0x1e] = { FAULT_EXTERNAL,	"parity error on the walk of the level-2 table" },
};

static const struct fsr_info reserved = { FAULT_OTHER, "reserved fault status" };

const struct fsr_info *fsr_lookup(unsigned int fsr)
{
	const struct fsr_info *info = &fsr_info[fsr_fs(fsr)];

	return info->name ? info : &reserved;
}
