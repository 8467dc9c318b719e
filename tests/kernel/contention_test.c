// SPDX-License-Identifier: MIT
/*
 * All CPUs at the same memory: nothing is lost under a lock or by an atomic operation, readers of
 * a sequence count see no half-written pair, and what one CPU publishes another sees whole. Suite
 * smp.
 *
 * On a host with fewer cores than CPUs, or with -icount, CPUs run in turns. So where something could
 * go wrong, cpu_relax() gives the turn to another CPU, right in the middle.
 */
#include <kernel/percpu.h>
#include <kernel/seqlock.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include <test.h>
#include "together.h"

TEST_SUITE("smp");

#define NR_ROUNDS	1000
#define ROUNDS_AT_ONCE	20

static int expected(void)
{
	return NR_ROUNDS * num_online_cpus();
}

static atomic_t meeting;

/* CPUs that run through their rounds would miss each other: wait for all, the @nth time. */
static void meet(int nth)
{
	int all = nth * num_online_cpus();

	atomic_inc_return(&meeting);
	while (atomic_read(&meeting) < all)
		cpu_relax();
}

/* Each CPU does NR_ROUNDS of @info's function. */
static void do_rounds(void *info)
{
	void (*round)(void) = info;

	for (int i = 0; i < NR_ROUNDS; i++) {
		if (i % ROUNDS_AT_ONCE == 0)
			meet(1 + i / ROUNDS_AT_ONCE);
		round();
	}
}

static void all_do(void (*round)(void))
{
	atomic_set(&meeting, 0);
	run_together(do_rounds, (void *)round);
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

/* What another CPU does to it meanwhile is lost. */
static void increment_slowly(volatile int *number)
{
	int seen = *number;

	cpu_relax();
	*number = seen + 1;
}

static void increment_locked(void)
{
	spin_lock(&shared.lock);
	increment_slowly(&shared.locked);
	spin_unlock(&shared.lock);
}

TEST("all CPUs increment one number under a lock, and no increment is lost")
{
	start_anew();
	all_do(increment_locked);
	EXPECT_EQ(shared.locked, expected());
	EXPECT(!spin_is_locked(&shared.lock));
}

static void increment_trylocked(void)
{
	unsigned long flags;

	while (!spin_trylock_irqsave(&shared.lock, flags))
		cpu_relax();
	increment_slowly(&shared.locked);
	spin_unlock_irqrestore(&shared.lock, flags);
}

TEST("the same by spin_trylock")
{
	start_anew();
	all_do(increment_trylocked);
	EXPECT_EQ(shared.locked, expected());
}

static void increment_atomic(void)
{
	atomic_inc(&shared.atomic);
	atomic_add_return(3, &shared.atomic);
	atomic_sub(3, &shared.atomic);
}

static void increment_unlocked(void)
{
	increment_slowly(&shared.unlocked);
}

TEST("the same by atomic operations; without, some may be lost")
{
	start_anew();
	all_do(increment_atomic);
	EXPECT_EQ(atomic_read(&shared.atomic), expected());
	all_do(increment_unlocked);
	test_note("of %d increments that were not atomic, %d were lost", expected(),
		  expected() - shared.unlocked);
}

static void increment_by_cmpxchg(void)
{
	u32 seen = READ_ONCE(shared.word), old;

	cpu_relax();
	while ((old = cmpxchg(&shared.word, seen, seen + 1)) != seen)
		seen = old;
}

TEST("the same by compare and exchange")
{
	start_anew();
	all_do(increment_by_cmpxchg);
	EXPECT_EQ(shared.word, expected());
}

/* Each CPU has a byte of the word for itself; a bit operation that is not atomic would write all. */
static void flip_own_bits(void)
{
	unsigned int first = 8 * smp_processor_id();

	for (unsigned int nr = first; nr < first + 8; nr++) {
		if (test_and_set_bit(nr, &shared.bits) || !test_bit(nr, &shared.bits))
			atomic_inc(&shared.atomic);
		clear_bit(nr, &shared.bits);
		if (test_and_change_bit(nr, &shared.bits))
			atomic_inc(&shared.atomic);
		change_bit(nr, &shared.bits);
	}
}

TEST("each CPU's bits of a word are its own, whatever the others do to theirs")
{
	start_anew();
	all_do(flip_own_bits);
	EXPECT_EQ(atomic_read(&shared.atomic), 0);
	EXPECT_EQ(shared.bits, 0);
}

static DEFINE_PER_CPU(int, own_count);

static void increment_own(void)
{
	this_cpu_inc(own_count);
}

TEST("each CPU's own counter counts what that CPU did")
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(own_count, cpu) = 0;
	all_do(increment_own);
	for_each_online_cpu(cpu)
		EXPECT_EQ(per_cpu(own_count, cpu), NR_ROUNDS);
}

