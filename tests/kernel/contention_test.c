// SPDX-License-Identifier: MIT
/*
 * All CPUs at the same memory: nothing is lost under a lock or by an atomic operation, readers of
 * a sequence count see no half-written pair, and what one CPU publishes another sees whole. Suite
 * smp.
 *
 * On a host with fewer cores than CPUs, or with -icount, CPUs run in turns, and races are rarer.
 */
#include <kernel/percpu.h>
#include <kernel/seqlock.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include <test.h>
#include "together.h"

TEST_SUITE("smp");

#define NR_ROUNDS	3000

static int expected(void)
{
	return NR_ROUNDS * num_online_cpus();
}

/* ---- Nothing is lost ---- */

static struct {
	spinlock_t lock;
	volatile int locked, unlocked;
	atomic_t atomic;
	unsigned long bits;
	u32 word;
} shared;

static void start_anew(void)
{
	shared.locked = shared.unlocked = 0;
	atomic_set(&shared.atomic, 0);
	shared.bits = shared.word = 0;
}

static void increment_locked(void *info)
{
	(void)info;
	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		spin_lock(&shared.lock);
		shared.locked++;
		spin_unlock(&shared.lock);
	}
}

TEST("all CPUs increment one number under a lock, and no increment is lost")
{
	start_anew();
	run_together(increment_locked, NULL);
	EXPECT_EQ(shared.locked, expected());
	EXPECT(!spin_is_locked(&shared.lock));
}

static void increment_trylocked(void *info)
{
	unsigned long flags;

	(void)info;
	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		while (!spin_trylock_irqsave(&shared.lock, flags))
			cpu_relax();
		shared.locked++;
		spin_unlock_irqrestore(&shared.lock, flags);
	}
}

TEST("the same by spin_trylock")
{
	start_anew();
	run_together(increment_trylocked, NULL);
	EXPECT_EQ(shared.locked, expected());
}

static void increment_atomic(void *info)
{
	(void)info;
	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		atomic_inc(&shared.atomic);
		atomic_add_return(3, &shared.atomic);
		atomic_sub(3, &shared.atomic);
	}
}

static void increment_unlocked(void *info)
{
	(void)info;
	for (unsigned int i = 0; i < NR_ROUNDS; i++)
		shared.unlocked++;
}

TEST("the same by atomic operations; without, some may be lost")
{
	start_anew();
	run_together(increment_atomic, NULL);
	EXPECT_EQ(atomic_read(&shared.atomic), expected());
	run_together(increment_unlocked, NULL);
	test_note("of %d increments that were not atomic, %d were lost", expected(),
		  expected() - shared.unlocked);
}

static void increment_by_cmpxchg(void *info)
{
	(void)info;
	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		u32 seen = READ_ONCE(shared.word), old;

		while ((old = cmpxchg(&shared.word, seen, seen + 1)) != seen)
			seen = old;
	}
}

TEST("the same by compare and exchange")
{
	start_anew();
	run_together(increment_by_cmpxchg, NULL);
	EXPECT_EQ(shared.word, expected());
}

/* Each CPU has a byte of the word for itself; a bit operation that is not atomic would write all. */
static void flip_own_bits(void *info)
{
	unsigned int first = 8 * smp_processor_id();
	bool *ok = info;

	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		unsigned int nr = first + i % 8;

		if (test_and_set_bit(nr, &shared.bits) || !test_bit(nr, &shared.bits))
			*ok = false;
		clear_bit(nr, &shared.bits);
		if (test_and_change_bit(nr, &shared.bits))
			*ok = false;
		change_bit(nr, &shared.bits);
	}
}

TEST("each CPU's bits of a word are its own, whatever the others do to theirs")
{
	bool ok = true;

	start_anew();
	run_together(flip_own_bits, &ok);
	EXPECT(ok);
	EXPECT_EQ(shared.bits, 0);
}

static DEFINE_PER_CPU(int, own_count);

static void increment_own(void *info)
{
	(void)info;
	for (unsigned int i = 0; i < NR_ROUNDS; i++)
		this_cpu_inc(own_count);
}

TEST("each CPU's own counter counts what that CPU did")
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(own_count, cpu) = 0;
	run_together(increment_own, NULL);
	for_each_online_cpu(cpu)
		EXPECT_EQ(per_cpu(own_count, cpu), NR_ROUNDS);
}

/* A ticket is served when its turn has come: who waits longest is next. */
static void note_order(void *info)
{
	u16 *last = info;
	u16 mine;

	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		spin_lock(&shared.lock);
		mine = shared.lock.raw_lock.tickets.owner;
		if (mine != (u16)(*last + 1))
			shared.locked++;
		*last = mine;
		spin_unlock(&shared.lock);
	}
}

