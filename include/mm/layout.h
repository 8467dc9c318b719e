/* SPDX-License-Identifier: MIT */
/*
 * The kernel's address map, as a report.
 */
#ifndef MM_LAYOUT_H
#define MM_LAYOUT_H

/* Print "Virtual kernel memory layout:" and a line for each area, in Linux's format. Context: lowmem is mapped. */
void show_layout(void);

#endif
