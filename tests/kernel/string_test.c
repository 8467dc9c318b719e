// SPDX-License-Identifier: MIT
/*
 * memcpy, memmove, memset, clear_page and copy_page are assembly. Each is compared with what a loop
 * over bytes would do, at every alignment to a cache line and every length that takes another path
 * through it; what lies around must not change.
 *
 *    arena   | guard | offset 0..31 |  0..300 bytes  | guard |
 *    model   the same, written byte by byte
 *
 * While they run, the CPU checks the alignment of every access (rule C1 of arch/arm/lib/memcpy.S);
 * and at the ends of a stack, which has nothing mapped on either side, none may go beyond (C2).
 */
#include <asm/cp15.h>
#include <asm/irqflags.h>
#include <asm/page.h>
#include <asm/stack.h>
#include <lib/math.h>
#include <lib/string.h>
#include <mm/gfp.h>
#include <test.h>

TEST_SUITE("string");

#define LINE_BYTES	32
#define GUARD		32
#define LENGTH_MAX	300
#define ROOM		(GUARD + LINE_BYTES + LENGTH_MAX + 4 + GUARD)
#define ROOM_WORDS	(ROOM / 4)
#define FILLER		0x5a5a5a5aU

_Static_assert(ROOM % 4 == 0, "arenas are compared by words");

static union arena {
	u8 bytes[ROOM];
	u32 words[ROOM_WORDS];
} arena __aligned(LINE_BYTES), model __aligned(LINE_BYTES), source __aligned(LINE_BYTES);

/* Loops that the compiler does not make calls of. */
static void fill_words(u32 *words, u32 value, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		words[i] = value;
		barrier();
	}
}

static bool arenas_agree(void)
{
	for (unsigned int i = 0; i < ROOM_WORDS; i++)
		if (arena.words[i] != model.words[i])
			return false;
	return true;
}

static void random_words(u32 *words, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		words[i] = test_random();
}

/* Have every unaligned access fault. Return: what alignment_check_off() wants. */
static unsigned long alignment_check_on(void)
{
	unsigned long flags;

	local_irq_save(flags);
	set_cr(get_cr() | CR_A);
	return flags;
}

static void alignment_check_off(unsigned long flags)
{
	set_cr(get_cr() & ~CR_A);
	local_irq_restore(flags);
}

/* memcpy() of every length from one place to another; the model grows by a byte at a time. */
static bool copies_every_length(unsigned int to, unsigned int from)
{
	u8 *dest = arena.bytes + GUARD + to;
	const u8 *src = source.bytes + GUARD + from;

	fill_words(model.words, FILLER, ROOM_WORDS);
	for (unsigned int len = 0; len <= LENGTH_MAX; len++) {
		fill_words(arena.words, FILLER, ROOM_WORDS);
		if (memcpy(dest, src, len) != dest || !arenas_agree())
			return false;
		model.bytes[GUARD + to + len] = src[len];
	}
	return true;
}

TEST("memcpy copies every length between all places of a cache line, by aligned accesses")
{
	unsigned long flags;
	unsigned int shift;

	random_words(source.words, ROOM_WORDS);
	flags = alignment_check_on();
	for (shift = 0; shift < LINE_BYTES * LINE_BYTES; shift++)
		if (!copies_every_length(shift % LINE_BYTES, shift / LINE_BYTES))
			break;
	alignment_check_off(flags);
	EXPECT_EQ(shift, LINE_BYTES * LINE_BYTES);
}

/* memset() of every length at one place. */
static bool sets_every_length(unsigned int to)
{
	u8 *dest = arena.bytes + GUARD + to;

	fill_words(model.words, FILLER, ROOM_WORDS);
	for (unsigned int len = 0; len <= LENGTH_MAX; len++) {
		fill_words(arena.words, FILLER, ROOM_WORDS);
		if (memset(dest, 0x1a5, len) != dest || !arenas_agree())
			return false;
		model.bytes[GUARD + to + len] = 0xa5;
	}
	return true;
}

TEST("memset fills every length at every place of a cache line, by aligned accesses")
{
	unsigned long flags = alignment_check_on();
	unsigned int to;

	for (to = 0; to < LINE_BYTES; to++)
		if (!sets_every_length(to))
			break;
	alignment_check_off(flags);
	EXPECT_EQ(to, LINE_BYTES);
}

