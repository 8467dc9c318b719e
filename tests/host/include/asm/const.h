/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: constants. There is no assembly here, so UL() is only a suffix.
 */
#ifndef ASM_CONST_H
#define ASM_CONST_H

#define __UL(x)	x##UL
#define UL(x)	__UL(x)

#endif
