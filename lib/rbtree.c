// SPDX-License-Identifier: MIT
/*
 * Red-black trees: what comes after a node was linked, or before it is gone, so that no way down is
 * more than twice as long as another. <lib/rbtree.h> has the invariants; the algorithm is that of
 * Guibas and Sedgewick (1978).
 *
 *    rotate(n, left):        n                c          what is below stays in order: a n b c d
 *                          /   \            /   \
 *                         a     c    -->   n     d
 *                              / \        / \
 *                             b   d      a   b
 *
 * "Left" and "right" are indices: each case is written once, and its mirror image is the same with
 * the other index.
 */
#include <lib/rbtree.h>

static const unsigned int left = 0;

static void no_propagate(struct rb_node *node, struct rb_node *stop)
{
	(void)node;
	(void)stop;
}

static void no_move(struct rb_node *old, struct rb_node *new)
{
	(void)old;
	(void)new;
}

static const struct rb_augment_callbacks no_augment = { no_propagate, no_move, no_move };

static inline void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (node->__rb_parent_color & RB_BLACK) | (unsigned long)parent;
}

static inline void set_black(struct rb_node *node)
{
	node->__rb_parent_color |= RB_BLACK;
}

static inline void set_red(struct rb_node *node)
{
	node->__rb_parent_color &= ~RB_BLACK;
}

/* On which side of @parent is @node? */
static inline unsigned int side_of(const struct rb_node *node, const struct rb_node *parent)
{
	return parent->rb_right == node;
}

/* Where @parent, or the root if there is none, said @old it says @new. */
static inline void change_child(struct rb_node *old, struct rb_node *new, struct rb_node *parent,
				struct rb_root *root)
{
	if (parent)
		parent->rb_child[side_of(old, parent)] = new;
	else
		root->rb_node = new;
}

/* @node goes down on @side, and its child on the other one comes up in its place. Colours stay. */
static void rotate(struct rb_node *node, unsigned int side, struct rb_root *root,
		   const struct rb_augment_callbacks *augment)
{
	struct rb_node *up = node->rb_child[!side], *parent = rb_parent(node);
	struct rb_node *inner = up->rb_child[side];

	node->rb_child[!side] = inner;
	if (inner)
		set_parent(inner, node);
	up->rb_child[side] = node;
	set_parent(up, parent);
	change_child(node, up, parent, root);
	set_parent(node, up);
	if (augment != &no_augment)
		augment->rotate(node, up);
}

/* ---- Insertion ---- */

void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment)
{
	struct rb_node *parent, *grandparent, *uncle;
	unsigned int side;

	/* All holds but that both @node and its parent may be red (I1). */
	while (rb_is_red(parent = rb_parent(node))) {
		grandparent = rb_parent(parent);
		side = side_of(parent, grandparent);
		uncle = grandparent->rb_child[!side];
		if (rb_is_red(uncle)) {
			set_black(parent);
			set_black(uncle);
			set_red(grandparent);
			node = grandparent;
			continue;
		}
		if (parent->rb_child[!side] == node) {
			rotate(parent, side, root, augment);
			parent = node;
		}
		set_black(parent);
		set_red(grandparent);
		rotate(grandparent, !side, root, augment);
		break;
	}
	set_black(root->rb_node);
}

void __rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	rb_insert_augmented(node, root, &no_augment);
}

/* ---- Removal ---- */

/*
 * Ways through @parent's child on @side have one black node too few (I2). Mend it there, or move the
 * lack up.
 */
static void add_black(struct rb_node *parent, unsigned int side, struct rb_root *root,
		      const struct rb_augment_callbacks *augment)
{
	struct rb_node *sibling, *node;

	for (;;) {
		sibling = parent->rb_child[!side];
		if (rb_is_red(sibling)) {
			set_black(sibling);
			set_red(parent);
			rotate(parent, side, root, augment);
			sibling = parent->rb_child[!side];
		}
		if (rb_is_red(sibling->rb_left) || rb_is_red(sibling->rb_right))
			break;
		set_red(sibling);
		if (rb_is_red(parent)) {
			set_black(parent);
			return;
		}
		node = parent;
		parent = rb_parent(node);
		if (!parent)
			return;
		side = side_of(node, parent);
	}
	if (!rb_is_red(sibling->rb_child[!side])) {
		set_black(sibling->rb_child[side]);
		set_red(sibling);
		rotate(sibling, !side, root, augment);
		sibling = parent->rb_child[!side];
	}
	/* The sibling comes up with the parent's colour; both below it are black. */
	if (rb_is_red(parent))
		set_red(sibling);
	set_black(parent);
	set_black(sibling->rb_child[!side]);
	rotate(parent, side, root, augment);
}

/*
 * @node has two children: the next one in order, which has no left child, changes places with it.
 * Colours stay where they are. Return: the next one.
 */
