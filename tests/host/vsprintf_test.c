// SPDX-License-Identifier: MIT
/*
 * lib/vsprintf.c and lib/kstrto.c. The model is the C library's own snprintf(): every random conversion
 * must give the same text and the same length from both.
 */
#define _GNU_SOURCE
#include <host.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <dlfcn.h>

TEST_SUITE("vsprintf");

#define TEXT_MAX	256
#define ROUNDS		200000

static int (*libc_snprintf)(char *buf, size_t size, const char *fmt, ...);

/* The name `snprintf' is ours in this program; the C library's stands behind it. */
static void find_libc(void)
{
	libc_snprintf = (int (*)(char *, size_t, const char *, ...))dlsym(RTLD_NEXT, "snprintf");
}

static char pick(const char *set)
{
	return set[test_random_below(strlen(set))];
}

/* A random integer conversion, such as "%-+08.3llx". Return: its length modifier's place in the list. */
static unsigned int make_format(char *fmt)
{
	static const char *const lengths[] = { "hh", "h", "", "l", "ll", "z" };
	unsigned int length = test_random_below(ARRAY_SIZE(lengths));
	char *p = fmt;

	*p++ = '<';
	*p++ = '%';
	for (unsigned int n = test_random_below(4); n; n--)
		*p++ = pick("-+ #0");
	if (test_random_below(2))
		p += libc_snprintf(p, 8, "%u", test_random_below(20));
	if (test_random_below(2))
		p += libc_snprintf(p, 8, ".%u", test_random_below(15));
	p += libc_snprintf(p, 3, "%s", lengths[length]);
	*p++ = pick("diuxXo");
	*p++ = '>';
	*p = '\0';
	return length;
}

static u64 random_value(void)
{
	u64 value = ((u64)test_random() << 32) | test_random();

	return value >> test_random_below(64);
}

TEST("every integer conversion gives what the C library gives")
{
	find_libc();
	for (unsigned int i = 0; i < ROUNDS; i++) {
		char fmt[32], ours[TEXT_MAX], theirs[TEXT_MAX];
		unsigned int length = make_format(fmt);
		u64 value = random_value();
		int a, b;

		if (length == 4) {
			a = snprintf(ours, sizeof(ours), fmt, value);
			b = libc_snprintf(theirs, sizeof(theirs), fmt, value);
		} else {
			a = snprintf(ours, sizeof(ours), fmt, (unsigned int)value);
			b = libc_snprintf(theirs, sizeof(theirs), fmt, (unsigned int)value);
		}
		if (!EXPECT_EQ(a, b) || !EXPECT(strcmp(ours, theirs) == 0)) {
			host_print("format %s value %llx: ours \"%s\", libc \"%s\"", fmt, value, ours, theirs);
			return;
		}
	}
}

TEST("strings are padded and cut as the C library does it")
{
	find_libc();
	for (unsigned int i = 0; i < ROUNDS / 10; i++) {
		static const char *const words[] = { "", "a", "pagewalk", "a longer text" };
		const char *word = words[test_random_below(ARRAY_SIZE(words))];
		int width = (int)test_random_below(30) - 15, precision = (int)test_random_below(20) - 1;
		char ours[TEXT_MAX], theirs[TEXT_MAX];
		int a = snprintf(ours, sizeof(ours), "<%*.*s%c%%>", width, precision, word, 'x');
		int b = libc_snprintf(theirs, sizeof(theirs), "<%*.*s%c%%>", width, precision, word, 'x');

		ASSERT_EQ(a, b);
		ASSERT(strcmp(ours, theirs) == 0);
	}
}

