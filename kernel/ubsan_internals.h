/* SPDX-License-Identifier: MIT */
/*
 * What the compiler lays out for each of its checks, and what it calls when one fails: the interface
 * of GCC's and clang's -fsanitize=undefined, of which there is no header. A handler gets the record of
 * the place, and the values. A value of 32 bits or less is the argument; of a larger one, the address.
 */
#ifndef KERNEL_UBSAN_INTERNALS_H
#define KERNEL_UBSAN_INTERNALS_H

#include <lib/types.h>

struct ubsan_place {
	const char *file;
	u32 line;
	unsigned long column;	/* and the bit of kernel/ubsan.c's U1 */
};

enum ubsan_type_kind { UBSAN_INTEGER = 0, UBSAN_FLOAT = 1, UBSAN_OTHER = 0xffff };

struct ubsan_type {
	u16 kind;		/* enum ubsan_type_kind */
	u16 info;		/* of an integer: bit 0, is it signed? the others, log2 of its bits */
	char name[];		/* in quotation marks */
};

/* Signed addition, subtraction, multiplication, negation; division, the only one that has no bits to spare. */
struct ubsan_arithmetic {
	struct ubsan_place place;
	const struct ubsan_type *type;
};

struct ubsan_shift {
	struct ubsan_place place;
	const struct ubsan_type *left, *right;
};

struct ubsan_index {
	struct ubsan_place place;
	const struct ubsan_type *array, *index;
};

/* An access by a pointer that is NULL, not aligned, or too near to the end of its object. */
struct ubsan_access {
	struct ubsan_place place;
	const struct ubsan_type *type;
	u8 log2_alignment;
	u8 access;		/* index to what it is in words */
};

/* A bool that is neither 0 nor 1; the length of an array that is not positive. */
struct ubsan_value {
	struct ubsan_place place;
	const struct ubsan_type *type;
};

/* __builtin_clz(0), __builtin_ctz(0). */
struct ubsan_builtin {
	struct ubsan_place place;
	u8 builtin;		/* 0: ctz, 1: clz */
};

struct ubsan_argument {
	struct ubsan_place place, declared;
	int number;
};

/* A place alone: arithmetic of pointers, the end of a function that has none. */
struct ubsan_point {
	struct ubsan_place place;
};

void __ubsan_handle_add_overflow(struct ubsan_arithmetic *check, unsigned long left, unsigned long right);
void __ubsan_handle_sub_overflow(struct ubsan_arithmetic *check, unsigned long left, unsigned long right);
void __ubsan_handle_mul_overflow(struct ubsan_arithmetic *check, unsigned long left, unsigned long right);
void __ubsan_handle_negate_overflow(struct ubsan_arithmetic *check, unsigned long value);
void __ubsan_handle_divrem_overflow(struct ubsan_arithmetic *check, unsigned long left, unsigned long right);
void __ubsan_handle_shift_out_of_bounds(struct ubsan_shift *check, unsigned long left, unsigned long right);
void __ubsan_handle_out_of_bounds(struct ubsan_index *check, unsigned long index);
void __ubsan_handle_type_mismatch_v1(struct ubsan_access *check, unsigned long pointer);
void __ubsan_handle_pointer_overflow(struct ubsan_point *check, unsigned long base, unsigned long result);
void __ubsan_handle_load_invalid_value(struct ubsan_value *check, unsigned long value);
void __ubsan_handle_vla_bound_not_positive(struct ubsan_value *check, unsigned long bound);
void __ubsan_handle_invalid_builtin(struct ubsan_builtin *check);
void __ubsan_handle_nonnull_arg(struct ubsan_argument *check);
void __ubsan_handle_nonnull_return_v1(struct ubsan_point *declared, struct ubsan_place *place);
void __ubsan_handle_builtin_unreachable(struct ubsan_point *check) __noreturn;

#endif