static struct rb_node *swap_with_next(struct rb_node *node, struct rb_root *root,
				      const struct rb_augment_callbacks *augment)
{
	struct rb_node *next = node->rb_right, *parent, *child;
	unsigned long parent_color;

	while (next->rb_left)
		next = next->rb_left;
	parent = rb_parent(next);
	child = next->rb_right;

	change_child(node, next, rb_parent(node), root);
	next->rb_left = node->rb_left;
	set_parent(next->rb_left, next);
	parent_color = next->__rb_parent_color;
	next->__rb_parent_color = node->__rb_parent_color;
	node->__rb_parent_color = parent_color;
	if (parent == node) {
		next->rb_right = node;
		set_parent(node, next);
	} else {
		next->rb_right = node->rb_right;
		set_parent(next->rb_right, next);
		parent->rb_left = node;
	}
	node->rb_left = NULL;
	node->rb_right = child;
	if (child)
		set_parent(child, node);
	augment->copy(node, next);
	return next;
}

/*
 * What nodes above a removed one know: up to @moved, which came to another place; from there on
 * again, since @moved itself counts in what it knows.
 */
static void propagate_removal(struct rb_node *parent, struct rb_node *moved,
			      const struct rb_augment_callbacks *augment)
{
	if (moved) {
		augment->propagate(parent, moved);
		parent = moved;
	}
	augment->propagate(parent, NULL);
}

void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment)
{
	struct rb_node *moved = NULL, *parent, *child;
	unsigned int side = left;

	if (node->rb_left && node->rb_right)
		moved = swap_with_next(node, root, augment);
	child = node->rb_left ? node->rb_left : node->rb_right;
	parent = rb_parent(node);
	if (parent)
		side = side_of(node, parent);
	change_child(node, child, parent, root);
	if (child)
		set_parent(child, parent);
	if (augment != &no_augment)
		propagate_removal(parent, moved, augment);
	if (rb_is_red(node))
		return;
	if (child)
		set_black(child);	/* was red (I2) */
	else if (parent)
		add_black(parent, side, root, augment);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = rb_parent(node);

	/* A red leaf, which has a parent (I1): most of what comes and goes, and nothing is to be mended. */
	if (!node->rb_left && !node->rb_right && rb_is_red(node)) {
		parent->rb_child[side_of(node, parent)] = NULL;
		return;
	}
	rb_erase_augmented(node, root, &no_augment);
}

/* ---- Order ---- */

/* The last node on @side of the tree under @node. */
static struct rb_node *outermost(struct rb_node *node, unsigned int side)
{
	while (node && node->rb_child[side])
		node = node->rb_child[side];
	return node;
}

/* The nearest node on @side of @node, in order. */
static struct rb_node *neighbour(const struct rb_node *node, unsigned int side)
{
	struct rb_node *parent;

	if (node->rb_child[side])
		return outermost(node->rb_child[side], !side);
	while ((parent = rb_parent(node)) && parent->rb_child[side] == node)
		node = parent;
	return parent;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return outermost(root->rb_node, left);
}

struct rb_node *rb_last(const struct rb_root *root)
{
	return outermost(root->rb_node, !left);
}

struct rb_node *rb_next(const struct rb_node *node)
{
	return RB_EMPTY_NODE(node) ? NULL : neighbour(node, !left);
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	return RB_EMPTY_NODE(node) ? NULL : neighbour(node, left);
}

/* ---- Check ---- */

/* Black nodes from @node, itself included, along its left side. */
static unsigned int black_height(const struct rb_node *node)
{
	unsigned int height = 0;

	for (; node; node = node->rb_left)
		height += !rb_is_red(node);
	return height;
}

static bool node_ok(const struct rb_node *node)
{
	for (unsigned int side = 0; side < 2; side++) {
		const struct rb_node *child = node->rb_child[side];

		if (child && (rb_parent(child) != node || (rb_is_red(node) && rb_is_red(child))))
			return false;
	}
	return black_height(node->rb_left) == black_height(node->rb_right);
}

/* Who comes next if each node comes before those below it: a link to a parent is followed when it was checked. */
static const struct rb_node *next_from_above(const struct rb_node *node)
{
	const struct rb_node *parent;

	if (node->rb_left || node->rb_right)
		return node->rb_left ?: node->rb_right;
	for (; (parent = rb_parent(node)); node = parent)
		if (node == parent->rb_left && parent->rb_right)
			return parent->rb_right;
	return NULL;
}

int rb_check(const struct rb_root *root)
{
	const struct rb_node *node = root->rb_node;
	int nr = 0;

	if (node && (rb_is_red(node) || rb_parent(node)))
		return -1;
	for (; node; node = next_from_above(node), nr++)
		if (!node_ok(node))
			return -1;
	return nr;
}
