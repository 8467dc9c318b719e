// SPDX-License-Identifier: MIT
/*
 * Strings: lib/string.c. What copies and fills memory is assembly, and has string_test.c.
 */
#include <lib/string.h>
#include <test.h>

TEST_SUITE("lib");

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
	EXPECT(strscpy(buf, "x", 0) < 0 && strcmp(buf, "abc") == 0);
	EXPECT(memcmp("abc", "abd", 3) < 0 && memcmp("\xff", "a", 1) > 0 && memcmp("abc", "abd", 2) == 0);
}
