/* SPDX-License-Identifier: MIT */
/*
 * What mm/kmap_local.c and mm/kmap_local_check.c share: from a level to its slot.
 */
#ifndef MM_KMAP_LOCAL_INTERNAL_H
#define MM_KMAP_LOCAL_INTERNAL_H

#include <asm/highmem.h>
#include <asm/thread_info.h>
#include <kernel/smp.h>

/* A hole's pteval (I3): of no entry that could be set. */
#define KMAP_HOLE	L_PTE_YOUNG

static inline struct kmap_ctrl *current_kmaps(void)
{
	return &current_thread_info()->kmap;
}

/* This CPU's slot of a level. */
static inline unsigned int kmap_local_slot(unsigned int level)
{
	return FIX_KMAP_BEGIN + KM_MAX_IDX * raw_smp_processor_id() + (level + 1) * KM_INCR - 1;
}

static inline unsigned long kmap_local_addr(unsigned int level)
{
	return __fix_to_virt(kmap_local_slot(level));
}

#if CONFIG_DEBUG_VM
static inline void note_caller(struct kmap_ctrl *kmaps, unsigned int level, const void *caller)
{
	kmaps->mapped_by[level] = caller;
}

static inline const void *caller_of(const struct kmap_ctrl *kmaps, unsigned int level)
{
	return kmaps->mapped_by[level];
}
#else
static inline void note_caller(struct kmap_ctrl *kmaps, unsigned int level, const void *caller)
{
	(void)kmaps, (void)level, (void)caller;
}

static inline const void *caller_of(const struct kmap_ctrl *kmaps, unsigned int level)
{
	(void)kmaps, (void)level;
	return NULL;
}
#endif

#endif
