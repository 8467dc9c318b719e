// SPDX-License-Identifier: MIT
/*
 * The tree of physical address ranges. See kernel/resource.h for R1 and R2.
 *
 *    iomem_resource 00000000-ffffffff
 *      child -> 10009000-10009fff --sibling-> 60000000-67ffffff --sibling-> NULL
 *                 child                         child
 *                   |                             |
 *               10009000-10009fff             60010000-6006afff --sibling-> ...
 *
 * Few ranges, asked for seldom: everything goes along the lists.
 */
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/resource.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>

struct resource iomem_resource = {
	.name = "PCI mem",		/* its name in Linux; shown nowhere */
	.start = 0,
	.end = PHYS_ADDR_MAX,
	.flags = IORESOURCE_MEM,
};

/* The tree's links. A leaf; taken with interrupts off, as reports are made in any context. */
static DEFINE_SPINLOCK(resource_lock);

static bool contains(const struct resource *outer, phys_addr_t start, phys_addr_t end)
{
	return outer->start <= start && end <= outer->end;
}

static bool overlaps(const struct resource *res, phys_addr_t start, phys_addr_t end)
{
	return res->start <= end && start <= res->end;
}

/* The link to the first child of @parent that does not end before @start. */
static struct resource **first_link(struct resource *parent, phys_addr_t start)
{
	struct resource **link = &parent->child;

	while (*link && (*link)->end < start)
		link = &(*link)->sibling;
	return link;
}

static bool is_new_in(const struct resource *root, const struct resource *new)
{
	BUG_ON(new->parent, "%08x-%08x %s is in a tree", new->start, new->end, new->name);
	return new->start <= new->end && contains(root, new->start, new->end);
}

/* Put @new at @link. */
static void link_resource(struct resource *parent, struct resource **link, struct resource *new)
{
	new->parent = parent;
	new->sibling = *link;
	*link = new;
}

/* Return: 0, or what @new overlaps, and nothing is done. */
static struct resource *__request_resource(struct resource *root, struct resource *new)
{
	struct resource **link = first_link(root, new->start);

	if (*link && overlaps(*link, new->start, new->end))
		return *link;
	link_resource(root, link, new);
	return NULL;
}

int request_resource(struct resource *root, struct resource *new)
{
	struct resource *conflict;
	unsigned long flags;

	if (!is_new_in(root, new))
		return -EINVAL;
	spin_lock_irqsave(&resource_lock, flags);
	conflict = __request_resource(root, new);
	spin_unlock_irqrestore(&resource_lock, flags);
	return conflict ? -EBUSY : 0;
}

/* Does @outer contain @new, and is not the same range? */
static bool is_parent_of(const struct resource *outer, const struct resource *new)
{
	return contains(outer, new->start, new->end) &&
	       (outer->start != new->start || outer->end != new->end);
}

/*
 * Put @new between @parent and those of its children that it overlaps, of which there is one.
 * Return: success; false if it contains one of them in part only.
 */
static bool adopt(struct resource *parent, struct resource *new)
{
	struct resource **link = first_link(parent, new->start), *last = *link, *res;

	for (res = *link; res && overlaps(res, new->start, new->end); res = res->sibling) {
		if (!contains(new, res->start, res->end))
			return false;
		last = res;
	}
	new->child = *link;
	*link = last->sibling;
	last->sibling = NULL;
	for (res = new->child; res; res = res->sibling)
		res->parent = new;
	link_resource(parent, link, new);
	return true;
}

static int __insert_resource(struct resource *parent, struct resource *new)
{
	struct resource *conflict;

	while ((conflict = __request_resource(parent, new)) && is_parent_of(conflict, new))
		parent = conflict;
	return !conflict || adopt(parent, new) ? 0 : -EBUSY;
}

int insert_resource(struct resource *parent, struct resource *new)
{
	unsigned long flags;
	int err;

	if (!is_new_in(parent, new))
		return -EINVAL;
	spin_lock_irqsave(&resource_lock, flags);
	err = __insert_resource(parent, new);
	spin_unlock_irqrestore(&resource_lock, flags);
	return err;
}

int release_resource(struct resource *old)
{
	struct resource **link;
	unsigned long flags;

	if (!old->parent) {
		pr_err("release_resource: %08x-%08x %s is in no tree\n", old->start, old->end,
		       old->name);
		return -EINVAL;
	}
	spin_lock_irqsave(&resource_lock, flags);
	link = first_link(old->parent, old->start);
	BUG_ON(*link != old, "%08x-%08x %s is no child of its parent", old->start, old->end,
	       old->name);
	*link = old->sibling;
	old->parent = old->sibling = NULL;
	spin_unlock_irqrestore(&resource_lock, flags);
	return 0;
}

/* --- Looking --- */

/* Parents before their children, in ascending order; NULL after the last one below @root. */
static struct resource *next_resource(const struct resource *root, const struct resource *res)
{
	if (res->child)
		return res->child;
	while (res != root && !res->sibling)
		res = res->parent;
	return res == root ? NULL : res->sibling;
}

const struct resource *resource_at(phys_addr_t addr)
{
	struct resource *res = &iomem_resource, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&resource_lock, flags);
	while ((res = *first_link(res, addr)) && contains(res, addr, addr))
		found = res;
	spin_unlock_irqrestore(&resource_lock, flags);
	return found;
}

const struct resource *region_conflict(phys_addr_t start, phys_addr_t end, unsigned long flags)
{
	const struct resource *res = &iomem_resource;
	unsigned long irqflags;

	spin_lock_irqsave(&resource_lock, irqflags);
	while ((res = next_resource(&iomem_resource, res)))
		if (overlaps(res, start, end) && (res->flags & flags) == flags)
			break;
	spin_unlock_irqrestore(&resource_lock, irqflags);
	return res;
}

static unsigned int depth_of(const struct resource *res)
{
	unsigned int depth = 0;

	while ((res = res->parent))
		depth++;
	return depth;
}

/* Ranges are claimed and given up by who boots; nobody does while this is shown. */
void show_iomem(void)
{
	const struct resource *res = &iomem_resource;

	while ((res = next_resource(&iomem_resource, res)))
		printk(KERN_INFO "%*s%08x-%08x : %s\n", (int)(2 * (depth_of(res) - 1)), "",
		       res->start, res->end, res->name);
}

int resource_check(const struct resource *root)
{
	const struct resource *res = root;
	int bad = 0;

	while ((res = next_resource(root, res))) {
		const struct resource *next = res->sibling;

		if (!contains(res->parent, res->start, res->end) || res->end < res->start) {
			pr_err("resource_check: %08x-%08x %s is not inside %s (R1)\n", res->start,
			       res->end, res->name, res->parent->name);
			bad++;
		}
		if (next && (next->start <= res->end || next->parent != res->parent)) {
			pr_err("resource_check: %08x-%08x %s is before %s (R2)\n", res->start,
			       res->end, res->name, next->name);
			bad++;
		}
	}
	return bad;
}
