// SPDX-License-Identifier: MIT
/*
 * The canary of debug builds. That a write over it is seen is a way to die: crash=stack-smash.
 */
#include <kernel/bug.h>
#include <lib/string.h>
#include <mm/kasan.h>
#include <test.h>

TEST_SUITE("stackprotector");

#define NAME_MAX	12

extern unsigned long __stack_chk_guard __weak;

/* Writes @bytes of the array, and gives back what it keeps behind it. */
static noinline unsigned long fill_name(volatile size_t bytes)
{
	volatile char name[NAME_MAX];
	unsigned long behind;

	for (size_t i = 0; i < bytes; i++)
		name[i] = 'x';
	memcpy(&behind, (const char *)name + NAME_MAX, sizeof(behind));
	return behind;
}

TEST("the canary is this boot's own, and a string ends before it (S1)")
{
	if (!&__stack_chk_guard)
		SKIP("DEBUG=0");
	EXPECT(__stack_chk_guard != 0x57ac6e00);
	EXPECT(__stack_chk_guard != 0);
	EXPECT_EQ(__stack_chk_guard & 0xff, 0);
}

TEST("a function with an array has the canary behind it, and fills the array without harm")
{
	if (!&__stack_chk_guard)
		SKIP("DEBUG=0");
	if (KASAN_ON)
		SKIP("SAN=kasan: red zones lie between them");
	EXPECT(fill_name(NAME_MAX) == __stack_chk_guard);
}
