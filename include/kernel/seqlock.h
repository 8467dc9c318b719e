/* SPDX-License-Identifier: MIT */
/*
 * Sequence counts, with Linux's interface: readers who never hold up the writer.
 *
 *    write_seqcount_begin(&seq);               do {
 *    a = ..., b = ...;                                 start = read_seqcount_begin(&seq);
 *    write_seqcount_end(&seq);                         x = a, y = b;
 *                                              } while (read_seqcount_retry(&seq, start));
 *
 *    sequence   4 ------> 5 (odd: being written) ------> 6
 *
 * I1. There is one writer at a time: writers hold a lock, or there is only one CPU that writes.
 * I2. A writer is not interrupted by a reader on its own CPU, who would wait for it for ever: if an
 *     interrupt handler reads, the writer masks interrupts.
 * I3. What readers copy is copied whole before they ask whether to retry; until then they do not
 *     follow pointers that they found.
 */
#ifndef KERNEL_SEQLOCK_H
#define KERNEL_SEQLOCK_H

#include <asm/barrier.h>
#include <kernel/bug.h>
#include <lib/compiler.h>

typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;

#define SEQCNT_ZERO	{ 0 }

/* Return: the sequence to compare with. Waits for a writer to end. */
static inline unsigned int read_seqcount_begin(const seqcount_t *s)
{
	unsigned int sequence;

	while ((sequence = READ_ONCE(s->sequence)) & 1)
		cpu_relax();
	smp_rmb();
	return sequence;
}

/* Return: was anything written since @start, so that what was read may be of two minds? */
static inline bool read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	smp_rmb();
	return unlikely(READ_ONCE(s->sequence) != start);
}

/*
 * Around what a writer does: write_seqcount_begin(), write_seqcount_end(). Context: one writer at a
 * time, and no reader can interrupt it on its CPU.
 */
static inline void write_seqcount_begin(seqcount_t *s)
{
	VM_BUG_ON(s->sequence & 1, "two writers, sequence %u", s->sequence);
	WRITE_ONCE(s->sequence, s->sequence + 1);
	smp_wmb();
}

static inline void write_seqcount_end(seqcount_t *s)
{
	VM_BUG_ON(!(s->sequence & 1), "nobody writes, sequence %u", s->sequence);
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 1);
}

#endif
