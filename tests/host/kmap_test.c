// SPDX-License-Identifier: MIT
/*
 * kmap() against a model that counts. The host's TLB (asm/pgtable.h) sees to it that no slot is
 * given to another page before it is flushed.
 */
#include "host.h"
#include "buddy_machine.h"
#include "fuzz.h"
#include "host_wait.h"
#include <asm/highmem.h>
#include <asm/tlbflush.h>
#include <lib/vsprintf.h>
#include <mm/gfp.h>
#include <mm/highmem.h>

TEST_SUITE("kmap");

#define NR_PAGES	600	/* more than slots */
#define HIGH_MACHINE	5
#define MOST_IN_USE	500	/* of the 512 slots: here nobody would wake who sleeps */

static struct page *pages[NR_PAGES];
static unsigned int users[NR_PAGES];	/* the model: kmap() without kunmap() */
static void *address[NR_PAGES];		/* while there is a user: where it is */
static unsigned int nr_in_use;		/* pages with a user */

static void boot(void)
{
	machine_boot(&machines[HIGH_MACHINE]);
	kmap_init();
	for (unsigned int i = 0; i < NR_PAGES; i++) {
		pages[i] = alloc_page(GFP_HIGHUSER);
		BUG_ON(!pages[i] || !PageHighMem(pages[i]), "page %u", i);
	}
}

/* ---- The rules, one by one ---- */

TEST("a slot is kept while somebody uses it, and until all that are not used are flushed")
{
	char text[80];
	void *vaddr;

	boot();
	vaddr = kmap(pages[0]);
	EXPECT_EQ((unsigned long)vaddr, PKMAP_ADDR(1));
	EXPECT(kmap(pages[0]) == vaddr && kmap_high_get(pages[0]) == vaddr &&
	       kmap_to_page(vaddr) == pages[0]);
	EXPECT(!kmap_high_get(pages[1]) && !page_address(pages[1]));
	host_log_clear();
	show_kmap();
	snprintf(text, sizeof(text), "   1 0x%08lx %05lx     3 ", PKMAP_ADDR(1), page_to_pfn(pages[0]));
	EXPECT(host_log_has(text) && host_log_has("1 of 512 slots are mapped, 1 of them in use."));
	kunmap(pages[0]);
	kunmap(pages[0]);
	kmap_flush_unused();
	EXPECT(page_address(pages[0]) == vaddr);
	kunmap(pages[0]);
	EXPECT(page_address(pages[0]) == vaddr);
	EXPECT_EQ(kmap_check(), 0);
	kmap_flush_unused();
	EXPECT(!page_address(pages[0]));
	EXPECT_EQ(kmap_check(), 0);
}

TEST("before there are slots, no page has one")
{
	machine_boot(&machines[HIGH_MACHINE]);
	pages[0] = alloc_page(GFP_HIGHUSER);
	EXPECT(!kmap_high_get(pages[0]) && !page_address(pages[0]));
	EXPECT_EQ(nr_kmaps(), 0);
	EXPECT_EQ(kmap_check(), 0);
}

TEST("512 pages are mapped one after another before the TLB is flushed, once for all")
{
	unsigned long flushes;

	boot();
	flushes = host_tlb_flushes;
	for (unsigned int i = 0; i < LAST_PKMAP - 1; i++) {
		kmap(pages[i]);
		kunmap(pages[i]);
	}
	EXPECT_EQ(host_tlb_flushes, flushes);
	kmap(pages[LAST_PKMAP]);
	kunmap(pages[LAST_PKMAP]);
	EXPECT_EQ(host_tlb_flushes, flushes + 1);
	EXPECT(!page_address(pages[0]));
}

static void let_one_go(void)
{
	kunmap(pages[77]);
}

TEST("with all slots in use kmap() sleeps, and is woken by the kunmap() of a last user")
{
	boot();
	for (unsigned int i = 0; i < LAST_PKMAP; i++)
		kmap(pages[i]);
	host_sleeps = let_one_go;
	EXPECT(kmap(pages[LAST_PKMAP]));
	EXPECT_EQ(host_nr_sleeps, 1);
	EXPECT_EQ(host_nr_wakeups, 1);
	EXPECT(!page_address(pages[77]));
	EXPECT_EQ(nr_kmaps(), LAST_PKMAP);
	EXPECT_EQ(kmap_check(), 0);
}

TEST("kunmap() of what nobody has mapped is named, with who mapped it last")
{
	boot();
	kunmap(pages[0]);
	EXPECT(host_log_has("kunmap of a page that is not mapped"));
	EXPECT(!host_log_has("it was mapped"));
	kmap(pages[0]);
	kunmap(pages[0]);
	kunmap(pages[0]);
	EXPECT_EQ(nr_bad_kmaps, 2);
	EXPECT(host_log_has("it was mapped at bfe01000"));
	EXPECT_EQ(kmap_check(), 0);
}

/* ---- Random operations ---- */

enum { MAP, UNMAP, GET, FLUSH };

static bool agrees(unsigned int i)
{
	void *vaddr = page_address(pages[i]);

	return !users[i] || (EXPECT(vaddr && vaddr == address[i]) && EXPECT(kmap_to_page(vaddr) == pages[i]));
}

static bool note_user(unsigned int i, void *vaddr)
{
	if (users[i])
		return EXPECT(vaddr == address[i]) && users[i]++;
	for (unsigned int other = 0; other < NR_PAGES; other++)
		if (users[other] && !EXPECT(address[other] != vaddr))
			return false;
	address[i] = vaddr;
	users[i] = 1;
	nr_in_use++;
	return true;
}

static bool apply(const struct fuzz_op *op)
{
	unsigned int i = op->arg[0] % NR_PAGES;
	void *vaddr;

	switch (op->kind) {
	case MAP:
		if (nr_in_use < MOST_IN_USE && !note_user(i, kmap(pages[i])))
			return false;
		break;
	case UNMAP:
		if (!users[i])
			break;
		nr_in_use -= --users[i] == 0;
		kunmap(pages[i]);
		break;
	case GET:
		vaddr = kmap_high_get(pages[i]);
		if (!EXPECT(vaddr || !users[i]) || (vaddr && !note_user(i, vaddr)))
			return false;
		break;
	case FLUSH:
		kmap_flush_unused();
		break;
	}
	return agrees(i) && (op->arg[0] % 16 || EXPECT_EQ(kmap_check(), 0)) && EXPECT_EQ(nr_bad_kmaps, 0);
}

static void reset(void)
{
	boot();
}

/* Now and then many pages at once have users. */
static void generate(struct fuzz_op *op)
{
	u32 dice = test_random_below(100);

	op->kind = dice < 48 ? MAP : dice < 90 ? UNMAP : dice < 99 ? GET : FLUSH;
	op->arg[0] = test_random();
}

static void print(const struct fuzz_op *op, char *text, size_t size)
{
	static const char *const names[] = { "kmap", "kunmap", "kmap_high_get",
					     "kmap_flush_unused" };

	snprintf(text, size, "%s(page %u)", names[op->kind], op->arg[0] % NR_PAGES);
}

TEST("random kmap() and kunmap() agree with a model that counts")
{
	static const struct fuzz fuzz = {
		.ops = 40000, .round = 4000,
		.reset = reset, .generate = generate, .apply = apply, .print = print,
	};

	fuzz_run(&fuzz);
}
