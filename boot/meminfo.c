// SPDX-License-Identifier: MIT
/*
 * Which memory there is: what ATAG_MEM and `mem=SIZE[@START]' name, made fit to be believed.
 *
 *    said by the loader      |--bank--|     |-----bank------|
 *                                 |---mem---|                     union
 *    really there (probed)   |===========================|        clipped
 *    meminfo                 |---0----|--2--|------1-----|        sorted, split where lowmem ends
 *
 * The first `mem=' that names any RAM discards the banks that the loader named, as in Linux; each
 * further one adds a bank, so several leave holes between them.
 *
 * I1. A bank is page-aligned, not empty, and within [PHYS_OFFSET, probed_ram_end).
 * I2. No page is in two banks.
 * After sanity_check_meminfo() also:
 * I3. The banks ascend.
 * I4. Every page of the kernel image and its first-level page table is in a bank.
 * I5. A bank lies wholly below arm_lowmem_limit, or wholly above with highmem = 1.
 */
#include <boot/meminfo.h>
#include <boot/probe.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/memblock.h>

/* Kept for sanity_check_meminfo(): one for the kernel image, one for the bank it splits. */
#define NR_SPARE_BANKS	2

/* Lowmem beside the image that booting needs at the least: page tables, mem_map, bitmaps. */
#define MIN_FREE_LOWMEM	SZ_1M

struct meminfo meminfo;

/* Has a mem= taken the place of what the boot loader named? */
static bool usermem __initdata;

static void __init refuse_bank(u64 start, u64 size, const char *why)
{
	pr_err("Memory bank of %llu KiB at 0x%08llx: %s: ignored\n", size / SZ_1K, start, why);
}

/* Cut [*start, *end) inwards to whole pages. Return: is a page left? */
static bool __init bank_to_pages(u64 *start, u64 *end)
{
	u64 first = ALIGN(*start, PAGE_SIZE), last = ALIGN_DOWN(*end, PAGE_SIZE);

	if (first >= last) {
		refuse_bank(*start, *end - *start, "has no whole page");
		return false;
	}
	if (first != *start || last != *end)
		pr_warn("Memory bank 0x%08llx-0x%08llx: not page-aligned: cut to 0x%08llx-0x%08llx\n",
			*start, *end - 1, first, last - 1);
	*start = first;
	*end = last;
	return true;
}

/* Cut [*start, *end) to the RAM that is there. Return: is any left? */
static bool __init bank_to_ram(u64 *start, u64 *end)
{
	u64 first = max_t(u64, *start, PHYS_OFFSET), last = min_t(u64, *end, probed_ram_end);

	if (first >= last) {
		refuse_bank(*start, *end - *start, "outside RAM");
		return false;
	}
	if (first != *start || last != *end)
		pr_warn("Memory bank 0x%08llx-0x%08llx: RAM is only 0x%08llx-0x%08llx of it\n",
			*start, *end - 1, first, last - 1);
	*start = first;
	*end = last;
	return true;
}

/**
 * clip_bank - cut a bank to what can be used of it
 * @start: as for arm_add_memory()
 * @size: as for arm_add_memory()
 * @bank: receives whole pages of RAM (I1)
 *
 * Return: false, after a message, if nothing is left.
 */
static bool __init clip_bank(u64 start, u64 size, struct membank *bank)
{
	u64 end = start + size;

	if (size == 0) {
		refuse_bank(start, size, "empty");
		return false;
	}
	if (start > PHYS_ADDR_MAX || size - 1 > PHYS_ADDR_MAX - start) {
		refuse_bank(start, size, "reaches beyond 4 GiB");
		return false;
	}
	if (!bank_to_pages(&start, &end) || !bank_to_ram(&start, &end))
		return false;
	*bank = (struct membank){ .start = start, .size = end - start };
	return true;
}

/* The lowest bank that has a page of [start, end); NULL if none has. */
static const struct membank * __init first_overlap(phys_addr_t start, phys_addr_t end)
{
	const struct membank *lowest = NULL;
	unsigned int i;

	for_each_bank(i, &meminfo) {
		const struct membank *bank = &meminfo.bank[i];

		if (bank_phys_start(bank) < end && start < bank_phys_end(bank) &&
		    (!lowest || bank_phys_start(bank) < bank_phys_start(lowest)))
			lowest = bank;
	}
	return lowest;
}

