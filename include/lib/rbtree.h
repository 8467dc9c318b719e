/* SPDX-License-Identifier: MIT */
/*
 * Red-black trees, with Linux's interface (include/linux/rbtree.h and rbtree_augmented.h there).
 *
 *    struct thing { unsigned long key; struct rb_node node; };
 *
 *    struct rb_node **link = &root.rb_node, *parent = NULL;
 *    while (*link) {					the search is the user's: no callback is called
 *            parent = *link;
 *            link = key < rb_entry(parent, struct thing, node)->key ? &parent->rb_left
 *                                                                   : &parent->rb_right;
 *    }
 *    rb_link_node(&thing->node, parent, link);
 *    rb_insert_color(&thing->node, &root);		... and rb_erase(&thing->node, &root)
 *
 *                 8 black
 *               /         \
 *           3 red          9 black       depth is at most twice log2(n + 1)
 *          /     \
 *     1 black   5 black
 *
 * I1. The root is black, and the child of a red node is black.
 * I2. On each way down from a node to a leaf there are equally many black nodes.
 * I3. A node's __rb_parent_color is the address of its parent, with bit 0 set if it is black. A node
 *     that is in no tree may be marked so by RB_CLEAR_NODE(): it is its own parent.
 *
 * An augmented tree keeps in each node something about all that is below it, the largest size for
 * instance. What must be done to it when nodes move is told by callbacks; RB_DECLARE_CALLBACKS_MAX()
 * makes them for a maximum. No locking: the owner of the tree brings its own.
 */
#ifndef LIB_RBTREE_H
#define LIB_RBTREE_H

#include <lib/container_of.h>
#include <lib/types.h>

/* Two names for the children: a mirror image is the same code with another index. */
struct rb_node {
	unsigned long __rb_parent_color;
	union {
		struct {
			struct rb_node *rb_left;
			struct rb_node *rb_right;
		};
		struct rb_node *rb_child[2];
	};
};

struct rb_root {
	struct rb_node *rb_node;
};

#define RB_RED		0
#define RB_BLACK	1UL

#define RB_ROOT			((struct rb_root){ NULL })
#define RB_EMPTY_ROOT(root)	((root)->rb_node == NULL)
#define RB_EMPTY_NODE(node)	((node)->__rb_parent_color == (unsigned long)(node))
#define RB_CLEAR_NODE(node)	((void)((node)->__rb_parent_color = (unsigned long)(node)))

#define rb_entry(ptr, type, member)	container_of(ptr, type, member)

/* NULL for NULL. */
#define rb_entry_safe(ptr, type, member) ({						\
	__typeof__(ptr) __node = (ptr);							\
	__node ? rb_entry(__node, type, member) : NULL; })

/* The node above; NULL for the root. */
static inline struct rb_node *rb_parent(const struct rb_node *node)
{
	return (struct rb_node *)(node->__rb_parent_color & ~RB_BLACK);
}

/* Is it red? No node counts as a black one. */
static inline bool rb_is_red(const struct rb_node *node)
{
	return node && !(node->__rb_parent_color & RB_BLACK);
}

/* Put @node, red, where the search ended: @link is the empty link of @parent, or the root's. */
static inline void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	node->__rb_parent_color = (unsigned long)parent;
	node->rb_left = node->rb_right = NULL;
	*link = node;
}

/* Mend the colours after rb_link_node(): below a black parent, as every second time, a red node is right. */
void __rb_insert_color(struct rb_node *node, struct rb_root *root);

/* Bring the tree back into balance after rb_link_node(). Most often there is nothing to do. */
static inline void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	const struct rb_node *parent = rb_parent(node);

	if (!parent || rb_is_red(parent))
		__rb_insert_color(node, root);
}

/* Take @node out. It may not be asked for its neighbours any more. */
void rb_erase(struct rb_node *node, struct rb_root *root);

/* The neighbours in order. Return: NULL if there is none. */
struct rb_node *rb_first(const struct rb_root *root) __pure;
struct rb_node *rb_last(const struct rb_root *root) __pure;
struct rb_node *rb_next(const struct rb_node *node) __pure;
struct rb_node *rb_prev(const struct rb_node *node) __pure;

/**
 * struct rb_augment_callbacks - how what nodes know of those below them is kept right
 * @propagate: compute it anew for @node and upwards, to below @stop; may end where nothing changes
 * @copy: @new takes the place of @old, children and all: it knows what @old knew
 * @rotate: as @copy, and @old is now a child of @new: compute it anew for @old
 */
struct rb_augment_callbacks {
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	void (*copy)(struct rb_node *old, struct rb_node *new);
	void (*rotate)(struct rb_node *old, struct rb_node *new);
};

/*
 * As the two above. Before rb_insert_augmented() the caller makes right what the new node and those
 * above it know: propagate(node, NULL) after rb_link_node() does.
 */
void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment);
void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment);

/*
 * Callbacks @name for structures of type @type with the node @field, whose member @augmented, of
 * type @number, is the largest @compute() of a node and of all below it. Linux's macro, with its
 * arguments. Also made: name_compute_max().
 */
#define RB_DECLARE_CALLBACKS_MAX(storage, name, type, field, number, augmented, compute)	\
static inline number name##_compute_max(const type *node)					\
{												\
	number most = compute(node);								\
	for (unsigned int side = 0; side < 2; side++) {						\
		const struct rb_node *child = node->field.rb_child[side];			\
		if (child && rb_entry(child, const type, field)->augmented > most)		\
			most = rb_entry(child, const type, field)->augmented;			\
	}											\
	return most;										\
}												\
static void name##_propagate(struct rb_node *rb, struct rb_node *stop)				\
{												\
	for (; rb != stop; rb = rb_parent(rb)) {						\
		type *node = rb_entry(rb, type, field);						\
		number most = name##_compute_max(node);						\
		if (node->augmented == most)							\
			return;									\
		node->augmented = most;								\
	}											\
}												\
static void name##_copy(struct rb_node *old, struct rb_node *new)				\
{												\
	rb_entry(new, type, field)->augmented = rb_entry(old, type, field)->augmented;		\
}												\
static void name##_rotate(struct rb_node *old, struct rb_node *new)				\
{												\
	name##_copy(old, new);									\
	rb_entry(old, type, field)->augmented = name##_compute_max(rb_entry(old, type, field));	\
}												\
storage const struct rb_augment_callbacks name = {						\
	name##_propagate, name##_copy, name##_rotate						\
}

/**
 * rb_check - walk a tree
 * @root: the tree
 *
 * Return: the number of its nodes if I1, I2 and the links to parents hold; else -1.
 */
int rb_check(const struct rb_root *root);

#endif
