// SPDX-License-Identifier: MIT
/*
 * Do memset, memcpy, memmove and memcmp do what they should? They are assembly, or small; the compiler calls
 * them wherever it likes, and when one is wrong, booting ends anywhere, often without a word. So each is looked at
 * once, before memory is touched: long enough for a whole line of a cache, and what is left on both sides.
 *
 * tests/kernel/string_test.c looks closely.
 */
#include <kernel/console.h>
#include <kernel/init.h>
#include <kernel/reboot.h>
#include <kernel/setup.h>
#include <lib/compiler.h>
#include <lib/string.h>

#define LENGTH	40

static const char letters[LENGTH + 1] __initconst = "abcdefghijklmnopqrstuvwxyz0123456789+-*/";

/* What prints numbers and call chains calls these functions, too: so there are none. */
static void __init must_be(bool right, const char *function)
{
	if (likely(right))
		return;
	console_write("Kernel panic - not syncing: ");
	console_write(function);
	console_write("() does not work\n");
	kernel_exit(1);
}

/* Byte by byte, by nobody's function. */
static bool __init is_text(const char *buffer, const char *text)
{
	for (unsigned int i = 0; i < LENGTH; i++)
		if (READ_ONCE(buffer[i]) != text[i])
			return false;
	return true;
}

void __init check_string_functions(void)
{
	char buffer[LENGTH];

	for (unsigned int i = 0; i < LENGTH; i++)
		WRITE_ONCE(buffer[i], letters[i]);
	memset(buffer + 2, '.', 37);
	must_be(is_text(buffer, "ab...................................../"), "memset");
	memcpy(buffer + 1, letters + 2, 38);
	must_be(is_text(buffer, "acdefghijklmnopqrstuvwxyz0123456789+-*//"), "memcpy");
	memmove(buffer + 4, buffer + 1, 35);
	must_be(is_text(buffer, "acdecdefghijklmnopqrstuvwxyz0123456789+/"), "memmove");
	memmove(buffer + 1, buffer + 4, 35);
	must_be(is_text(buffer, "acdefghijklmnopqrstuvwxyz0123456789+89+/"), "memmove");
	must_be(memcmp(letters, letters + LENGTH, 0) == 0 && memcmp(buffer + 1, letters + 2, 35) == 0 &&
		memcmp(letters, buffer, LENGTH) < 0 && memcmp(buffer, letters, LENGTH) > 0, "memcmp");
}
