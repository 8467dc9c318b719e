/* SPDX-License-Identifier: MIT */
/*
 * From a member back to the structure that holds it, and the length of an array.
 */
#ifndef LIB_CONTAINER_OF_H
#define LIB_CONTAINER_OF_H

#include <lib/types.h>

/**
 * container_of - the structure that a member belongs to
 * @ptr: pointer to the member
 * @type: type of the structure
 * @member: name of the member in it
 *
 * A pointer of another type than the member's is refused at compile time.
 */
#define container_of(ptr, type, member) ({				\
	const __typeof__(((type *)0)->member) *__member = (ptr);	\
	(type *)((char *)__member - offsetof(type, member)); })

#define __is_array(a) \
	(!__builtin_types_compatible_p(__typeof__(a), __typeof__(&(a)[0])))

/* Number of elements of an array; a pointer in its place does not compile. */
#define ARRAY_SIZE(a) \
	(sizeof(a) / sizeof((a)[0]) + 0 * sizeof(struct { _Static_assert(__is_array(a), "not an array"); int unused; }))

#endif