TEST("a short buffer gets the beginning, a terminator, and nothing behind it")
{
	for (size_t size = 0; size <= 8; size++) {
		char buf[16];

		memset(buf, '!', sizeof(buf));
		EXPECT_EQ(snprintf(buf, size, "%s%d", "abc", 123), 6);
		EXPECT_EQ(buf[size], '!');
		if (size) {
			EXPECT_EQ(strlen(buf), size - 1 < 6 ? size - 1 : 6);
			EXPECT(strncmp(buf, "abc123", strlen(buf)) == 0);
		}
		EXPECT_EQ(scnprintf(buf, size, "%s%d", "abc", 123), size == 0 ? 0 : size - 1 < 6 ? size - 1 : 6);
	}
}

TEST("%pa prints a physical address, %p eight digits, %ps an address without a symbol table")
{
	phys_addr_t addr = 0x60010000;
	char buf[64];

	snprintf(buf, sizeof(buf), "%pa", &addr);
	EXPECT(strcmp(buf, "0x60010000") == 0);
	snprintf(buf, sizeof(buf), "%p", (void *)0xc0de);
	EXPECT(strcmp(buf, "0000c0de") == 0);
	snprintf(buf, sizeof(buf), "%ps", (void *)0xc0de);
	EXPECT(strcmp(buf, "0x0000c0de") == 0);
}

static bool parses(const char *text, unsigned int base, int error, unsigned long value)
{
	unsigned long result = 42;

	return kstrtoul(text, base, &result) == error && result == (error ? 42 : value);
}

TEST("kstrtoul takes whole numbers that fit, and nothing else")
{
	EXPECT(parses("0", 0, 0, 0));
	EXPECT(parses("12", 0, 0, 12));
	EXPECT(parses("0x1F\n", 0, 0, 31));
	EXPECT(parses("017", 0, 0, 15));
	EXPECT(parses("ff", 16, 0, 255));
	EXPECT(parses("0xff", 16, 0, 255));
	EXPECT(parses("4294967295", 10, 0, 0xffffffff));
	EXPECT(parses("4294967296", 10, -ERANGE, 0));
	EXPECT(parses("99999999999999999999999", 10, -ERANGE, 0));
	EXPECT(parses("", 0, -EINVAL, 0));
	EXPECT(parses("\n", 0, -EINVAL, 0));
	EXPECT(parses("0x", 0, -EINVAL, 0));
	EXPECT(parses("12 ", 0, -EINVAL, 0));
	EXPECT(parses("-1", 0, -EINVAL, 0));
	EXPECT(parses("08", 0, -EINVAL, 0));
	EXPECT(parses("1\n\n", 0, -EINVAL, 0));
}

static bool sizes(const char *text, u64 value, const char *rest)
{
	char *end;

	return memparse(text, &end) == value && strcmp(end, rest) == 0;
}

TEST("memparse reads K, M and G, stops at what follows, and says when a size does not fit")
{
	EXPECT(sizes("64M", 64ull << 20, ""));
	EXPECT(sizes("64m@0x60000000", 64ull << 20, "@0x60000000"));
	EXPECT(sizes("1G", 1ull << 30, ""));
	EXPECT(sizes("4G", 4ull << 30, ""));
	EXPECT(sizes("0x10k", 16384, ""));
	EXPECT(sizes("12Q", 12, "Q"));
	EXPECT(sizes("abc", 0, "abc"));
	EXPECT(sizes("", 0, ""));
	EXPECT(sizes("M", 0, "M"));
	EXPECT(sizes("99999999999999999999", ~0ull, ""));
	EXPECT(sizes("18446744073709551615G", ~0ull, ""));
}

TEST("no string is said to be none, and a format that ends in the middle of a conversion ends there")
{
	const char *volatile none = NULL;
	const char *volatile cut = "5 %";
	char text[16];

	EXPECT_EQ(snprintf(text, sizeof(text), "<%s>", none), 8);
	EXPECT(!strcmp(text, "<(null)>"));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	EXPECT_EQ(snprintf(text, sizeof(text), cut), 2);
#pragma GCC diagnostic pop
	EXPECT(!strcmp(text, "5 "));
}
