// SPDX-License-Identifier: MIT
/*
 * memset, memcpy and memmove are assembly: every length, alignment and direction that takes another path
 * through them is compared with a loop over bytes, and what lies around must not change.
 */
#include <lib/string.h>
#include <test.h>

TEST_SUITE("lib");

#define ROOM		400	/* bytes in each arena: the longest copy and a margin on both sides */
#define MARGIN		16
#define LENGTH_MAX	300

static u8 arena[ROOM], model[ROOM], source[ROOM];

static void fill(void)
{
	for (unsigned int i = 0; i < ROOM; i++) {
		arena[i] = model[i] = test_random();
		source[i] = test_random();
	}
}

static bool arenas_agree(void)
{
	return memcmp(arena, model, ROOM) == 0;
}

TEST("memset fills every length at every alignment, and nothing around it")
{
	for (unsigned int offset = MARGIN; offset < MARGIN + 4; offset++) {
		for (unsigned int len = 0; len <= LENGTH_MAX; len++) {
			fill();
			ASSERT(memset(arena + offset, 0x1a5, len) == arena + offset);
			for (unsigned int i = 0; i < len; i++)
				model[offset + i] = 0xa5;
			ASSERT(arenas_agree());
		}
	}
}

TEST("memcpy copies every length between all alignments")
{
	for (unsigned int shift = 0; shift < 16; shift++) {
		unsigned int to = MARGIN + shift % 4, from = MARGIN + shift / 4;

		for (unsigned int len = 0; len <= LENGTH_MAX; len += 1 + len / 64) {
			fill();
			ASSERT(memcpy(arena + to, source + from, len) == arena + to);
			for (unsigned int i = 0; i < len; i++)
				model[to + i] = source[from + i];
			ASSERT(arenas_agree());
		}
	}
}

/* What memmove() must do, by way of a second buffer. */
static void move_model(unsigned int to, unsigned int from, unsigned int len)
{
	static u8 copy[ROOM];

	for (unsigned int i = 0; i < len; i++)
		copy[i] = model[from + i];
	for (unsigned int i = 0; i < len; i++)
		model[to + i] = copy[i];
}

TEST("memmove copies between overlapping places in both directions")
{
	for (unsigned int round = 0; round < 3000; round++) {
		unsigned int to = test_random_below(ROOM / 2), from = test_random_below(ROOM / 2);
		unsigned int len = test_random_below(ROOM / 2);

		fill();
		ASSERT(memmove(arena + to, arena + from, len) == arena + to);
		move_model(to, from, len);
		ASSERT(arenas_agree());
	}
}

TEST("strings compare, are found and are cut as in C")
{
	char buf[4];

	EXPECT(strcmp("abc", "abc") == 0 && strcmp("abc", "abd") < 0 && strcmp("\xff", "a") > 0);
	EXPECT(strncmp("abc", "abd", 2) == 0 && strncmp("ab", "abc", 9) < 0);
	EXPECT_EQ(strlen("pagewalk"), 8);
	EXPECT_EQ(strnlen("pagewalk", 4), 4);
	EXPECT(strchr("abc", 'd') == NULL && *strchr("abc", 'c') == 'c' && *strchr("abc", '\0') == '\0');
	EXPECT(strstr("pagewalk", "walk") != NULL && strstr("page", "walk") == NULL);
	EXPECT_EQ(strscpy(buf, "abc", sizeof(buf)), 3);
	EXPECT(strscpy(buf, "abcd", sizeof(buf)) < 0 && strcmp(buf, "abc") == 0);
}