static u16 last_ticket;

/* Who has the lock sees the ticket behind the one before. */
static void note_order(void)
{
	u16 mine;

	spin_lock(&shared.lock);
	mine = shared.lock.raw_lock.tickets.owner;
	if (mine != (u16)(last_ticket + 1))
		shared.locked++;
	last_ticket = mine;
	spin_unlock(&shared.lock);
}

TEST("the lock is given to ticket after ticket, and none is left out")
{
	start_anew();
	last_ticket = shared.lock.raw_lock.tickets.owner - 1;
	all_do(note_order);
	EXPECT_EQ(shared.locked, 0);
	EXPECT_EQ((u16)(last_ticket + 1), shared.lock.raw_lock.tickets.next);
}

/* ---- Half-written pairs ---- */

static struct {
	seqcount_t seq;
	volatile unsigned int a, b;
	atomic_t torn;
} pair;

static unsigned int writer;

static void write_pair(void)
{
	unsigned int next = pair.a + 1;

	write_seqcount_begin(&pair.seq);
	pair.a = next;
	cpu_relax();
	pair.b = ~next;
	write_seqcount_end(&pair.seq);
}

static void read_pair(void)
{
	unsigned int start, a, b;

	do {
		start = read_seqcount_begin(&pair.seq);
		a = pair.a;
		for (int i = 0; i < 3; i++)	/* time enough to write a pair */
			cpu_relax();
		b = pair.b;
	} while (read_seqcount_retry(&pair.seq, start));
	if (b != ~a)
		atomic_inc(&pair.torn);
}

static void write_or_read(void)
{
	if (smp_processor_id() == writer)
		write_pair();
	else
		read_pair();
}

TEST("readers of a sequence count never see a pair that is half written")
{
	pair.seq = (seqcount_t)SEQCNT_ZERO;
	pair.a = 0;
	pair.b = ~0u;
	atomic_set(&pair.torn, 0);
	writer = smp_processor_id();
	all_do(write_or_read);
	EXPECT_EQ(atomic_read(&pair.torn), 0);
	EXPECT_EQ(pair.seq.sequence, 2 * NR_ROUNDS);
}

/* ---- Memory order, as far as the host shows it: an x86 keeps all but the last by itself, a board none ---- */

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
static void meet_at(unsigned int place, int round)
{
	atomic_inc_return(&store_buffer.come[place]);
	while (atomic_read(&store_buffer.come[place]) < 2 * round)
		cpu_relax();
	smp_mb();
}

static void store_then_load(void *info)
{
	unsigned int cpu = smp_processor_id();

	(void)info;
	for (int round = 1; round <= NR_ROUNDS && cpu < 2; round++) {
		store_buffer.word[cpu][0] = 0;
		meet_at(0, round);
		store_buffer.word[cpu][0] = 1;
		if (store_buffer.with_barrier)
			smp_mb();
		store_buffer.read[cpu] = store_buffer.word[!cpu][0];
		meet_at(1, round);
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
		  NR_ROUNDS);
}
