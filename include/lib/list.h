/* SPDX-License-Identifier: MIT */
/*
 * Circular doubly linked lists, with Linux's interface (include/linux/list.h there).
 *
 *         head            entry A          entry B
 *      +--------+       +--------+       +--------+
 *   +->|  next  |------>|  next  |------>|  next  |---+
 *   |  |  prev  |<------|  prev  |<------|  prev  |   |
 *   |  +--------+       +--------+       +--------+   |
 *   +-------------------------------------------------+
 *
 * I1. p->next->prev == p and p->prev->next == p, for the head and for every entry.
 * I2. An empty list is a head that points to itself.
 * I3. A deleted entry holds two addresses that are never mapped, so that its use faults.
 *
 * No locking: the owner of the list brings its own.
 */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include <lib/container_of.h>
#include <lib/types.h>

struct list_head {
	struct list_head *next, *prev;
};

/* In the first MiB of user space, which nothing maps: a fault there names the mistake. */
#define LIST_POISON1	((struct list_head *)0x00000100)
#define LIST_POISON2	((struct list_head *)0x00000200)

#define LIST_HEAD_INIT(name)	{ &(name), &(name) }
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)

/* Make a list empty. */
static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

/* For list_add() and others: put @entry between two that are neighbours. */
static inline void __list_add(struct list_head *entry, struct list_head *prev,
			      struct list_head *next)
{
	next->prev = entry;
	entry->next = next;
	entry->prev = prev;
	prev->next = entry;
}

/* For list_del() and others: the two are neighbours from now on. */
static inline void __list_del(struct list_head *prev, struct list_head *next)
{
	next->prev = prev;
	prev->next = next;
}

/* Insert after @head: a stack. */
static inline void list_add(struct list_head *entry, struct list_head *head)
{
	__list_add(entry, head, head->next);
}

/* Insert before @head, that is, at the list's end: a queue. */
static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	__list_add(entry, head->prev, head);
}

/* Take @entry out of its list; it may not be used as a list entry until it is added again (I3). */
static inline void list_del(struct list_head *entry)
{
	__list_del(entry->prev, entry->next);
	entry->next = LIST_POISON1;
	entry->prev = LIST_POISON2;
}

/* Take @entry out of its list and leave it an empty list of its own. */
static inline void list_del_init(struct list_head *entry)
{
	__list_del(entry->prev, entry->next);
	INIT_LIST_HEAD(entry);
}

/* Take an entry off its list, and put it first on another, or last: list_move(), list_move_tail(). */
static inline void list_move(struct list_head *entry, struct list_head *head)
{
	__list_del(entry->prev, entry->next);
	list_add(entry, head);
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	__list_del(entry->prev, entry->next);
	list_add_tail(entry, head);
}

/* Is there nothing on the list? */
static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

/* Move all entries of @list to the beginning of @head; @list is empty afterwards. */
static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
	if (list_empty(list))
		return;
	list->prev->next = head->next;
	head->next->prev = list->prev;
	head->next = list->next;
	list->next->prev = head;
	INIT_LIST_HEAD(list);
}

#define list_entry(ptr, type, member)		container_of(ptr, type, member)
#define list_first_entry(head, type, member)	list_entry((head)->next, type, member)
#define list_last_entry(head, type, member)	list_entry((head)->prev, type, member)
#define list_next_entry(pos, member) \
	list_entry((pos)->member.next, __typeof__(*(pos)), member)

#define list_for_each(pos, head) \
	for (pos = (head)->next; pos != (head); pos = pos->next)

#define list_for_each_safe(pos, n, head) \
	for (pos = (head)->next, n = pos->next; pos != (head); pos = n, n = pos->next)

#define list_for_each_entry(pos, head, member)					\
	for (pos = list_first_entry(head, __typeof__(*pos), member);		\
	     &pos->member != (head);						\
	     pos = list_next_entry(pos, member))

/* As list_for_each_entry(), and @pos may be deleted in the loop's body. */
#define list_for_each_entry_safe(pos, n, head, member)				\
	for (pos = list_first_entry(head, __typeof__(*pos), member),		\
	     n = list_next_entry(pos, member);					\
	     &pos->member != (head);						\
	     pos = n, n = list_next_entry(n, member))

#endif
