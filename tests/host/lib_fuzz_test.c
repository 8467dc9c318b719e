// SPDX-License-Identifier: MIT
/*
 * lib/, whatever it is given: a tree against an array of what is in it, a bitmap against an array of
 * bytes, numbers against the C library's.
 */
#include "fuzz.h"
#include "host.h"
#include "things.h"
#include <lib/bitmap.h>
#include <lib/math.h>
#include <lib/rbtree.h>
#include <lib/vsprintf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

TEST_SUITE("lib_fuzz");

static void nothing(void) { }

/* ---- Trees ---- */

#define NR_THINGS	64

static struct thing things[NR_THINGS];
static struct rb_root root;

static unsigned long most_of(const struct rb_node *node)
{
	return node ? rb_entry(node, struct thing, node)->most : 0;
}

/* In order, whole, balanced, and each node knows the largest size below it. */
static bool tree_is_right(void)
{
	unsigned int nr = 0, in = 0;
	unsigned long last = 0;

	for (struct rb_node *node = rb_first(&root); node; node = rb_next(node), nr++) {
		const struct thing *t = rb_entry(node, struct thing, node);

		if (!EXPECT(t->in && t->key >= last) ||
		    !EXPECT_EQ(t->most, max(t->size, max(most_of(node->rb_left), most_of(node->rb_right)))))
			return false;
		last = t->key;
	}
	for (unsigned int i = 0; i < NR_THINGS; i++)
		in += things[i].in;
	return EXPECT_EQ(nr, in) && EXPECT_EQ(rb_check(&root), (int)in);
}

/* Put the thing in with this key and size, or take it out. */
static bool tree_apply(const struct fuzz_op *op)
{
	struct thing *t = &things[op->arg[0] % NR_THINGS];

	if (t->in) {
		rb_erase_augmented(&t->node, &root, &most_callbacks);
		t->in = false;
	} else {
		t->key = op->arg[1];
		t->size = op->arg[2];
		insert_thing_augmented(t, &root);
		t->in = true;
	}
	return tree_is_right();
}

static void tree_generate(struct fuzz_op *op)
{
	op->arg[0] = test_random_below(NR_THINGS);
	if (!things[op->arg[0]].in) {
		op->arg[1] = test_random_below(256);
		op->arg[2] = test_random_below(256);
	}
}

static void tree_print(const struct fuzz_op *op, char *text, size_t size)
{
	snprintf(text, size, "thing %u: in with key %u, size %u, or out", op->arg[0], op->arg[1], op->arg[2]);
}

TEST("a tree is in order, balanced, and knows its maxima, whatever goes in and out")
{
	static const struct fuzz tree = {
		.ops = 100000, .round = 2000, .reset = nothing, .generate = tree_generate,
		.apply = tree_apply, .print = tree_print,
	};

	EXPECT(fuzz_run(&tree));
}

/* ---- Bitmaps ---- */

#define NR_BITS		200

static unsigned long map[NR_BITS / 32 + 1];
static u8 model[NR_BITS];

static unsigned long model_find(u8 wanted, unsigned long size, unsigned long at)
{
	while (at < size && model[at] != wanted)
		at++;
	return min(at, size);
}

static bool bitmap_apply(const struct fuzz_op *op)
{
	unsigned long start = op->arg[0] % (NR_BITS + 1), nr = op->arg[1] % (NR_BITS + 1 - start), weight = 0;

	if (op->kind == 0) {
		bitmap_set(map, start, nr);
		memset(model + start, 1, nr);
	} else if (op->kind == 1) {
		bitmap_clear(map, start, nr);
		memset(model + start, 0, nr);
	}
	for (unsigned long i = 0; i < start + nr; i++)
		weight += model[i];
	return EXPECT_EQ(bitmap_weight(map, start + nr), weight) &&
	       EXPECT_EQ(find_next_bit(map, start + nr, start), model_find(1, start + nr, start)) &&
	       EXPECT_EQ(find_next_zero_bit(map, start + nr, start), model_find(0, start + nr, start));
}

static void bitmap_generate(struct fuzz_op *op)
{
	op->kind = test_random_below(3);
	op->arg[0] = test_random_below(256);
	op->arg[1] = test_random_below(256);
}

static void bitmap_print(const struct fuzz_op *op, char *text, size_t size)
{
	static const char *const names[] = { "set", "clear", "look at" };

	snprintf(text, size, "%s %u %u", names[op->kind % 3], op->arg[0], op->arg[1]);
}

TEST("a bitmap is what was set and cleared, and finds it")
{
	static const struct fuzz bitmap = {
		.ops = 200000, .round = 2000, .reset = nothing, .generate = bitmap_generate,
		.apply = bitmap_apply, .print = bitmap_print,
	};

	EXPECT(fuzz_run(&bitmap));
}

/* ---- Numbers ---- */

/* The C library takes signs and blanks as well. */
static bool is_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static int model_kstrtoul(const char *text, unsigned int base, unsigned long *res)
{
	unsigned long long value;
	char *end;

	if (!is_digit(text[0]))
		return -EINVAL;
	errno = 0;
	value = strtoull(text, &end, (int)base);
	if (end == text || (*end == '\n' ? end[1] : *end))
		return -EINVAL;
	if (errno == ERANGE || value > ~0UL)
		return -ERANGE;
	*res = (unsigned long)value;
	return 0;
}

static bool numbers_take(const char *text, size_t nr)
{
	static const unsigned int bases[] = { 0, 8, 10, 16 };
	char *copy = malloc(nr + 1), *end;

	memcpy(copy, text, nr);
	copy[nr] = '\0';
	for (unsigned int i = 0; i < ARRAY_SIZE(bases); i++) {
		unsigned long got = 1, wanted = 1;

		if (!EXPECT_EQ(kstrtoul(copy, bases[i], &got), model_kstrtoul(copy, bases[i], &wanted)) ||
		    !EXPECT_EQ(got, wanted))
			return false;
	}
	memparse(copy, &end);
	return EXPECT(end >= copy && end <= copy + nr);
}

static const char *const words[] = {
	"0", "1", "7", "8", "9", "0x", "0X", "a", "f", "g", "F", "-", "+", " ", "\n", "K", "M", "G", "4294967295",
	"4294967296", "18446744073709551615", "18446744073709551616", "ffffffff", "100000000", NULL,
};

TEST("a number is what the C library says, or none")
{
	static const struct fuzz_text numbers = {
		.texts = 500, .most = 24, .words = words, .take = numbers_take,
	};

	EXPECT(fuzz_text_run(&numbers));
}
