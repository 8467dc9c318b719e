// SPDX-License-Identifier: MIT
/*
 * Names of gfp masks: gfp_names.h.
 *
 *    "GFP_HIGHUSER|__GFP_THISNODE|0x200"
 *     ------------ -------------- -----      parts: a name of the table, or a number
 */
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/gfp_names.h>

#define PART_MAX	32	/* characters of the longest part, and its end */

#define NAMED(mask)	{ #mask, mask }

const struct gfp_name gfp_names[] = {
	NAMED(GFP_ATOMIC), NAMED(GFP_NOWAIT), NAMED(GFP_NOIO), NAMED(GFP_NOFS), NAMED(GFP_KERNEL),
	NAMED(GFP_TEMPORARY), NAMED(GFP_USER), NAMED(GFP_HIGHUSER), NAMED(GFP_HIGHUSER_MOVABLE),
	NAMED(GFP_DMA), NAMED(GFP_THISNODE),
	NAMED(__GFP_DMA), NAMED(__GFP_HIGHMEM), NAMED(__GFP_DMA32), NAMED(__GFP_MOVABLE),
	NAMED(__GFP_WAIT), NAMED(__GFP_HIGH), NAMED(__GFP_IO), NAMED(__GFP_FS), NAMED(__GFP_COLD),
	NAMED(__GFP_NOWARN), NAMED(__GFP_REPEAT), NAMED(__GFP_NOFAIL), NAMED(__GFP_NORETRY),
	NAMED(__GFP_MEMALLOC), NAMED(__GFP_COMP), NAMED(__GFP_ZERO), NAMED(__GFP_NOMEMALLOC),
	NAMED(__GFP_HARDWALL), NAMED(__GFP_THISNODE), NAMED(__GFP_RECLAIMABLE), NAMED(__GFP_KMEMCG),
	NAMED(__GFP_NOTRACK), NAMED(__GFP_NO_KSWAPD), NAMED(__GFP_OTHER_NODE), NAMED(__GFP_WRITE),
	{ NULL, 0 },
};

/* Adds what a part means to *@gfp_mask. Return: does it mean anything? */
static bool parse_part(const char *part, gfp_t *gfp_mask)
{
	const struct gfp_name *known;
	unsigned long number;

	for (known = gfp_names; known->name; known++)
		if (strcmp(known->name, part) == 0)
			break;
	if (!known->name && (kstrtoul(part, 0, &number) || number & ~(unsigned long)__GFP_BITS_MASK))
		return false;
	*gfp_mask |= known->name ? known->mask : (gfp_t)number;
	return true;
}

const char *gfp_parse(const char *text, gfp_t *gfp_mask)
{
	char part[PART_MAX];

	*gfp_mask = 0;
	for (;;) {
		const char *end = strchr(text, '|');
		size_t len = end ? (size_t)(end - text) : strlen(text);

		if (len >= PART_MAX)
			return text;
		memcpy(part, text, len);
		part[len] = '\0';
		if (!parse_part(part, gfp_mask))
			return text;
		if (!end)
			return NULL;
		text = end + 1;
	}
}
