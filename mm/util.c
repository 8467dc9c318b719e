// SPDX-License-Identifier: MIT
/*
 * Functions that allocate what they return: copies, and memory of another size. As Linux's
 * mm/util.c.
 */
#include <kernel/bugs.h>
#include <kernel/sections.h>
#include <lib/math.h>
#include <lib/string.h>
#include <mm/slab.h>

void *krealloc(const void *p, size_t new_size, gfp_t flags)
{
	size_t old_size = p ? ksize(p) : 0;
	void *copy;

	if (new_size == 0) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	if (old_size >= new_size)
		return kasan_krealloc((void *)p, new_size);
	copy = kmalloc_track_caller(new_size, flags);
	if (copy && old_size)
		memcpy(copy, p, bug(REALLOC_SIZE) ? new_size : old_size);
	if (copy)
		kfree(p);
	return copy;
}

char *kstrdup(const char *s, gfp_t flags)
{
	size_t bytes = s ? strlen(s) + 1 : 0;
	char *copy = s ? kmalloc_track_caller(bytes, flags) : NULL;

	return copy ? memcpy(copy, s, bytes) : NULL;
}

static bool is_kernel_rodata(const void *p)
{
	return (const char *)p >= __start_rodata && (const char *)p < __end_rodata;
}

const char *kstrdup_const(const char *s, gfp_t flags)
{
	return is_kernel_rodata(s) ? s : kstrdup(s, flags);
}

void kfree_const(const void *p)
{
	if (!is_kernel_rodata(p))
		kfree(p);
}

char *kstrndup(const char *s, size_t max, gfp_t flags)
{
	size_t length = s ? strnlen(s, max) : 0;
	char *copy = s ? kmalloc_track_caller(length + 1 - bug(OBJECT_END), flags) : NULL;

	if (!copy)
		return NULL;
	copy[length] = '\0';
	return memcpy(copy, s, length);
}

void *kmemdup(const void *src, size_t bytes, gfp_t flags)
{
	void *copy = src ? kmalloc_track_caller(bytes, flags) : NULL;

	if (!copy || ZERO_OR_NULL_PTR(copy))
		return copy;
	return memcpy(copy, src, bytes);
}
