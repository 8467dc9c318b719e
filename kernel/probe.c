// SPDX-License-Identifier: MIT
/*
 * probe_kernel_read() and probe_kernel_write(): copies that survive a fault. The architecture
 * brings the copy of one word and of one byte (arch/arm/lib/probe.S).
 */
#include <asm/probe.h>
#include <kernel/probe.h>
#include <lib/math.h>

static bool word_aligned(const void *ptr)
{
	return IS_ALIGNED((unsigned long)ptr, sizeof(u32));
}

static int probe_copy(u8 *dst, const u8 *src, size_t size)
{
	int err = 0;

	while (size && !err) {
		bool words = size >= sizeof(u32) && word_aligned(dst) && word_aligned(src);
		size_t step = words ? sizeof(u32) : sizeof(u8);

		err = words ? __probe_copy_word(dst, src) : __probe_copy_byte(dst, src);
		dst += step;
		src += step;
		size -= step;
	}
	return err;
}

int probe_kernel_read(void *dst, const void *src, size_t size)
{
	return probe_copy(dst, src, size);
}

int probe_kernel_write(void *dst, const void *src, size_t size)
{
	return probe_copy(dst, src, size);
}