/* Append [start, end), which nobody claims. Return: 0, or -ENOSPC after a message. */
static int __init append_bank(phys_addr_t start, phys_addr_t end, unsigned int max_banks)
{
	BUG_ON(start >= end || first_overlap(start, end), "0x%08x-0x%08x", start, end);

	if (meminfo.nr_banks >= max_banks) {
		pr_err("Memory bank 0x%08x-0x%08x: there are %u banks already: ignored\n",
		       start, end - 1, meminfo.nr_banks);
		return -ENOSPC;
	}
	meminfo.bank[meminfo.nr_banks++] = (struct membank){ .start = start, .size = end - start };
	return 0;
}

/* Append what no bank claims yet of @bank (I2): the pieces before, between and behind those. */
static int __init append_unclaimed(const struct membank *bank)
{
	phys_addr_t start = bank_phys_start(bank), end = bank_phys_end(bank);
	const struct membank *claimed;
	int err = 0;

	while (start < end && (claimed = first_overlap(start, end))) {
		phys_addr_t next = bank_phys_end(claimed);

		pr_warn("Memory bank 0x%08x-0x%08x: overlaps 0x%08x-0x%08x: counted once\n",
			bank_phys_start(bank), end - 1, bank_phys_start(claimed), next - 1);
		if (start < bank_phys_start(claimed))
			err = append_bank(start, bank_phys_start(claimed),
					  NR_BANKS - NR_SPARE_BANKS) ?: err;
		start = next;
	}
	if (start < end)
		err = append_bank(start, end, NR_BANKS - NR_SPARE_BANKS) ?: err;
	return err;
}

int __init arm_add_memory(u64 start, u64 size)
{
	struct membank bank;

	if (!clip_bank(start, size, &bank))
		return -EINVAL;
	return append_unclaimed(&bank);
}

/*
 * mem=SIZE[@START]. What cannot be read or is not RAM leaves meminfo as it was: the machine boots
 * with what it had.
 */
static int __init early_mem(char *value)
{
	u64 start = PHYS_OFFSET, size;
	struct membank bank;
	char *end;

	if (!value)
		return -EINVAL;
	size = memparse(value, &end);
	if (end == value)
		return -EINVAL;
	if (*end == '@') {
		value = end + 1;
		start = memparse(value, &end);
		if (end == value)
			return -EINVAL;
	}
	if (*end != '\0' || !clip_bank(start, size, &bank))
		return -EINVAL;
	if (!usermem) {
		usermem = true;
		meminfo.nr_banks = 0;
	}
	return append_unclaimed(&bank);
}
early_param("mem", early_mem);

/* Nobody named any memory that exists. */
static void __init use_probed_ram(void)
{
	pr_warn("No usable memory bank was passed: taking all RAM that answers, 0x%08lx-0x%08x\n",
		PHYS_OFFSET, probed_ram_end - 1);
	append_bank(PHYS_OFFSET, probed_ram_end, NR_BANKS);
}

static phys_addr_t __init bytes_in_banks(phys_addr_t start, phys_addr_t end)
{
	phys_addr_t bytes = 0;
	unsigned int i;

	for_each_bank(i, &meminfo) {
		phys_addr_t first = max(start, bank_phys_start(&meminfo.bank[i]));
		phys_addr_t last = min(end, bank_phys_end(&meminfo.bank[i]));

		if (first < last)
			bytes += last - first;
	}
	return bytes;
}

/*
 * The kernel runs where it is, whatever the banks say (I4). Banks that have a part of it are united
 * with it into one, so this takes one bank more at most.
 */
static void __init keep_kernel_image(void)
{
	phys_addr_t start = kernel_image_start(), end = kernel_image_end();
	const struct membank *part;

	if (bytes_in_banks(start, end) == end - start)
		return;
	pr_err("The kernel at 0x%08x-0x%08x is not in any memory bank: added back\n", start, end - 1);
	while ((part = first_overlap(kernel_image_start(), kernel_image_end()))) {
		start = min(start, bank_phys_start(part));
		end = max(end, bank_phys_end(part));
		meminfo.bank[part - meminfo.bank] = meminfo.bank[--meminfo.nr_banks];
	}
	append_bank(start, end, NR_BANKS);
}

/* Insertion sort: few banks, and mostly sorted. */
static void __init sort_banks(void)
{
	unsigned int i, j;

	for_each_bank(i, &meminfo) {
		struct membank bank = meminfo.bank[i];

		for (j = i; j > 0 && meminfo.bank[j - 1].start > bank.start; j--)
			meminfo.bank[j] = meminfo.bank[j - 1];
		meminfo.bank[j] = bank;
	}
}

