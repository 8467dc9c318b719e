// SPDX-License-Identifier: MIT
/*
 * The tree of address ranges, kernel/resource.c: examples, and random ranges against a model that
 * keeps them in no tree at all.
 */
#include "host.h"
#include "fuzz.h"
#include <kernel/resource.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <lib/vsprintf.h>

TEST_SUITE("resource");

static struct resource range(phys_addr_t start, phys_addr_t end, const char *name)
{
	return (struct resource){ .start = start, .end = end, .name = name,
				  .flags = IORESOURCE_MEM };
}

TEST("a range is asked for once, in order, inside its parent")
{
	struct resource low = range(0x1000, 0x1fff, "low"), high = range(0x3000, 0x3fff, "high");
	struct resource mid = range(0x2000, 0x2fff, "mid"), half = range(0x1800, 0x27ff, "half");
	struct resource wide = range(0, 0x1000, "wide"), back = range(5, 4, "back");

	EXPECT_EQ(request_resource(&iomem_resource, &high), 0);
	EXPECT_EQ(request_resource(&iomem_resource, &low), 0);
	EXPECT_EQ(request_resource(&iomem_resource, &half), -EBUSY);
	EXPECT_EQ(request_resource(&iomem_resource, &mid), 0);
	EXPECT_EQ(request_resource(&low, &wide), -EINVAL);
	EXPECT_EQ(request_resource(&iomem_resource, &back), -EINVAL);
	HOST_EXPECT_BUG(request_resource(&iomem_resource, &mid));
	host_log_clear();
	show_iomem();
	EXPECT(host_log_has("00001000-00001fff : low\n00002000-00002fff : mid\n"
			    "00003000-00003fff : high\n"));
	EXPECT_EQ(resource_check(&iomem_resource), 0);
	EXPECT_EQ(release_resource(&mid), 0);
	EXPECT_EQ(release_resource(&mid), -EINVAL);
	EXPECT(host_log_has("release_resource: 00002000-00002fff mid is in no tree"));
	EXPECT_EQ(release_resource(&low) | release_resource(&high), 0);
	EXPECT(!iomem_resource.child);
}

TEST("what is inserted finds its place between parents and children")
{
	struct resource ram = range(0x1000, 0x8fff, "ram"), code = range(0x2000, 0x2fff, "code");
	struct resource data = range(0x4000, 0x4fff, "data"), both = range(0x2000, 0x4fff, "both");
	struct resource cross = range(0x2800, 0x5fff, "cross"), same = range(0x1000, 0x8fff, "same");

	EXPECT_EQ(insert_resource(&iomem_resource, &code), 0);
	EXPECT_EQ(insert_resource(&iomem_resource, &data), 0);
	EXPECT_EQ(insert_resource(&iomem_resource, &ram), 0);
	EXPECT_EQ(insert_resource(&iomem_resource, &both), 0);
	EXPECT_EQ(insert_resource(&iomem_resource, &cross), -EBUSY);
	EXPECT_EQ(insert_resource(&iomem_resource, &same), 0);
	host_log_clear();
	show_iomem();
	EXPECT(host_log_has("00001000-00008fff : same\n  00001000-00008fff : ram\n"
			    "    00002000-00004fff : both\n      00002000-00002fff : code\n"
			    "      00004000-00004fff : data\n"));
	EXPECT(resource_at(0x2abc) == &code && resource_at(0x3000) == &both);
	EXPECT(resource_at(0x8fff) == &ram && !resource_at(0x9000) && !resource_at(0xfff));
	data.flags |= IORESOURCE_SYSRAM;
	EXPECT(region_conflict(0x1800, 0x1801, 0) == &same);
	EXPECT(region_conflict(0, 0xffffffff, IORESOURCE_SYSRAM) == &data);
	EXPECT(!region_conflict(0x5000, 0xffffffff, IORESOURCE_SYSRAM));
	EXPECT(!region_conflict(0, 0xfff, 0) && !region_conflict(0x9000, 0xffffffff, 0));
	EXPECT_EQ(release_resource(&same), 0);
	EXPECT(!iomem_resource.child);
}

/* --- At random --- */

#define NR_RANGES	24
#define SPACE		64	/* addresses that are used; a few, so that much collides */

