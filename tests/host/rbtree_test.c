// SPDX-License-Identifier: MIT
/*
 * Red-black trees: lib/rbtree.c against a sorted array, plain and augmented with a maximum, through
 * random insertions and removals.
 */
#include "host.h"
#include "things.h"
#include <lib/rbtree.h>
#include <lib/string.h>

TEST_SUITE("rbtree");

#define MAX_THINGS	600

static struct thing things[MAX_THINGS], *sorted[MAX_THINGS];
static struct rb_root root;
static int nr;

static void insert(struct thing *thing, bool augmented)
{
	int at = nr;

	if (augmented) {
		insert_thing_augmented(thing, &root);
	} else {
		link_thing(thing, &root);
		rb_insert_color(&thing->node, &root);
	}
	for (; at > 0 && sorted[at - 1]->key > thing->key; at--)
		sorted[at] = sorted[at - 1];
	sorted[at] = thing;
	nr++;
}

static struct thing *erase(int at, bool augmented)
{
	struct thing *thing = sorted[at];

	if (augmented)
		rb_erase_augmented(&thing->node, &root, &most_callbacks);
	else
		rb_erase(&thing->node, &root);
	RB_CLEAR_NODE(&thing->node);
	memmove(sorted + at, sorted + at + 1, (--nr - at) * sizeof(*sorted));
	return thing;
}

static bool same_as_model(bool augmented)
{
	struct rb_node *node = rb_first(&root);

	if (!EXPECT_EQ(rb_check(&root), nr))
		return false;
	for (int i = 0; i < nr; i++, node = rb_next(node)) {
		if (!EXPECT(node == &sorted[i]->node) ||
		    !EXPECT(rb_prev(node) == (i ? &sorted[i - 1]->node : NULL)))
			return false;
		if (augmented &&
		    !EXPECT_EQ(sorted[i]->most, most_callbacks_compute_max(sorted[i])))
			return false;
	}
	return EXPECT(!node) && EXPECT(rb_last(&root) == (nr ? &sorted[nr - 1]->node : NULL));
}

/* Up and down between none and all of MAX_THINGS. */
static void random_operations(bool augmented)
{
	struct thing *spare[MAX_THINGS];
	int nr_spare = MAX_THINGS, at;
	bool growing = true;

	for (at = 0; at < MAX_THINGS; at++)
		spare[at] = &things[at];
	for (unsigned int op = 0; op < 20000; op++) {
		if (nr == 0 || nr == MAX_THINGS)
			growing = nr == 0;
		if (nr == 0 || (nr < MAX_THINGS && test_random_below(8) < (growing ? 5 : 3))) {
			struct thing *thing = spare[--nr_spare];

			thing->key = test_random_below(1000);
			thing->size = test_random_below(100);
			insert(thing, augmented);
		} else {
			spare[nr_spare++] = erase((int)test_random_below(nr), augmented);
		}
		if (op % 16 == 0)
			ASSERT(same_as_model(augmented));
	}
	while (nr)
		erase((int)test_random_below(nr), augmented);
	EXPECT(RB_EMPTY_ROOT(&root));
}

TEST("a tree has the order and the number of a sorted array, through random operations")
{
	random_operations(false);
}

TEST("each node of an augmented tree knows the maximum below it, through random operations")
{
	random_operations(true);
}

TEST("keys that come in order make a tree of twice the logarithm's depth at most")
{
	unsigned int depth, most = 0;

	for (int i = 0; i < MAX_THINGS; i++) {
		things[i].key = i;
		insert(&things[i], false);
	}
	ASSERT(same_as_model(false));
	for (int i = 0; i < MAX_THINGS; i++) {
		const struct rb_node *node = &things[i].node;

		for (depth = 0; node; node = rb_parent(node))
			depth++;
		most = depth > most ? depth : most;
	}
	EXPECT(most <= 2 * 10);		/* 2 * log2(600 + 1) */
}

TEST("a node that is in no tree can be told, and has no neighbours")
{
	struct thing *thing = &things[0];

	RB_CLEAR_NODE(&thing->node);
	EXPECT(RB_EMPTY_NODE(&thing->node));
	EXPECT(!rb_next(&thing->node) && !rb_prev(&thing->node));
	insert(thing, false);
	EXPECT(!RB_EMPTY_NODE(&thing->node));
	EXPECT(rb_entry_safe(rb_first(&root), struct thing, node) == thing);
	EXPECT(!rb_entry_safe(rb_next(&thing->node), struct thing, node));
}

TEST("rb_check() counts the nodes of a tree, and finds each damage that there can be")
{
	struct rb_node *top, *child;
	unsigned long colour;

	nr = 0;
	root = RB_ROOT;
	EXPECT_EQ(rb_check(&root), 0);
	for (int i = 0; i < 20; i++) {
		things[i].key = (unsigned long)i;
		insert(&things[i], false);
	}
	EXPECT_EQ(rb_check(&root), 20);
	top = root.rb_node;

	top->__rb_parent_color ^= 1;		/* a red root; its subtrees are as deep as before */
	EXPECT_EQ(rb_check(&root), -1);
	top->__rb_parent_color ^= 1;

	child = top->rb_left;
	colour = child->__rb_parent_color;
	child->__rb_parent_color = colour & 1;	/* a child that knows another parent */
	EXPECT_EQ(rb_check(&root), -1);
	child->__rb_parent_color = colour;

	while (!rb_is_red(child))
		child = child->rb_right ?: rb_next(child);
	child->__rb_parent_color ^= 1;		/* a path with a black node more than others */
	EXPECT_EQ(rb_check(&root), -1);
	child->__rb_parent_color ^= 1;
	EXPECT_EQ(rb_check(&root), 20);
}