TEST("the lock is given to ticket after ticket, and none is left out")
{
	u16 last = shared.lock.raw_lock.tickets.owner - 1;

	start_anew();
	run_together(note_order, &last);
	EXPECT_EQ(shared.locked, 0);
}

/* ---- Half-written pairs ---- */

static struct {
	seqcount_t seq;
	volatile unsigned int a, b;
	atomic_t torn;
} pair;

static void write_pairs(void)
{
	for (unsigned int i = 1; i <= NR_ROUNDS; i++) {
		write_seqcount_begin(&pair.seq);
		pair.a = i;
		pair.b = ~i;
		write_seqcount_end(&pair.seq);
	}
}

static void read_pairs(void)
{
	unsigned int start, a, b;

	do {
		do {
			start = read_seqcount_begin(&pair.seq);
			a = pair.a;
			b = pair.b;
		} while (read_seqcount_retry(&pair.seq, start));
		if (b != ~a)
			atomic_inc(&pair.torn);
		cpu_relax();
	} while (a != NR_ROUNDS);
}

static void write_or_read(void *info)
{
	unsigned int *writer = info;

	if (smp_processor_id() == *writer)
		write_pairs();
	else
		read_pairs();
}

TEST("readers of a sequence count never see a pair that is half written")
{
	unsigned int writer = smp_processor_id();

	pair.seq = (seqcount_t)SEQCNT_ZERO;
	pair.a = 0;
	pair.b = ~0u;
	atomic_set(&pair.torn, 0);
	run_together(write_or_read, &writer);
	EXPECT_EQ(atomic_read(&pair.torn), 0);
	EXPECT_EQ(pair.seq.sequence, 2 * NR_ROUNDS);
}

/* ---- Memory order ---- */

static struct {
	unsigned int flag ____cacheline_aligned, answer ____cacheline_aligned;
	volatile unsigned int data ____cacheline_aligned;
	unsigned int wrong;
} mail;

static void send_or_receive(void *info)
{
	unsigned int cpu = smp_processor_id();

	(void)info;
	for (unsigned int i = 1; i <= NR_ROUNDS && cpu < 2; i++) {
		if (cpu == 0) {
			mail.data = 3 * i;
			smp_store_release(&mail.flag, i);
			sev();
			while (smp_load_acquire(&mail.answer) != i)
				wfe();
		} else {
			while (smp_load_acquire(&mail.flag) != i)
				wfe();
			if (mail.data != 3 * i)
				mail.wrong++;
			smp_store_release(&mail.answer, i);
			sev();
		}
	}
}

TEST("what is written before a release is seen after the acquire that sees it")
{
	if (!cpu_online(1))
		SKIP("one CPU");
	mail.flag = mail.answer = mail.data = mail.wrong = 0;
	run_together(send_or_receive, NULL);
	EXPECT_EQ(mail.wrong, 0);
}

/*
 * Each of two CPUs writes its own word, then reads the other's. That both read the old value is
 * possible, since a load may overtake a store, unless a DMB stands between them (ARM DDI 0406C
 * A3.8.3).
 */
static struct {
	volatile unsigned int word[2][L1_CACHE_BYTES / sizeof(unsigned int)] ____cacheline_aligned;
	volatile unsigned int read[2];
	atomic_t come[2];
	unsigned int both_old;
	bool with_barrier;
} store_buffer;

/* Both CPUs leave at the same time, as far as that goes; @round is the number of the meeting. */
static void meet(unsigned int place, int round)
{
	atomic_inc_return(&store_buffer.come[place]);
	sev();
	while (atomic_read(&store_buffer.come[place]) < 2 * round)
		cpu_relax();
	smp_mb();
}

static void store_then_load(void *info)
{
	unsigned int cpu = smp_processor_id();

	(void)info;
	for (int round = 1; round <= NR_ROUNDS / 3 && cpu < 2; round++) {
		store_buffer.word[cpu][0] = 0;
		meet(0, round);
		store_buffer.word[cpu][0] = 1;
		if (store_buffer.with_barrier)
			smp_mb();
		store_buffer.read[cpu] = store_buffer.word[!cpu][0];
		meet(1, round);
		if (cpu == 0 && !store_buffer.read[0] && !store_buffer.read[1])
			store_buffer.both_old++;
	}
}

static unsigned int count_both_old(bool with_barrier)
{
	store_buffer.with_barrier = with_barrier;
	store_buffer.both_old = 0;
	atomic_set(&store_buffer.come[0], 0);
	atomic_set(&store_buffer.come[1], 0);
	run_together(store_then_load, NULL);
	return store_buffer.both_old;
}

TEST("with a barrier no load overtakes a store; without, some may")
{
	if (!cpu_online(1))
		SKIP("one CPU");
	EXPECT_EQ(count_both_old(true), 0);
	test_note("without the barrier, %u of %u loads overtook", count_both_old(false),
		  NR_ROUNDS / 3);
}
