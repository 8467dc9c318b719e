// SPDX-License-Identifier: MIT
/*
 * What is undefined in C, and was done all the same: reports of a kernel that was built with SAN=ubsan.
 *
 *    x << n   compiled as   if (n > 31)                                         the compiler's part
 *                                   __ubsan_handle_shift_out_of_bounds(...)     this file
 *                           x << n
 *
 *    UBSAN: shift-out-of-bounds in mm/buddy.c:41:17
 *    shift exponent 35 is too large for 32-bit type 'int'
 *    Call trace: ...
 *
 * The words are those of Linux's lib/ubsan.c, so that what reads logs can read these. After a report the
 * kernel goes on: with what the CPU makes of it.
 *
 * U1. Each place is reported once, since it may lie in a loop: PLACE_REPORTED in its column says that it was.
 *     Each time is counted, as a warning, so that no test passes in which it happened.
 * U2. What happens while this CPU reports, in what reports rely on, is counted only.
 * U3. Nothing here is checked itself, nor is what runs before the MMU is on (the Makefile's UNCHECKED): there
 *     the records' addresses mean nothing.
 */
#include <asm/bitops.h>
#include <asm/irqflags.h>
#include <kernel/bug.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <kernel/stacktrace.h>
#include <kernel/threads.h>
#include <lib/container_of.h>
#include <lib/math.h>
#include <lib/vsprintf.h>
#include "ubsan_internals.h"

#define PLACE_REPORTED	31		/* bit of ->column */
#define VALUE_MAX	24		/* 64 bits in decimal, and a sign */
#define BORDER		"================================================================================\n"

static bool reporting[NR_CPUS];		/* U2 */

/* ---- A report's beginning and end ---- */

/* Return: is this to be reported? Then interrupts are masked until end_report(@flags). */
static bool begin_report(struct ubsan_place *place, const char *what, unsigned long *flags)
{
	unsigned int cpu;

	*flags = arch_local_irq_save();
	cpu = raw_smp_processor_id();
	warn_count++;
	if (reporting[cpu] || test_and_set_bit(PLACE_REPORTED, &place->column)) {
		arch_local_irq_restore(*flags);
		return false;
	}
	reporting[cpu] = true;
	pr_err(BORDER);
	pr_err("UBSAN: %s in %s:%u:%lu\n", what, place->file, place->line,
	       place->column & ~BIT(PLACE_REPORTED));
	return true;
}

static void end_report(unsigned long flags)
{
	dump_stack();
	pr_err(BORDER);
	reporting[raw_smp_processor_id()] = false;
	arch_local_irq_restore(flags);
}

/* ---- Values ---- */

static bool is_signed(const struct ubsan_type *type)
{
	return type->info & 1;
}

static unsigned int nr_bits(const struct ubsan_type *type)
{
	return 1u << (type->info >> 1);
}

/* The value that a handler's argument stands for, in 64 bits. */
static s64 value_of(const struct ubsan_type *type, unsigned long argument)
{
	if (nr_bits(type) > 32)
		return *(const s64 *)argument;
	if (is_signed(type))
		return (s32)((u32)argument << (32 - nr_bits(type))) >> (32 - nr_bits(type));
	return argument;
}

static bool is_negative(const struct ubsan_type *type, unsigned long argument)
{
	return is_signed(type) && value_of(type, argument) < 0;
}

/* Return: @text, VALUE_MAX bytes. */
static const char *write_value(char *text, const struct ubsan_type *type, unsigned long argument)
{
	if (type->kind != UBSAN_INTEGER)
		snprintf(text, VALUE_MAX, "0x%lx", argument);
	else
		snprintf(text, VALUE_MAX, is_signed(type) ? "%lld" : "%llu", value_of(type, argument));
	return text;
}

/* ---- Arithmetic ---- */

static void report_overflow(struct ubsan_arithmetic *check, unsigned long left, char operator, unsigned long right)
{
	char first[VALUE_MAX], second[VALUE_MAX];
	unsigned long flags;

	if (!begin_report(&check->place, is_signed(check->type) ? "signed-integer-overflow" : "unsigned-integer-overflow",
			  &flags))
		return;
	pr_err("%s %c %s cannot be represented in type %s\n", write_value(first, check->type, left), operator,
	       write_value(second, check->type, right), check->type->name);
	end_report(flags);
}

void __ubsan_handle_add_overflow(struct ubsan_arithmetic *check, unsigned long left, unsigned long right)
{
	report_overflow(check, left, '+', right);
}

void __ubsan_handle_sub_overflow(struct ubsan_arithmetic *check, unsigned long left, unsigned long right)
{
	report_overflow(check, left, '-', right);
}

void __ubsan_handle_mul_overflow(struct ubsan_arithmetic *check, unsigned long left, unsigned long right)
{
	report_overflow(check, left, '*', right);
}

void __ubsan_handle_negate_overflow(struct ubsan_arithmetic *check, unsigned long value)
{
	char text[VALUE_MAX];
	unsigned long flags;

	if (!begin_report(&check->place, "negation-overflow", &flags))
		return;
	pr_err("negation of %s cannot be represented in type %s\n", write_value(text, check->type, value),
	       check->type->name);
	end_report(flags);
}

