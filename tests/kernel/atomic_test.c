// SPDX-License-Identifier: MIT
/*
 * Atomic operations on one CPU: what they compute, what they return, what they leave alone; and
 * that an exclusive store notices what came between. Several CPUs at once are suite "smp"'s.
 */
#include <lib/atomic.h>
#include <test.h>

TEST_SUITE("atomic");

#define NR_ROUNDS	1000

TEST("a counter counts, and wraps from the highest value to the lowest")
{
	atomic_t v = ATOMIC_INIT(7);

	atomic_add(5, &v);
	EXPECT_EQ(atomic_read(&v), 12);
	atomic_sub(20, &v);
	EXPECT_EQ(atomic_read(&v), -8);
	atomic_inc(&v);
	atomic_inc(&v);
	atomic_dec(&v);
	EXPECT_EQ(atomic_read(&v), -7);
	atomic_set(&v, 0x7fffffff);
	EXPECT_EQ(atomic_inc_return(&v), (int)0x80000000);
	EXPECT_EQ(atomic_dec_return(&v), 0x7fffffff);
}

TEST("operations that return a value return the new one")
{
	atomic_t v = ATOMIC_INIT(0);
	int model = 0;

	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		int by = test_random();

		if (by & 1) {
			model = (int)((u32)model + by);
			ASSERT_EQ(atomic_add_return(by, &v), model);
		} else {
			model = (int)((u32)model - by);
			ASSERT_EQ(atomic_sub_return(by, &v), model);
		}
		ASSERT_EQ(atomic_read(&v), model);
	}
}

TEST("the ..._and_test operations are true when the new value is zero, and only then")
{
	atomic_t v = ATOMIC_INIT(2);

	EXPECT(!atomic_dec_and_test(&v));
	EXPECT(atomic_dec_and_test(&v));
	EXPECT(!atomic_dec_and_test(&v));
	EXPECT(atomic_inc_and_test(&v));
	EXPECT(!atomic_inc_and_test(&v));
	EXPECT(atomic_sub_and_test(1, &v));
}

TEST("atomic_add_unless adds, but not to the one value")
{
	atomic_t v = ATOMIC_INIT(1);

	EXPECT(atomic_add_unless(&v, 4, 5));
	EXPECT_EQ(atomic_read(&v), 5);
	EXPECT(!atomic_add_unless(&v, 4, 5));
	EXPECT_EQ(atomic_read(&v), 5);
	EXPECT(atomic_inc_not_zero(&v));
	atomic_set(&v, 0);
	EXPECT(!atomic_inc_not_zero(&v));
	EXPECT_EQ(atomic_read(&v), 0);
}

TEST("xchg stores and returns what was there; of words and of pointers")
{
	u32 word = 1, other;
	u32 *pointer = &word;

	EXPECT_EQ(xchg(&word, 0xffffffff), 1);
	EXPECT_EQ(word, 0xffffffff);
	EXPECT(xchg(&pointer, &other) == &word);
	EXPECT(pointer == &other);
}

TEST("cmpxchg stores if it finds what it expects, and returns what it found")
{
	u32 word = 1;
	atomic_t v = ATOMIC_INIT(3);

	EXPECT_EQ(cmpxchg(&word, 1, 2), 1);
	EXPECT_EQ(word, 2);
	EXPECT_EQ(cmpxchg(&word, 1, 3), 2);
	EXPECT_EQ(word, 2);
	EXPECT_EQ(atomic_cmpxchg(&v, 3, -1), 3);
	EXPECT_EQ(atomic_xchg(&v, 0), -1);
	EXPECT_EQ(atomic_read(&v), 0);
}

TEST("cmpxchg64 compares both words, and stores both or none")
{
	u64 both __aligned(8) = 0x100000002;

	EXPECT(cmpxchg64(&both, 0x100000002, 0x300000004) == 0x100000002);
	EXPECT(both == 0x300000004);
	EXPECT(cmpxchg64(&both, 0x300000005, 0) == 0x300000004);
	EXPECT(cmpxchg64(&both, 0x200000004, 0) == 0x300000004);
	EXPECT(both == 0x300000004);
}

/* Every bit of two words, against the operations that are not atomic. */
TEST("bit operations change one bit, and return what it was")
{
	unsigned long bits[2] = { 0 }, model[2] = { 0 };

	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		unsigned int nr = test_random_below(2 * BITS_PER_LONG);
		bool was = test_bit(nr, model);

		switch (test_random_below(6)) {
		case 0:
			set_bit(nr, bits);
			__set_bit(nr, model);
			break;
		case 1:
			clear_bit(nr, bits);
			__clear_bit(nr, model);
			break;
		case 2:
			change_bit(nr, bits);
			model[BIT_WORD(nr)] ^= BIT_MASK(nr);
			break;
		case 3:
			ASSERT_EQ(test_and_set_bit(nr, bits), was);
			__set_bit(nr, model);
			break;
		case 4:
			ASSERT_EQ(test_and_clear_bit(nr, bits), was);
			__clear_bit(nr, model);
			break;
		default:
			ASSERT_EQ(test_and_change_bit(nr, bits), was);
			model[BIT_WORD(nr)] ^= BIT_MASK(nr);
		}
		ASSERT_EQ(bits[0], model[0]);
		ASSERT_EQ(bits[1], model[1]);
	}
}

TEST("a bit is a lock: who sets it first has it")
{
	unsigned long word = BIT(4);

	EXPECT(!test_and_set_bit_lock(3, &word));
	EXPECT(test_and_set_bit_lock(3, &word));
	clear_bit_unlock(3, &word);
	EXPECT_EQ(word, BIT(4));
}

/* ---- LDREX and STREX themselves ---- */

/* Each returns what STREX says: 0 if it stored. */
static u32 strex_alone(u32 *word)
{
	u32 failed;

	__asm__ volatile("clrex\n\tstrex %0, %2, %1" : "=&r"(failed), "+Q"(*word) : "r"(2));
	return failed;
}

static u32 strex_after_ldrex(u32 *word)
{
	u32 failed, value;

	__asm__ volatile(
	"	ldrex	%1, %2		\n"
	"	strex	%0, %3, %2	\n"
	: "=&r"(failed), "=&r"(value), "+Q"(*word) : "r"(2));
	return failed;
}

static u32 strex_after_exception(u32 *word)
{
	u32 failed, value;

	__asm__ volatile(
	"	ldrex	%1, %2		\n"
	"1:	udf	#0		\n"
	"2:	strex	%0, %3, %2	\n"
	"	.pushsection __ex_table, \"a\"	\n"
	"	.long	1b, 2b		\n"
	"	.popsection		\n"
	: "=&r"(failed), "=&r"(value), "+Q"(*word) : "r"(2));
	return failed;
}

TEST("an exclusive store succeeds behind its load, and fails without one")
{
	u32 word = 1;

	EXPECT_EQ(strex_alone(&word), 1);
	EXPECT_EQ(word, 1);
	EXPECT_EQ(strex_after_ldrex(&word), 0);
	EXPECT_EQ(word, 2);
}

TEST("an exclusive store fails if an exception cut it off from its load")
{
	u32 word = 1;

	EXPECT_EQ(strex_after_exception(&word), 1);
	EXPECT_EQ(word, 1);
}