/* What memmove() must do in the model, by way of a third place. */
static void move_model(unsigned int to, unsigned int from, unsigned int len)
{
	static u8 copy[ROOM];

	for (unsigned int i = 0; i < len; i++)
		copy[i] = model.bytes[from + i];
	for (unsigned int i = 0; i < len; i++)
		model.bytes[to + i] = copy[i];
}

static bool moves(unsigned int to, unsigned int from, unsigned int len)
{
	fill_words(arena.words, 0, ROOM_WORDS);
	for (unsigned int i = 0; i < ROOM_WORDS; i++)
		arena.words[i] = model.words[i] = source.words[i];
	move_model(to, from, len);
	return memmove(arena.bytes + to, arena.bytes + from, len) == arena.bytes + to &&
	       arenas_agree();
}

TEST("memmove moves upwards and downwards, by every distance up to a cache line")
{
	unsigned long flags;
	bool good = true;

	random_words(source.words, ROOM_WORDS);
	flags = alignment_check_on();
	for (unsigned int to = GUARD; to < GUARD + 4 && good; to++)
		for (unsigned int from = to - GUARD; from <= to + LINE_BYTES && good; from++)
			for (unsigned int len = 0; len <= LENGTH_MAX && good; len += 1 + len / 16)
				good = moves(to, from, len);
	alignment_check_off(flags);
	EXPECT(good);
}

TEST("memmove moves between places that overlap anyhow")
{
	random_words(source.words, ROOM_WORDS);
	for (unsigned int round = 0; round < 3000; round++) {
		unsigned int to = test_random_below(ROOM / 2), from = test_random_below(ROOM / 2);

		ASSERT(moves(to, from, test_random_below(ROOM / 2)));
	}
}

/*
 * Both ways between the arena and @room, of every small length and shift. Return: is it all there
 * again?
 */
static bool there_and_back(u8 *room, unsigned int len, unsigned int shift)
{
	memcpy(room, source.bytes + shift, len);
	memset(arena.bytes, 0, ROOM);
	memcpy(arena.bytes + shift, room, len);
	return memcmp(arena.bytes + shift, source.bytes + shift, len) == 0;
}

TEST("copies end exactly at the border of what is mapped, and cross pages")
{
	u8 *stack = alloc_thread_stack(), *end = stack + THREAD_SIZE;

	ASSERT(stack);
	random_words(source.words, ROOM_WORDS);
	for (unsigned int len = 0; len <= 80; len++) {
		for (unsigned int shift = 0; shift < 4; shift++) {
			EXPECT(there_and_back(stack, len, shift));
			EXPECT(there_and_back(end - len, len, shift));
			EXPECT(there_and_back(stack + PAGE_SIZE - len / 2, len, shift));
			memmove(end - len, end - len - shift, len);
			memmove(stack, stack + shift, len);
		}
	}
	free_thread_stack(stack);
}

TEST("a page is cleared, and copied, to the last byte and not beyond")
{
	unsigned long pages = __get_free_pages(GFP_KERNEL, 2);
	u32 *page[4];
	unsigned int nr = PAGE_SIZE / sizeof(u32), i;

	ASSERT(pages);
	for (i = 0; i < 4; i++)
		page[i] = (u32 *)(pages + i * PAGE_SIZE);
	random_words(page[0], nr);
	fill_words(page[1], FILLER, 3 * nr);
	copy_page(page[2], page[0]);
	for (i = 0; i < nr && page[2][i] == page[0][i]; i++)
		;
	EXPECT_EQ(i, nr);
	for (i = 0; i < nr && page[1][i] == FILLER && page[3][i] == FILLER; i++)
		;
	EXPECT_EQ(i, nr);
	clear_page(page[2]);
	for (i = 0; i < nr && page[2][i] == 0; i++)
		;
	EXPECT_EQ(i, nr);
	for (i = 0; i < nr && page[1][i] == FILLER && page[3][i] == FILLER; i++)
		;
	EXPECT_EQ(i, nr);
	free_pages(pages, 2);
}