/* A division by zero, which libgcc does not survive, or of the smallest number by -1. */
void __ubsan_handle_divrem_overflow(struct ubsan_arithmetic *check, unsigned long left, unsigned long right)
{
	char text[VALUE_MAX];
	unsigned long flags;

	if (!begin_report(&check->place, "division-overflow", &flags))
		return;
	if (is_negative(check->type, right))
		pr_err("division of %s by -1 cannot be represented in type %s\n",
		       write_value(text, check->type, left), check->type->name);
	else
		pr_err("division by zero\n");
	end_report(flags);
}

void __ubsan_handle_shift_out_of_bounds(struct ubsan_shift *check, unsigned long left, unsigned long right)
{
	char value[VALUE_MAX], exponent[VALUE_MAX];
	unsigned long flags;

	if (!begin_report(&check->place, "shift-out-of-bounds", &flags))
		return;
	write_value(value, check->left, left);
	write_value(exponent, check->right, right);
	if (is_negative(check->right, right))
		pr_err("shift exponent %s is negative\n", exponent);
	else if ((u64)value_of(check->right, right) >= nr_bits(check->left))
		pr_err("shift exponent %s is too large for %u-bit type %s\n", exponent, nr_bits(check->left),
		       check->left->name);
	else if (is_negative(check->left, left))
		pr_err("left shift of negative value %s\n", value);
	else
		pr_err("left shift of %s by %s places cannot be represented in type %s\n", value, exponent,
		       check->left->name);
	end_report(flags);
}

void __ubsan_handle_invalid_builtin(struct ubsan_builtin *check)
{
	unsigned long flags;

	if (!begin_report(&check->place, "invalid-builtin", &flags))
		return;
	pr_err("passing zero to %s(), which is not a valid argument\n", check->builtin ? "clz" : "ctz");
	end_report(flags);
}

/* ---- Memory ---- */

void __ubsan_handle_out_of_bounds(struct ubsan_index *check, unsigned long index)
{
	char text[VALUE_MAX];
	unsigned long flags;

	if (!begin_report(&check->place, "array-index-out-of-bounds", &flags))
		return;
	pr_err("index %s is out of range for type %s\n", write_value(text, check->index, index),
	       check->array->name);
	end_report(flags);
}

static const char *access_name(u8 access)
{
	static const char *const names[] = {
		"load of", "store to", "reference binding to", "member access within", "member call on",
		"constructor call on", "downcast of", "downcast of", "upcast of", "cast to virtual base of",
	};

	return access < ARRAY_SIZE(names) ? names[access] : "access to";
}

void __ubsan_handle_type_mismatch_v1(struct ubsan_access *check, unsigned long pointer)
{
	unsigned long alignment = 1ul << check->log2_alignment, flags;
	const char *access = access_name(check->access);
	bool aligned = IS_ALIGNED(pointer, alignment);

	if (!begin_report(&check->place, !pointer ? "null-ptr-deref" :
			  !aligned ? "misaligned-access" : "object-size-mismatch", &flags))
		return;
	if (!pointer)
		pr_err("%s null pointer of type %s\n", access, check->type->name);
	else if (!aligned)
		pr_err("%s misaligned address %08lx for type %s which requires %lu byte alignment\n", access, pointer,
		       check->type->name, alignment);
	else
		pr_err("%s address %08lx with insufficient space for an object of type %s\n", access, pointer,
		       check->type->name);
	end_report(flags);
}

void __ubsan_handle_pointer_overflow(struct ubsan_point *check, unsigned long base, unsigned long result)
{
	unsigned long flags;

	if (!begin_report(&check->place, "pointer-overflow", &flags))
		return;
	if (!base)
		pr_err("applying offset %ld to a null pointer\n", (long)result);
	else if (!result)
		pr_err("applying an offset to pointer %08lx produced a null pointer\n", base);
	else
		pr_err("pointer %08lx overflowed to %08lx\n", base, result);
	end_report(flags);
}

void __ubsan_handle_load_invalid_value(struct ubsan_value *check, unsigned long value)
{
	char text[VALUE_MAX];
	unsigned long flags;

	if (!begin_report(&check->place, "invalid-load", &flags))
		return;
	pr_err("load of value %s is not a valid value for type %s\n", write_value(text, check->type, value),
	       check->type->name);
	end_report(flags);
}

void __ubsan_handle_vla_bound_not_positive(struct ubsan_value *check, unsigned long bound)
{
	char text[VALUE_MAX];
	unsigned long flags;

	if (!begin_report(&check->place, "vla-bound-not-positive", &flags))
		return;
	pr_err("length %s of an array is not positive\n", write_value(text, check->type, bound));
	end_report(flags);
}

/* ---- Functions ---- */

void __ubsan_handle_nonnull_arg(struct ubsan_argument *check)
{
	unsigned long flags;

	if (!begin_report(&check->place, "null-argument", &flags))
		return;
	pr_err("null pointer passed as argument %d, declared never to be null\n", check->number);
	end_report(flags);
}

void __ubsan_handle_nonnull_return_v1(struct ubsan_point *declared, struct ubsan_place *place)
{
	unsigned long flags;

	(void)declared;
	if (!begin_report(place, "null-return", &flags))
		return;
	pr_err("null pointer returned from a function declared never to return one\n");
	end_report(flags);
}

/* There is no code to go on with. */
void __ubsan_handle_builtin_unreachable(struct ubsan_point *check)
{
	panic("UBSAN: the end of a function declared not to return, %s:%u:%lu", check->place.file, check->place.line,
	      check->place.column & ~BIT(PLACE_REPORTED));
}
