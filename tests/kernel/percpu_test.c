// SPDX-License-Identifier: MIT
/*
 * Per-CPU variables: areas, accessors. That each CPU finds its own is suite "smp"'s.
 */
#include <asm/cache.h>
#include <kernel/cpumask.h>
#include <kernel/percpu.h>
#include <lib/math.h>
#include <mm/mm.h>
#include <test.h>

TEST_SUITE("percpu");

static DEFINE_PER_CPU(unsigned int, number) = 42;
static DEFINE_PER_CPU(u8, odd_one);
static DEFINE_PER_CPU_SHARED_ALIGNED(unsigned long, line);
static DEFINE_PER_CPU(unsigned int[3], numbers) = { 1, 2, 3 };

static size_t area_bytes(void)
{
	return __per_cpu_end - __per_cpu_start;
}

static unsigned long distance(unsigned long a, unsigned long b)
{
	return max(a, b) - min(a, b);
}

TEST("each CPU that the machine has got a copy of the template")
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		EXPECT_EQ(per_cpu(number, cpu), 42);
		EXPECT_EQ(per_cpu(numbers, cpu)[2], 3);
		EXPECT_EQ(*per_cpu_ptr(&odd_one, cpu), 0);
	}
	for (cpu = nr_cpu_ids; cpu < NR_CPUS; cpu++)
		EXPECT_EQ(per_cpu_offset(cpu), 0);
}

TEST("areas lie in lowmem that is nobody else's, and share no cache line")
{
	unsigned int cpu, other;

	for_each_possible_cpu(cpu) {
		unsigned long area = (unsigned long)__per_cpu_start + per_cpu_offset(cpu);

		EXPECT(IS_ALIGNED(area, L1_CACHE_BYTES));
		EXPECT(virt_addr_valid((void *)area));
		EXPECT(PageReserved(virt_to_page((void *)area)));
		for (other = cpu + 1; other < nr_cpu_ids; other++)
			EXPECT(distance(per_cpu_offset(cpu), per_cpu_offset(other)) >=
			       area_bytes());
	}
	EXPECT(IS_ALIGNED((unsigned long)this_cpu_ptr(&line), L1_CACHE_BYTES));
}

TEST("this CPU's copy is the one of its number, and no longer the template")
{
	unsigned int cpu = get_cpu();

	EXPECT(this_cpu_ptr(&number) == per_cpu_ptr(&number, cpu));
	EXPECT_EQ(__my_cpu_offset(), per_cpu_offset(cpu));
	EXPECT(__my_cpu_offset() != 0);
	put_cpu();
}

TEST("the accessors change this CPU's copy, and leave the others'")
{
	unsigned int cpu = get_cpu(), other;

	this_cpu_add(number, 8);
	this_cpu_dec(number);
	__this_cpu_inc(number);
	EXPECT_EQ(this_cpu_read(number), 50);
	this_cpu_write(number, 42 + 1);
	get_cpu_var(number)--;
	put_cpu_var(number);
	EXPECT_EQ(__this_cpu_read(number), 42);
	__this_cpu_write(number, 43);
	for_each_possible_cpu(other)
		EXPECT_EQ(per_cpu(number, other), other == cpu ? 43 : 42);
	__this_cpu_write(number, 42);
	put_cpu();
}
