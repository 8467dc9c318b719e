/* SPDX-License-Identifier: MIT */
/*
 * Constants that C and assembly share: UL(0x1000) is 0x1000UL in C and 0x1000 for the assembler.
 */
#ifndef ASM_CONST_H
#define ASM_CONST_H

#ifdef __ASSEMBLER__
#define UL(x)	x
#else
#define __UL(x)	x##UL
#define UL(x)	__UL(x)
#endif

#endif
