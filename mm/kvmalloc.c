// SPDX-License-Identifier: MIT
/*
 * Memory that need not be contiguous: from kmalloc() if it is small, or if a block is to be had without
 * effort; else from vmalloc().
 */
#include <kernel/bugs.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>

void *kvmalloc_node(size_t size, gfp_t flags, int node)
{
	gfp_t kmalloc_flags = flags;
	void *p;

	if (size > PAGE_SIZE)
		kmalloc_flags |= __GFP_NOWARN | __GFP_NORETRY;
	p = kmalloc_node(size, kmalloc_flags, node);
	if (p || size <= PAGE_SIZE || (flags & GFP_KERNEL) != GFP_KERNEL)
		return p;
	return __vmalloc_node_range(size, PAGE_SIZE, VMALLOC_START, VMALLOC_END,
				    flags | __GFP_HIGHMEM, PAGE_KERNEL, 0, node, _RET_IP_);
}

void *kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) && !bug(SIZE_OVERFLOW))
		return NULL;
	return kvmalloc_node(bytes, flags, NUMA_NO_NODE);
}

void kvfree(const void *addr)
{
	if (is_vmalloc_addr(addr))
		vfree(addr);
	else
		kfree(addr);
}
