// SPDX-License-Identifier: MIT
/*
 * Formatted output. One conversion is parsed into a struct spec, then printed by the function for its
 * kind into a struct out, which counts every character and keeps those that fit.
 *
 *    "%#08lx"  ->  { .flags = SPECIAL | ZEROPAD, .width = 8, .base = 16 }  ->  "0x00c0de"
 *
 * I1. out.len counts what the whole text needs; only the first size - 1 characters are stored.
 */
#include <lib/bitops.h>
#include <lib/string.h>
#include <lib/vsprintf.h>

#define FLAG_LEFT	BIT(0)
#define FLAG_PLUS	BIT(1)
#define FLAG_SPACE	BIT(2)
#define FLAG_SPECIAL	BIT(3)
#define FLAG_ZEROPAD	BIT(4)
#define FLAG_UPPER	BIT(5)
#define FLAG_SIGNED	BIT(6)

#define POINTER_DIGITS	8
#define DIGITS_MAX	24	/* 64 bits in octal, and a sign */
#define SYMBOL_MAX	96

struct out {
	char *buf;
	size_t size;
	size_t len;
};

struct spec {
	unsigned int flags;
	int width;
	int precision;		/* -1 if not given */
	unsigned int base;
	int longs;		/* 2 ll, 1 l z t, 0 int, -1 h, -2 hh */
};

sprint_symbol_fn sprint_symbol_hook;

static void put(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void put_repeated(struct out *o, char c, int times)
{
	while (times-- > 0)
		put(o, c);
}

static void put_string(struct out *o, const struct spec *spec, const char *s)
{
	int len, pad;

	if (!s)
		s = "(null)";
	len = spec->precision < 0 ? strlen(s) : strnlen(s, spec->precision);
	pad = spec->width - len;
	if (!(spec->flags & FLAG_LEFT))
		put_repeated(o, ' ', pad);
	for (int i = 0; i < len; i++)
		put(o, s[i]);
	if (spec->flags & FLAG_LEFT)
		put_repeated(o, ' ', pad);
}

/* The digits of @value, lowest first. Return: their number; 0 for the value 0. */
static int make_digits(char *digits, u64 value, unsigned int base, bool upper)
{
	const char *set = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	int n = 0;

	/* 64-bit division is a library call; most values do not need it. */
	while (value > 0xffffffffu) {
		digits[n++] = set[value % base];
		value /= base;
	}
	for (u32 low = value; low; low /= base)
		digits[n++] = set[low % base];
	return n;
}

static char sign_of(const struct spec *spec, bool negative)
{
	if (negative)
		return '-';
	if (!(spec->flags & FLAG_SIGNED))
		return '\0';
	if (spec->flags & FLAG_PLUS)
		return '+';
	return spec->flags & FLAG_SPACE ? ' ' : '\0';
}

static void put_number(struct out *o, const struct spec *spec, u64 value, bool negative)
{
	char digits[DIGITS_MAX];
	int n = make_digits(digits, value, spec->base, spec->flags & FLAG_UPPER);
	char sign = sign_of(spec, negative);
	int prefix = spec->flags & FLAG_SPECIAL && spec->base == 16 && value ? 2 : 0;
	int zeros = (spec->precision < 0 ? 1 : spec->precision) - n;
	int pad;

	if (spec->flags & FLAG_SPECIAL && spec->base == 8 && zeros < 1)
		zeros = 1;
	if (zeros < 0)
		zeros = 0;
	pad = spec->width - (n + zeros + prefix + (sign != '\0'));
	if (spec->flags & FLAG_ZEROPAD && !(spec->flags & FLAG_LEFT) && spec->precision < 0 && pad > 0) {
		zeros += pad;
		pad = 0;
	}

	if (!(spec->flags & FLAG_LEFT))
		put_repeated(o, ' ', pad);
	if (sign)
		put(o, sign);
	if (prefix) {
		put(o, '0');
		put(o, spec->flags & FLAG_UPPER ? 'X' : 'x');
	}
	put_repeated(o, '0', zeros);
	while (n)
		put(o, digits[--n]);
	if (spec->flags & FLAG_LEFT)
		put_repeated(o, ' ', pad);
}

/* %ps and %pS: the name of a code address, where somebody has a symbol table. */
static void put_symbol(struct out *o, const struct spec *spec, const void *ptr, bool offset)
{
	char text[SYMBOL_MAX];

	if (sprint_symbol_hook)
		sprint_symbol_hook(text, sizeof(text), (unsigned long)ptr, offset);
	else
		scnprintf(text, sizeof(text), "0x%08lx", (unsigned long)ptr);
	put_string(o, spec, text);
}

/* Return: @fmt moved behind the letter that said what kind of pointer this is. */
static const char *put_pointer(struct out *o, struct spec *spec, const char *fmt, const void *ptr)
{
	switch (*fmt) {
	case 's':
	case 'S':
		put_symbol(o, spec, ptr, *fmt == 'S');
		return fmt + 1;
	case 'a':
		spec->base = 16;
		spec->precision = POINTER_DIGITS;
		put_string(o, &(struct spec){ .precision = -1 }, "0x");
		put_number(o, spec, *(const phys_addr_t *)ptr, false);
		return fmt + 1;
	default:
		spec->base = 16;
		if (spec->precision < 0)
			spec->precision = POINTER_DIGITS;
		put_number(o, spec, (unsigned long)ptr, false);
		return fmt;
	}
}

static const char *parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-': spec->flags |= FLAG_LEFT; break;
		case '+': spec->flags |= FLAG_PLUS; break;
		case ' ': spec->flags |= FLAG_SPACE; break;
		case '#': spec->flags |= FLAG_SPECIAL; break;
		case '0': spec->flags |= FLAG_ZEROPAD; break;
		default: return fmt;
		}
	}
}

