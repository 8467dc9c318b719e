/* SPDX-License-Identifier: MIT */
/*
 * What tests put into a red-black tree that knows a maximum: things in order of their keys, each of which knows the
 * largest size below it.
 */
#ifndef TESTS_HOST_THINGS_H
#define TESTS_HOST_THINGS_H

#include <lib/rbtree.h>
#include <lib/types.h>

struct thing {
	unsigned long key;
	unsigned long size;
	unsigned long most;		/* the largest size here and below */
	bool in;			/* is it in the tree? For who wants to know */
	struct rb_node node;
};

static inline unsigned long thing_size(const struct thing *thing)
{
	return thing->size;
}

RB_DECLARE_CALLBACKS_MAX(static __maybe_unused, most_callbacks, struct thing, node, unsigned long, most, thing_size);

/* Put @thing behind those of the same key; what it knows, and the colours, are for the caller to mend. */
static inline void link_thing(struct thing *thing, struct rb_root *root)
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = thing->key < rb_entry(parent, struct thing, node)->key ? &parent->rb_left :
										&parent->rb_right;
	}
	rb_link_node(&thing->node, parent, link);
	thing->most = 0;
}

/* The same, and the tree is right again. */
static inline void insert_thing_augmented(struct thing *thing, struct rb_root *root)
{
	link_thing(thing, root);
	most_callbacks.propagate(&thing->node, NULL);
	rb_insert_augmented(&thing->node, root, &most_callbacks);
}

#endif
