// SPDX-License-Identifier: MIT
/*
 * What SAN=ubsan finds: the wrong operations below, each with what the report must say behind it. The board counts
 * the reports; tests/san/ubsan.t takes the words from the comments, and compares them, and the lines, with the log.
 */
#include <kernel/panic.h>
#include <lib/container_of.h>
#include <test.h>

TEST_SUITE("ubsan");

#define S32_MAX	0x7fffffff
#define S32_MIN	(-S32_MAX - 1)
#define S64_MIN	(-0x7fffffffffffffffll - 1)

/* Where the results go, and the compiler does not look. */
static volatile int sink;
static volatile long long long_sink;
static const void *volatile pointer_sink;

static unsigned int reports_before;

/* For the compiler, handlers change nothing. */
static void begin(void)
{
	reports_before = READ_ONCE(warn_count);
}

/* The warnings were meant. */
static void expect_reports(unsigned int nr)
{
	EXPECT_EQ(READ_ONCE(warn_count), reports_before + nr);
	WRITE_ONCE(warn_count, reports_before);
}

TEST("an overflow of a signed type is reported with both values")
{
	volatile int large = S32_MAX, small = S32_MIN, three = 3;
	volatile long long least = S64_MIN;

	begin();
	sink = large + three;		/* signed-integer-overflow: 2147483647 + 3 cannot be represented in type 'int' */
	sink = small - three;		/* signed-integer-overflow: -2147483648 - 3 cannot be represented in type 'int' */
	sink = large * three;		/* signed-integer-overflow: 2147483647 * 3 cannot be represented in type 'int' */
	sink = -small;			/* negation-overflow: negation of -2147483648 cannot be represented in type 'int' */
	long_sink = least - three;	/* signed-integer-overflow: -9223372036854775808 - 3 cannot be represented in type 'long long int' */
	expect_reports(5);
}

TEST("the one quotient that does not fit is reported")
{
	volatile int small = S32_MIN, minus = -1;

	begin();
	sink = small / minus;		/* division-overflow: division of -2147483648 by -1 cannot be represented in type 'int' */
	expect_reports(1);
}

TEST("shifts by too much, by too little, and of what has no room are told from each other")
{
	volatile int by = 35, minus = -2, one = 1, four = 4;
	volatile unsigned long long wide = 1;
	volatile short narrow = -3;

	begin();
	sink = one << by;		/* shift-out-of-bounds: shift exponent 35 is too large for 32-bit type 'int' */
	sink = one >> minus;		/* shift-out-of-bounds: shift exponent -2 is negative */
	sink = minus << one;		/* shift-out-of-bounds: left shift of negative value -2 */
	sink = narrow << one;		/* shift-out-of-bounds: left shift of negative value -3 */
	sink = four << 30;		/* shift-out-of-bounds: left shift of 4 by 30 places cannot be represented in type 'int' */
	long_sink = wide << (by + 30);	/* shift-out-of-bounds: shift exponent 65 is too large for 64-bit type 'long long unsigned int' */
	expect_reports(6);
}

static noinline __attribute__((target("thumb"))) int shift_in_thumb_code(int value, int by)
{
	return value << by;		/* shift-out-of-bounds: shift exponent 33 is too large for 32-bit type 'int' */
}

TEST("Thumb code is checked like ARM code")
{
	volatile int by = 33;

	begin();
	sink = shift_in_thumb_code(1, by);
	expect_reports(1);
}

TEST("an index outside of its array is reported, also where the memory is the object's own")
{
	static struct { int table[4], behind[4]; } pair;
	volatile int index = 5, minus = -1;

	begin();
	sink = pair.table[index];		/* array-index-out-of-bounds: index 5 is out of range for type 'int [4]' */
	sink = pair.behind[minus];		/* array-index-out-of-bounds: index -1 is out of range for type 'int [4]' */
	expect_reports(2);
}

TEST("pointers to nowhere are reported where they are used")
{
	struct example { int first, second; };
	struct example *volatile none = NULL;
	char *volatile high = (char *)0xfffffff0;
	volatile size_t offset = 0x20;

	begin();
	pointer_sink = &none->second;		/* null-ptr-deref: member access within null pointer of type 'struct example' */
	pointer_sink = high + offset;		/* pointer-overflow: pointer fffffff0 overflowed to 00000010 */
	expect_reports(2);
}

TEST("an access that is not aligned is reported, though the CPU can do it")
{
	static u8 bytes[8] __aligned(4);
	u8 *volatile odd = bytes + 1;

	begin();
	sink = *(int *)odd;			/* misaligned-access: load of misaligned address <address> for type 'int' which requires 4 byte alignment */
	*(short *)odd = 0;			/* misaligned-access: store to misaligned address <address> for type 'short int' which requires 2 byte alignment */
	expect_reports(2);
}

TEST("a bool that is neither true nor false is reported")
{
	static u8 byte = 2;
	bool *volatile answer = (bool *)&byte;

	begin();
	sink = *answer;				/* invalid-load: load of value 2 is not a valid value for type '_Bool' */
	expect_reports(1);
}

TEST("zero has no first bit")
{
	volatile unsigned int none = 0;

	begin();
	sink = __builtin_clz(none);		/* invalid-builtin: passing zero to clz(), which is not a valid argument */
	sink = __builtin_ctz(none);		/* invalid-builtin: passing zero to ctz(), which is not a valid argument */
	expect_reports(2);
}

static noinline __attribute__((nonnull(2))) void want_pointer(int unused, const void *pointer)
{
	(void)unused;
	pointer_sink = pointer;
}

static noinline __attribute__((returns_nonnull)) const void *give_pointer(const void *pointer)
{
	return pointer;				/* null-return: null pointer returned from a function declared never to return one */
}

TEST("NULL given to, or by, a function that is declared never to have it, is reported")
{
	const void *volatile none = NULL;

	begin();
	want_pointer(1, none);			/* null-argument: null pointer passed as argument 2, declared never to be null */
	pointer_sink = give_pointer(none);
	expect_reports(2);
}

TEST("a place in a loop is reported once and counted each time (U1)")
{
	volatile int large = S32_MAX, times = 3;

	begin();
	for (int i = 1; i <= times; i++)
		sink = large + i;		/* signed-integer-overflow: 2147483647 + 1 cannot be represented in type 'int' */
	expect_reports(3);
}

TEST("what is defined is not reported")
{
	volatile unsigned int large = 0xffffffff;
	volatile int minus = -8, one = 1;
	static int table[4];
	volatile int last = 3;

	begin();
	sink = large + 1;
	sink = large << 31;
	sink = minus >> one;
	sink = table[last];
	sink = (u8)large;
	pointer_sink = &table[ARRAY_SIZE(table)];
	expect_reports(0);
}