enum { OP_INSERT, OP_REQUEST, OP_RELEASE, NR_OPS };

static const char *const op_names[NR_OPS] = { "insert", "request", "release" };

static struct resource ranges[NR_RANGES];
static bool is_in[NR_RANGES];		/* the model: which are there, and ... */
static unsigned int age[NR_RANGES];	/* ... since when: of two that are equal the newer is outside */
static unsigned int clock;

static bool inside(unsigned int i, unsigned int j)
{
	const struct resource *a = &ranges[i], *b = &ranges[j];

	if (a->start == b->start && a->end == b->end)
		return age[i] < age[j];
	return b->start <= a->start && a->end <= b->end;
}

static bool touch(const struct resource *a, const struct resource *b)
{
	return a->start <= b->end && b->start <= a->end;
}

/* Does @new overlap a range without one of them being inside the other? Or, @flat, any at all? */
static bool model_conflict(const struct resource *new, bool flat)
{
	for (unsigned int i = 0; i < NR_RANGES; i++) {
		const struct resource *old = &ranges[i];

		if (is_in[i] && touch(old, new) &&
		    (flat || (!(old->start <= new->start && new->end <= old->end) &&
			      !(new->start <= old->start && old->end <= new->end))))
			return true;
	}
	return false;
}

/* The innermost range at an address. */
static const struct resource *model_at(phys_addr_t addr)
{
	int found = -1;

	for (unsigned int i = 0; i < NR_RANGES; i++)
		if (is_in[i] && ranges[i].start <= addr && addr <= ranges[i].end &&
		    (found < 0 || inside(i, found)))
			found = i;
	return found < 0 ? NULL : &ranges[found];
}

static bool agree(void)
{
	for (phys_addr_t addr = 0; addr < SPACE; addr++)
		if (!EXPECT(resource_at(addr) == model_at(addr)))
			return false;
	return EXPECT_EQ(resource_check(&iomem_resource), 0);
}

static void model_release(unsigned int which)
{
	for (unsigned int i = 0; i < NR_RANGES; i++)
		if (i != which && is_in[i] && inside(i, which)) {
			is_in[i] = false;
			ranges[i] = range(0, 0, "");
		}
	is_in[which] = false;
	ranges[which].child = NULL;
}

static void reset(void)
{
	iomem_resource.child = NULL;
	memset(ranges, 0, sizeof(ranges));
	memset(is_in, 0, sizeof(is_in));
}

static void generate(struct fuzz_op *op)
{
	phys_addr_t start = test_random_below(SPACE);

	op->kind = test_random_below(NR_OPS);
	op->arg[0] = test_random_below(NR_RANGES);
	op->arg[1] = start;
	op->arg[2] = min(start + test_random_below(SPACE / 2), (phys_addr_t)SPACE - 1);
}

static bool apply(const struct fuzz_op *op)
{
	unsigned int i = op->arg[0] % NR_RANGES;
	bool flat = op->kind == OP_REQUEST;
	struct resource *res = &ranges[i];
	int expected, got;

	if (op->kind == OP_RELEASE) {
		if (!is_in[i])
			return true;
		got = release_resource(res);
		model_release(i);
		return EXPECT_EQ(got, 0) && agree();
	}
	if (is_in[i] || op->arg[2] < op->arg[1])
		return true;
	*res = range(op->arg[1], op->arg[2], "range");
	expected = model_conflict(res, flat) ? -EBUSY : 0;
	got = flat ? request_resource(&iomem_resource, res) : insert_resource(&iomem_resource, res);
	age[i] = ++clock;
	is_in[i] = !got;
	return EXPECT_EQ(got, expected) && agree();
}

static void print(const struct fuzz_op *op, char *text, size_t size)
{
	snprintf(text, size, "%s %u, %u-%u", op_names[op->kind % NR_OPS], op->arg[0], op->arg[1],
		 op->arg[2]);
}

TEST("ranges that come and go at random are where a list of them says")
{
	static const struct fuzz fuzz = {
		.ops = 100000, .round = 500,
		.reset = reset, .generate = generate, .apply = apply, .print = print,
	};

	fuzz_run(&fuzz);
	reset();
}
