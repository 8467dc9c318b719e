/* SPDX-License-Identifier: MIT */
/*
 * What is this page? The part of `mm whatis' (<asm/whatis.h>) that is about pages of RAM.
 */
#ifndef MM_WHATIS_H
#define MM_WHATIS_H

/**
 * show_whatis_page - say in words what state a page is in, and what its owner knows of it
 * @pfn: of RAM
 * @addr: an address of lowmem in it, for the object that it is in; 0 if the page has none
 *
 * A line or two, which begin with blanks. Context: thread, interrupts on: other CPUs are stopped for
 * a moment, so that what is said was all true at once.
 */
void show_whatis_page(unsigned long pfn, unsigned long addr);

#endif
