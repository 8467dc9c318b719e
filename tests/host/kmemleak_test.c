// SPDX-License-Identifier: MIT
/*
 * Marking what can be reached, with roots and objects of the test's own, against a model that goes
 * from each object to the next by its number.
 */
#include "host.h"
#include "../../mm/kmemleak_internal.h"
#include <lib/container_of.h>
#include <lib/math.h>
#include <lib/string.h>

TEST_SUITE("kmemleak");

#define NR_OBJECTS	200
#define ARENA_WORDS	8192
#define MAX_WORDS	32		/* of an object */
#define NR_ROUNDS	200

static unsigned long arena[ARENA_WORDS];	/* objects, with gaps between them */
static unsigned long *objs[NR_OBJECTS];
static unsigned int words[NR_OBJECTS];
static unsigned long root[4];

static struct leak_object memory[NR_OBJECTS];
static struct leak_table table;

/* Lay out @nr objects of random sizes, and put them into the table in random order. */
static void make_objects(unsigned int nr)
{
	unsigned int order[NR_OBJECTS], i, at = 0;

	memset(arena, 0, sizeof(arena));
	memset(root, 0, sizeof(root));
	leak_table_init(&table, memory, NR_OBJECTS);
	for (i = 0; i < nr; i++) {
		words[i] = 1 + test_random_below(MAX_WORDS);
		objs[i] = &arena[at];
		at += words[i] + test_random_below(3);
		order[i] = i;
	}
	for (i = 0; i < nr; i++) {
		unsigned int other = i + test_random_below(nr - i);

		swap(order[i], order[other]);
	}
	for (i = 0; i < nr; i++)
		EXPECT(leak_table_add(&table, (unsigned long)objs[order[i]],
				      words[order[i]] * sizeof(long), NULL));
	leak_table_sort(&table);
}

/* An address somewhere in object @i. */
static unsigned long into(unsigned int i)
{
	return (unsigned long)objs[i] + test_random_below(words[i] * sizeof(long));
}

static bool is_white(unsigned int i)
{
	const struct leak_object *object = leak_find(&table, (unsigned long)objs[i]);

	EXPECT(object && object->start == (unsigned long)objs[i]);
	EXPECT(object->colour == LEAK_WHITE || object->colour == LEAK_BLACK);
	return object->colour == LEAK_WHITE;
}

static void scan_and_mark(void)
{
	leak_scan_range(&table, root, root + ARRAY_SIZE(root));
	leak_mark(&table);
}

TEST("each address finds the object that it is in, and those in between find none")
{
	unsigned int i;
	u32 at;

	make_objects(NR_OBJECTS);
	EXPECT(!leak_find(&table, (unsigned long)arena - 1));
	EXPECT(!leak_find(&table, (unsigned long)(arena + ARENA_WORDS)));
	for (i = 0; i < NR_OBJECTS; i++) {
		unsigned long start = (unsigned long)objs[i], end = start + words[i] * sizeof(long);
		struct leak_object *object = leak_find(&table, start);

		ASSERT(object && object->start == start);
		EXPECT(leak_find(&table, end - 1) == object);
		EXPECT(leak_find(&table, end) != object);
		if (i + 1 < NR_OBJECTS && objs[i + 1] > objs[i] + words[i])
			EXPECT(!leak_find(&table, end));
	}
	for (at = 1; at < table.nr; at++)
		EXPECT(memory[at - 1].start < memory[at].start);
}

TEST("objects of which none is in a root are white, and an address of any byte of one is enough")
{
	make_objects(4);
	root[2] = (unsigned long)objs[1];
	root[3] = (unsigned long)objs[3] + words[3] * sizeof(long) - 1;
	scan_and_mark();
	EXPECT(is_white(0) && !is_white(1) && is_white(2) && !is_white(3));
}

TEST("a pointer behind the end of an object is none")
{
	make_objects(1);
	root[0] = (unsigned long)(objs[0] + words[0]);
	scan_and_mark();
	EXPECT(is_white(0));
}

TEST("objects are reached through others, however long the chain")
{
	unsigned int i;

	make_objects(NR_OBJECTS);
	for (i = 0; i + 1 < NR_OBJECTS; i++)
		objs[i][words[i] - 1] = into(i + 1);
	root[0] = into(100);
	scan_and_mark();
	for (i = 0; i < NR_OBJECTS; i++)
		EXPECT_EQ(is_white(i), i < 100);
}

TEST("objects that point only to each other, or to themselves, are white")
{
	make_objects(4);
	objs[0][0] = into(1);
	objs[1][0] = into(0);
	objs[2][0] = into(2);
	objs[2][words[2] - 1] = into(3);
	root[0] = into(3);
	scan_and_mark();
	EXPECT(is_white(0) && is_white(1) && is_white(2) && !is_white(3));
}

TEST("an empty table, an empty range, and a full table")
{
	leak_table_init(&table, memory, 1);
	leak_table_sort(&table);
	scan_and_mark();
	leak_scan_range(&table, root, root);
	EXPECT(!leak_find(&table, 0));
	EXPECT(leak_table_add(&table, (unsigned long)arena, 4, NULL));
	EXPECT(!leak_table_add(&table, (unsigned long)(arena + 1), 4, NULL));
	EXPECT_EQ(table.nr_bytes, sizeof(root));
}

TEST("two objects that overlap are a mistake of whoever collected them")
{
	leak_table_init(&table, memory, 2);
	EXPECT(leak_table_add(&table, (unsigned long)arena, 8, NULL));
	EXPECT(leak_table_add(&table, (unsigned long)(arena + 1), 8, NULL));
	HOST_EXPECT_BUG(leak_table_sort(&table));
}

/* --- At random --- */

static bool reached[NR_OBJECTS];

/* The model: follow every word of object @i. */
static void reach(unsigned int i, unsigned int nr)
{
	unsigned int word, j;

	if (reached[i])
		return;
	reached[i] = true;
	for (word = 0; word < words[i]; word++)
		for (j = 0; j < nr; j++)
			if (objs[i][word] >= (unsigned long)objs[j] &&
			    objs[i][word] < (unsigned long)(objs[j] + words[j]))
				reach(j, nr);
}

TEST("at random: what is white is what the model cannot reach")
{
	unsigned int round, i, nr, nr_links, target;

	for (round = 0; round < NR_ROUNDS; round++) {
		nr = 1 + test_random_below(NR_OBJECTS);
		make_objects(nr);
		memset(reached, 0, sizeof(reached));
		for (nr_links = test_random_below(2 * nr); nr_links; nr_links--) {
			i = test_random_below(nr);
			objs[i][test_random_below(words[i])] = into(test_random_below(nr));
		}
		target = test_random_below(nr);
		root[test_random_below(ARRAY_SIZE(root))] = into(target);
		reach(target, nr);
		scan_and_mark();
		for (i = 0; i < nr; i++)
			ASSERT(is_white(i) == !reached[i]);
	}
}
