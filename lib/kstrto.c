// SPDX-License-Identifier: MIT
/*
 * Numbers from text: kstrtoul() for a whole string, memparse() for a size at the start of one. Both
 * notice when a number does not fit.
 */
#include <lib/errno.h>
#include <lib/vsprintf.h>

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The base that a prefix asks for, if @base leaves it open; moves *@s behind "0x". */
static unsigned int take_prefix(const char **s, unsigned int base)
{
	bool hex = (*s)[0] == '0' && ((*s)[1] == 'x' || (*s)[1] == 'X') && digit_of((*s)[2]) >= 0;

	if (hex && (base == 0 || base == 16)) {
		*s += 2;
		return 16;
	}
	if (base)
		return base;
	return (*s)[0] == '0' ? 8 : 10;
}

/**
 * parse_digits - a number at the start of a string
 * @s: text; moved behind the digits, and left alone if there are none
 * @base: as for kstrtoul()
 *
 * Return: the value; ~0 if it needs more than 64 bits.
 */
static u64 parse_digits(const char **s, unsigned int base)
{
	const char *p = *s;
	bool overflow = false;
	u64 value = 0;

	base = take_prefix(&p, base);
	for (int digit; (digit = digit_of(*p)) >= 0 && (unsigned int)digit < base; *s = ++p) {
		if (value > (~0ULL - digit) / base)
			overflow = true;
		value = value * base + digit;
	}
	return overflow ? ~0ULL : value;
}

int kstrtoul(const char *s, unsigned int base, unsigned long *res)
{
	const char *end = s;
	u64 value = parse_digits(&end, base);

	if (end == s)
		return -EINVAL;
	if (*end == '\n')
		end++;
	if (*end != '\0')
		return -EINVAL;
	if (value > ~0UL)
		return -ERANGE;
	*res = value;
	return 0;
}

/* The power of two that a size's suffix stands for; 0 if there is none. */
static unsigned int suffix_shift(char c)
{
	switch (c) {
	case 'G':
	case 'g':
		return 30;
	case 'M':
	case 'm':
		return 20;
	case 'K':
	case 'k':
		return 10;
	default:
		return 0;
	}
}

unsigned long long memparse(const char *s, char **end)
{
	const char *p = s;
	u64 value = parse_digits(&p, 0);
	unsigned int shift = p == s ? 0 : suffix_shift(*p);

	if (shift)
		p++;
	*end = (char *)p;
	return value > (~0ULL >> shift) ? ~0ULL : value << shift;
}