static const char *parse_decimal(const char *fmt, int *value)
{
	for (*value = 0; *fmt >= '0' && *fmt <= '9'; fmt++)
		*value = *value * 10 + (*fmt - '0');
	return fmt;
}

static const char *parse_length(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case 'l': spec->longs++; break;
		case 'h': spec->longs--; break;
		case 'z':
		case 't': spec->longs = 1; break;
		default: return fmt;
		}
	}
}

/* An integer argument, widened; *negative and the magnitude if it is signed. */
static u64 take_integer(va_list *args, const struct spec *spec, bool *negative)
{
	s64 value;

	*negative = false;
	if (spec->longs >= 2)
		value = va_arg(*args, s64);
	else
		value = va_arg(*args, int);
	if (spec->longs == -1)
		value = spec->flags & FLAG_SIGNED ? (s64)(s16)value : (s64)(u16)value;
	if (spec->longs == -2)
		value = spec->flags & FLAG_SIGNED ? (s64)(s8)value : (s64)(u8)value;
	if (spec->flags & FLAG_SIGNED) {
		*negative = value < 0;
		return *negative ? -(u64)value : (u64)value;
	}
	return spec->longs >= 2 ? (u64)value : (u32)value;
}

/* One conversion; @fmt stands behind its '%'. Return: what follows it. */
static const char *format_one(struct out *o, const char *fmt, va_list *args)
{
	struct spec spec = { .precision = -1, .base = 10 };
	bool negative;
	u64 value;

	fmt = parse_flags(fmt, &spec);
	if (*fmt == '*') {
		spec.width = va_arg(*args, int);
		fmt++;
	} else {
		fmt = parse_decimal(fmt, &spec.width);
	}
	if (spec.width < 0) {
		spec.flags |= FLAG_LEFT;
		spec.width = -spec.width;
	}
	if (*fmt == '.') {
		if (*++fmt == '*') {
			spec.precision = va_arg(*args, int);
			fmt++;
		} else {
			fmt = parse_decimal(fmt, &spec.precision);
		}
	}
	fmt = parse_length(fmt, &spec);

	switch (*fmt) {
	case '\0':
		return fmt;
	case 'c':
		put_string(o, &spec, (char[]){ va_arg(*args, int), '\0' });
		return fmt + 1;
	case 's':
		put_string(o, &spec, va_arg(*args, const char *));
		return fmt + 1;
	case 'p':
		return put_pointer(o, &spec, fmt + 1, va_arg(*args, const void *));
	case 'd':
	case 'i':
		spec.flags |= FLAG_SIGNED;
		break;
	case 'u':
		break;
	case 'o':
		spec.base = 8;
		break;
	case 'X':
		spec.flags |= FLAG_UPPER;
		spec.base = 16;
		break;
	case 'x':
		spec.base = 16;
		break;
	default:	/* '%', and whatever is not a conversion, stands for itself */
		put(o, *fmt);
		return fmt + 1;
	}
	value = take_integer(args, &spec, &negative);
	put_number(o, &spec, value, negative);
	return fmt + 1;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = { .buf = buf, .size = size };
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		if (*fmt == '%')
			fmt = format_one(&o, fmt + 1, &ap);
		else
			put(&o, *fmt++);
	}
	va_end(ap);
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return o.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	if (size == 0)
		return 0;
	return (size_t)len < size ? len : (int)size - 1;
}
