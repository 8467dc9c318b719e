/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: where the kernel image would be. A test program is not in its
 * RAM; 512 KiB of it are set aside where the board has the image.
 */
#ifndef KERNEL_SECTIONS_H
#define KERNEL_SECTIONS_H

#include <asm/memory.h>

#define _text	((char *)__va(PHYS_OFFSET + UL(0x00010000)))
#define _end	((char *)__va(PHYS_OFFSET + UL(0x00090000)))

/* All of it is data. */
#define __inittext_begin	_text
#define __inittext_end		_text
#define __start_rodata		_text
#define __end_rodata		_text
#define __initdata_begin	_text
#define __initdata_end		_text

#endif
