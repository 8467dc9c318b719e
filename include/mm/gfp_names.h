/* SPDX-License-Identifier: MIT */
/*
 * Names of gfp masks, for people who type them: GFP_KERNEL, GFP_HIGHUSER|__GFP_THISNODE, 0xd0.
 */
#ifndef MM_GFP_NAMES_H
#define MM_GFP_NAMES_H

#include <mm/gfp.h>

struct gfp_name {
	const char *name;
	gfp_t mask;
};

/* All names of gfp.h; ended by one without a name. gdb reads them, too. */
extern const struct gfp_name gfp_names[];

/**
 * gfp_parse - the mask that a text means
 * @text: names or numbers, with '|' in between; no blanks
 * @gfp_mask: receives it
 *
 * Return: NULL; or where in @text the part begins that means nothing, or has bits that no flag has.
 * Context: any.
 */
const char *gfp_parse(const char *text, gfp_t *gfp_mask);

#endif