/* Split the bank that crosses @limit, and mark those above it (I5). Banks are sorted. */
static void __init split_highmem(phys_addr_t limit)
{
	unsigned int i, j;

	BUG_ON(!IS_ALIGNED(limit, PAGE_SIZE), "lowmem cannot end at 0x%08x", limit);
	for_each_bank(i, &meminfo) {
		struct membank *bank = &meminfo.bank[i];

		bank->highmem = bank_phys_start(bank) >= limit;
		if (bank->highmem || bank_phys_end(bank) <= limit)
			continue;
		BUG_ON(meminfo.nr_banks >= NR_BANKS, "%u banks", meminfo.nr_banks);
		for (j = meminfo.nr_banks++; j > i + 1; j--)
			meminfo.bank[j] = meminfo.bank[j - 1];
		bank[1] = (struct membank){ .start = limit, .size = bank_phys_end(bank) - limit };
		bank->size = limit - bank_phys_start(bank);
	}
}

/* Lower arm_lowmem_limit to the end of the highest bank below it, and tell those who go by it. */
static void __init set_lowmem_end(void)
{
	phys_addr_t end = 0;
	unsigned int i;

	for_each_bank(i, &meminfo)
		if (!meminfo.bank[i].highmem)
			end = bank_phys_end(&meminfo.bank[i]);
	BUG_ON(!end || end > arm_lowmem_limit, "0x%08x, limit 0x%08x", end, arm_lowmem_limit);
	arm_lowmem_limit = end;
	high_memory = __va(arm_lowmem_limit - 1) + 1;
	memblock_set_current_limit(arm_lowmem_limit);
}

static void __init refuse_too_little_memory(void)
{
	phys_addr_t image = kernel_image_end() - kernel_image_start();
	phys_addr_t lowmem = bytes_in_banks(PHYS_OFFSET, arm_lowmem_limit);

	if (lowmem < image + MIN_FREE_LOWMEM)
		panic("Too little memory: %u KiB of lowmem in all, the kernel takes %u KiB and needs %u KiB more",
		      lowmem / SZ_1K, image / SZ_1K, MIN_FREE_LOWMEM / SZ_1K);
}

static void __init print_banks(void)
{
	unsigned int i;

	for_each_bank(i, &meminfo) {
		const struct membank *bank = &meminfo.bank[i];

		pr_info("Memory bank %u: 0x%08x-0x%08x %6u KiB %s\n", i, bank_phys_start(bank),
			bank_phys_end(bank) - 1, bank->size / SZ_1K,
			bank->highmem ? "highmem" : "lowmem");
	}
}

void __init sanity_check_meminfo(void)
{
	BUG_ON(!IS_ALIGNED(arm_lowmem_limit, PAGE_SIZE) || arm_lowmem_limit < kernel_image_end(),
	       "arm_lowmem_limit 0x%08x", arm_lowmem_limit);
	BUG_ON(probed_ram_end < kernel_image_end(), "probed_ram_end 0x%08x", probed_ram_end);

	if (!meminfo.nr_banks)
		use_probed_ram();
	keep_kernel_image();
	sort_banks();
	split_highmem(arm_lowmem_limit);
	set_lowmem_end();
	print_banks();
	meminfo_check();
	refuse_too_little_memory();
}

static void meminfo_check_bank(const struct membank *bank, phys_addr_t from)
{
	phys_addr_t start = bank_phys_start(bank), end = bank_phys_end(bank);

	BUG_ON(!IS_ALIGNED(start, PAGE_SIZE) || !IS_ALIGNED(bank->size, PAGE_SIZE) || !bank->size,
	       "0x%08x, 0x%08x bytes", start, bank->size);
	BUG_ON(start < from || end > probed_ram_end, "0x%08x-0x%08x, from 0x%08x to 0x%08x",
	       start, end, from, probed_ram_end);
	BUG_ON(bank->highmem ? start < arm_lowmem_limit : end > arm_lowmem_limit,
	       "0x%08x-0x%08x, lowmem ends at 0x%08x", start, end, arm_lowmem_limit);
}

void meminfo_check(void)
{
	phys_addr_t from = PHYS_OFFSET, image = kernel_image_start();
	unsigned int i;

	BUG_ON(!meminfo.nr_banks || meminfo.nr_banks > NR_BANKS, "%u banks", meminfo.nr_banks);
	for_each_bank(i, &meminfo) {
		const struct membank *bank = &meminfo.bank[i];

		meminfo_check_bank(bank, from);
		from = bank_phys_end(bank);
		if (bank_phys_start(bank) <= image && image < from)
			image = from;
	}
	BUG_ON(image < kernel_image_end(), "the kernel at 0x%08x is in no bank", image);
}
