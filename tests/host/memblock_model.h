/* SPDX-License-Identifier: MIT */
/*
 * A model of memblock for random tests, written to be obviously right and not to be fast.
 *
 * Where memblock keeps two lists of regions, the model cuts the whole address space into pieces and
 * knows of each piece whether it is memory and whether it is reserved:
 *
 *    |  -   | mem 0 |mem 0,res| mem 0 |  -   |  res  |   -   |mem 1|       one array
 *    0      ^ start of piece 1                                     0xffffffff
 *
 * The lists that memblock must have are read off it: neighbouring pieces of one kind are one
 * region.
 */
#ifndef MEMBLOCK_MODEL_H
#define MEMBLOCK_MODEL_H

#include <mm/memblock.h>

#define MODEL_LIST_MAX	4096

enum mbmodel_list { MODEL_MEMORY, MODEL_RESERVED };

struct mbmodel_regions {
	unsigned long cnt;
	phys_addr_t total_size;
	struct memblock_region region[MODEL_LIST_MAX];
};

/* What cannot be read off the pieces. */
struct mbmodel {
	bool bottom_up, can_resize, mirrored_kernelcore, some_mirror, movable_node;
	phys_addr_t current_limit;
	phys_addr_t trimmed;
	unsigned long max[2];
	phys_addr_t array[2];	/* physical address; 0: the static array */
	bool used[2];		/* had regions once: an empty list differs in the node of its entry */

	bool bug;		/* Linux would BUG here */
	bool unpredictable;	/* an array was put where another one lies */
};

extern struct mbmodel mbmodel;

void mbmodel_reset(void);

/* The list as memblock must have it now. The result is good until the next call for that list. */
const struct mbmodel_regions *mbmodel_regions(enum mbmodel_list list);

/* Does the range touch the memory of a list's array? */
bool mbmodel_hits_array(phys_addr_t base, phys_addr_t bytes);

/* Is an array of the lists no longer reserved? Then anything may overwrite it. */
bool mbmodel_array_lost(void);

/* The functions of memblock.h. */
int mbmodel_add(enum mbmodel_list list, phys_addr_t base, phys_addr_t size, int nid,
		unsigned int flags);
int mbmodel_remove(enum mbmodel_list list, phys_addr_t base, phys_addr_t size);
int mbmodel_set_node(enum mbmodel_list list, phys_addr_t base, phys_addr_t size, int nid);
int mbmodel_change_flags(phys_addr_t base, phys_addr_t size, unsigned int set, unsigned int clear);
int mbmodel_mark_mirror(phys_addr_t base, phys_addr_t size);
void mbmodel_trim(phys_addr_t align);
void mbmodel_cap(phys_addr_t base, phys_addr_t size);
void mbmodel_limit(phys_addr_t limit, bool keep_nomap);
phys_addr_t mbmodel_alloc(phys_addr_t size, phys_addr_t align, phys_addr_t start, phys_addr_t end,
			int nid, bool exact_nid);
phys_addr_t mbmodel_alloc_virt(phys_addr_t size, phys_addr_t align, phys_addr_t min,
			     phys_addr_t max, int nid, bool exact_nid);

/*
 * All ranges that an iterator must visit, upwards: those of @list, without reserved ones if
 * @only_free. Return: how many there are in @out.
 */
struct mbmodel_range {
	phys_addr_t start, end;
	int nid;
};
unsigned int mbmodel_ranges(enum mbmodel_list list, bool only_free, int nid, unsigned int flags,
			  struct mbmodel_range *out);

/* What holds at one address; the byte 0xffffffff has nothing. */
bool mbmodel_is_memory(phys_addr_t addr, unsigned int *flags);
bool mbmodel_is_reserved(phys_addr_t addr);

#endif
